"""What gates with actions or evidence add to their object: `unsupported_at`, since when (or from when) what opened the gate is gone, and `unsupported`.

`unsupported_at` is a column that the engine keeps (see `runtime.gates`): it lies ahead while an exception holds that ends.
"""

from dougong_dsl.codes import names as codes
from dougong_dsl.expression import check
from dougong_dsl.expression.scope import Member, Scope
from dougong_dsl.expression.types import Boolean, DateTime
from dougong_dsl.places import Source
from dougong_dsl.titles import Title

from dougong.definition.app import AppDefinition
from dougong.definition.gates import GateDefinition
from dougong.fields.registry import FIELD_TYPES
from dougong.model import builtin
from dougong.model.app import Field
from dougong.model.drafts import Draft, DraftField, DraftObject

UNSUPPORTED_AT = "unsupported_at"
UNSUPPORTED = "unsupported"
_WHY = ("阶段要动作或凭证的对象本来就有这一项", "every record whose stages ask for actions or evidence has it anyway")


def draft_gate_fields(draft: Draft, definition: AppDefinition) -> None:
    """Add the two fields to every object with such a gate."""
    for written in definition.pipelines.values():
        owner = draft.objects.get(written.of)
        gates = [g for s in written.stages.values() for g in (s.to_enter, s.to_leave)]
        if owner is not None and owner.pipelines and UNSUPPORTED not in owner.fields and any(_has_proof(g) for g in gates):
            _add(draft, owner)


def _has_proof(gate: GateDefinition | None) -> bool:
    return gate is not None and bool(gate.actions or gate.evidence)


def _add(draft: Draft, owner: DraftObject) -> None:
    for name in (UNSUPPORTED_AT, UNSUPPORTED):
        own = owner.fields.get(builtin.word(name))
        if own is not None:
            draft.report(codes.RESERVED_NAME.at(own.place, name=name, why=_WHY))
            return
    moment, yes_no = (FIELD_TYPES[key] for key in ("datetime", "boolean"))
    kind = moment(moment.Options.model_validate({}), draft.context)
    known = yes_no(yes_no.Options.model_validate({}), draft.context)
    formula, _ = check(
        Source.inline(f"{UNSUPPORTED_AT} is not blank and {UNSUPPORTED_AT} <= now"), Scope(_Moment(), str(owner.name)), Boolean()
    )
    for field in (
        Field(UNSUPPORTED_AT, kind, Title("失去依据的时间", "Unsupported since"), owner.place, indexed=True, is_kept=True),
        Field(UNSUPPORTED, known, Title("阶段失去依据", "Stage unsupported"), owner.place, formula=formula, is_stored=False, is_kept=True),
    ):
        word = builtin.word(field.name)
        owner.fields[word] = DraftField(word, str(owner.name), field.title, owner.place, None, field.type, built=field)


class _Moment:
    """A schema that knows `unsupported_at` alone."""

    def members(self, object_name: str) -> dict[str, Member]:
        return {UNSUPPORTED_AT: Member(UNSUPPORTED_AT, DateTime())}

    def objects(self) -> tuple[str, ...]:
        return ()
