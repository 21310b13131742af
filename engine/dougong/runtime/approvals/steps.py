"""The way through the steps: who is asked next, when a step is done, and how an approval ends."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from dougong.refusals import refuse
from dougong.runtime.approvals import refusals as codes
from dougong.runtime.approvals import telling
from dougong.runtime.approvals.former import follows
from dougong.runtime.approvals.hats import PENDING, Candidate, agreed_before, left_out, of_step
from dougong.runtime.approvals.limits import clear_limit, set_limit
from dougong.runtime.approvals.people import above, applies, candidates, named
from dougong.runtime.approvals.rows import Asked, FrozenStep, Started, params, tasks_of, texts
from dougong.runtime.people.todos import administrators
from dougong.runtime.unit import Unit

OWN = ("step", "escalated", "transferred")  # the step's own people and those who decide instead of them; others were added


def enter(unit: Unit, approval: Started, first: int, round: int) -> None:
    """Go to the first step from `first` on that applies, and ask its people; behind the last one the record is approved."""
    for number in range(first, len(approval.steps)):
        step = approval.steps[number]
        if applies(unit, approval, step) and _ask(unit, replace(approval, step=number, round=round), step):
            return
    end(unit, approval, "approved")


def _ask(unit: Unit, approval: Started, step: FrozenStep) -> bool:
    """Ask the people of the step that the approval has reached; False when those who agreed before are enough for it."""
    wanted, tasks = named(unit, approval, step), tasks_of(unit, approval.id)
    counted = agreed_before(tasks, approval.step) & set(wanted) if approval.same_person == "counts" else set()
    taken = left_out(approval, tasks, approval.step)
    found = candidates(unit, wanted, taken)
    still = None if step.needed is None else step.needed - len(counted)
    if counted and (still <= 0 if still is not None else not found):
        return False
    found += _instead(unit, wanted, taken | {c.user_id for c in found}, 1 if still is None else still, len(found))
    if len(found) < (still or 1):
        raise refuse(codes.NOBODY_ASKED, clause=step.clause, approval=telling.title(unit, approval), step=(step.zh, step.en))
    unit.connection.run(texts(unit).go_on, params(id=approval.id, step=approval.step, round=approval.round, needed=still))
    ask(unit, approval, found, "step")
    set_limit(unit, approval, step, unit.now)
    return True


def _instead(unit: Unit, wanted: Iterable[int], taken: set[int], needed: int, there: int) -> list[Candidate]:
    """Who makes up for those who are missing: people above the ones named, one for each, then whoever manages the app."""
    found: list[Candidate] = []
    for user_id in (*wanted, *administrators(unit)):
        if there + len(found) >= needed:
            break
        each = above(unit, user_id, taken | {c.user_id for c in found})
        found += [] if each is None else [each]
    return found


def ask(
    unit: Unit,
    approval: Started,
    people: Iterable[Candidate],
    kind: str,
    *,
    behind: int | None = None,
    note: str | None = None,
) -> list[int]:
    """Ask people in the step that the approval has reached; the ids of their tasks. Who waits `behind` somebody hears of it in their turn."""
    made = []
    for each in people:
        values = {
            "approval_id": approval.id,
            "step": approval.step,
            "round": approval.round,
            "user_id": each.user_id,
            "for_user": each.for_user,
            "kind": kind,
            "state": "open" if behind is None else "waiting",
            "behind": behind,
            "asked_at": unit.driver_now,
            "asked_by": None if kind == "step" else unit.actor.id,
            "note": (note or "").strip() or None,
        }
        unset = dict.fromkeys(("comment", "decided_at", "decided_by", "to_step"))
        row = unit.connection.one(texts(unit).ask, params(**unset, **values))
        assert row is not None  # RETURNING always gives a row
        made.append(int(row[0]))
        if behind is None:
            telling.asked(unit, approval, each.user_id, made[-1])
    return made


def go_on(unit: Unit, approval: Started) -> None:
    """After an answer: the next signer, the next step, or the end."""
    here = of_step(tasks_of(unit, approval.id), approval.step, approval.round)
    done = {t.id for t in here if t.state == "approved"}
    for task in here:
        if task.state == "waiting" and task.behind in done:
            unit.connection.run(texts(unit).open, params(id=task.id, at=unit.driver_now))
            telling.asked(unit, approval, task.user_id, task.id)
    if _is_done(approval, here):
        _close(unit, approval)
        enter(unit, approval, approval.step + 1, approval.round)


def _is_done(approval: Started, here: Sequence[Asked]) -> bool:
    """Enough of the step's own people agreed, and so did every signer whom they added."""
    own = [t for t in here if t.kind in OWN]
    agreed = sum(t.state == "approved" for t in own)
    still = sum(t.state in PENDING for t in own)
    needed = agreed + still if approval.needed is None else min(approval.needed, agreed + still)
    return agreed >= needed and not any(t.state in PENDING for t in here if t.kind not in OWN)


def _close(unit: Unit, approval: Started) -> None:
    """Nobody is asked any more, or has to look at it."""
    unit.connection.run(texts(unit).cancel, params(id=approval.id, at=unit.driver_now))
    telling.settled(unit, approval)
    clear_limit(unit, approval)


def end(unit: Unit, approval: Started, state: str) -> None:
    """The approval is over; what the definition it began with does then follows, and what waits for it now."""
    stop(unit, approval, state)
    telling.ended(unit, approval, state)
    from dougong.runtime.gate import triggers  # lazy: triggers start approvals, and approvals set off triggers

    for rule in follows(unit, approval, state):
        row = unit.row(approval.object, approval.record_id)
        if row is not None:
            triggers.fire(unit, rule, row, event=f"approval {approval.name} {state}")


def stop(unit: Unit, approval: Started, state: str, left_stage: str | None = None) -> None:
    """The approval is over, and nothing follows."""
    _close(unit, approval)
    unit.connection.run(texts(unit).end, params(id=approval.id, state=state, at=unit.driver_now, left=left_stage))
    unit.past.forget(approval.object, approval.record_id)


def back_to(unit: Unit, approval: Started, number: int) -> None:
    """Ask again from an earlier step on."""
    _close(unit, approval)
    enter(unit, approval, number, approval.round + 1)
