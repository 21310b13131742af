"""Owners and delivery standards of stages: the owner has a to-do while a record is in the stage, and hears when its time is over.

In a journey no stage where work goes on may lack an owner, a standard, or what proves that it was done.
"""

from collections.abc import Iterator
from dataclasses import replace

from dougong_dsl.codes import gates as codes
from dougong_dsl.expression import Expression

from dougong.definition.app import AppDefinition
from dougong.definition.flow import PipelineDefinition, StageDefinition
from dougong.model.actions import NotifyAction, Recipient, TodoAction
from dougong.model.drafts import Draft, DraftObject
from dougong.model.flow import Pipeline, Stage
from dougong.model.resolve_actions import Ground
from dougong.model.resolve_actions.people import recipients
from dougong.model.text import Template


def resolve_journeys(draft: Draft, definition: AppDefinition) -> None:
    """Give the stages of every pipeline their owners; deadlines are there already."""
    for name, each in definition.pipelines.items():
        owner = draft.objects.get(each.of)
        pipeline = None if owner is None else owner.at(name)
        if owner is None or pipeline is None:
            continue
        if each.journey or any(stage.owner or stage.standard for stage in each.stages.values()):
            with draft.part("pipelines", str(name), is_sound=True):
                owner.put(_owned(draft, definition, owner, pipeline, each))


def _owned(draft: Draft, definition: AppDefinition, owner: DraftObject, pipeline: Pipeline, written: PipelineDefinition) -> Pipeline:
    stages = dict(pipeline.stages)
    for word, each in written.stages.items():
        stage = stages[word]
        if written.journey and stage.is_open:
            missing = list(_missing(each))
            if missing:
                spoken = ("、".join(zh for zh, _ in missing), ", ".join(en for _, en in missing))
                draft.report(codes.JOURNEY_LACKS.at(word.place, stage=str(word), missing=spoken))
        if not stage.is_open and (each.owner or each.standard):
            draft.report(codes.OWNER_OF_END.at(word.place, stage=str(word)))
            continue
        if each.owner or each.standard:
            ground = Ground(draft, definition, owner, draft.scope(str(owner.name)), by_clock=True)
            standard = None if each.standard is None else draft.template(each.standard, ground.scope)
            stages[word] = with_owner(stage, recipients(ground, each.owner), standard)
    return replace(pipeline, stages=stages)


def _missing(written: StageDefinition) -> Iterator[tuple[str, str]]:
    leaving = written.to_leave
    if not written.owner:
        yield "责任人 owner", "`owner`"
    if written.standard is None:
        yield "交付标准 standard", "`standard`"
    if leaving is None or not (leaving.evidence or leaving.actions):
        yield "凭证或动作（to_leave 的 evidence、actions）", "evidence or actions under `to_leave`"


def with_owner(stage: Stage, people: tuple[Recipient, ...], standard: Template | None) -> Stage:
    """The stage with what it does for its owner, before all that is written."""
    owned = replace(stage, owner=people, standard=standard)
    if not people:
        return owned
    todo = TodoAction(place=stage.place, recipients=people, text=_text(stage, standard, ("", "")), until_left=True)
    owned = replace(owned, on_enter=(todo, *stage.on_enter))
    if stage.overdue is None:
        return owned
    told = NotifyAction(place=stage.place, recipients=people, text=_text(stage, standard, ("已超期：", "overdue: ")))
    return replace(owned, on_overdue=(told, *stage.on_overdue))


def _text(stage: Stage, standard: Template | None, before: tuple[str, str]) -> Template:
    """The standard, or the stage's title where there is none; `before` it the stage and what is the matter."""
    zh, en = (f"“{stage.title.zh}”{before[0]}", f"“{stage.title.en}” {before[1]}") if before[0] else ("", "")
    if standard is None:
        return Template((f"{zh}{stage.title.zh}",), stage.place, (f"{en}{stage.title.en}",))
    return Template(_joined(zh, standard.parts_in("zh")), standard.place, _joined(en, standard.parts_in("en")))


def _joined(head: str, parts: tuple[str | Expression, ...]) -> tuple[str | Expression, ...]:
    return (head, *parts) if head else parts
