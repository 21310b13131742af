"""Doing what is due: one due, in the transaction of one unit. Whoever holds the record holds its dues.

A due is worked out again before it is done: what moved in the meantime is only stored. It is marked as fired before its actions run, in the
same transaction, so that it is done once or not at all.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dougong.database.instants import instant_from_db
from dougong.derive.due_statements import FOUND
from dougong.derive.dues import DueRule, ScheduleRule
from dougong.derive.triggers import TriggerRule
from dougong.refusals import Refused
from dougong.runtime.due.keeping import show_due_at, store
from dougong.runtime.due.past import Logs, texts
from dougong.runtime.due.schedules import expand
from dougong.runtime.gate import triggers
from dougong.runtime.unit import Row, Unit

LONGEST_PAUSE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Open:
    """A row of `dg_due` that is due and held by this transaction."""

    id: int
    object: str
    record_id: int
    key: str
    due_at: datetime | None
    start_at: datetime | None
    mark: str | None
    open_at: datetime | None
    fired_at: datetime | None
    attempts: int
    derivation: str | None

    @property
    def kind(self) -> str:
        """The first part of the key."""
        return self.key.partition(":")[0]


Fire = Callable[[Unit, Open], bool]
"""Does one due of a kind; whether anything was done."""


def pick(unit: Unit, limit: int) -> list[tuple[int, str, int, str]]:
    """The dues that are due, the longest due first: id, object, record, key."""
    return list(unit.connection.all(texts(unit).pick, {"dg_now": unit.driver_now, "count": limit}))


def next_open(unit: Unit) -> datetime | None:
    """When the next due is due."""
    found = unit.connection.one(texts(unit).next)
    return None if found is None or found[0] is None else instant_from_db(found[0], unit.compiled.dialect)


def postpone(unit: Unit, due_id: int, error: str, tries: int, first: timedelta) -> None:
    """Note that a due failed: it is tried again after a pause that doubles; after so many tries it waits for a person."""
    found = unit.connection.one(texts(unit).attempts, {"dg_key": due_id})
    if found is None:
        return
    attempts = int(found[0]) + 1
    again = None if attempts >= tries else unit.compiled.statements.instant(unit.now + first * 2 ** (attempts - 1))
    unit.connection.run(texts(unit).failed, {"dg_key": due_id, "open_at": again, "attempts": attempts, "error": error})


def fire(unit: Unit, due_id: int, object_name: str, record_id: int, more: Mapping[str, Fire]) -> bool:
    """Do the due `due_id` if it is still open; False when another worker is at it, or when there was nothing to do any more.

    `more` are kinds beside stages, triggers and schedules, by the first part of their keys.
    """
    if record_id and object_name in unit.compiled.app.objects and not _hold(unit, object_name, record_id):
        return False
    found = unit.connection.one(texts(unit).hold, {"dg_key": due_id, "dg_now": unit.driver_now})
    if found is None:
        return False
    due = _open(unit, found)
    handler = {**FIRES, **more}.get(due.kind)
    if handler is None:  # what it hangs on is gone
        unit.connection.run(texts(unit).remove, {"dg_key": due.id})
        return False
    return handler(unit, due)


def _hold(unit: Unit, object_name: str, record_id: int) -> bool:
    """Lock the record, before its dues as everybody does; False while somebody else has it. A record that is gone cannot be held."""
    text = unit.compiled.writes(object_name).lock_free
    found = unit.connection.one(text, {"dg_key": record_id})
    if found is None:
        if unit.connection.one(unit.compiled.writes(object_name).select, {"dg_key": record_id}) is None:
            unit.connection.run(texts(unit).forget, {"object": object_name, "record_id": record_id})
        return False
    rules = unit.compiled.rules(object_name)
    unit.keep(object_name, record_id, Row(rules, unit, rules.codec.decode(found)))
    return True


def _open(unit: Unit, row: tuple[Any, ...]) -> Open:
    named = dict(zip(FOUND, row, strict=True))
    for name in ("due_at", "start_at", "open_at", "fired_at"):
        if named[name] is not None:
            named[name] = instant_from_db(named[name], unit.compiled.dialect)
    return Open(**named)


def rule_of(unit: Unit, due: Open) -> DueRule | None:
    """The rule that made it, as the release in force has it."""
    if due.object not in unit.compiled.app.objects:
        return None
    dues = unit.compiled.rules(due.object).dues
    return next((r for r in (*dues.own, *dues.schedules) if r.key == due.key), None)


def _of_record(unit: Unit, due: Open) -> bool:
    """What a stage or a trigger waits for."""
    rule, row = rule_of(unit, due), unit.row(due.object, due.record_id)
    if rule is None or row is None:
        unit.connection.run(texts(unit).remove, {"dg_key": due.id})
        return False
    found = rule.due(row, unit.plain, Logs(unit, (due.record_id,)))
    store(unit, [(due.object, due.record_id, [(rule, found)], True)])
    show_due_at(unit, due.object, [row])
    if found is None or found.due_at > unit.now:
        return False
    if found.due_at != due.due_at and found.lapses_at is not None and found.lapses_at <= unit.now:
        return False
    unit.connection.run(texts(unit).fired, {"dg_key": due.id, "dg_now": unit.driver_now})
    if _fire(unit, rule.fires, row, rule, found.start_at, found.due_at) is not None and due.kind == "pool":
        _again(unit, due)
    return True


def _again(unit: Unit, due: Open) -> None:
    """A record could not go back into its pool (what it holds is locked while somebody decides): it goes later, asked in growing pauses."""
    pause = min(timedelta(days=2**due.attempts), LONGEST_PAUSE) if due.attempts < 10 else LONGEST_PAUSE
    values = {"dg_key": due.id, "open_at": unit.compiled.statements.instant(unit.now + pause), "attempts": due.attempts + 1}
    unit.connection.run(texts(unit).again, values)


def _of_schedule(unit: Unit, due: Open) -> bool:
    """What repeats: the schedule itself is spread over its records, each of which fires on its own."""
    rule = rule_of(unit, due)
    if not isinstance(rule, ScheduleRule):
        unit.connection.run(texts(unit).remove, {"dg_key": due.id})
        return False
    if due.record_id == 0:
        expand(unit, rule, due.due_at or unit.now)
        return True
    row = unit.row(due.object, due.record_id)
    unit.connection.run(texts(unit).fired, {"dg_key": due.id, "dg_now": unit.driver_now})
    if row is not None:
        _fire(unit, rule.fires, row, rule, due.start_at, due.due_at)
    return row is not None


def _fire(unit: Unit, rule: TriggerRule | None, row: Row, due: DueRule, start: datetime | None, at: datetime | None) -> Refused | None:
    """What was refused, if anything was."""
    assert rule is not None
    seen = {"due_at": at, "start_at": start}
    told = {n: v.isoformat(timespec="milliseconds") for n, v in seen.items() if v is not None}
    fired = triggers.attempt(unit, rule, row, event=due.event, values=told)
    return fired if isinstance(fired, Refused) else None


FIRES: Mapping[str, Fire] = {"stage": _of_record, "trigger": _of_record, "schedule": _of_schedule, "pool": _of_record}
