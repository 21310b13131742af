"""People who leave: what they were asked to decide, or have submitted, goes to somebody else, so that nothing waits for them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from dougong.runtime.approvals.hats import PENDING, Candidate, left_out, of_step, taking_part
from dougong.runtime.approvals.passing import decided, drop, held, instead
from dougong.runtime.approvals.people import USER, above, candidates
from dougong.runtime.approvals.rows import Asked, Started, params, tasks_of, texts
from dougong.runtime.approvals.steps import OWN
from dougong.runtime.gate.draft import Draft
from dougong.runtime.unit import Unit

Choose = Callable[[frozenset[int]], int | None]


@dataclass(frozen=True, slots=True)
class Passed:
    """A task that went to somebody."""

    task: int
    to: int


def after(draft: Draft, changed: Collection[str]) -> None:
    """An account that is closed is asked no more."""
    if draft.rules.name == USER and "active" in changed and not draft.row["active"]:
        draft.unit.forget_users()
        pass_on(draft.unit, draft.row["id"])
        inherit(draft.unit, draft.row["id"])


def pass_on(unit: Unit, user_id: int, choose: Choose = lambda taken: None) -> list[Passed]:
    """Ask others instead of a user in every running approval.

    `choose` names an heir who is none of the given; without one, whom the user stood in for is asked (or their substitute), else those
    above. Where that leaves nobody, the others of the step are enough, or somebody decides who has had a say before.
    """
    passed = []
    for task_id, approval_id in unit.connection.all(texts(unit).open_of, params(user=user_id)):
        approval = held(unit, approval_id)
        to = None if approval is None else _pass_on(unit, approval, task_id, choose)
        passed += [] if to is None else [Passed(task_id, to)]
    return passed


def inherit(unit: Unit, user_id: int, choose: Callable[[], int | None] = lambda: None) -> list[tuple[int, int]]:
    """Whose a user's running submissions are from now on: `choose`, or without one those above. (approval, heir) of each."""
    found = []
    for (approval_id,) in unit.connection.all(texts(unit).owned, params(user=user_id)):
        if held(unit, approval_id) is None:
            continue
        heir = choose()
        person = None if heir is not None else above(unit, user_id, {user_id})
        to = heir if heir is not None else None if person is None else person.user_id
        if to is not None:
            unit.connection.run(texts(unit).inherit, params(id=approval_id, heir=to))
            found.append((approval_id, to))
    return found


def load(unit: Unit, users: tuple[int, ...]) -> Mapping[int, int]:
    """How many open tasks people have."""
    return dict(unit.connection.all(texts(unit).load, params(users=list(users))))


def _pass_on(unit: Unit, approval: Started, task_id: int, choose: Choose) -> int | None:
    """Who decides instead; None when nobody has to, or nobody can."""
    tasks = tasks_of(unit, approval.id)
    task = next(t for t in tasks if t.id == task_id)
    here = of_step(tasks, task.step, task.round)
    part = taking_part(here)
    others = sum(t.id != task.id and t.kind in OWN and t.state in (*PENDING, "approved") for t in here)
    person = _instead(unit, task, left_out(approval, tasks, task.step) | part, choose)
    if person is None and task.kind in OWN and others >= (approval.needed or 1):
        drop(unit, approval, task)
        return None
    person = person or _instead(unit, task, part, choose)
    if person is None:
        return None
    decided(unit, task, "transferred", None)
    instead(unit, approval, task, person, "transferred")
    return person.user_id


def _instead(unit: Unit, task: Asked, taken: set[int], choose: Choose) -> Candidate | None:
    heir = choose(frozenset(taken))
    absent = [] if task.for_user is None else candidates(unit, [task.for_user], taken)
    return Candidate(heir) if heir is not None else absent[0] if absent else above(unit, task.for_user or task.user_id, taken)
