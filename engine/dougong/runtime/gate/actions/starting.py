"""`start`: an approval of the record, or a pipeline that runs under it."""

from dougong.model.actions import StartAction, StartRecordAction
from dougong.runtime.approvals.start import start as start_approval
from dougong.runtime.approvals.start import why_not
from dougong.runtime.gate import trigger_log
from dougong.runtime.gate.actions import writing
from dougong.runtime.gate.actions.task import Outcome, Task, difference


def start(action: StartAction | StartRecordAction, task: Task) -> Outcome:
    """Start it in the name of the person whose write it was; nothing when it runs already, or when its condition is not true."""
    if isinstance(action, StartRecordAction):
        return _begin(action, task)
    problem = why_not(task.unit, action.approval, task.record_id)
    if problem is not None:
        return Outcome("nothing", {"approval": action.approval, "because": trigger_log.told(problem)})
    number = start_approval(task.unit, action.approval, task.record_id)
    return Outcome("done", {"approval": action.approval, "number": number})


def _begin(action: StartRecordAction, task: Task) -> Outcome:
    """A new record under this one; nothing while one is open, unless the action says `again`."""
    said = {"pipeline": action.pipeline}
    under = task.unit.children(action.object, action.link, task.record_id)
    running = [row["id"] for row in under if row[action.column] in action.open]
    if running and not action.again:
        return Outcome("nothing", {**said, "running": running})
    row = task.named(task.object, task.row)  # the record goes by its object's name, too
    made = writing.create(task.unit, action.object, {**task.values(action.values, row), action.link: task.record_id})
    key = int(made.row["id"])
    return Outcome("done", {**said, "created": [action.object, key], "fields": difference(made)}, {"created": key})
