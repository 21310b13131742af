"""The moments that a trigger waits for: when each is due for a record, and what it was worked out from."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from dougong.database.instants import instant_from_db
from dougong.derive.dues import DueRule
from dougong.derive.triggers import TriggerRule
from dougong.runtime.due.past import Logs, texts
from dougong.runtime.triggers.told import Step
from dougong.runtime.unit import Row, Unit

DUE_AT, FIRED_AT = 4, 8  # in the columns of `DueTexts.of_record`


def steps(unit: Unit, rule: TriggerRule, object_name: str, row: Row) -> Iterator[Step]:
    """One step for each moment of the trigger: passed, to come, or not to be."""
    dues = unit.compiled.rules(object_name).dues
    mine = [due for due in dues.own if due.fires is not None and due.fires.name == rule.name]
    if not mine:
        return
    stored = {r[3]: r for r in unit.connection.all(texts(unit).of_record, {"object": object_name, "record_id": row["id"]})}
    for due in mine:
        yield _step(unit, due, row, stored.get(due.key))


def _step(unit: Unit, rule: DueRule, row: Row, stored: tuple[Any, ...] | None) -> Step:
    found = rule.due(row, unit.plain, Logs(unit, (row["id"],)))
    if found is None:
        zh, en = "现在没有到期时间：它不在这个阶段，或者日期没有填", "has no due time now: not in that stage, or the date is blank"
        return Step("moment", False, (f"“{rule.event}”{zh}", f"“{rule.event}” {en}"), rule.clause)
    start, at = _time(unit, found.start_at), _time(unit, found.due_at)
    counted = (f"从 {start} 算起", f"counted from {start}")
    if found.due_at > unit.now:
        return Step(
            "moment", False, (f"“{rule.event}”要到 {at}（{counted[0]}）", f"“{rule.event}” is due at {at}, {counted[1]}"), rule.clause
        )
    fired = None if stored is None or stored[FIRED_AT] is None else instant_from_db(stored[FIRED_AT], unit.compiled.dialect)
    done = (
        ("，还没有处理到", ", not yet attended to")
        if fired is None
        else (f"，{_time(unit, fired)} 已处理", f", done at {_time(unit, fired)}")
    )
    said = (f"“{rule.event}”在 {at} 到期（{counted[0]}）{done[0]}", f"“{rule.event}” was due at {at}, {counted[1]}{done[1]}")
    return Step("moment", True, said, rule.clause)


def _time(unit: Unit, instant: datetime) -> str:
    return instant.astimezone(unit.reading.zone).strftime("%Y-%m-%d %H:%M:%S")
