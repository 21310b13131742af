"""`start`: an approval of the record."""

from dougong.model.actions import StartAction
from dougong.runtime.approvals.start import start as start_approval
from dougong.runtime.gate.actions.task import Outcome, Task


def start(action: StartAction, task: Task) -> Outcome:
    """Start it in the name of the person whose write it was."""
    number = start_approval(task.unit, action.approval, task.record_id)
    return Outcome("done", {"approval": action.approval, "number": number})
