"""What a pipeline with deadlines adds to its object: `due_at`, the moment at which the record's stage is over time, and `overdue`.

`due_at` is a column that the engine keeps (see `runtime.due`); `overdue` asks the time and so is worked out when it is read.
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

DUE_AT = "due_at"
OVERDUE = "overdue"
NAMES = (DUE_AT, OVERDUE)
_WHY = (
    "流程有时限的对象本来就有这一项",
    "every record of a pipeline with deadlines has it anyway",
)


def draft_due_fields(draft: Draft, definition: AppDefinition) -> None:
    """Add the two fields to every object whose pipeline has a deadline."""
    for name, written in definition.pipelines.items():
        owner = draft.objects.get(written.of)
        if owner is None or owner.pipeline is None or owner.pipeline.name != name:
            continue
        if any(stage.overdue is not None for stage in written.stages.values()):
            _add(draft, owner)


def _add(draft: Draft, owner: DraftObject) -> None:
    for name in NAMES:
        own = owner.fields.get(builtin.word(name))
        if own is not None:
            draft.report(codes.RESERVED_NAME.at(own.place, name=name, why=_WHY))
            return
    for field in _fields(draft, owner):
        owner.fields[builtin.word(field.name)] = DraftField(
            builtin.word(field.name), str(owner.name), field.title, owner.place, None, field.type, built=field
        )


def _fields(draft: Draft, owner: DraftObject) -> Iterable[Field]:
    moment, yes_no = (FIELD_TYPES[key] for key in ("datetime", "boolean"))
    kind = moment(moment.Options.model_validate({}), draft.context)
    yield Field(DUE_AT, kind, Title("到期时间", "Due at"), owner.place, indexed=True, is_kept=True)
    scope = Scope(_DueAt(), str(owner.name))
    formula, _ = check(Source.inline(f"{DUE_AT} is not blank and {DUE_AT} <= now"), scope, Boolean())
    known = yes_no(yes_no.Options.model_validate({}), draft.context)
    yield Field(OVERDUE, known, Title("已逾期", "Overdue"), owner.place, formula=formula, is_stored=False, is_kept=True)


class _DueAt:
    """A schema that knows `due_at` alone: it is there before any other member is."""

    def members(self, object_name: str) -> Mapping[str, Member]:
        return {DUE_AT: Member(DUE_AT, DateTime())}

    def objects(self) -> tuple[str, ...]:
        return ()
