"""`assign` and `todo`: who gets the record, who gets something to do."""

from collections.abc import Sequence
from typing import Any

from dougong.model.actions import AssignAction, TodoAction
from dougong.runtime.gate import recipients
from dougong.runtime.gate.actions import writing
from dougong.runtime.gate.actions.records import changed
from dougong.runtime.gate.actions.task import Outcome, Task


def assign(action: AssignAction, task: Task) -> Outcome:
    """Put a user into the field; nothing happens when there is nobody."""
    chosen = recipients.assignee(task.unit, task.object, action, task.named("user", {}), task.row)
    if chosen is None:
        return Outcome("nothing", {"nobody": True})
    outcome = changed(writing.update(task.unit, task.object, task.record_id, {action.field: chosen}))
    return Outcome(outcome.word, {**outcome.said, "assigned": chosen})


def todo(action: TodoAction, task: Task) -> Outcome:
    """A to-do for each recipient."""
    rows = _todos(action, task)
    for row in rows:
        task.unit.connection.run(task.unit.compiled.statements.todo, row)
    return _told(rows)


def todo_many(action: TodoAction, tasks: Sequence[Task]) -> list[Outcome]:
    """To-dos about many records, written in one go."""
    unit = tasks[0].unit
    rows = [_todos(action, task) for task in tasks]
    unit.connection.insert_many(unit.compiled.statements.todo, unit.compiled.tables.engine.todo.name, [r for some in rows for r in some])
    return [_told(some) for some in rows]


def _told(rows: Sequence[dict[str, Any]]) -> Outcome:
    if not rows:
        return Outcome("nothing", {"nobody": True})
    first = rows[0]
    return Outcome("done", {"todos": [row["for_user"] for row in rows], "text": [first["text"], first["text_en"] or first["text"]]})


def _todos(action: TodoAction, task: Task) -> list[dict[str, Any]]:
    unit = task.unit
    zh, en = unit.compiled.text(action.text)(task.row, task.lens)
    return [
        {
            "for_user": user_id,
            "object": task.object,
            "record_id": task.record_id,
            "text": zh,
            "text_en": en if en != zh else None,
            "created_at": unit.driver_now,
            "trigger": task.firing.trigger,
        }
        for user_id in recipients.people(unit, action.recipients, task.row, task.lens)
    ]
