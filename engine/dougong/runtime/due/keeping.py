"""Due rules in the write gate: `foresee` before a row is written, `keep` after it. An object without due rules costs nothing.

A due is stored by one statement that leaves what did not move as it is: fired stays fired. What is not due any more rests; its row stays,
so that what comes back unmoved is known to have been done.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from dougong.derive.dues import Due, DueRule, SilenceRule, StageRule
from dougong.derive.pool_dues import PoolRule
from dougong.runtime.due.past import Logs, Present, texts
from dougong.runtime.gate.draft import Draft
from dougong.runtime.unit import Row, Unit

Found = tuple[DueRule, Due | None]


def foresee(draft: Draft) -> None:
    """What will be due of the record as it will be; the `due_at` of its pipelines goes into the row."""
    dues = draft.rules.dues
    if not dues.own and not dues.deadlines:
        return
    row, lens, past = draft.row, draft.unit.plain, Present(draft)
    changed = None if draft.old is None else frozenset(draft.changed())
    for deadline in dues.deadlines:
        if changed is None or not changed.isdisjoint(deadline.needs):
            found = deadline.due(row, lens, past)
            row[deadline.pipeline.due_at] = None if found is None else found.due_at
    if changed is None or changed:
        draft.dues = [(rule, rule.due(row, lens, past)) for rule in dues.own if _is_moved(draft, rule, changed)]


def _is_moved(draft: Draft, rule: DueRule, changed: frozenset[str] | None) -> bool:
    old = draft.old
    if changed is None or old is None:
        return True
    if isinstance(rule, PoolRule):
        return not changed.isdisjoint(rule.holds) or _is_moved(draft, rule.inner, changed)
    if isinstance(rule, SilenceRule) and rule.what == "update":
        return draft.unit.cause.kind != "trigger"
    if changed.isdisjoint(rule.needs):
        return False
    return not isinstance(rule, StageRule) or not rule.clocks.keys().isdisjoint((draft.row[rule.pipeline.field], old[rule.pipeline.field]))


def keep(unit: Unit, drafts: Sequence[Draft]) -> None:
    """Store what was foreseen for records of one object that are written by now, and what they move of others."""
    if not drafts:
        return
    dues = drafts[0].rules.dues
    if dues.own:
        name = drafts[0].rules.name
        store(unit, [(name, d.row["id"], d.dues, d.old is not None) for d in drafts])
    for rule in dues.others:
        move_others(unit, rule, {p for d in drafts for p in _pointed(d, rule)})
    for object_name, fields in dues.chosen:
        if any(d.old is not None and not fields.isdisjoint(d.changed()) for d in drafts):  # worked out again by whoever sweeps, in batches
            unit.connection.run(texts(unit).set_mark, {"object": object_name, "mark": None})
            unit.leaves_work = True


def forget(draft: Draft) -> None:
    """The record is gone, and everything that would have been due of it."""
    dues = draft.rules.dues
    if dues.own or dues.schedules:
        params = {"object": draft.rules.name, "record_id": draft.old["id"] if draft.old else 0}
        draft.unit.connection.run(texts(draft.unit).forget, params)
    for rule in dues.others:
        move_others(draft.unit, rule, {p for p in _pointed(draft, rule, is_gone=True)})


def _pointed(draft: Draft, rule: DueRule, *, is_gone: bool = False) -> Iterable[int]:
    """The records of the other object that this write moves."""
    assert rule.through is not None
    old, row = draft.old, draft.row
    if old is not None and not is_gone:
        is_same = old[rule.through] == row[rule.through]
        if is_same and (rule.field is None or old[rule.field] == row[rule.field]):
            return ()
    found = {row[rule.through], None if old is None else old[rule.through]}
    return (p for p in found if p is not None)


def move_others(unit: Unit, rule: DueRule, ids: Iterable[int]) -> None:
    """Work a rule out again for records that others point to."""
    wanted = sorted(ids)
    if rule.counts:  # whoever counts waits for those that count, too: else neither sees the other's record
        unit.connection.many(texts(unit).lock, [{"object": rule.object, "record_id": i, "key": rule.key} for i in wanted])
    past = Logs(unit, wanted)
    found = [(i, row) for i in wanted if (row := unit.row(rule.object, i)) is not None]
    store(unit, [(rule.object, i, [(rule, rule.due(row, unit.plain, past))], True) for i, row in found])


def store(unit: Unit, found: Iterable[tuple[str, int, Sequence[Found], bool]]) -> None:
    """Write dues of records; the last value says whether the record may have some already."""
    kept: list[Mapping[str, Any]] = []
    for object_name, record_id, dues, may_have in found:
        resting = [rule.key for rule, due in dues if due is None]
        if resting and may_have:
            unit.connection.run(texts(unit).rest, {"object": object_name, "record_id": record_id, "keys": resting})
        kept += [values(unit, object_name, record_id, rule.key, due) for rule, due in dues if due is not None]
    if len(kept) == 1:
        unit.connection.run(texts(unit).keep, kept[0])
    elif kept:
        unit.connection.many(texts(unit).keep, kept)


def show_due_at(unit: Unit, object_name: str, rows: Sequence[Row]) -> None:
    """Bring the `due_at` of records up to date that are not being written themselves."""
    past = Logs(unit, [row["id"] for row in rows])
    for deadline in unit.compiled.rules(object_name).dues.deadlines:
        name, moved = deadline.pipeline.due_at, []
        for row in rows:
            found = deadline.due(row, unit.plain, past)
            at = None if found is None else found.due_at
            if at != row[name]:
                row[name] = at
                moved.append({"dg_key": row["id"], "value": None if at is None else unit.compiled.statements.instant(at)})
        if moved:
            unit.connection.many(unit.compiled.writes(object_name).kept(name), moved)


def values(unit: Unit, object_name: str, record_id: int, key: str, due: Due) -> dict[str, Any]:
    """The driver's values of a row of `dg_due`."""
    instant = unit.compiled.statements.instant
    lapsed = due.lapses_at is not None and due.lapses_at <= unit.now
    return {
        "object": object_name,
        "record_id": record_id,
        "key": key,
        "due_at": instant(due.due_at),
        "start_at": instant(due.start_at),
        "mark": due.mark,
        "open_at": None if lapsed else instant(due.due_at),
        "derivation": derivation(due),
    }


def derivation(due: Due) -> str | None:
    """What the moment was worked out from beside its start, in JSON; None when it was just added up on the app's calendar."""
    if due.calendar is None and not due.pauses:
        return None
    pauses = [[_text(a), _text(b)] for a, b in due.pauses]
    return orjson.dumps({"calendar": due.calendar, "pauses": pauses}).decode()


def _text(instant: datetime) -> str:
    return instant.isoformat(timespec="milliseconds")
