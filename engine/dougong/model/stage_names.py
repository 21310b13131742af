"""A stage by its name among those of all pipelines of an object: `won`, or `quality_stage.passed` where several have one of that name."""

from dougong_dsl.codes import flow as codes
from dougong_dsl.codes.gates import NO_PIPELINE_IN, WHICH_PIPELINE
from dougong_dsl.diagnostics import nearest
from dougong_dsl.places import Place
from dougong_dsl.sentences.written import Word

from dougong.model.drafts import Draft, DraftObject
from dougong.model.flow import Pipeline
from dougong.model.resolve_flow import known_stage

Found = tuple[Pipeline, str]


def find_stage(draft: Draft, owner: DraftObject, name: Word, field: Word | None = None, *, place: Place | None = None) -> Found | None:
    """The pipeline and the stage that are meant; None with a diagnostic when there is none, or when several pipelines have one.

    `field` names the pipeline's field apart, `place` is where a missing pipeline is reported.
    """
    if not owner.pipelines:
        draft.report(codes.NO_PIPELINE.at(place or name.place, object=str(owner.name)))
        return None
    if field is None and "." in name:
        dot = name.index(".")
        field, name = Word(name.source.part(0, dot)), Word(name.source.part(dot + 1, len(name)))
    pipeline = _only(draft, owner, name) if field is None else pipeline_in(draft, owner, field)
    if pipeline is None or not known_stage(draft, pipeline, name):
        return None
    return pipeline, str(name)


def pipeline_in(draft: Draft, owner: DraftObject, field: Word) -> Pipeline | None:
    """The pipeline that keeps its stage in a field; another field is reported."""
    found = next((p for p in owner.pipelines if p.field == field), None)
    if found is None and field not in draft.broken:
        known = [p.field for p in owner.pipelines]
        draft.report(
            NO_PIPELINE_IN.at(field.place, object=str(owner.name), name=str(field), known=", ".join(known), nearest=nearest(field, known))
        )
    return found


def _only(draft: Draft, owner: DraftObject, name: Word) -> Pipeline | None:
    """The only pipeline that has a stage; where none has it, the main one or the first is asked."""
    having = [p for p in owner.pipelines if name in p.stages]
    if len(having) > 1:
        draft.report(WHICH_PIPELINE.at(name.place, stage=str(name), known=", ".join(f"{p.field}.{name}" for p in having)))
        return None
    return having[0] if having else owner.pipelines[0]
