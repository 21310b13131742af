"""Pipelines. The stages come first, for expressions may name them; guards and asked fields follow when the fields are there."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from dougong_dsl.codes import flow as codes
from dougong_dsl.codes import names as name_codes
from dougong_dsl.diagnostics import Diagnostic, nearest
from dougong_dsl.expression.types import Boolean
from dougong_dsl.sentences.written import Word
from dougong_dsl.titles import Title

from dougong.definition.app import AppDefinition
from dougong.definition.flow import MoveDefinition, PipelineDefinition, StageDefinition
from dougong.model import names
from dougong.model.drafts import BUILT_IN, Draft, DraftObject
from dougong.model.flow import Move, Pipeline, Stage, StageKind
from dougong.model.past import with_past
from dougong.model.resolve_gates import Gates
from dougong.model.resolve_moved import resolve_moved
from dougong.model.resolve_objects import check_renames
from dougong.model.tracks import draft_track

_KINDS: Mapping[str, StageKind] = {"open": "open", "waiting": "waiting", "won": "won", "lost": "lost", "done": "done"}


def draft_pipelines(draft: Draft, definition: AppDefinition) -> None:
    """Give each object its stages."""
    for name, each in definition.pipelines.items():
        before = len(draft.diagnostics)
        with draft.part("pipelines", str(name), each.is_sound):
            _draft_pipeline(draft, name, each)
        owner = draft.objects.get(each.of)
        if owner is not None and owner.pipeline is not None and len(draft.diagnostics) == before:
            draft.kept_pipelines[id(each)] = (each, owner.pipeline)


def _draft_pipeline(draft: Draft, name: Word, written: PipelineDefinition) -> None:
    draft.report(*names.check_name(name), *names.check_case(written.stages))
    owner = draft.object(written.of)
    if owner is None:
        return
    if owner.name in BUILT_IN:
        draft.report(name_codes.FIXED_USER.at(written.of.place, name=str(owner.name), what=("流程", "pipeline")))
        return
    if written.field is not None:
        stages = {str(stage): _stage(draft, stage, each) for stage, each in written.stages.items()}
        check_renames(draft, ((each.was, written.stages) for each in written.stages.values()))
        title = written.title or Title.same(str(name))
        track = with_past(Pipeline(str(name), title, str(owner.name), stages, (), name.place, str(written.field)), draft.past(owner))
        draft_track(draft, owner, track, written.field)
        return
    if owner.pipeline is not None:
        draft.report(codes.TWO_PIPELINES.at(written.of.place, object=str(owner.name), other=owner.pipeline.name))
        return
    known = draft.known_pipelines.get(id(written))
    if known is not None and known[1].place == name.place and known[1].name == name:
        owner.pipeline = known[1]
        return
    stages = {str(stage): _stage(draft, stage, each) for stage, each in written.stages.items()}
    check_renames(draft, ((each.was, written.stages) for each in written.stages.values()))
    title = written.title or Title.same(str(name))
    owner.pipeline = with_past(Pipeline(str(name), title, str(owner.name), stages, (), name.place), draft.past(owner))


def _stage(draft: Draft, name: Word, written: StageDefinition) -> Stage:
    draft.report(*names.check_name(name))
    title = written.title or Title.same(str(name))
    was = None if written.was is None else str(written.was)
    return Stage(str(name), title, _KINDS[written.kind], written.start, name.place, was=was)


def resolve_pipelines(draft: Draft, definition: AppDefinition) -> None:
    """Moves with their guards, and the fields that a stage needs."""
    for name, each in definition.pipelines.items():
        owner = draft.objects.get(each.of)
        pipeline = None if owner is None else owner.at(name)
        if owner is None or pipeline is None:
            continue
        with draft.part("pipelines", str(name), is_sound=True):
            owner.put(_pipeline(draft, definition, owner, pipeline, each))


def _pipeline(draft: Draft, definition: AppDefinition, owner: DraftObject, old: Pipeline, written: PipelineDefinition) -> Pipeline:
    gates = Gates(draft, definition, owner, known_roles, _asked)
    stages = {s: _gated(gates, old.stages[s], written.stages[_key(written, s)]) for s in old.stages}
    moves = [m for each in written.moves if (m := _move(draft, definition, owner, old, each)) is not None]
    return replace(old, stages=stages, moves=tuple(moves), moved=resolve_moved(draft, old, written))


def _key(each: PipelineDefinition, stage: str) -> Word:
    return next(word for word in each.stages if word == stage)


def _gated(gates: Gates, stage: Stage, written: StageDefinition) -> Stage:
    if written.to_enter is None and written.to_leave is None:
        return stage
    entering, leaving = gates.stage(written, is_start=stage.is_start)
    return replace(stage, to_enter=entering, to_leave=leaving)


def _asked(draft: Draft, owner: DraftObject, wanted: Sequence[Word]) -> tuple[str, ...]:
    """Fields that a person must be able to fill."""
    fields = []
    for name in wanted:
        found = draft.field(owner, name)
        if found is None:
            continue
        if found.built is not None and not found.built.is_writable:
            draft.report(codes.NO_GATE_FIELD.at(name.place, name=str(name)))
        elif str(name) in fields:
            draft.report(codes.FIELD_TWICE.at(name.place, name=str(name)))
        else:
            fields.append(str(name))
    return tuple(fields)


def _move(draft: Draft, definition: AppDefinition, owner: DraftObject, pipeline: Pipeline, written: MoveDefinition) -> Move | None:
    if not known_stage(draft, pipeline, written.to):
        return None
    target = str(written.to)
    sources: list[str] = []
    for source in written.from_:
        words = source.split()
        if words[0] == "any" and len(words) < 3 and source not in pipeline.stages:
            wanted = words[1] if len(words) == 2 else None
            sources += [s.name for s in pipeline.stages.values() if s.name != target and _is_kind(s, wanted)]
            if wanted not in (None, *_KINDS, "closed"):
                draft.report(_no_stage(pipeline, source))
        elif known_stage(draft, pipeline, source, "any open"):
            sources.append(str(source))
            if source == target:
                draft.report(codes.MOVE_TO_ITSELF.at(source.place, stage=target))
    roles = known_roles(draft, definition, written.by)
    when = None if written.when is None else draft.expression(written.when, draft.scope(str(owner.name)), Boolean())
    asks = _asked(draft, owner, written.asks)
    return Move(tuple(dict.fromkeys(sources)), target, written.place, written.title, roles, when, asks) if sources else None


def _is_kind(stage: Stage, wanted: str | None) -> bool:
    """`any open` takes waiting stages too, `any closed` those where work has ended, plain `any` all."""
    if wanted in (None, "open", "closed"):
        return wanted is None or stage.is_open == (wanted == "open")
    return stage.kind == wanted


def known_stage(draft: Draft, pipeline: Pipeline, name: Word, *others: str) -> bool:
    """Whether a pipeline has a stage; an unknown one is reported, with `others` among what may be meant."""
    if name in pipeline.stages:
        return True
    if name not in draft.broken:
        draft.report(_no_stage(pipeline, name, *others))
    return False


def _no_stage(pipeline: Pipeline, name: Word, *others: str) -> Diagnostic:
    """`others`: what may stand there besides stages."""
    known, near = ", ".join(pipeline.stages), nearest(name, [*pipeline.stages, *others])
    return codes.UNKNOWN_STAGE.at(name.place, pipeline=pipeline.name, name=str(name), known=known, nearest=near)


def known_roles(draft: Draft, definition: AppDefinition, wanted: Sequence[Word]) -> tuple[str, ...]:
    """The roles that there are among some names; others are reported."""
    found = []
    for name in wanted:
        if name in definition.roles:
            found.append(str(name))
        elif name not in draft.broken:
            known = ", ".join(definition.roles)
            draft.report(name_codes.UNKNOWN_ROLE.at(name.place, name=str(name), known=known, nearest=nearest(name, definition.roles)))
    return tuple(found)
