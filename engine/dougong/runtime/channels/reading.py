"""The bodies that come in: a message of a channel, the payload of a webhook. Everything that is wrong with one is told at once.

What a sender says beyond the declared fields is kept with the body and read by nobody.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from dougong.fields.base import Reading
from dougong.fields.plain_text import read_text
from dougong.model.channels import Webhook
from dougong.refusals import Refusal
from dougong.runtime.channels import refusals as codes
from dougong.runtime.channels.received import LONGEST_ID

LONGEST = {"from": 200, "text": 10_000, "id": LONGEST_ID}


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message: who wrote it, what, when, and what the gateway calls it."""

    sender: str
    text: str
    at: datetime | None
    id: str


def json_object(body: bytes) -> dict[str, Any] | None:
    """The JSON object in a body; None when there is none."""
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return found if isinstance(found, dict) else None


def read_message(body: bytes) -> tuple[Incoming | None, list[Refusal]]:
    """`{"from": …, "text": …, "id": …}` and perhaps `"at"`, an instant with its zone."""
    given = json_object(body)
    if given is None:
        return None, [Refusal(codes.NOT_READABLE)]
    problems: list[Refusal] = []
    texts: dict[str, str] = {}
    for name, longest in LONGEST.items():
        value, refusal = read_text(given.get(name), longest, lines=name == "text")
        if refusal is not None:
            problems.append(Refusal(refusal.code, refusal.params, name))
        elif value is None:
            problems.append(Refusal(codes.LACKS, {"title": name}, name))
        else:
            texts[name] = value
    at, is_time = _instant(given.get("at"))
    if not is_time:
        expected = ("2026-03-02T09:00:00+08:00 这样的时间", "a time such as 2026-03-02T09:00:00+08:00")
        problems.append(Refusal(codes.NOT_TIME, {"name": "at", "expected": expected}, "at"))
    if problems:
        return None, problems
    return Incoming(texts["from"], texts["text"], at, texts["id"]), []


def read_payload(webhook: Webhook, body: bytes, reading: Reading) -> tuple[dict[str, Any], list[Refusal]]:
    """The values of a webhook's fields, read as forms and JSON are; what is missing is null."""
    given = json_object(body)
    if given is None:
        return {}, [Refusal(codes.NOT_READABLE)]
    problems: list[Refusal] = []
    values: dict[str, Any] = {}
    for name, field in webhook.payload.items():
        raw, refusal = given.get(name), None
        values[name] = None
        if raw is not None and raw != "":
            values[name], refusal = field.type.parse(raw, reading)
        if refusal is not None:
            problems.append(Refusal(refusal.code, refusal.params, name, refusal.clause))
        elif field.required and values[name] is None:
            problems.append(Refusal(codes.LACKS, {"title": (field.title.zh, field.title.en)}, name))
    return values, problems


def _instant(value: Any) -> tuple[datetime | None, bool]:
    if value is None:
        return None, True
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
        return (None, False) if found is None or found.tzinfo is None else (found.astimezone(UTC), True)
    except (ValueError, OverflowError):
        return None, False
