"""Messages on their way out: who may be written to gets a job, in the transaction of whatever wants it; the record remembers what was said."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dougong.model.actions import Contact
from dougong.model.channels import MAIL, Channel
from dougong.runtime.channels import texts, wishes
from dougong.runtime.channels.texts import text
from dougong.runtime.jobs.outbox import enqueue
from dougong.runtime.people import preferences
from dougong.runtime.unit import Lens, Unit

USER = "user"
SEND, CALL = "send", "call"
SUBJECT = 70
Told = dict[str, Any]  # for the log: channel, to, and perhaps why nothing was sent


@dataclass(frozen=True, slots=True)
class Whom:
    """Somebody at an address: the record (a user, too) that it is of, the name for a greeting, the language."""

    object: str
    row: Mapping[str, Any]
    address: str | None
    name: str | None = None
    is_english: bool = False


def to_contact(unit: Unit, contact: Contact, row: Mapping[str, Any], lens: Lens, spoken: tuple[str, str]) -> list[Told]:
    """Write to a contact on each of its channels; what was written or kept back, for the log."""
    if contact.path is None:
        found: Mapping[str, Any] | None = row
    else:
        key = unit.compiled.program(contact.path)(row, lens)
        found = None if key is None else unit.row(contact.object, key)
    if found is None:
        return []
    return [_write(unit, name, Whom(contact.object, found, found[field]), spoken, None) for name, field in contact.addresses]


def to_user(unit: Unit, user: Mapping[str, Any], kind: str, via: Iterable[str], spoken: tuple[str, str]) -> list[Told]:
    """Write to a user on the declared channels among `via`, as the person wants it."""
    told = []
    for name in via:
        channel = unit.compiled.app.channels.get(name)
        if channel is None or channel.kind == MAIL or USER not in channel.objects:
            continue
        wanted = preferences.of(unit, user["id"])
        if f"{name}:{kind}" in wanted.muted:
            told.append({"channel": name, "to": user["login"], "kept": "muted"})
            continue
        whom = Whom(USER, user, user[channel.address], user["name"] or user["login"], preferences.speaks_english(unit, user["id"]))
        told.append(_write(unit, name, whom, spoken, preferences.not_before(unit, wanted)))
    return told


def _write(unit: Unit, name: str, whom: Whom, spoken: tuple[str, str], not_before: datetime | None) -> Told:
    channel = unit.compiled.app.channels.get(name)
    kept = "address" if not whom.address else wishes.against(unit.compiled.app, channel, whom.object, whom.row)
    if kept is not None or not whom.address:
        return {"channel": name, "to": whom.row["id"], "kept": kept}
    words = wishes.cut(spoken[1 if whom.is_english else 0].strip() or "…", channel.limit if channel else None)
    is_record = whom.object in unit.compiled.app.objects
    about = {"object": whom.object if is_record else None, "record_id": whom.row["id"] if is_record else None}
    said = {"channel": name, "direction": "out", "address": whom.address, "text": words, "at": unit.driver_now, "received": None, **about}
    made = unit.connection.one(text(texts.SAY, unit.compiled.dialect), said)
    assert made is not None  # RETURNING always gives a row
    payload = {"channel": name, "to": whom.address, "text": words, "name": whom.name, "language": "en" if whom.is_english else "zh"}
    at = _when(channel, not_before or unit.now)
    subject = " ".join(words.split("\n", 1)[0].split())
    payload["subject"] = subject if len(subject) <= SUBJECT else subject[: SUBJECT - 1] + "…"
    job = enqueue(unit, SEND, {k: v for k, v in (payload | about).items() if v is not None}, key=f"{name}:message:{made[0]}", at=at)
    unit.connection.run(text(texts.HANDED, unit.compiled.dialect), {"id": made[0], "job": job})
    return {"channel": name, "to": whom.address} | ({"cut": True} if channel and channel.limit and words.endswith("…") else {})


def _when(channel: Channel | None, at: datetime) -> datetime:
    return wishes.next_open(channel.hours if channel else None, at)
