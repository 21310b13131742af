"""A step took too long: what the definition says for that."""

from dougong.runtime.approvals.hats import PENDING, left_out, of_step, taking_part
from dougong.runtime.approvals.limits import set_limit
from dougong.runtime.approvals.passing import decided, held, instead
from dougong.runtime.approvals.people import above
from dougong.runtime.approvals.rows import RUNNING, Asked, Started, tasks_of
from dougong.runtime.approvals.steps import end, go_on
from dougong.runtime.due.firing import Open
from dougong.runtime.due.past import texts as due_texts
from dougong.runtime.unit import Unit


def of_approval(unit: Unit, due: Open) -> bool:
    """The due of a step's limit has come."""
    approval = held(unit, int(due.key.partition(":")[2]))
    if approval is None or approval.state != RUNNING:
        unit.connection.run(due_texts(unit).remove, {"dg_key": due.id})
        return False
    unit.connection.run(due_texts(unit).fired, {"dg_key": due.id, "dg_now": unit.driver_now})
    run_out(unit, approval)
    return True


def run_out(unit: Unit, approval: Started) -> None:
    """A step took too long: what the definition says for that. Who was to sign later does not hold it up either."""
    otherwise = approval.steps[approval.step].otherwise
    late = [t for t in of_step(tasks_of(unit, approval.id), approval.step, approval.round) if t.state in PENDING]
    if otherwise == "escalate":
        _escalate(unit, approval, [t for t in late if t.state == "open"])
        return
    for task in late:
        decided(unit, task, "approved" if otherwise == "approve" else "rejected", None)
    if otherwise == "approve":
        go_on(unit, approval)
    else:
        end(unit, approval, "rejected")


def _escalate(unit: Unit, approval: Started, late: list[Asked]) -> None:
    """Those above the people who did not answer decide instead; who has nobody above stays asked."""
    moved = False
    for task in late:
        tasks = tasks_of(unit, approval.id)
        here = of_step(tasks, approval.step, approval.round)
        person = above(
            unit, task.for_user or task.user_id, left_out(approval, tasks, approval.step) | {t.user_id for t in here} | taking_part(here)
        )
        if person is not None:
            decided(unit, task, "escalated", None)
            instead(unit, approval, task, person, "escalated")
            moved = True
    if moved:
        set_limit(unit, approval, approval.steps[approval.step], unit.now)
