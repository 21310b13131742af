"""`start`: an approval of the record."""

from dougong.model.actions import StartAction
from dougong.runtime.approvals.start import start as start_approval
from dougong.runtime.approvals.start import why_not
from dougong.runtime.gate import trigger_log
from dougong.runtime.gate.actions.task import Outcome, Task


def start(action: StartAction, task: Task) -> Outcome:
    """Start it in the name of the person whose write it was; nothing when it runs already, or when its condition is not true."""
    problem = why_not(task.unit, action.approval, task.record_id)
    if problem is not None:
        return Outcome("nothing", {"approval": action.approval, "because": trigger_log.told(problem)})
    number = start_approval(task.unit, action.approval, task.record_id)
    return Outcome("done", {"approval": action.approval, "number": number})
