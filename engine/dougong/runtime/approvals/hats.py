"""Nobody wears two hats: who has had their say in an approval and must not be asked, or decide, once more."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from dougong.runtime.approvals.rows import Asked, Started

PENDING = ("open", "waiting")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody to ask; `for_user` is in whose place."""

    user_id: int
    for_user: int | None = None


def of_step(tasks: Sequence[Asked], number: int, round: int) -> list[Asked]:
    """Everybody who was asked in a step, this time round."""
    return [t for t in tasks if t.step == number and t.round == round]


def agreed_before(tasks: Sequence[Asked], number: int) -> set[int]:
    """Who agreed to a step before `number`, as far as nothing was returned to that step or to one before it since."""
    returns = [t for t in tasks if t.state == "returned" and t.to_step is not None]
    return {
        t.decided_by
        for t in tasks
        if t.state == "approved" and t.decided_by is not None and t.step < number
        if not any(r.round >= t.round and (r.to_step or 0) <= t.step for r in returns)
    }


def left_out(approval: Started, tasks: Sequence[Asked], number: int) -> set[int]:
    """Who has no part in a step: the submitter, and those who agreed to an earlier one, unless the definition allows it."""
    agreed = set() if approval.same_person == "again" else agreed_before(tasks, number)
    return agreed if approval.own or approval.submitted_by is None else agreed | {approval.submitted_by}


def taking_part(here: Sequence[Asked]) -> set[int]:
    """Who decides in a step, or has agreed to it already."""
    asked = {t.user_id for t in here if t.state in PENDING or (t.state == "approved" and t.decided_by is None)}
    return asked | {t.decided_by for t in here if t.state == "approved" and t.decided_by is not None}


def may_decide(approval: Started, tasks: Sequence[Asked], task: Asked, user_id: int, away: Collection[int]) -> bool:
    """Whether a user answers an open task: their own, or that of one of `away`, for whom they stand in, wearing no other hat here."""
    if task.state != "open":
        return False
    if task.user_id == user_id:
        return True
    here = of_step(tasks, task.step, task.round)
    return task.user_id in away and user_id not in left_out(approval, tasks, task.step) | taking_part(here)
