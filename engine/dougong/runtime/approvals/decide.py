"""What the people who are asked can do: approve, reject, return, pass on, add a signer; and what the submitter can: withdraw."""

from dougong.refusals import refuse
from dougong.runtime.approvals import refusals as codes
from dougong.runtime.approvals.limits import set_limit
from dougong.runtime.approvals.people import Candidate, admins, candidates, managers
from dougong.runtime.approvals.rows import RUNNING, Asked, Started, asked, params, started, tasks_of, texts
from dougong.runtime.approvals.steps import ask, back_to, end, go_on
from dougong.runtime.due.firing import Open
from dougong.runtime.due.past import texts as due_texts
from dougong.runtime.people.absence import substitute_of
from dougong.runtime.unit import Unit


def approve(unit: Unit, task_id: int, comment: str | None = None) -> None:
    """Agree."""
    approval, task = _mine(unit, task_id)
    _decided(unit, task, "approved", comment)
    go_on(unit, approval)


def reject(unit: Unit, task_id: int, reason: str | None) -> None:
    """Disagree: the approval ends."""
    approval, task = _mine(unit, task_id)
    _decided(unit, task, "rejected", _needed(reason))
    end(unit, approval, "rejected")


def return_(unit: Unit, task_id: int, reason: str | None, step: int | None = None) -> None:
    """Send it back to an earlier step (counted from 0), or to the submitter, for whom the approval ends."""
    approval, task = _mine(unit, task_id)
    if step is not None and not 0 <= step < approval.step:
        raise refuse(codes.NO_SUCH_STEP)
    _decided(unit, task, "returned", _needed(reason))
    if step is None:
        end(unit, approval, "returned")
    else:
        back_to(unit, approval, step)


def transfer(unit: Unit, task_id: int, login: str, comment: str | None = None) -> None:
    """Let somebody else decide instead."""
    approval, task = _mine(unit, task_id)
    person = _person(unit, approval, login)
    _decided(unit, task, "transferred", comment)
    kind = task.kind if task.kind in ("before", "after") else "transferred"
    (made,) = ask(unit, approval, [person], task.step, task.round, kind)
    _behind(unit, approval, task.id, made)


def add_signer(unit: Unit, task_id: int, login: str, *, before: bool, comment: str | None = None) -> None:
    """Ask somebody else as well: before oneself decides, or after."""
    approval, task = _mine(unit, task_id)
    person = _person(unit, approval, login)
    if before:
        (made,) = ask(unit, approval, [person], task.step, task.round, "before")
        unit.connection.run(texts(unit).wait, params(id=task.id, behind=made))
    else:
        ask(unit, approval, [person], task.step, task.round, "after", behind=task.id)


def withdraw(unit: Unit, approval_id: int) -> None:
    """Take a submitted record back."""
    approval = _held(unit, approval_id)
    if approval.submitted_by is None or approval.submitted_by != unit.actor.id:
        raise refuse(codes.NOT_SUBMITTER)
    end(unit, approval, "withdrawn")


def of_approval(unit: Unit, due: Open) -> bool:
    """The due of a step's limit has come."""
    unit.connection.run(due_texts(unit).fired, {"dg_key": due.id, "dg_now": unit.driver_now})
    return run_out(unit, int(due.key.partition(":")[2]))


def run_out(unit: Unit, approval_id: int) -> bool:
    """A step took too long: what the definition says for that. False when it is over already."""
    row = unit.connection.one(texts(unit).hold, params(id=approval_id))
    approval = None if row is None else started(unit, row)
    if approval is None or approval.state != RUNNING:
        return False
    step = approval.steps[approval.step]
    late = [t for t in tasks_of(unit, approval.id) if t.state == "open" and t.step == approval.step and t.round == approval.round]
    if step.otherwise == "escalate":
        _escalate(unit, approval, late)
        return True
    for task in late:
        _decided(unit, task, "approved" if step.otherwise == "approve" else "rejected", None)
    if step.otherwise == "approve":
        go_on(unit, approval)
    else:
        end(unit, approval, "rejected")
    return True


def _escalate(unit: Unit, approval: Started, late: list[Asked]) -> None:
    """The managers of those who did not answer decide instead; without one the app's managers are asked."""
    step = approval.steps[approval.step]
    here = {t.user_id for t in tasks_of(unit, approval.id) if t.round == approval.round and t.step == approval.step}
    moved = False
    for task in late:
        taken = {*here, *([approval.submitted_by] if approval.submitted_by is not None else [])}
        above = candidates(unit, managers(unit, [task.for_user or task.user_id]), taken) or candidates(unit, admins(unit), taken)[:1]
        if above:
            _decided(unit, task, "escalated", None)
            (made,) = ask(unit, approval, above[:1], task.step, task.round, "escalated")
            here.add(above[0].user_id)
            _behind(unit, approval, task.id, made)
            moved = True
    if moved:
        set_limit(unit, approval, step, unit.now)


def _behind(unit: Unit, approval: Started, old: int, new: int) -> None:
    """Those who waited for one person wait for the one who decides instead."""
    for each in tasks_of(unit, approval.id):
        if each.state == "waiting" and each.behind == old:
            unit.connection.run(texts(unit).wait, params(id=each.id, behind=new))


def _mine(unit: Unit, task_id: int) -> tuple[Started, Asked]:
    """The task, if the actor is asked; its approval held until the transaction ends."""
    row = unit.connection.one(texts(unit).task, params(id=task_id))
    if row is None:
        raise refuse(codes.NOT_ASKED)
    approval = _held(unit, asked(unit, row).approval_id)
    task = next(t for t in tasks_of(unit, approval.id) if t.id == task_id)
    me = unit.actor.id
    if task.state != "open" or me is None or me not in (task.user_id, substitute_of(unit, task.user_id, unit.now)):
        raise refuse(codes.NOT_ASKED)
    return approval, task


def _held(unit: Unit, approval_id: int) -> Started:
    row = unit.connection.one(texts(unit).hold, params(id=approval_id))
    if row is None:
        raise refuse(codes.NOT_ASKED)
    found = started(unit, row)
    if found.state != RUNNING:
        raise refuse(codes.ENDED)
    return found


def _person(unit: Unit, approval: Started, login: str) -> Candidate:
    """An active user who has no part in the step yet."""
    known = next((u for u in unit.users() if u["login"] == login), None)
    if known is None:
        raise refuse(codes.UNKNOWN_PERSON, login=login[:40])
    here = [t for t in tasks_of(unit, approval.id) if t.step == approval.step and t.round == approval.round]
    if any(t.user_id == known["id"] and t.state in ("open", "waiting", "approved") for t in here):
        raise refuse(codes.IN_IT_ALREADY, person=known["name"] or login)
    return Candidate(known["id"])


def _decided(unit: Unit, task: Asked, state: str, comment: str | None) -> None:
    text = (comment or "").strip() or None
    unit.connection.run(texts(unit).decide, params(id=task.id, state=state, comment=text, at=unit.driver_now, by=unit.actor.id))


def _needed(reason: str | None) -> str:
    if not (reason or "").strip():
        raise refuse(codes.REASON_NEEDED, field="reason")
    return str(reason)
