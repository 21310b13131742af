"""After a release that changed rules or calendars: the dues of all records are worked out again, in batches.

A row of `dg_due` for each object (record 0, key `rules`) tells with which rules that was done last (`mark`), or how far it is (`mark@id`), so
that whoever comes next goes on after a crash.
"""

from collections.abc import Sequence

from dougong.derive.due_print import fingerprint, fingerprint_of
from dougong.derive.due_rules import ObjectDues
from dougong.runtime.due.keeping import show_due_at, store
from dougong.runtime.due.past import Logs, texts
from dougong.runtime.due.schedules import plan
from dougong.runtime.unit import Row, Unit

BATCH = 500
RULES = "rules"


def unsettled(unit: Unit) -> list[str]:
    """The objects whose dues are not (all) worked out with the rules in force."""
    app = unit.compiled.app
    found = unit.connection.all(texts(unit).marks, {"objects": list(app.objects)})
    marks = {row[0]: row[1] for row in found}
    return [name for name in app.objects if (marks.get(name) or "") != _wanted(unit, name)]


def settle(unit: Unit, object_name: str) -> bool:
    """Work out the next batch of an object's records; whether it was the last."""
    wanted, dues = _wanted(unit, object_name), unit.compiled.rules(object_name).dues
    key = {"object": object_name, "record_id": 0, "key": RULES}
    unit.connection.run(texts(unit).lock, key)  # one worker at a time
    row = unit.connection.one(texts(unit).mark, {"object": object_name})
    mark, _, last = ((row[0] if row else None) or "").partition("@")
    if mark == wanted and not last:
        return True
    rows = _batch(unit, object_name, int(last) if mark == wanted and last else 0)
    if rows and (dues.own or dues.deadlines):
        _work_out(unit, object_name, dues, rows)
    is_last = len(rows) < BATCH
    if is_last:
        _finish(unit, object_name, dues)
    mark = wanted if is_last else f"{wanted}@{rows[-1]['id']}"
    unit.connection.run(texts(unit).set_mark, {"object": object_name, "mark": mark or None})
    return is_last


def _wanted(unit: Unit, object_name: str) -> str:
    found: str = unit.compiled.question(("due rules", object_name), lambda: fingerprint_of(unit.compiled.rules(object_name).dues))
    return found


def _batch(unit: Unit, object_name: str, after: int) -> list[Row]:
    rules = unit.compiled.rules(object_name)
    found = unit.connection.all(unit.compiled.writes(object_name).lock_batch, {"dg_key": after, "count": BATCH})
    return [Row(rules, unit, rules.codec.decode(r)) for r in found]


def _work_out(unit: Unit, object_name: str, dues: ObjectDues, rows: Sequence[Row]) -> None:
    show_due_at(unit, object_name, rows)
    ids = [row["id"] for row in rows]
    past = Logs(unit, ids)
    there = {(i, key) for i, key in unit.connection.all(texts(unit).open_keys, {"object": object_name, "ids": ids})}
    kept = []
    for row in rows:
        found = [(rule, rule.due(row, unit.plain, past)) for rule in dues.own]
        changing = [(rule, due) for rule, due in found if due is not None or (row["id"], rule.key) in there]
        kept.append((object_name, row["id"], changing, True))
    store(unit, kept)


def _finish(unit: Unit, object_name: str, dues: ObjectDues) -> None:
    """What no rule speaks of any more goes; schedules that are new or changed wait for their next occurrence."""
    known = {r.key for r in (*dues.own, *dues.schedules)}
    for (key,) in unit.connection.all(texts(unit).keys, {"object": object_name}):
        if key not in known and key.startswith(("stage:", "trigger:", "schedule:")):
            unit.connection.run(texts(unit).remove_key, {"object": object_name, "key": key})
    there: dict[str, str | None] = dict(unit.connection.all(texts(unit).schedules, {"object": object_name}))
    for rule in dues.schedules:
        if there.get(rule.key) != fingerprint(rule):
            plan(unit, rule)
