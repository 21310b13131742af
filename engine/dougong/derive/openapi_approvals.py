"""What the OpenAPI document says of approvals: those of a record, those that wait for somebody, and what people say to them."""

from typing import Any

from dougong.derive.openapi_parts import ROOT, answers, content, parameter

MOMENT = {"type": ["string", "null"], "format": "date-time"}
TEXT = {"type": ["string", "null"]}
NUMBER = {"type": ["integer", "null"]}
PERSON = {"type": ["object", "null"], "properties": {"id": NUMBER, "name": TEXT}}
STATES = ("running", "approved", "rejected", "returned", "withdrawn")
ANSWERS = ("open", "waiting", "approved", "rejected", "returned", "transferred", "escalated", "cancelled")
TASK = {
    "type": "object",
    "properties": {
        "id": {"type": "integer"},
        "step": {"type": "integer", "description": "The step, from 0."},
        "round": {"type": "integer", "description": "From 1; grows when a step is returned to."},
        "kind": {"enum": ["step", "before", "after", "transferred", "escalated"]},
        "state": {"enum": list(ANSWERS)},
        "person": PERSON,
        "in_place_of": PERSON,
        "asked_by": PERSON,
        "note": TEXT,
        "asked_at": MOMENT,
        "decided_by": PERSON,
        "decided_at": MOMENT,
        "comment": TEXT,
        "to_step": NUMBER,
        "is_mine": {"type": "boolean", "description": "Whether the reader can decide now."},
    },
}
SCHEMAS: dict[str, Any] = {
    "dougong.approval": {
        "type": "object",
        "properties": {
            "id": {"type": "integer"},
            "name": {"type": "string"},
            "title": {"type": "string"},
            "text": {"type": "string"},
            "object": {"type": "string"},
            "record": {"type": "integer"},
            "state": {"enum": list(STATES)},
            "step": {"type": "integer", "description": "The step that it has reached, from 0."},
            "steps": {"type": "array", "items": {"type": "string"}},
            "submitted_by": PERSON,
            "started_at": MOMENT,
            "ended_at": MOMENT,
            "may_withdraw": {"type": "boolean"},
            "due_at": {**MOMENT, "description": "When the step runs out."},
            "waits": {"type": "string", "description": "For whom it waits, and until when."},
            "left_stage": {**TEXT, "description": "The stage whose leaving has ended it."},
            "tasks": {"type": "array", "items": TASK},
        },
    },
}
WORDS = {"type": "string"}
SAID: dict[str, dict[str, Any]] = {
    "approve": {"comment": WORDS},
    "reject": {"reason": WORDS},
    "return": {"reason": WORDS, "step": {"type": "integer", "description": "An earlier step, from 0; to the submitter without it."}},
    "transfer": {"to": {"type": "string", "description": "A login."}, "comment": WORDS},
    "add-signer": {"to": {"type": "string", "description": "A login."}, "before": {"type": "boolean"}, "comment": WORDS},
}
NEEDED = {"reject": ["reason"], "return": ["reason"], "transfer": ["to"], "add-signer": ["to"]}


def approval_paths() -> dict[str, Any]:
    """The paths that every signed-in person has."""
    number = [parameter("id")]
    return {
        f"{ROOT}/approvals": {"get": _operation("approvals.list", _many())},
        **{
            f"{ROOT}/approvals/tasks/{{id}}/{name}": {
                "post": _operation(f"approvals.{name}", _done(), **_body(said, NEEDED.get(name, []))),
                "parameters": number,
            }
            for name, said in SAID.items()
        },
        f"{ROOT}/approvals/{{id}}/withdraw": {"post": _operation("approvals.withdraw", _done()), "parameters": number},
    }


def record_paths(one: str, name: str) -> dict[str, Any]:
    """The approvals of one record; `one` is its path, `name` what operations of its object begin with."""
    made = answers(("201", "The approval's id.", {"type": "object", "properties": {"id": {"type": "integer"}}}))
    return {
        f"{one}/approvals": {
            "get": _operation(f"{name}.approvals", _many()),
            "post": _operation(f"{name}.submit", made, **_body({"approval": WORDS}, ["approval"])),
            "parameters": [parameter("id")],
        }
    }


def _operation(name: str, responses: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"operationId": name, "responses": responses} | more


def _body(properties: dict[str, Any], needed: list[str]) -> dict[str, Any]:
    schema = {"type": "object", "properties": properties} | ({"required": needed} if needed else {})
    return {"requestBody": {"required": bool(needed), "content": content(schema)}}


def _many() -> dict[str, Any]:
    items = {"type": "array", "items": {"$ref": "#/components/schemas/dougong.approval"}}
    return answers(("200", "A list.", {"type": "object", "required": ["data"], "properties": {"data": items}}))


def _done() -> dict[str, Any]:
    return answers(("204", "Done.", None))
