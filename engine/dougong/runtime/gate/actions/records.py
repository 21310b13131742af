"""`set`, `create`, `update`: values for the record, for a new one, for those that a path leads to."""

from collections.abc import Sequence

from dougong.model.actions import CreateAction, Reach, SetAction, UpdateAction
from dougong.refusals import Refused
from dougong.runtime.gate import store
from dougong.runtime.gate.actions import writing
from dougong.runtime.gate.actions.task import Outcome, Task, difference
from dougong.runtime.gate.draft import Draft
from dougong.runtime.unit import Row, Unit


def set_values(action: SetAction, task: Task) -> Outcome:
    """Give fields of the record new values."""
    return changed(writing.update(task.unit, task.object, task.record_id, task.values(action.values)))


def set_values_many(action: SetAction, tasks: Sequence[Task]) -> list[Outcome]:
    """The same for many records; one by one as soon as a change sets off triggers of its own."""
    unit, name = tasks[0].unit, tasks[0].object
    drafts = [writing.prepare_update(unit, name, task.record_id, task.values(action.values)) for task in tasks]
    for draft in drafts:
        if draft.refusals:
            raise Refused(draft.refusals)
    real = [draft for draft in drafts if draft.changed()]
    if any(writing.sets_off(draft) for draft in real):
        outcomes = []
        for task in tasks:
            task.begin(action)
            outcomes.append(set_values(action, task))
        return outcomes
    outcomes = [changed(draft) for draft in drafts]
    if real:
        store.update_many(real)
    return outcomes


def changed(draft: Draft) -> Outcome:
    """What a write changed."""
    fields = difference(draft)
    return Outcome("done" if fields else "nothing", {"fields": fields} if fields else {})


def create(action: CreateAction, task: Task) -> Outcome:
    """Make a record of another object."""
    row = task.named(task.object, task.row)  # the record goes by its object's name, too
    made = writing.create(task.unit, action.object, task.values(action.values, row))
    key = int(made.row["id"])
    return Outcome("done", {"created": [action.object, key], "fields": difference(made)}, {"created": key})


def update(action: UpdateAction, task: Task) -> Outcome:
    """Change the records that the path leads to, by id."""
    unit, where = task.unit, action.where
    found: dict[int, dict[str, object]] = {}
    for row in _reached(unit, task.row, action.path):
        named = task.named(action.object, row)
        if where is None or unit.compiled.program(where)(named, task.lens) is True:
            draft = writing.update(unit, action.object, row["id"], task.values(action.values, named))
            fields = difference(draft)
            if fields:
                found[row["id"]] = fields
    return Outcome("done" if found else "nothing", {"updated": action.object, "records": {str(k): v for k, v in found.items()}})


def _reached(unit: Unit, start: Row, path: tuple[Reach, ...]) -> Sequence[Row]:
    rows: dict[int, Row] = {start["id"]: start}
    for step in path:
        found: dict[int, Row] = {}
        for row in rows.values():
            if step.through is not None:
                found |= {r["id"]: r for r in unit.children(step.object, step.through, row["id"])}
            else:
                behind = unit.row(step.object, row[str(step.field)])
                found |= {} if behind is None else {behind["id"]: behind}
        rows = found
    return [rows[key] for key in sorted(rows)]
