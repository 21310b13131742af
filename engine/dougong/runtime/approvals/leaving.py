"""People who leave: what they were asked to decide goes to somebody else, so that nothing waits for them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from dougong.runtime.approvals.hats import Candidate, left_out, of_step, taking_part
from dougong.runtime.approvals.passing import decided, held, instead
from dougong.runtime.approvals.people import USER, above, candidates
from dougong.runtime.approvals.rows import Started, params, tasks_of, texts
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


def pass_on(unit: Unit, user_id: int, choose: Choose = lambda taken: None) -> list[Passed]:
    """Ask others instead of a user in every running approval.

    `choose` names an heir who is none of the given; without one, whom the user stood in for is asked (or their substitute), else those
    above. A task that nobody else may decide stays.
    """
    passed = []
    for task_id, approval_id in unit.connection.all(texts(unit).open_of, params(user=user_id)):
        approval = held(unit, approval_id)
        to = None if approval is None else _pass_on(unit, approval, task_id, choose)
        passed += [] if to is None else [Passed(task_id, to)]
    return passed


def load(unit: Unit, users: tuple[int, ...]) -> Mapping[int, int]:
    """How many open tasks people have."""
    return dict(unit.connection.all(texts(unit).load, params(users=list(users))))


def _pass_on(unit: Unit, approval: Started, task_id: int, choose: Choose) -> int | None:
    tasks = tasks_of(unit, approval.id)
    task = next(t for t in tasks if t.id == task_id)
    taken = left_out(approval, tasks, task.step) | taking_part(of_step(tasks, task.step, task.round))
    heir = choose(frozenset(taken))
    absent = [] if task.for_user is None else candidates(unit, [task.for_user], taken)
    person = Candidate(heir) if heir is not None else absent[0] if absent else above(unit, task.for_user or task.user_id, taken)
    if person is None:
        return None
    decided(unit, task, "transferred", None)
    instead(unit, approval, task, person, "transferred")
    return person.user_id
