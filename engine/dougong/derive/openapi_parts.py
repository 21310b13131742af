"""The parts of the OpenAPI document that are the same for every app: problems, parameters, security."""

from typing import Any

ROOT = "/api/v1"
PROBLEM = {"$ref": "#/components/responses/problem"}

SECURITY_SCHEMES: dict[str, Any] = {
    "token": {"type": "http", "scheme": "bearer", "description": "A token made with `dougong token`."},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "dougong",
        "description": "The cookie of a signed-in browser; changes also need X-CSRF-Token.",
    },
}

ERROR: dict[str, Any] = {
    "type": "object",
    "required": ["code", "field", "message", "clause"],
    "properties": {
        "code": {"type": "string", "examples": ["R201"]},
        "field": {"type": ["string", "null"], "description": "The field it is about; null: the whole record."},
        "message": {"type": "string", "description": "A sentence in the language of Accept-Language."},
        "clause": {"type": ["string", "null"], "description": "file:line of the rule of the definition that refused."},
        "row": {"type": "integer", "description": "Which record of a list, from 0."},
    },
}

PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "A problem document (RFC 9457).",
    "required": ["type", "status", "code", "title", "errors"],
    "properties": {
        "type": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "title": {"type": "string"},
        "instance": {"type": "string"},
        "reference": {"type": "string", "description": "Where the server's log tells more."},
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/dougong.error"}},
    },
}

CHANGE: dict[str, Any] = {
    "type": "object",
    "description": "One change of one record.",
    "properties": {
        "id": {"type": "integer"},
        "at": {"type": "string", "format": "date-time", "description": "When it was entered."},
        "happened_at": {"type": ["string", "null"], "format": "date-time", "description": "When it really happened."},
        "actor": {"type": ["object", "null"], "properties": {"id": {"type": "integer"}, "name": {"type": ["string", "null"]}}},
        "cause": {"type": "string"},
        "kind": {"type": "string", "enum": ["created", "updated", "moved", "deleted"]},
        "fields": {"type": "object", "additionalProperties": {"type": "array", "minItems": 2, "maxItems": 2}},
        "from": {"type": ["string", "null"]},
        "to": {"type": ["string", "null"]},
    },
}

FILE: dict[str, Any] = {
    "type": "object",
    "required": ["id", "name", "size", "type"],
    "properties": {"id": {"type": "integer"}, "name": {"type": "string"}, "size": {"type": "integer"}, "type": {"type": "string"}},
}


def query(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    """A parameter of the query string."""
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}


PARAMETERS: dict[str, Any] = {
    "where": query("where", {"type": "string", "examples": ["score >= 80 and owner = me"]}, "A condition in the expression language."),
    "order": query("order", {"type": "string", "examples": ["-score,name"]}, "Fields to sort by; a minus sorts descending."),
    "fields": query("fields", {"type": "string"}, "The fields to give, separated by commas; all readable ones without it."),
    "limit": query("limit", {"type": "integer", "minimum": 1, "maximum": 500, "default": 50}, "Records per page."),
    "cursor": query("cursor", {"type": "string"}, "The next_cursor of the page before."),
    "search": query("search", {"type": "string"}, "Words to find in the searchable fields."),
    "id": {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}},
    "file": {"name": "file", "in": "path", "required": True, "schema": {"type": "integer"}},
    "if_match": {
        "name": "If-Match",
        "in": "header",
        "required": False,
        "schema": {"type": "string", "examples": ['"3"']},
        "description": "The version that was read; a newer one refuses with 412.",
    },
    "idempotency_key": {
        "name": "Idempotency-Key",
        "in": "header",
        "required": False,
        "schema": {"type": "string", "maxLength": 200},
        "description": "Sent again with the same body, the first answer is given again and nothing is done twice.",
    },
}


def parameter(name: str) -> dict[str, str]:
    """A reference to one of `PARAMETERS`."""
    return {"$ref": f"#/components/parameters/{name}"}


def with_keys(paths: dict[str, Any]) -> dict[str, Any]:
    """Every operation that writes may come with an `Idempotency-Key`."""
    key = parameter("idempotency_key")
    for item in paths.values():
        for operation in (item[method] for method in ("post", "patch", "put", "delete") if method in item):
            own = operation.get("parameters", [])
            operation["parameters"] = own if key in own else [*own, key]
    return paths


def content(schema: dict[str, Any]) -> dict[str, Any]:
    """A JSON body of `schema`."""
    return {"application/json": {"schema": schema}}


def answers(*entries: tuple[str, str, dict[str, Any] | None]) -> dict[str, Any]:
    """The responses of an operation, each (status, words, schema or None), and the problem document for the rest."""
    found: dict[str, Any] = {}
    for status, words, schema in entries:
        found[status] = {"description": words} | ({"content": content(schema)} if schema else {})
    return found | {"default": PROBLEM}
