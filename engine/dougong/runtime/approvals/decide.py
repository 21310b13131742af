"""What the people who are asked can do: approve, reject, return, pass on, add a signer; and what the submitter can: withdraw.

Whoever decides holds the record first and the approval after it, as the sweep and every write do: nobody waits in a circle.
"""

from dougong.refusals import refuse
from dougong.runtime.approvals import refusals as codes
from dougong.runtime.approvals.hats import Candidate, left_out, may_decide, of_step, taking_part
from dougong.runtime.approvals.passing import decided, held, instead
from dougong.runtime.approvals.people import candidates
from dougong.runtime.approvals.rows import RUNNING, Asked, Started, asked, params, tasks_of, texts
from dougong.runtime.approvals.steps import ask, back_to, end, go_on
from dougong.runtime.people.absence import stands_in_for
from dougong.runtime.unit import Unit


def approve(unit: Unit, task_id: int, comment: str | None = None) -> None:
    """Agree."""
    approval, task = _mine(unit, task_id)
    decided(unit, task, "approved", comment)
    go_on(unit, approval)


def reject(unit: Unit, task_id: int, reason: str | None) -> None:
    """Disagree: the approval ends."""
    approval, task = _mine(unit, task_id)
    decided(unit, task, "rejected", _needed(reason))
    end(unit, approval, "rejected")


def return_(unit: Unit, task_id: int, reason: str | None, step: int | None = None) -> None:
    """Send it back to an earlier step (counted from 0), or to the submitter, for whom the approval ends."""
    approval, task = _mine(unit, task_id)
    if step is not None and not 0 <= step < approval.step:
        raise refuse(codes.NO_SUCH_STEP, field="step")
    decided(unit, task, "returned", _needed(reason), step)
    if step is None:
        end(unit, approval, "returned")
    else:
        back_to(unit, approval, step)


def transfer(unit: Unit, task_id: int, login: str, comment: str | None = None) -> None:
    """Let somebody else decide instead."""
    approval, task = _mine(unit, task_id)
    person = _person(unit, approval, login)
    decided(unit, task, "transferred", comment)
    instead(unit, approval, task, person, "transferred", comment)


def add_signer(unit: Unit, task_id: int, login: str, *, before: bool, comment: str | None = None) -> None:
    """Ask somebody else as well: before oneself decides, or after."""
    approval, task = _mine(unit, task_id)
    person = _person(unit, approval, login)
    if before:
        (made,) = ask(unit, approval, [person], "before", note=comment)
        unit.connection.run(texts(unit).wait, params(id=task.id, behind=made))
    else:
        ask(unit, approval, [person], "after", behind=task.id, note=comment)


def withdraw(unit: Unit, approval_id: int) -> None:
    """Take a submitted record back."""
    approval = held(unit, approval_id)
    if approval is None or approval.owner is None or approval.owner != unit.actor.id:
        raise refuse(codes.NOT_SUBMITTER)
    if approval.state != RUNNING:
        raise refuse(codes.ENDED)
    end(unit, approval, "withdrawn")


def _mine(unit: Unit, task_id: int) -> tuple[Started, Asked]:
    """The task, if the actor is asked; its approval held until the transaction ends."""
    row = unit.connection.one(texts(unit).task, params(id=task_id))
    me = unit.actor.id
    if row is None or me is None:
        raise refuse(codes.NOT_ASKED)
    approval = held(unit, asked(unit, row).approval_id)
    tasks = [] if approval is None else tasks_of(unit, approval.id)
    away = stands_in_for(unit, me, unit.now)
    task = next((t for t in tasks if t.id == task_id), None)
    if approval is None or task is None or me not in (task.user_id, task.decided_by) and task.user_id not in away:
        raise refuse(codes.NOT_ASKED)
    if approval.state != RUNNING:
        raise refuse(codes.ENDED)
    if not may_decide(approval, tasks, task, me, away):
        raise refuse(codes.NOT_ASKED)
    return approval, task


def _person(unit: Unit, approval: Started, login: str) -> Candidate:
    """An active user who may decide and has no part in the step yet; who is away is stood in for."""
    known = next((u for u in unit.users() if u["login"] == login), None)
    if known is None:
        raise refuse(codes.UNKNOWN_PERSON, field="login", login=login[:40])
    tasks = tasks_of(unit, approval.id)
    part = taking_part(of_step(tasks, approval.step, approval.round))
    person = known["name"] or login
    if known["id"] in part:
        raise refuse(codes.IN_IT_ALREADY, field="login", person=person)
    out = left_out(approval, tasks, approval.step)
    if known["id"] in out:
        raise refuse(codes.OTHER_HAT, field="login", person=person)
    return next(iter(candidates(unit, [known["id"]], out | part)), Candidate(known["id"]))


def _needed(reason: str | None) -> str:
    if not (reason or "").strip():
        raise refuse(codes.REASON_NEEDED, field="reason")
    return str(reason)
