"""What the OpenAPI document says of the gates and moves of a record."""

from typing import Any

from dougong.derive.openapi_parts import answers, content, parameter

TEXT = {"type": ["string", "null"]}
NUMBER = {"type": ["integer", "null"]}
DEGREES = {"type": ["number", "null"]}
MOMENT = {"type": ["string", "null"], "format": "date-time"}
REFUSAL = {"type": "object", "properties": {"code": TEXT, "field": TEXT, "message": TEXT, "clause": TEXT}}
MOVE = {
    "type": "object",
    "properties": {
        "pipeline": TEXT,
        "to": TEXT,
        "title": TEXT,
        "allowed": {"type": "boolean"},
        "asks": {"type": "array", "items": {"type": "string"}},
        "refusals": {"type": "array", "items": REFUSAL},
    },
}
DONE = {
    "type": ["object", "null"],
    "properties": {"at": MOMENT, "by": NUMBER, "place": TEXT, "latitude": DEGREES, "longitude": DEGREES},
}
EXCEPTION = {"type": ["object", "null"], "properties": {"reason": TEXT, "until": MOMENT, "by": NUMBER, "at": MOMENT}}
FILE = {
    "type": "object",
    "properties": {"id": NUMBER, "name": TEXT, "at": MOMENT, "refusals": {"type": "array", "items": REFUSAL}},
}
ITEM = {
    "type": "object",
    "properties": {
        "pipeline": TEXT,
        "stage": TEXT,
        "when": {"enum": ["leave", "enter", "passed", "behind"]},
        "item": TEXT,
        "kind": {"enum": ["field", "action", "evidence"]},
        "title": TEXT,
        "is_there": {"type": "boolean"},
        "refusal": {**REFUSAL, "type": ["object", "null"]},
        "done": DONE,
        "exception": EXCEPTION,
        "files": {"type": "array", "items": FILE},
        "may_do": {"type": "boolean"},
        "may_except": {"type": "boolean"},
    },
}
PLACE = {"type": "object", "properties": {"name": TEXT, "latitude": DEGREES, "longitude": DEGREES}}
GRANT = {
    "type": "object",
    "required": ["stage", "item", "reason", "until"],
    "properties": {n: {"type": "string"} for n in ("stage", "item", "reason")} | {"until": {"type": "string", "format": "date-time"}},
}


def record_paths(one: str, name: str) -> dict[str, Any]:
    """Gates, moves, actions and exceptions of one record; `one` is its path, `name` what operations of its object begin with."""
    which = {"name": "action", "in": "path", "required": True, "schema": {"type": "string"}}
    done = answers(("204", "Done.", None))
    tick = {"type": "object", "properties": {"place": {"anyOf": [{"type": "string"}, PLACE]}}}
    return {
        f"{one}/gates": {"get": {"operationId": f"{name}.gates", "responses": _many(ITEM)}, "parameters": [parameter("id")]},
        f"{one}/moves": {"get": {"operationId": f"{name}.moves", "responses": _many(MOVE)}, "parameters": [parameter("id")]},
        f"{one}/actions/{{action}}": {
            "post": {"operationId": f"{name}.do_action", "responses": done, "requestBody": {"content": content(tick)}},
            "delete": {"operationId": f"{name}.undo_action", "responses": done},
            "parameters": [parameter("id"), which],
        },
        f"{one}/exceptions": {
            "post": {"operationId": f"{name}.except_gate", "responses": done, "requestBody": {"required": True, "content": content(GRANT)}},
            "parameters": [parameter("id")],
        },
    }


def _many(schema: dict[str, Any]) -> dict[str, Any]:
    return answers(("200", "A list.", {"type": "object", "required": ["data"], "properties": {"data": {"type": "array", "items": schema}}}))
