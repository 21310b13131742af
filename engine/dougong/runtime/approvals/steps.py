"""The way through the steps: who is asked next, when a step is done, and how an approval ends."""

from collections.abc import Iterable, Sequence

from dougong.refusals import refuse
from dougong.runtime.approvals import refusals as codes
from dougong.runtime.approvals import telling
from dougong.runtime.approvals.limits import clear_limit, set_limit
from dougong.runtime.approvals.people import Candidate, admins, applies, candidates, managers, named
from dougong.runtime.approvals.rows import Asked, FrozenStep, Started, params, tasks_of, texts
from dougong.runtime.unit import Unit

COUNTED = ("approved",)


def enter(unit: Unit, approval: Started, first: int, round: int) -> None:
    """Go to the first step from `first` on that applies, and ask its people; behind the last one the record is approved."""
    for number in range(first, len(approval.steps)):
        step = approval.steps[number]
        if not applies(unit, approval, step):
            continue
        unit.connection.run(texts(unit).go_on, params(id=approval.id, step=number, round=round))
        if _ask(unit, approval, step, number, round):
            return
    end(unit, approval, "approved")


def _ask(unit: Unit, approval: Started, step: FrozenStep, number: int, round: int) -> bool:
    """Ask the people of a step; False when those who agreed before are enough for it."""
    definition = unit.compiled.app.approvals.get(approval.name)
    same = "other" if definition is None else definition.same_person
    wanted = named(unit, approval, step)
    before = {t.decided_by for t in tasks_of(unit, approval.id) if t.state in COUNTED and t.round == round and t.decided_by is not None}
    counted = before & set(wanted) if same == "counts" else set()
    taken = set(counted) if same == "again" else set(before)
    if (definition is None or not definition.own) and approval.submitted_by is not None:
        taken.add(approval.submitted_by)
    found = candidates(unit, wanted, taken)
    needed = (len(found) + len(counted)) if step.needed is None else step.needed
    if counted and len(counted) >= needed:
        return False
    if not found:
        found = candidates(unit, managers(unit, wanted), taken) or candidates(unit, admins(unit), taken)
    if not found:
        raise refuse(codes.NOBODY_ASKED, clause=step.clause, approval=telling.title(unit, approval), step=(step.zh, step.en))
    ask(unit, approval, found, number, round, "step")
    set_limit(unit, approval, step, unit.now)
    return True


def ask(
    unit: Unit, approval: Started, people: Iterable[Candidate], number: int, round: int, kind: str, *, behind: int | None = None
) -> list[int]:
    """Ask people; the ids of their tasks. Those who wait behind somebody hear of it when it is their turn."""
    made = []
    for each in people:
        row = unit.connection.one(
            texts(unit).ask,
            params(
                approval_id=approval.id,
                step=number,
                round=round,
                user_id=each.user_id,
                for_user=each.for_user,
                kind=kind,
                state="open" if behind is None else "waiting",
                behind=behind,
                comment=None,
                asked_at=unit.driver_now,
                decided_at=None,
                decided_by=None,
            ),
        )
        assert row is not None  # RETURNING always gives a row
        made.append(int(row[0]))
        if behind is None:
            telling.asked(unit, approval, each.user_id, made[-1])
    return made


def go_on(unit: Unit, approval: Started) -> None:
    """After an answer: the next signer, the next step, or the end."""
    here = [t for t in tasks_of(unit, approval.id) if t.step == approval.step and t.round == approval.round]
    done = {t.id for t in here if t.state == "approved"}
    for task in here:
        if task.state == "waiting" and task.behind in done:
            unit.connection.run(texts(unit).open, params(id=task.id, at=unit.driver_now))
            telling.asked(unit, approval, task.user_id, task.id)
    if not _is_done(approval, approval.steps[approval.step], here):
        return
    _close(unit, approval)
    enter(unit, approval, approval.step + 1, approval.round)


def _is_done(approval: Started, step: FrozenStep, here: Sequence[Asked]) -> bool:
    """Enough of the step's own people agreed, and so did every signer whom they added."""
    own = [t for t in here if t.kind in ("step", "escalated", "transferred")]
    added = [t for t in here if t.kind in ("before", "after")]
    agreed = sum(t.state == "approved" for t in own)
    still = sum(t.state in ("open", "waiting") for t in own)
    needed = agreed + still if step.needed is None else min(step.needed, agreed + still)
    return agreed >= max(1, needed) and not any(t.state in ("open", "waiting") for t in added)


def _close(unit: Unit, approval: Started) -> None:
    """Nobody is asked any more."""
    unit.connection.run(texts(unit).cancel, params(id=approval.id, at=unit.driver_now))
    clear_limit(unit, approval)


def end(unit: Unit, approval: Started, state: str) -> None:
    """The approval is over; what the definition does then follows."""
    _close(unit, approval)
    unit.connection.run(texts(unit).end, params(id=approval.id, state=state, at=unit.driver_now))
    telling.ended(unit, approval, state)
    from dougong.runtime.gate import triggers  # lazy: triggers start approvals, and approvals set off triggers

    for rule in unit.compiled.rules(approval.object).trigger_rules:
        if any(e.event.kind == state and e.event.approval == approval.name for e in rule.events):
            row = unit.row(approval.object, approval.record_id)
            if row is not None:
                triggers.fire(unit, rule, row, event=f"approval {approval.name} {state}")


def back_to(unit: Unit, approval: Started, number: int) -> None:
    """Ask again from an earlier step on."""
    _close(unit, approval)
    enter(unit, approval, number, approval.round + 1)
