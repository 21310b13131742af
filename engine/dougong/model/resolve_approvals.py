"""Approvals: steps, people and conditions bound to objects, fields, roles and users."""

import re

from dougong_dsl.codes import approvals as codes
from dougong_dsl.codes.flow import EVENT_SHAPE
from dougong_dsl.codes.names import WRONG_VALUE
from dougong_dsl.expression.types import Boolean
from dougong_dsl.sentences.written import Word
from dougong_dsl.titles import Title

from dougong.definition.app import AppDefinition
from dougong.definition.approvals import ApprovalDefinition, StepDefinition
from dougong.model import names
from dougong.model.actions import Action
from dougong.model.approvals import OUTCOMES, Approval, ApprovalStep
from dougong.model.drafts import Draft, DraftObject
from dougong.model.flow import OF_WRITES, Event
from dougong.model.resolve_actions import Ground, resolve_actions
from dougong.model.resolve_actions.people import recipients
from dougong.model.resolve_amounts import amount_of
from dougong.model.resolve_triggers import Events

_HOW_MANY = re.compile(r"\s*(?:(any|all|任一|全部|\d+)\s*(?:of\s+|位|个)?\s*)?((?:role|team|角色|团队)\s+\w+)\s*")


def resolve_approvals(draft: Draft, definition: AppDefinition) -> dict[str, Approval]:
    """Every sound approval."""
    found = {}
    for name, written in definition.approvals.items():
        with draft.part("approvals", str(name), written.is_sound):
            draft.report(*names.check_name(name))
            owner = draft.object(written.of)
            if owner is not None:
                found[str(name)] = _approval(draft, definition, name, owner, written)
    return found


def _approval(draft: Draft, definition: AppDefinition, name: Word, owner: DraftObject, written: ApprovalDefinition) -> Approval:
    scope = draft.scope(str(owner.name))
    start = _start(draft, definition, name, owner, written)
    if written.when_left is not None and (start is None or start.kind != "entered"):
        draft.report(codes.LEFT_WITHOUT_STAGE.at(written.when_left.place))
    ground = Ground(draft, definition, owner, scope)
    steps = [step for group in written.steps for title, each in group.items() if (step := _step(ground, title, each)) is not None]
    actions: dict[str, tuple[Action, ...]] = {}
    for outcome in OUTCOMES:
        actions[outcome] = resolve_actions(ground, getattr(written, f"on_{outcome}"))
    return Approval(
        name=str(name),
        title=written.title or Title.same(str(name)),
        object=str(owner.name),
        steps=tuple(steps),
        place=name.place,
        start=start,
        text=None if written.text is None else draft.template(written.text, scope),
        when=draft.expression(written.when, scope, Boolean()),
        lock=frozenset(_locked(draft, owner, written)),
        reads_snapshot=written.reads == "snapshot",
        same_person=str(written.same_person) if written.same_person else "other",  # type: ignore[arg-type]  # one of the three
        own=written.own,
        goes_on=written.when_left == "continue",
        actions=actions,
    )


def _locked(draft: Draft, owner: DraftObject, written: ApprovalDefinition) -> list[str]:
    """Fields, and the stage. What is worked out whenever it is read cannot be kept from changing."""
    found = []
    for word in written.lock:
        field = None if word == "stage" and owner.pipeline is not None else draft.field(owner, word)
        if field is not None and field.built is not None and not field.built.is_stored:
            expected = ("存下来的字段；要锁公式，就写它用到的字段", "a stored field; to lock a formula, name the fields it looks at")
            draft.report(WRONG_VALUE.at(word.place, key="`lock`", value=str(word), expected=expected))
        elif field is not None or (word == "stage" and owner.pipeline is not None):
            found.append(str(word))
    return found


def _step(ground: Ground, title: Word, written: StepDefinition) -> ApprovalStep | None:
    found = _HOW_MANY.fullmatch(written.by)
    who = written.by if found is None else Word(written.by.source.part(found.start(2), found.end(2)))
    people = recipients(ground, (who,))
    if not people:
        return None
    if written.else_ is not None and written.within is None:
        ground.draft.report(codes.ELSE_WITHOUT_LIMIT.at(written.else_.place))
    many = found[1] if found is not None else None
    needed = None if many in ("all", "全部") else int(many) if many is not None and many.isdecimal() else 1
    if needed == 0:
        ground.draft.report(codes.NOBODY_NEEDED.at(written.by.place))
    within = written.within
    return ApprovalStep(
        title=Title.same(str(title)),
        by=people[0],
        place=title.place,
        needed=needed,
        when=ground.draft.expression(written.when, ground.scope, Boolean()),
        within=None if within is None else amount_of(ground.draft, within, is_wait=True),
        otherwise=str(written.else_) if written.else_ else ("escalate" if within is not None else None),  # type: ignore[arg-type]  # one of ELSE
    )


def _start(draft: Draft, definition: AppDefinition, name: Word, owner: DraftObject, written: ApprovalDefinition) -> Event | None:
    """The write that starts it; without one a person submits the record."""
    if written.start is None:
        return None
    event = Events(draft, definition).read(written.start)
    if event is None:
        return None
    if event.object != owner.name:
        draft.report(codes.START_ELSEWHERE.at(event.place, approval=str(name), object=str(owner.name), other=event.object))
        return None
    if event.kind not in OF_WRITES:
        problem = ("要是一次写入，例如 `created`", "must be a write, such as `created`")
        draft.report(EVENT_SHAPE.at(event.place, event=f"{event.object} {event.kind}", problem=problem))
        return None
    return event
