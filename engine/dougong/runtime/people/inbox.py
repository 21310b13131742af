"""The inbox: what people are told. A row at once; other channels later, as jobs, as each person wants them.

`notify` is the one door: triggers, mentions, overdue to-dos and approvals all leave their messages through it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from dougong.database.instants import instant_from_db
from dougong.refusals import refuse
from dougong.runtime.channels import writing
from dougong.runtime.jobs.outbox import enqueue
from dougong.runtime.people import mails, preferences, texts
from dougong.runtime.people import refusals as codes
from dougong.runtime.people.texts import text
from dougong.runtime.read.titles import titles, user_names
from dougong.runtime.record import Message, Person
from dougong.runtime.unit import LARGEST_ID, Unit

INBOX, MAIL = "inbox", "mail"
KINDS = ("notify", "mention", "todo", "approval", "overdue", "proposal")
MOST = 200
SYSTEM = Person(None, "系统")


def notify(
    unit: Unit,
    recipients: Iterable[int],
    spoken: tuple[str, str],
    via: Sequence[str] = (INBOX, MAIL),
    key: str | None = None,
    *,
    kind: str = "notify",
    object: str | None = None,
    record_id: int | None = None,
    file: int | None = None,
) -> list[int]:
    """Tell people something; the ids of the new messages. `spoken` is the text in Chinese and English.

    The inbox has it in this transaction, whatever `via` says; with `mail` in `via` a mail follows to those who have an address: at once, after
    the person's quiet hours, in one mail a day, or not at all, as they want it; and a message on each declared channel in `via`. The same
    `key` tells the same person only once. `file`: what only the recipients may open with it.
    """
    active = {u["id"]: u for u in unit.users()}
    zh, en = spoken
    made: list[int] = []
    for user_id in dict.fromkeys(r for r in recipients if r in active):
        row = unit.connection.one(
            text(texts.ADD_MESSAGE, unit.compiled.dialect),
            {
                "for_user": user_id,
                "kind": kind,
                "object": object,
                "record_id": record_id,
                "text": zh,
                "text_en": en if en != zh else None,
                "key": key,
                "sender": unit.actor.id,
                "file": file,
                "now": unit.driver_now,
            },
        )
        if row is not None:
            made.append(int(row[0]))
            if MAIL in via:
                _mail(unit, user_id, int(row[0]), kind, spoken, (object, record_id))
            writing.to_user(unit, active[user_id], kind, via, spoken)
    return made


def _mail(unit: Unit, user_id: int, message_id: int, kind: str, spoken: tuple[str, str], about: tuple[str | None, int | None]) -> None:
    """Leave a mail as the person wants it: now, after the quiet hours, with the day's others, or none."""
    wanted = preferences.of(unit, user_id)
    if f"{MAIL}:{kind}" in wanted.muted:
        return
    if wanted.digest_at is not None:
        at = preferences.next_digest(unit, wanted)
        enqueue(unit, "digest", {"user": user_id}, key=f"digest:{user_id}:{at:%Y-%m-%dT%H:%M}", at=at)
        return
    payload = mails.mail(unit, user_id, spoken, about)
    if payload is not None:
        enqueue(unit, MAIL, payload, key=f"mail:message:{message_id}", at=preferences.not_before(unit, wanted))


def messages(unit: Unit, *, unread: bool | None = None, before: int | None = None, limit: int = 50) -> list[Message]:
    """The actor's messages, newest first: all, only unread or only read ones; `before` is the id to go on from."""
    sql = texts.MESSAGES if unread is None else texts.UNREAD if unread else texts.READ
    values = {"me": unit.actor.id, "before": LARGEST_ID if before is None else before, "most": max(1, min(limit, MOST))}
    return shown(unit, unit.connection.all(text(sql, unit.compiled.dialect, unit.language), values))


def shown(unit: Unit, rows: Sequence[tuple[Any, ...]]) -> list[Message]:
    """Messages as the actor may see them: the record's title only where the actor may see the record."""
    ids: dict[str, set[int]] = {}
    for row in rows:
        if row[2] in unit.compiled.app.objects:
            ids.setdefault(row[2], set()).add(row[3])
    named = {name: titles(unit, name, sorted(some)) for name, some in ids.items()}
    senders = user_names(unit, sorted({r[7] for r in rows if r[7] is not None})) if rows else {}
    dialect = unit.compiled.dialect

    def instant(value: Any) -> datetime | None:
        return None if value is None else instant_from_db(value, dialect)

    return [
        Message(
            r[0],
            r[1],
            r[2],
            r[3],
            named.get(r[2], {}).get(r[3]) if r[2] is not None else None,
            r[4],
            instant_from_db(r[5], dialect),
            instant(r[6]),
            SYSTEM if r[7] is None else Person(r[7], senders.get(r[7], f"#{r[7]}")),
            r[8],
        )
        for r in rows
    ]


def read(unit: Unit, message_id: int) -> None:
    """Mark one of the actor's messages as read. `Refused` R412."""
    values = {"id": message_id, "me": unit.actor.id, "now": unit.driver_now}
    if unit.connection.run(text(texts.MARK_READ, unit.compiled.dialect), values) != 1:
        raise refuse(codes.NO_SUCH_MESSAGE)


def read_all(unit: Unit) -> int:
    """Mark all of the actor's messages as read; how many were not."""
    return unit.connection.run(text(texts.MARK_ALL, unit.compiled.dialect), {"me": unit.actor.id, "now": unit.driver_now})


def settle(unit: Unit, object: str, record_id: int, prefix: str, kind: str) -> None:
    """Mark messages of a kind about a record as read, whoever has them: what they ask for is settled. `prefix`: how their keys begin."""
    values = {"object": object, "record_id": record_id, "prefix": prefix, "kind": kind, "now": unit.driver_now}
    unit.connection.run(text(texts.SETTLED, unit.compiled.dialect), values)


def file_of(unit: Unit, message_id: int) -> int | None:
    """The file that came with one of the actor's messages; None: there is no such message, or none came."""
    row = unit.connection.one(text(texts.FILE_OF, unit.compiled.dialect), {"id": message_id, "me": unit.actor.id})
    return None if row is None else row[0]


def unread_count(unit: Unit) -> int:
    """How many of the actor's messages are unread."""
    row = unit.connection.one(text(texts.COUNT_UNREAD, unit.compiled.dialect), {"me": unit.actor.id})
    return 0 if row is None else int(row[0])


def digest(unit: Unit) -> list[Message]:
    """What the actor's next digest tells: unread messages that no digest told of yet, oldest first; they count as told from now on."""
    dialect = unit.compiled.dialect
    values = {"me": unit.actor.id, "before": LARGEST_ID, "most": MOST}
    found = unit.connection.all(text(texts.DIGEST, dialect, unit.language), values)
    unit.connection.run(text(texts.DIGESTED, dialect), {"me": unit.actor.id, "now": unit.driver_now})
    return shown(unit, found)[::-1]
