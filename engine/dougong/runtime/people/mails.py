"""Messages as mails: the payload of the job `mail`, in the language that the person chose."""

from collections.abc import Mapping, Sequence
from typing import Any

from dougong.runtime.people.texts import text
from dougong.runtime.record import Message
from dougong.runtime.unit import Unit

PERSON = "SELECT email, name, login, language FROM dg_user WHERE id = :id"
SUBJECT = 70
INBOX = "/inbox"
DIGEST = {"zh": "您有 {0} 条未读消息", "en": "{0} unread messages"}


def mail(unit: Unit, user_id: int, spoken: tuple[str, str], about: tuple[str | None, int | None]) -> Mapping[str, Any] | None:
    """One message about a record (its object and id); None for a person without an address. `path` is where to look in the app."""
    found = _person(unit, user_id)
    if found is None:
        return None
    words = spoken[1] if found["language"] == "en" else spoken[0]
    first = " ".join(words.split("\n", 1)[0].split())
    subject = first if len(first) <= SUBJECT else first[: SUBJECT - 1] + "\u2026"
    return {**found, "subject": subject or "…", "text": words or "…", "path": INBOX if None in about else f"/o/{about[0]}/{about[1]}"}


def digest(unit: Unit, messages: Sequence[Message]) -> Mapping[str, Any] | None:
    """Several messages in one mail to the actor; None when there are none, or no address."""
    found = None if unit.actor.id is None else _person(unit, unit.actor.id)
    if found is None or not messages:
        return None
    lines = [f"· {m.text}" for m in messages]
    return {**found, "subject": DIGEST[found["language"]].format(len(messages)), "text": "\n".join(lines), "path": INBOX}


def _person(unit: Unit, user_id: int) -> dict[str, Any] | None:
    row = unit.connection.one(text(PERSON, unit.compiled.dialect), {"id": user_id})
    if row is None or not row[0]:
        return None
    return {"user": user_id, "to": row[0], "name": row[1] or row[2], "language": "en" if row[3] == "en" else "zh"}
