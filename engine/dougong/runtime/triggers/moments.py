"""The moments that a trigger waits for: when each is due for a record, and what it was worked out from."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from dougong.database.instants import instant_from_db
from dougong.derive.dues import DueRule, ScheduleRule
from dougong.derive.triggers import TriggerRule
from dougong.runtime.due.past import Logs, texts
from dougong.runtime.gate import explain
from dougong.runtime.gate.draft import Draft
from dougong.runtime.triggers.told import Step
from dougong.runtime.unit import Row, Unit

OPEN_AT, FIRED_AT = 7, 8  # in the columns of `DueTexts.of_record`


def steps(unit: Unit, rule: TriggerRule, object_name: str, row: Row) -> Iterator[Step]:
    """One step for each moment of the trigger: passed, to come, or not to be."""
    dues = unit.compiled.rules(object_name).dues
    mine = [due for due in dues.own if due.fires is not None and due.fires.name == rule.name]
    schedules = [due for due in dues.schedules if due.fires is not None and due.fires.name == rule.name]
    if not mine and not schedules:
        return
    stored = {r[3]: r for r in unit.connection.all(texts(unit).of_record, {"object": object_name, "record_id": row["id"]})}
    for due in mine:
        yield _step(unit, due, row, stored.get(due.key))
    for schedule in schedules:
        yield from _scheduled(unit, schedule, object_name, row, stored.get(schedule.key))


def is_lapsed(step: Step) -> bool:
    """Whether a moment had passed for good when it became known."""
    return step.about == "moment" and step.holds is None


def _scheduled(unit: Unit, rule: ScheduleRule, object_name: str, row: Row, stored: tuple[Any, ...] | None) -> Iterator[Step]:
    """When it comes again, and whether the record is among those that it is for."""
    after = rule.next_after(unit.now)
    at = ("不再有", "never again") if after is None else (_time(unit, after), f"at {_time(unit, after)}")
    has_fired = stored is not None and stored[FIRED_AT] is not None
    yield Step("moment", has_fired, (f"“{rule.event}”下一次：{at[0]}", f"“{rule.event}” comes next {at[1]}"), rule.clause)
    if rule.where is None:
        return
    draft = Draft(unit, unit.compiled.rules(object_name), row, {})
    draft.row = row
    place = f"{rule.where.source.place.file}:{rule.where.source.place.line}"
    if unit.compiled.program(rule.where)(row, draft.context) is True:
        yield Step("condition", True, ("这条记录现在在 each 的范围里", "the record is among those of `each` now"), place)
    else:
        zh, en = explain.condition(draft, rule.where, row)
        yield Step(
            "condition",
            False,
            (f"这条记录现在不在 each 的范围里，需要{zh}", f"the record is not among those of `each` now: it needs {en}"),
            place,
        )


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
    is_resting = stored is not None and stored[OPEN_AT] is None and stored[FIRED_AT] is None
    if is_resting and found.lapses_at is not None and found.lapses_at <= unit.now:
        said = (
            f"“{rule.event}”本该在 {at}（{counted[0]}），知道的时候日期已经过去，不再做",
            f"“{rule.event}” would have been at {at}, {counted[1]}; the date had passed when it became known, so it is not done",
        )
        return Step("moment", None, said, rule.clause)
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
