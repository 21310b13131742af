"""`assign` and `recycle`: who gets the record, or into which pool it goes."""

from datetime import datetime

from dougong_dsl.working import due_after

from dougong.model.actions import AssignAction, RecycleAction
from dougong.runtime.dispatch.choosing import Question, choose
from dougong.runtime.gate.actions import writing
from dougong.runtime.gate.actions.records import changed
from dougong.runtime.gate.actions.task import Outcome, Task
from dougong.runtime.pools import rows


def assign(action: AssignAction, task: Task) -> Outcome:
    """Put a user into the field, or the record into a pool; nothing happens when there is nobody."""
    question = Question(task.unit, task.object, task.row, task.named("user", {}), task.firing.trigger)
    choice = choose(question, action)
    if choice.pool is not None:
        put = _put(task, choice.pool)
        return Outcome(put.word, {**put.said, "dispatch": choice.said})
    if choice.user is None:
        return Outcome("nothing", {"nobody": True, "dispatch": choice.said})
    outcome = changed(writing.update(task.unit, task.object, task.record_id, {action.field: choice.user}))
    return Outcome(outcome.word, {**outcome.said, "assigned": choice.user, "dispatch": choice.said})


def recycle(action: RecycleAction, task: Task) -> Outcome:
    """Put the record into a pool: nobody has it then. It stays where it is while it must rest."""
    pool = task.rules.pools[action.pool]
    came: datetime | None = task.row[pool.since]
    if task.row[pool.column] == pool.name:
        return Outcome("nothing")
    if pool.rest is not None and came is not None:
        again = due_after(came, pool.rest, task.unit.compiled.app.calendar)
        if again > task.unit.now:
            return Outcome("nothing", {"rests_until": again})
    return _put(task, pool.name)


def _put(task: Task, name: str) -> Outcome:
    pool = task.rules.pools[name]
    holder = task.row[pool.field]
    draft = writing.update(task.unit, task.object, task.record_id, {pool.field: None}, pool=name)
    rows.note(task.unit, pool, task.record_id, "in", holder, trigger=task.firing.trigger)
    outcome = changed(draft)
    return Outcome("done", {**outcome.said, "pool": name, "from": holder})
