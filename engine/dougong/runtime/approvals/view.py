"""Approvals as pages, the API and scenarios see them: what runs, who is asked, who decided what, and what the reader may do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dougong.model.past import NO_PAST, stage_title
from dougong.runtime.approvals.hats import may_decide
from dougong.runtime.approvals.limits import limit_of
from dougong.runtime.approvals.rows import RUNNING, Asked, Started, asked, params, started, tasks_of, texts
from dougong.runtime.people.absence import stands_in_for
from dougong.runtime.read.titles import user_names
from dougong.runtime.record import Person
from dougong.runtime.unit import Unit

LATE = {
    "escalate": ("转给上级", "it goes to the manager"),
    "approve": ("视为同意", "it counts as agreed"),
    "reject": ("视为驳回", "it counts as rejected"),
}


@dataclass(frozen=True, slots=True)
class ApprovalTask:
    """One person who was asked. `in_place_of`: whom they stand in for; `is_mine`: the reader can decide now."""

    id: int
    step: int
    round: int
    person: Person
    in_place_of: Person | None
    kind: str
    state: str
    comment: str | None
    asked_at: datetime
    decided_at: datetime | None
    decided_by: Person | None
    asked_by: Person | None
    note: str | None
    to_step: int | None
    is_mine: bool


@dataclass(frozen=True, slots=True)
class ApprovalState:
    """One approval of a record; `steps` are the titles of its steps, `step` is the one it has reached (from 0).

    `left_stage` is the title of the stage whose leaving has ended it. `due_at`: when that step runs out; `waits` says for whom it waits, and until when, in the reader's language; blank when it is over.
    """

    id: int
    name: str
    title: str
    text: str
    object: str
    record_id: int
    state: str
    step: int
    steps: tuple[str, ...]
    submitted_by: Person | None
    started_at: datetime
    ended_at: datetime | None
    tasks: tuple[ApprovalTask, ...]
    may_withdraw: bool
    due_at: datetime | None = None
    waits: str = ""
    left_stage: str | None = None


def of_record(unit: Unit, object_name: str, record_id: int) -> list[ApprovalState]:
    """All approvals of a record, newest first. The caller has made sure that the reader may see the record."""
    rows = unit.connection.all(texts(unit).of, params(object=object_name, record=record_id))
    return _states(unit, [started(unit, row) for row in rows])


def waiting_for(unit: Unit) -> list[ApprovalState]:
    """The running approvals in which the reader is asked now, oldest first."""
    me = unit.actor.id
    if me is None:
        return []
    users = [me, *stands_in_for(unit, me, unit.now)]
    found: dict[int, None] = {}
    for row in unit.connection.all(texts(unit).mine, params(users=users)):
        found.setdefault(asked(unit, row).approval_id)
    rows = (unit.connection.one(texts(unit).by_id, params(id=i)) for i in found)
    running = [started(unit, row) for row in rows if row is not None]
    states = _states(unit, [each for each in running if each.object in unit.compiled.app.objects])
    return [each for each in states if any(task.is_mine for task in each.tasks)]


def waiting_count(unit: Unit) -> int:
    """How many approvals wait for the reader: one question, as long as they stand in for nobody."""
    me = unit.actor.id
    if me is None or not unit.compiled.app.approvals:
        return 0
    if stands_in_for(unit, me, unit.now):
        return len(waiting_for(unit))
    return len({asked(unit, row).approval_id for row in unit.connection.all(texts(unit).mine, params(users=[me]))})


def _states(unit: Unit, approvals: Sequence[Started]) -> list[ApprovalState]:
    me = unit.actor.id
    away = stands_in_for(unit, me, unit.now) if approvals and me is not None else []
    tasks = {each.id: tasks_of(unit, each.id) for each in approvals}
    people = {each.submitted_by for each in approvals}
    people.update(p for some in tasks.values() for t in some for p in (t.user_id, t.for_user, t.decided_by, t.asked_by))
    names = user_names(unit, sorted(p for p in people if p is not None)) if approvals else {}
    return [_state(unit, each, tasks[each.id], away, names) for each in approvals]


def _state(unit: Unit, approval: Started, tasks: Sequence[Asked], away: Sequence[int], names: Mapping[int, str]) -> ApprovalState:
    index = 0 if unit.language == "zh" else 1
    definition = unit.compiled.app.approvals.get(approval.name)
    me = unit.actor.id
    runs = approval.state == RUNNING
    due_at = limit_of(unit, approval) if runs else None
    return ApprovalState(
        id=approval.id,
        name=approval.name,
        title=approval.name if definition is None else definition.title.text(unit.language),
        text=approval.text[index],
        object=approval.object,
        record_id=approval.record_id,
        state=approval.state,
        step=approval.step,
        steps=tuple(step.zh if index == 0 else step.en for step in approval.steps),
        submitted_by=_person(names, approval.submitted_by),
        started_at=approval.started_at,
        ended_at=approval.ended_at,
        tasks=tuple(_task(t, names, runs and me is not None and may_decide(approval, tasks, t, me, away)) for t in tasks),
        may_withdraw=runs and me is not None and approval.owner == me,
        due_at=due_at,
        waits=_waits(unit, approval, [t for t in tasks if t.state == "open"], names, due_at) if runs else "",
        left_stage=None if approval.left_stage is None else _stage(unit, approval.object, approval.left_stage),
    )


def _stage(unit: Unit, object_name: str, name: str) -> str:
    """The title of a stage, its last one when the object has it no more."""
    app = unit.compiled.app
    past = app.pasts.get(object_name, NO_PAST)
    known = next((p for p in app.objects[object_name].pipelines if name in p.stages or name in past.titles.get(p.field, {})), None)
    return stage_title(known, past, name).text(unit.language)


def _waits(unit: Unit, approval: Started, asked: Sequence[Asked], names: Mapping[int, str], due_at: datetime | None) -> str:
    """For whom an approval waits, why, and until when."""
    step, is_chinese = approval.steps[approval.step], unit.language == "zh"
    of = [(names.get(t.user_id, f"#{t.user_id}"), names.get(t.for_user or 0)) for t in asked]
    until = "" if due_at is None else due_at.astimezone(unit.compiled.app.zone).strftime("%Y-%m-%d %H:%M")
    after = LATE.get(step.otherwise or "", ("", ""))
    if is_chinese:
        people = "、".join(name + (f"（代{absent}）" if absent else "") for name, absent in of)
        return f"步骤“{step.zh}”等{people}审批" + (f"，到 {until} 为止，逾期{after[0]}" if until else "")
    people = ", ".join(name + (f" (for {absent})" if absent else "") for name, absent in of)
    return f"The step “{step.en}” waits for {people}" + (f", until {until}; {after[1]} after that" if until else "")


def _task(task: Asked, names: Mapping[int, str], is_mine: bool) -> ApprovalTask:
    person = _person(names, task.user_id)
    assert person is not None  # somebody is asked
    return ApprovalTask(
        id=task.id,
        step=task.step,
        round=task.round,
        person=person,
        in_place_of=_person(names, task.for_user),
        kind=task.kind,
        state=task.state,
        comment=task.comment,
        asked_at=task.asked_at,
        decided_at=task.decided_at,
        decided_by=_person(names, task.decided_by),
        asked_by=_person(names, task.asked_by),
        note=task.note,
        to_step=task.to_step,
        is_mine=is_mine,
    )


def _person(names: Mapping[int, str], user_id: int | None) -> Person | None:
    return None if user_id is None else Person(user_id, names.get(user_id, f"#{user_id}"))
