"""Sentences whose engine part is not built yet: their names and types are checked, then each is refused at its place."""

import re

from dougong_dsl.codes import flow as codes
from dougong_dsl.codes import names as name_codes
from dougong_dsl.diagnostics import nearest
from dougong_dsl.expression.types import Boolean, Date, DateTime, Record
from dougong_dsl.places import Place
from dougong_dsl.sentences import clauses
from dougong_dsl.sentences.written import Word

from dougong.definition.app import AppDefinition
from dougong.definition.flow import EventDefinition
from dougong.definition.later import ApprovalDefinition, ScoreDefinition
from dougong.model import names
from dougong.model.drafts import USER, Draft, DraftObject
from dougong.model.resolve_flow import known_roles, known_stage

_ROLE = re.compile(r"\s*(?:(?:any|all|\d+)\s+of\s+)?(?:role|角色)\s+(\w+)\s*")
_WHATS = ("update", "更新")
_MOMENTS: dict[str, tuple[str, str]] = {
    "before": ("按日期提前触发", "events before a date"),
    "after": ("按日期延后触发", "events after a date"),
    "overdue": ("超期触发", "overdue events"),
    "stays": ("停留时长触发", "events of time spent in a stage"),
    "without": ("“多久没有发生”触发", "events of absence"),
    "every": ("定时触发", "events that repeat"),
    "message": ("消息触发", "message events"),
    "submitted": ("表单提交触发", "form events"),
    "received": ("Webhook 触发", "webhook events"),
    "approved": ("审批触发", "approval events"),
    "rejected": ("审批触发", "approval events"),
    "returned": ("审批触发", "approval events"),
}
MOMENTS = frozenset(_MOMENTS)


def refuse_later(draft: Draft, definition: AppDefinition) -> None:
    """Approvals, scores and deadlines of stages."""
    for name, approval in definition.approvals.items():
        draft.report(*names.check_name(name))
        _approval(draft, definition, approval)
        _later(draft, name.place, ("审批 approvals", "approvals"))
    for name, score in definition.scores.items():
        draft.report(*names.check_name(name))
        _score(draft, score)
        _later(draft, name.place, ("评分 scores", "scores"))
    for pipeline in definition.pipelines.values():
        for stage in pipeline.stages.values():
            for deadline in (stage.overdue, stage.review):
                if deadline is not None:
                    _later(draft, deadline.place, ("阶段时限", "deadlines of stages"))


def refuse_moment(draft: Draft, definition: AppDefinition, written: EventDefinition) -> None:
    """An event of time, absence, messages, forms or approvals."""
    kind = str(written.event)
    needed = _NEEDED.get(kind, ())
    missing = [key for key in needed if getattr(written, key) is None]
    for key in missing:
        draft.report(name_codes.MISSING_KEY.at(written.place, part=EventDefinition.label, key=key))
    if not missing:
        owner = draft.object(written.of) if written.of is not None else None
        if owner is not None:
            _about(draft, written, owner, kind)
        for word, known, what in (
            (written.form, definition.forms, ("表单", "form")),
            (written.approval, definition.approvals, ("审批", "approval")),
        ):
            if word is not None and word not in known:
                expected = (f"已有的{what[0]}", f"the name of a {what[1]}")
                draft.report(
                    name_codes.WRONG_VALUE.at(
                        word.place, key=f"`{what[1]}`", value=str(word), expected=expected, nearest=nearest(word, known)
                    )
                )
    _later(draft, written.place, _MOMENTS[kind])


_NEEDED: dict[str, tuple[str, ...]] = {
    "before": ("of", "field", "span"),
    "after": ("of", "field", "span"),
    "overdue": ("of",),
    "stays": ("of", "stage", "span"),
    "without": ("of", "what", "span"),
    "every": ("every",),
    "message": ("channel",),
    "submitted": ("form",),
    "received": ("webhook",),
    "approved": ("approval",),
    "rejected": ("approval",),
    "returned": ("approval",),
}


def _about(draft: Draft, written: EventDefinition, owner: DraftObject, kind: str) -> None:
    assert written.of is not None
    if kind in ("overdue", "stays") and owner.pipeline is None:
        draft.report(codes.NO_PIPELINE.at(written.of.place, object=str(owner.name)))
    elif written.stage is not None and owner.pipeline is not None:
        known_stage(draft, owner.pipeline, written.stage)
    if kind in ("before", "after") and written.field is not None:
        field = draft.field(owner, written.field)
        if field is not None and field.type is not None and not isinstance(field.type.type, Date | DateTime):
            problem = ("要写一个日期字段", "needs a field that holds a date")
            draft.report(codes.EVENT_SHAPE.at(written.field.place, event=f"{owner.name}.{written.field}", problem=problem))
    if written.what is not None and written.what not in (*_WHATS, *owner.members, *draft.objects):
        near = nearest(written.what, [*owner.members, *draft.objects])
        draft.report(name_codes.UNKNOWN_FIELD.at(written.what.place, object=str(owner.name), name=str(written.what), nearest=near))


def _approval(draft: Draft, definition: AppDefinition, written: ApprovalDefinition) -> None:
    owner = draft.object(written.of)
    if owner is None:
        return
    scope = draft.scope(str(owner.name))
    if written.start is not None:
        _, problems = clauses.event(written.start.source)
        draft.report(*problems)
    for each in (step for steps in written.steps for step in steps.values()):
        role = _ROLE.fullmatch(each.by)
        if role is None:
            draft.expression(each.by, scope, Record(USER))
        else:
            known_roles(draft, definition, [Word(each.by.source.part(role.start(1), role.end(1)))])
        draft.expression(each.when, scope, Boolean())


def _score(draft: Draft, written: ScoreDefinition) -> None:
    owner = draft.object(written.of)
    for rule in written.rules if owner is not None else ():
        draft.expression(rule.when, draft.scope(str(written.of)), Boolean())


def _later(draft: Draft, place: Place, what: tuple[str, str]) -> None:
    draft.report(name_codes.LATER.at(place, what=what))
