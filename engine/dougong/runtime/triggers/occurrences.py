"""When the events of a trigger happened to a record, read from its history; and the record as each write left it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import bindparam, select

from dougong.database.instants import instant_from_db
from dougong.database.text import Text, compile_text
from dougong.derive.triggers import EventRule
from dougong.runtime.unit import Row, Unit

LOOKED_AT = 1_000  # writes of one record


@dataclass(frozen=True, slots=True)
class Write:
    """One write of the record: `row` as it left it, `old` as it found it (None: it made the record)."""

    id: int
    at: datetime
    kind: str
    release: int
    row: Row
    old: Row | None
    fields: frozenset[str]
    cause: tuple[str, str | None]


def writes(unit: Unit, object_name: str, row: Row) -> Iterator[Write]:
    """The writes of a record, newest first, each undone to see the one before it."""
    rules = unit.compiled.rules(object_name)
    text = unit.compiled.question(("writes of",), lambda: _text(unit))
    after: dict[str, Any] = dict(row)
    for key, at, kind, release, raw, cause, cause_id in unit.connection.all(
        text, {"object": object_name, "dg_key": row["id"], "count": LOOKED_AT}
    ):
        pairs = orjson.loads(raw) if isinstance(raw, str) else raw
        before = dict(after)
        for name in pairs:
            if name in rules.known:
                before[name] = rules.known[name].type.from_json(pairs[name][0])
        old = None if kind == "created" else Row(rules, unit, before)
        instant = instant_from_db(at, unit.compiled.dialect)
        yield Write(key, instant, kind, release, Row(rules, unit, after), old, frozenset(pairs), (cause, cause_id))
        after = before


def is_meant(unit: Unit, rule: EventRule, write: Write) -> bool:
    """Whether a write was the event that a trigger waits for."""
    event, row, old = rule.event, write.row, write.old
    if event.kind == "created" or event.kind == "deleted":
        return write.kind == event.kind
    if event.kind == "submitted":
        return write.cause == ("form", event.form)
    if event.kind == "entered":
        return row[event.column] == event.stage and (old is None or event.column in write.fields)
    if event.kind == "left":
        return old is not None and event.column in write.fields and old[event.column] == event.stage
    if event.kind != "changed" or old is None:
        return False
    if event.field is None:
        return True
    lens = unit.context(old)
    return event.field in write.fields and all(
        wanted is None or value == wanted(row, lens)
        for wanted, value in ((rule.from_value, old[event.field]), (rule.to_value, row[event.field]))
    )


def nearly(rule: EventRule, write: Write) -> Mapping[str, Any] | None:
    """What a change of the right field went from and to, when other values were wanted."""
    event = rule.event
    if event.kind != "changed" or event.field is None or event.field not in write.fields or write.old is None:
        return None
    return {"from": write.old[event.field], "to": write.row[event.field]}


def _text(unit: Unit) -> Text:
    c = unit.compiled.tables.engine.change.c
    query = select(c.id, c.at, c.kind, c.release, c.fields, c.cause, c.cause_id).where(
        c.object == bindparam("object"), c.record_id == bindparam("dg_key")
    )
    return compile_text(query.order_by(c.id.desc()).limit(bindparam("count")), unit.compiled.dialect)
