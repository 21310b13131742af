"""What the OpenAPI document says of to-dos, the inbox, absences, comments and approvals: the same in every app."""

from typing import Any

from dougong.derive import openapi_approvals
from dougong.derive.openapi_parts import answers, content, parameter, query

ROOT = "/api/v1"
MOMENT = {"type": ["string", "null"], "format": "date-time"}
TEXT = {"type": ["string", "null"]}
NUMBER = {"type": ["integer", "null"]}
PERSON = {"type": "object", "properties": {"id": NUMBER, "name": TEXT}}
ABOUT = {"object": TEXT, "record": NUMBER, "title": {**TEXT, "description": "Null where the reader may not see the record."}}
SCHEMAS: dict[str, Any] = {
    **openapi_approvals.SCHEMAS,
    "dougong.todo": {
        "type": "object",
        "properties": {
            "id": {"type": "integer"},
            "text": TEXT,
            **ABOUT,
            "created_at": MOMENT,
            "due_at": MOMENT,
            "user": NUMBER,
            "role": TEXT,
            "team": NUMBER,
            "stage": TEXT,
            "form": TEXT,
            "instead_of": NUMBER,
        },
    },
    "dougong.message": {
        "type": "object",
        "properties": {
            "id": {"type": "integer"},
            "kind": TEXT,
            "text": TEXT,
            **ABOUT,
            "at": MOMENT,
            "read_at": MOMENT,
            "file": TEXT,
            "sender": PERSON,
        },
    },
    "dougong.comment": {
        "type": "object",
        "properties": {
            "id": {"type": "integer"},
            "author": PERSON,
            "text": TEXT,
            "at": MOMENT,
            "edited_at": MOMENT,
            "deleted_at": MOMENT,
            "unreached": {"type": "array", "items": {"type": "string"}, "description": "Mentioned, but may not read the record."},
        },
    },
    "dougong.preferences": {
        "type": "object",
        "properties": {
            "muted": {"type": "array", "items": {"type": "string", "examples": ["mail:notify"]}},
            "quiet_from": TEXT,
            "quiet_until": TEXT,
            "digest_at": TEXT,
        },
    },
    "dougong.absence": {
        "type": "object",
        "properties": {"id": {"type": "integer"}, "user": NUMBER, "from": MOMENT, "until": MOMENT, "delegate": NUMBER},
    },
}
SAID = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "maxLength": 4000}}}
AWAY = {
    "type": "object",
    "required": ["from", "until", "delegate"],
    "properties": {"user": {"type": "integer"}, "from": MOMENT, "until": MOMENT, "delegate": {"type": "integer"}},
}


def people_paths() -> dict[str, Any]:
    """The paths that every signed-in person has."""
    claimable = query("claimable", {"type": "boolean"}, "Those that one may claim instead of one's own.")
    unread = query("unread", {"type": "boolean"}, "Only unread, or only read ones.")
    before = query("before", {"type": "integer"}, "The id to go on from.")
    preferences = _one("preferences", "How one is told.")
    change = {"requestBody": _body({"$ref": "#/components/schemas/dougong.preferences"})}
    user = query("user", {"type": "integer"}, "Whose; one's own without it.")
    return {
        f"{ROOT}/todos": {"get": _operation("todos.list", _many("todo"), parameters=[claimable])},
        **{f"{ROOT}/todos/{{id}}/{act}": _act(f"todos.{act}") for act in ("claim", "finish", "give-back")},
        f"{ROOT}/inbox": {"get": _operation("inbox.list", _many("message"), parameters=[unread, before, parameter("limit")])},
        f"{ROOT}/inbox/read": {"post": _operation("inbox.read_all", answers(("200", "How many were not.", {"type": "object"})))},
        f"{ROOT}/inbox/{{id}}/read": _act("inbox.read"),
        f"{ROOT}/inbox/preferences": {
            "get": _operation("inbox.preferences", preferences),
            "put": _operation("inbox.set_preferences", preferences, **change),
        },
        f"{ROOT}/absences": {
            "get": _operation("absences.list", _many("absence"), parameters=[user]),
            "post": _operation("absences.add", answers(("201", "Its id.", {"type": "object"})), requestBody=_body(AWAY)),
        },
        f"{ROOT}/absences/{{id}}": {"delete": _operation("absences.end", _done()), "parameters": [parameter("id")]},
        **openapi_approvals.approval_paths(),
    }


def comment_paths(one: str, name: str) -> dict[str, Any]:
    """The comments and approvals of one record; `one` is its path, `name` what operations of its object begin with."""
    which = {"name": "comment", "in": "path", "required": True, "schema": {"type": "integer"}}
    said, body = _one("comment", "The comment."), {"requestBody": _body(SAID)}
    made = answers(("201", "The comment.", {"$ref": "#/components/schemas/dougong.comment"}))
    return {
        f"{one}/comments": {
            "get": _operation(f"{name}.comments", _many("comment")),
            "post": _operation(f"{name}.comment", made, **body),
            "parameters": [parameter("id")],
        },
        f"{one}/comments/{{comment}}": {
            "patch": _operation(f"{name}.edit_comment", said, **body),
            "delete": _operation(f"{name}.delete_comment", _done()),
            "parameters": [parameter("id"), which],
        },
        **openapi_approvals.record_paths(one, name),
    }


def _operation(name: str, responses: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"operationId": name, "responses": responses} | more


def _act(name: str) -> dict[str, Any]:
    return {"post": _operation(name, _done()), "parameters": [parameter("id")]}


def _done() -> dict[str, Any]:
    return answers(("204", "Done.", None))


def _one(name: str, words: str) -> dict[str, Any]:
    return answers(("200", words, {"$ref": f"#/components/schemas/dougong.{name}"}))


def _many(name: str) -> dict[str, Any]:
    items = {"type": "array", "items": {"$ref": f"#/components/schemas/dougong.{name}"}}
    return answers(("200", "A list.", {"type": "object", "required": ["data"], "properties": {"data": items}}))


def _body(schema: dict[str, Any]) -> dict[str, Any]:
    return {"required": True, "content": content(schema)}
