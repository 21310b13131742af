"""What the OpenAPI document says of pools, and of who was given a record."""

from typing import Any

from dougong.derive.openapi_parts import ROOT, answers, content, parameter

TEXT = {"type": ["string", "null"]}
NUMBER = {"type": ["integer", "null"]}
MOMENT = {"type": ["string", "null"], "format": "date-time"}
NAME = {"name": "name", "in": "path", "required": True, "schema": {"type": "string"}}
POOLED = {
    "type": "object",
    "properties": {
        "id": {"type": "integer"},
        "since": MOMENT,
        "values": {"type": "object", "description": "The fields that the pool shows; masked ones stay masked."},
        "refusals": {"type": "array", "items": {"type": "object"}, "description": "Why one may not claim it now; empty: one may."},
    },
}
PAGE = {
    "type": "object",
    "required": ["object", "data", "next_cursor", "views_left"],
    "properties": {
        "object": {"type": "string"},
        "data": {"type": "array", "items": POOLED},
        "next_cursor": TEXT,
        "views_left": {**NUMBER, "description": "How many more one may look at today; null: any number."},
    },
}
ASSIGNMENT = {
    "type": "object",
    "properties": {"at": MOMENT, "user": NUMBER, "pool": TEXT, "clause": TEXT, "sentences": {"type": "array", "items": {"type": "string"}}},
}
POOL = {"name": "pool", "in": "query", "schema": {"type": "string"}, "description": "Out of which, where it is in several."}
RELEASE = {
    "type": "object",
    "required": ["reason"],
    "properties": {"reason": {"type": "string"}, "pool": {"type": "string"}},
    "additionalProperties": False,
}


def pool_paths() -> dict[str, Any]:
    """The path of every pool."""
    found = {"operationId": "pools.look", "responses": answers(("200", "What one may claim.", PAGE))}
    return {f"{ROOT}/pools/{{name}}": {"get": {**found, "parameters": [parameter("limit"), parameter("cursor")]}, "parameters": [NAME]}}


def record_paths(one: str, name: str, *, is_pooled: bool) -> dict[str, Any]:
    """Claiming and giving back, and why a record went to whom; `one` is its path, `name` what operations of its object begin with."""
    listed = {"type": "object", "required": ["data"], "properties": {"data": {"type": "array", "items": ASSIGNMENT}}}
    why = {"operationId": f"{name}.assignments", "responses": answers(("200", "Oldest first.", listed))}
    found: dict[str, Any] = {f"{one}/assignments": {"get": why, "parameters": [parameter("id")]}}
    if is_pooled:
        record = answers(("200", "The record.", {"$ref": f"#/components/schemas/{name}"}))
        release = {"operationId": f"{name}.release", "responses": answers(("204", "Done.", None))}
        found[f"{one}/claim"] = {"post": {"operationId": f"{name}.claim", "responses": record}, "parameters": [parameter("id"), POOL]}
        found[f"{one}/release"] = {
            "post": {**release, "requestBody": {"required": True, "content": content(RELEASE)}},
            "parameters": [parameter("id")],
        }
    return found
