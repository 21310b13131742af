"""`tag`: tags added to a field of tags or of many choices, or taken from it."""

from dougong.model.actions import TagAction
from dougong.runtime.gate.actions import writing
from dougong.runtime.gate.actions.records import changed
from dougong.runtime.gate.actions.task import Outcome, Task


def tag(action: TagAction, task: Task) -> Outcome:
    """Add and remove; what is there already, or gone already, changes nothing."""
    held = task.row[action.field] or ()
    wanted = [*(t for t in held if t not in action.remove), *(t for t in action.add if t not in held)]
    return changed(writing.update(task.unit, task.object, task.record_id, {action.field: wanted}))
