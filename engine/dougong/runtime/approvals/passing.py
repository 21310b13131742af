"""An approval held, a task answered, and a task that goes to somebody else."""

from dougong.runtime.approvals import telling
from dougong.runtime.approvals.hats import Candidate
from dougong.runtime.approvals.rows import Asked, Started, params, started, tasks_of, texts
from dougong.runtime.approvals.steps import ask, go_on
from dougong.runtime.unit import Unit


def held(unit: Unit, approval_id: int) -> Started | None:
    """An approval, held with its record until the transaction ends; None when there is none, or nothing of its kind any more."""
    row = unit.connection.one(texts(unit).by_id, params(id=approval_id))
    found = None if row is None else started(unit, row)
    if found is None or found.object not in unit.compiled.app.objects or unit.locked(found.object, found.record_id) is None:
        return None
    row = unit.connection.one(texts(unit).hold, params(id=approval_id))
    return None if row is None else started(unit, row)


def instead(unit: Unit, approval: Started, task: Asked, person: Candidate, kind: str, note: str | None = None) -> int:
    """Ask somebody in the place of somebody: who waited for one waits for the other. An added signer stays one. The new task's id."""
    (made,) = ask(unit, approval, [person], task.kind if task.kind in ("before", "after") else kind, behind=task.behind, note=note)
    for each in tasks_of(unit, approval.id):
        if each.state == "waiting" and each.behind == task.id:
            unit.connection.run(texts(unit).wait, params(id=each.id, behind=made))
    return made


def drop(unit: Unit, approval: Started, task: Asked) -> None:
    """Ask nobody in the place of somebody: the others of the step are enough. Who waited for them waits no more."""
    decided(unit, task, "cancelled", None)
    for each in tasks_of(unit, approval.id):
        if each.state == "waiting" and each.behind == task.id:
            unit.connection.run(texts(unit).open, params(id=each.id, at=unit.driver_now))
            telling.asked(unit, approval, each.user_id, each.id)
    go_on(unit, approval)


def decided(unit: Unit, task: Asked, state: str, comment: str | None, to_step: int | None = None) -> None:
    """Note what became of a task."""
    text = (comment or "").strip() or None
    values = params(id=task.id, state=state, comment=text, at=unit.driver_now, by=unit.actor.id, to_step=to_step)
    unit.connection.run(texts(unit).decide, values)
