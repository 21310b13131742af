"""Pipelines beside the main one: each keeps its stage in a field of its own, which moves write and nothing else."""

from dougong_dsl.codes import gates as codes
from dougong_dsl.sentences.written import Word
from dougong_dsl.titles import Title

from dougong.fields.registry import FIELD_TYPES
from dougong.model import builtin, names
from dougong.model.app import Field
from dougong.model.drafts import Draft, DraftField, DraftObject
from dougong.model.flow import Pipeline


def draft_track(draft: Draft, owner: DraftObject, pipeline: Pipeline, field: Word) -> None:
    """Give an object a further pipeline and the two fields that it keeps."""
    draft.report(*names.check_name(field))
    for name in (pipeline.field, pipeline.since):
        if name == "stage" or name in owner.fields or name in owner.tracks:
            draft.report(codes.FIELD_TAKEN.at(field.place, field=name, object=str(owner.name)))
            return
    owner.tracks[pipeline.field] = pipeline
    choice, moment = (FIELD_TYPES[key] for key in ("choice", "datetime"))
    options = {name: {"zh": s.title.zh, "en": s.title.en} for name, s in pipeline.stages.items()}
    state = choice(choice.Options.model_validate({"options": options}), draft.context)
    since = moment(moment.Options.model_validate({}), draft.context)
    title = pipeline.title
    for made in (
        Field(pipeline.field, state, title, pipeline.place, indexed=True, pipeline=pipeline.name),
        Field(
            pipeline.since, since, Title(f"{title.zh}：进入阶段的时间", f"{title.en}: in this stage since"), pipeline.place, is_kept=True
        ),
    ):
        word = builtin.word(made.name)
        owner.fields[word] = DraftField(word, str(owner.name), made.title, made.place, None, made.type, built=made)
