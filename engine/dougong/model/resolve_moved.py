"""`moved:` of a pipeline: where the records of a stage go that the definition no longer has."""

from dougong_dsl.codes import changes as codes
from dougong_dsl.expression import Expression
from dougong_dsl.expression.types import Choice
from dougong_dsl.sentences.written import Word

from dougong.definition.flow import PipelineDefinition
from dougong.model.drafts import Draft
from dougong.model.flow import Pipeline


def resolve_moved(draft: Draft, pipeline: Pipeline, written: PipelineDefinition) -> tuple[tuple[str, Expression], ...]:
    """Each stage that is gone with what gives a stage for its records: an expression over the record's own fields, never blank."""
    kept = []
    for stage, where in written.moved.items():
        if stage in pipeline.stages:
            draft.report(codes.MOVED_IS_THERE.at(stage.place, stage=str(stage)))
            continue
        heir = next((s for s in pipeline.stages.values() if s.was == stage), None)
        if heir is not None:
            draft.report(codes.MOVED_AND_RENAMED.at(stage.place, stage=str(stage), heir=heir.name))
            continue
        scope = draft.scope(None if where in pipeline.stages else pipeline.object)  # a stage may be called like a field
        expression = draft.expression(where, scope, stages_of(pipeline))
        if expression is not None and _is_fit(draft, pipeline, where, expression):
            kept.append((str(stage), expression))
    return tuple(kept)


def stages_of(pipeline: Pipeline) -> Choice:
    """The stages as options."""
    stages = pipeline.stages.values()
    return Choice(tuple(s.name for s in stages), tuple((text, s.name) for s in stages for text in dict.fromkeys((s.title.zh, s.title.en))))


def _is_fit(draft: Draft, pipeline: Pipeline, where: Word, expression: Expression) -> bool:
    """It can be worked out from the record alone, while nobody is signed in, and always gives a stage."""
    fields = draft.objects[pipeline.object].fields
    stages = {each.field for each in draft.objects[pipeline.object].pipelines}
    read = {path[0] for path in expression.uses}
    virtual = {n for n in read if n in fields and (made := fields[n].built) is not None and not made.is_stored}
    if expression.looks_elsewhere or expression.asks_user or expression.asks_calendar or virtual or stages & read:
        draft.report(codes.MOVED_LOOKS_ELSEWHERE.at(where.place))
        return False
    if expression.root.nullable:
        draft.report(codes.MOVED_MAY_BE_BLANK.at(where.place, first=next(iter(pipeline.stages)), last=list(pipeline.stages)[-1]))
        return False
    return True
