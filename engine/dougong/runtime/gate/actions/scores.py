"""`score`: points given to the record, with the reason."""

from dougong.model.actions import ScoreAction
from dougong.runtime.gate.actions import writing
from dougong.runtime.gate.actions.records import changed
from dougong.runtime.gate.actions.task import Outcome, Task
from dougong.runtime.scores import rows


def score(action: ScoreAction, task: Task) -> Outcome:
    """Add the points to what was given before; no points are no deed."""
    unit = task.unit
    points = unit.compiled.program(action.points)(task.row, task.lens)
    if not points:
        return Outcome("nothing")
    kept = unit.compiled.app.scores[action.score]
    total = (task.row[kept.points_field] or 0) + int(points)
    draft = writing.update(unit, task.object, task.record_id, {}, kept={kept.points_field: total})
    said = unit.compiled.text(action.because)(task.row, task.lens)
    rows.add(unit, kept, task.record_id, int(points), said, task.firing.trigger)
    outcome = changed(draft)
    return Outcome("done", {**outcome.said, "score": kept.name, "points": int(points), "because": list(said)})
