"""What the OpenAPI document says of records in parts."""

from typing import Any

from dougong.derive.openapi_parts import answers, content, parameter

NUMBER = {"type": ["integer", "string"], "description": "As the field's own values: exact."}
SUM = {"type": "object", "properties": {"whole": NUMBER, "parts": NUMBER, "rest": NUMBER}}
SHOWN = {
    "type": "object",
    "properties": {
        "into": {"type": "string"},
        "by": {"type": "string"},
        "pipeline": {"type": "string"},
        "close_when": {"enum": ["all", "any", None]},
        "parts": {"type": "array", "items": {"type": "object"}},
        "done": {"type": "array", "items": {"type": "integer"}, "description": "The ids of those that have ended well."},
        "hidden": {"type": "integer", "description": "How many more there are that one may not see."},
        "sums": {"type": "object", "additionalProperties": SUM, "description": "As far as one may read every number of them."},
    },
}
PART = {
    "type": "object",
    "properties": {"id": {"type": "integer", "description": "Of a part that is there already; without it, a new one."}},
    "additionalProperties": True,
}
GIVEN = {
    "type": "object",
    "required": ["parts"],
    "properties": {
        "parts": {"type": "array", "maxItems": 1000, "items": PART, "description": "All parts; those that are left out are deleted."},
        "values": {"type": "object", "description": "Changes of the record itself, such as its sum."},
        "into": {"type": "string", "description": "The object of the parts, where there are several."},
    },
    "additionalProperties": False,
}


def record_paths(one: str, name: str) -> dict[str, Any]:
    """The parts of a record, and splitting it; `one` is its path, `name` what operations of its object begin with."""
    shown = {"type": "object", "required": ["data"], "properties": {"data": {"type": "array", "items": SHOWN}}}
    made = {"type": "object", "required": ["data"], "properties": {"data": {"type": "array", "items": {"type": "object"}}}}
    shows = {"operationId": f"{name}.parts", "responses": answers(("200", "One entry for each kind of part.", shown))}
    splits = {
        "operationId": f"{name}.split",
        "responses": answers(("200", "The parts as they are now.", made)),
        "requestBody": {"required": True, "content": content(GIVEN)},
        "parameters": [parameter("if_match")],
    }
    return {f"{one}/split": {"get": shows, "post": splits, "parameters": [parameter("id")]}}
