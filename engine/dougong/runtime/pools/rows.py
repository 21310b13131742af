"""Rows of `dg_pool_log`, and what quotas ask of them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Table, bindparam, func, insert, select

from dougong.database.instants import instant_from_db
from dougong.database.text import Text, compile_text
from dougong.model.dispatch import Pool
from dougong.runtime.unit import Unit

Kind = Literal["in", "claim", "view"]
COLUMNS = ("pool", "object", "record_id", "kind", "user_id", "at", "day", "reason", "trigger")


def note(
    unit: Unit, pool: Pool, record_id: int, kind: Kind, user: int | None, *, reason: str | None = None, trigger: str | None = None
) -> None:
    """Write down what happened: the words of a person, or the trigger that did it."""
    note_many(unit, pool, [record_id], kind, user, reason=reason, trigger=trigger)


def note_many(
    unit: Unit,
    pool: Pool,
    ids: Sequence[int],
    kind: Kind,
    user: int | None,
    *,
    reason: str | None = None,
    trigger: str | None = None,
) -> None:
    """The same of several records."""
    if not ids:
        return
    common = {"pool": pool.name, "object": pool.object, "kind": kind, "user_id": user, "at": unit.driver_now, "day": str(unit.today)}
    text = _text(unit, "note", lambda log: insert(log).values({name: bindparam(name) for name in COLUMNS}))
    unit.connection.many(text, [{**common, "record_id": record_id, "reason": reason, "trigger": trigger} for record_id in ids])


def claimed_today(unit: Unit, pool: Pool, user: int) -> int:
    """How many records somebody has claimed on this day of the app."""
    text = _text(unit, "claimed", lambda log: select(func.count()).select_from(log).where(*_today(log, "claim")))
    found = unit.connection.one(text, {"p_user": user, "p_pool": pool.name, "p_day": str(unit.today)})
    return 0 if found is None else int(found[0])


def seen_today(unit: Unit, pool: Pool, user: int) -> set[int]:
    """The records that somebody has looked at on this day of the app."""
    text = _text(unit, "seen", lambda log: select(log.c.record_id).where(*_today(log, "view")))
    return {int(row[0]) for row in unit.connection.all(text, {"p_user": user, "p_pool": pool.name, "p_day": str(unit.today)})}


def given_up(unit: Unit, pool: Pool, record_id: int, user: int) -> datetime | None:
    """When somebody last lost a record to the pool."""

    def make(log: Table) -> Any:
        of_user = (log.c.user_id == bindparam("p_user"), log.c.kind == "in", log.c.pool == bindparam("p_pool"))
        of_record = (log.c.object == bindparam("p_object"), log.c.record_id == bindparam("p_record"))
        return select(log.c.at).where(*of_user, *of_record).order_by(log.c.id.desc()).limit(1)

    values = {"p_user": user, "p_pool": pool.name, "p_object": pool.object, "p_record": record_id}
    found = unit.connection.one(_text(unit, "given up", make), values)
    return None if found is None else instant_from_db(found[0], unit.compiled.dialect)


def of_record(unit: Unit, object_name: str, record_id: int) -> list[tuple[str, str, int | None, datetime, str | None, str | None]]:
    """What happened to a record in pools, oldest first, looks left out: pool, kind, user, at, reason, trigger."""

    def make(log: Table) -> Any:
        of_one = (log.c.object == bindparam("p_object"), log.c.record_id == bindparam("p_record"), log.c.kind != "view")
        return select(log.c.pool, log.c.kind, log.c.user_id, log.c.at, log.c.reason, log.c.trigger).where(*of_one).order_by(log.c.id)

    found = unit.connection.all(_text(unit, "of record", make), {"p_object": object_name, "p_record": record_id})
    return [(p, k, u, instant_from_db(at, unit.compiled.dialect), r, by) for p, k, u, at, r, by in found]


def _today(log: Table, kind: Kind) -> tuple[ColumnElement[bool], ...]:
    return (log.c.user_id == bindparam("p_user"), log.c.pool == bindparam("p_pool"), log.c.day == bindparam("p_day"), log.c.kind == kind)


def _text(unit: Unit, name: str, make: Callable[[Table], Any]) -> Text:
    compiled = unit.compiled
    found: Text = compiled.question(("pool log", name), lambda: compile_text(make(compiled.tables.engine.pool_log), compiled.dialect))
    return found
