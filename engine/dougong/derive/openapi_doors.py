"""What the OpenAPI document says of doors: messages that gateways bring, webhooks with their payloads, and what came in."""

from typing import Any

from dougong.derive.openapi_parts import ROOT, answers, content, parameter, query
from dougong.model.app import App
from dougong.model.channels import Webhook

TEXT = {"type": ["string", "null"]}
MOMENT = {"type": ["string", "null"], "format": "date-time"}
WORD = {"type": "string"}
NUMBER = {"type": ["integer", "null"]}
STATE = {"type": "string", "enum": ["done", "nobody", "malformed", "refused"]}
FORM = query("form", WORD, "The form through which the values come; triggers that wait for it hear of it.")
SIGNED = {
    "signature": {
        "type": "apiKey",
        "in": "header",
        "name": "X-Dougong-Signature",
        "description": "v1= and the HMAC-SHA256 of `timestamp.body` in hex, with the secret of the door; X-Dougong-Timestamp holds the "
        "timestamp, seconds since 1970, no more than five minutes off.",
    }
}
TAKEN = {
    "type": "object",
    "required": ["id", "state", "repeated"],
    "properties": {"id": {"type": "integer"}, "state": STATE, "repeated": {"type": "boolean"}},
}
MESSAGE = {
    "type": "object",
    "required": ["from", "text", "id"],
    "properties": {
        "from": {"type": "string", "description": "The sender's address."},
        "text": WORD,
        "id": {"type": "string", "description": "What the gateway calls the message: the same is taken in once."},
        "at": {"type": "string", "format": "date-time"},
    },
}
SAID = {
    "type": "object",
    "properties": {
        "id": {"type": "integer"},
        "channel": WORD,
        "direction": {"type": "string", "enum": ["in", "out"]},
        "text": WORD,
        "at": MOMENT,
        "state": {**TEXT, "description": "Of what went out: waiting, running, done, dead or cancelled."},
        "error": TEXT,
    },
}
CAME = {
    "type": "object",
    "properties": {
        "id": {"type": "integer"},
        "door": WORD,
        "external_id": WORD,
        "at": MOMENT,
        "body": WORD,
        "state": STATE,
        "problems": {"type": "array", "items": {"type": "object"}},
        "object": TEXT,
        "record": NUMBER,
    },
}


def payload_schema(webhook: Webhook) -> dict[str, Any]:
    """The JSON Schema of a webhook's body (2020-12); more may be in it."""
    return {
        "type": "object",
        "title": webhook.title.en,
        "properties": {name: field.type.json_schema() for name, field in webhook.payload.items()},
        "required": [name for name, field in webhook.payload.items() if field.required],
    }


def door_paths(app: App) -> dict[str, Any]:
    """The doors of an app, and for administrators what came in through them."""
    found = {f"{ROOT}/channels/{c.name}/messages": _door(f"channels.{c.name}", MESSAGE) for c in app.channels.values() if c.kind == "http"}
    found |= {f"{ROOT}/webhooks/{name}": _door(f"webhooks.{name}", payload_schema(w)) for name, w in app.webhooks.items()}
    if not found:
        return {}
    listed = {
        "type": "object",
        "properties": {
            "data": {"type": "array", "items": CAME},
            "counts": {"type": "object", "additionalProperties": {"type": "integer"}},
        },
    }
    asked = [query("state", STATE, "Only those."), parameter("limit"), query("before", {"type": "integer"}, "The id to go on from.")]
    got = {"operationId": "received.list", "responses": answers(("200", "What came in, newest first.", listed)), "parameters": asked}
    again = {"operationId": "received.take", "responses": answers(("200", "What became of it.", TAKEN))}
    return found | {
        f"{ROOT}/admin/received": {"get": got},
        f"{ROOT}/admin/received/{{id}}/take": {"post": again, "parameters": [parameter("id")]},
    }


def record_paths(one: str, name: str) -> dict[str, Any]:
    """What was said on channels to and by a record."""
    listed = {"type": "object", "required": ["data"], "properties": {"data": {"type": "array", "items": SAID}}}
    found = {"operationId": f"{name}.conversation", "responses": answers(("200", "Oldest first.", listed))}
    return {f"{one}/conversation": {"get": found, "parameters": [parameter("id")]}}


def _door(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    taken = answers(
        ("200", "It had been taken in before.", TAKEN),
        ("201", "It was taken in.", TAKEN),
        ("202", "It is kept for somebody to see to it.", TAKEN),
    )
    body = {"required": True, "content": content(schema)}
    return {
        "post": {
            "operationId": name,
            "responses": taken,
            "requestBody": body,
            "security": [{"signature": []}],
        }
    }
