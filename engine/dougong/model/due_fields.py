"""What a pipeline with deadlines adds to its object: `due_at`, the moment at which the record's stage is over time, and `overdue`.

`due_at` is a column that the engine keeps (see `runtime.due`); `overdue` asks the time and so is worked out when it is read. Those of a further
pipeline are called after its field: `quality_stage_due_at`, `quality_stage_overdue`.
"""

from collections.abc import Iterable, Mapping

from dougong_dsl.codes import names as codes
from dougong_dsl.expression import check
from dougong_dsl.expression.scope import Member, Scope
from dougong_dsl.expression.types import Boolean, DateTime
from dougong_dsl.places import Source
from dougong_dsl.titles import Title

from dougong.definition.app import AppDefinition
from dougong.fields.registry import FIELD_TYPES
from dougong.model import builtin
from dougong.model.app import Field
from dougong.model.drafts import Draft, DraftField, DraftObject
from dougong.model.flow import Pipeline

_WHY = (
    "流程有时限的对象本来就有这一项",
    "every record of a pipeline with deadlines has it anyway",
)


def draft_due_fields(draft: Draft, definition: AppDefinition) -> None:
    """Add the two fields of every pipeline with a deadline to its object."""
    for name, written in definition.pipelines.items():
        owner = draft.objects.get(written.of)
        pipeline = None if owner is None else owner.at(name)
        if owner is None or pipeline is None:
            continue
        if any(stage.overdue is not None for stage in written.stages.values()):
            _add(draft, owner, pipeline)


def has_deadlines(owner: DraftObject, pipeline: Pipeline) -> bool:
    """Whether a stage of the pipeline has a deadline, as far as the fields tell."""
    found = owner.fields.get(builtin.word(pipeline.overdue))
    return found is not None and found.built is not None and found.built.is_kept


def _add(draft: Draft, owner: DraftObject, pipeline: Pipeline) -> None:
    for name in (pipeline.due_at, pipeline.overdue):
        own = owner.fields.get(builtin.word(name))
        if own is not None:
            draft.report(codes.RESERVED_NAME.at(own.place, name=name, why=_WHY))
            return
    for field in _fields(draft, owner, pipeline):
        owner.fields[builtin.word(field.name)] = DraftField(
            builtin.word(field.name), str(owner.name), field.title, owner.place, None, field.type, built=field
        )


def _fields(draft: Draft, owner: DraftObject, pipeline: Pipeline) -> Iterable[Field]:
    moment, yes_no = (FIELD_TYPES[key] for key in ("datetime", "boolean"))
    kind = moment(moment.Options.model_validate({}), draft.context)
    name, due, late = pipeline.due_at, Title("到期时间", "Due at"), Title("已逾期", "Overdue")
    if not pipeline.is_main:
        due, late = (Title(f"{pipeline.title.zh}：{t.zh}", f"{pipeline.title.en}: {t.en.lower()}") for t in (due, late))
    yield Field(name, kind, due, owner.place, indexed=True, is_kept=True)
    scope = Scope(_DueAt(name), str(owner.name))
    formula, _ = check(Source.inline(f"{name} is not blank and {name} <= now"), scope, Boolean())
    known = yes_no(yes_no.Options.model_validate({}), draft.context)
    yield Field(pipeline.overdue, known, late, owner.place, formula=formula, is_stored=False, is_kept=True)


class _DueAt:
    """A schema that knows `due_at` alone: it is there before any other member is."""

    def __init__(self, name: str) -> None:
        self._name = name

    def members(self, object_name: str) -> Mapping[str, Member]:
        return {self._name: Member(self._name, DateTime())}

    def objects(self) -> tuple[str, ...]:
        return ()
