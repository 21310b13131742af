"""People who leave, a role or a team too: what they were asked to decide goes to somebody else, so that nothing waits for them and nobody
signs who may not any more; so does what they have submitted."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dougong.runtime.approvals.hats import PENDING, Candidate, left_out, of_step, taking_part
from dougong.runtime.approvals.passing import decided, drop, held, instead
from dougong.runtime.approvals.people import USER, above, candidates
from dougong.runtime.approvals.rows import Asked, FrozenStep, Started, params, tasks_of, texts
from dougong.runtime.approvals.steps import OWN
from dougong.runtime.gate.draft import Draft
from dougong.runtime.people import teams
from dougong.runtime.unit import Unit

Choose = Callable[[frozenset[int]], int | None]


@dataclass(frozen=True, slots=True)
class Passed:
    """A task that went to somebody."""

    task: int
    to: int


def after(draft: Draft, changed: Collection[str]) -> None:
    """An account that is closed is asked no more, nor is whoever lost the role or left the team that was asked."""
    if draft.rules.name != USER or draft.old is None:
        return
    unit, user_id = draft.unit, draft.row["id"]
    if "active" in changed and not draft.row["active"]:
        unit.forget_users()
        pass_on(unit, user_id)
        inherit(unit, user_id)
    elif "roles" in changed or "team" in changed:
        unit.forget_users()
        _recall(unit, user_id, draft.old, draft.row)


def pass_on(unit: Unit, user_id: int, choose: Choose = lambda taken: None) -> list[Passed]:
    """Ask others instead of a user in every running approval.

    `choose` names an heir who is none of the given; without one, whom the user stood in for is asked (or their substitute), else those
    above. Where that leaves nobody, the others of the step are enough, or somebody decides who has had a say before.
    """
    passed = []
    for task_id, approval_id in unit.connection.all(texts(unit).open_of, params(user=user_id)):
        approval = held(unit, approval_id)
        to = None if approval is None else _pass_on(unit, approval, tasks_of(unit, approval_id), task_id, choose)
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


def _recall(unit: Unit, user_id: int, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    """Ask others in the steps whose role or team a user has lost; nobody new where the others of the step are enough."""
    for task_id, approval_id in unit.connection.all(texts(unit).open_of, params(user=user_id)):
        approval = held(unit, approval_id)
        tasks = [] if approval is None else tasks_of(unit, approval_id)
        task = next((t for t in tasks if t.id == task_id), None)
        if approval is None or task is None or task.kind != "step" or task.for_user is not None:
            continue
        step = approval.steps[task.step]
        if _belongs(unit, step, old) and not _belongs(unit, step, new):
            if _others(tasks, task) >= (approval.needed or 1):
                drop(unit, approval, task)
            else:
                _pass_on(unit, approval, tasks, task_id, lambda taken: None)


def _belongs(unit: Unit, step: FrozenStep, user: Mapping[str, Any]) -> bool:
    """Whether a user has the role, or is in the team, that a step names."""
    if step.kind == "role":
        return step.by in (user["roles"] or ())
    return step.kind == "team" and teams.named(unit, step.by) in teams.upward(teams.parents(unit), user["team"])


def _others(tasks: Sequence[Asked], task: Asked) -> int:
    """How many others have agreed, or may still, in the step of a task."""
    here = of_step(tasks, task.step, task.round)
    return sum(t.id != task.id and t.kind in OWN and t.state in (*PENDING, "approved") for t in here)


def _pass_on(unit: Unit, approval: Started, tasks: Sequence[Asked], task_id: int, choose: Choose) -> int | None:
    """Who decides instead; None when nobody has to, or nobody can."""
    task = next(t for t in tasks if t.id == task_id)
    part = taking_part(of_step(tasks, task.step, task.round))
    person = _instead(unit, task, left_out(approval, tasks, task.step) | part, choose)
    if person is None and task.kind in OWN and _others(tasks, task) >= (approval.needed or 1):
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
