"""Splits and pipelines under another record: objects, links and fields bound."""

from dataclasses import replace

from dougong_dsl.codes import splits as codes
from dougong_dsl.expression.types import Money, Number, scale_of
from dougong_dsl.sentences.written import Word

from dougong.definition.app import AppDefinition
from dougong.definition.splits import SplitDefinition
from dougong.model.drafts import BUILT_IN, Draft, DraftField, DraftObject
from dougong.model.flow import Pipeline
from dougong.model.splits import Closing, Splits

CLOSING: dict[str, Closing] = {"all": "all", "any": "any"}


def resolve_splits(draft: Draft, definition: AppDefinition) -> None:
    """Give every pipeline its parts and the link to what it runs under; all pipelines and fields are there by now."""
    for name, each in definition.pipelines.items():
        owner = draft.objects.get(each.of)
        pipeline = None if owner is None else owner.at(name)
        if owner is None or pipeline is None or (each.splits is None and each.under is None):
            continue
        with draft.part("pipelines", str(name), is_sound=True):
            splits = None if each.splits is None else _splits(draft, owner, pipeline, each.splits)
            under = None if each.under is None else _under(draft, owner, each.under)
            owner.put(replace(pipeline, splits=splits, under=under))


def _under(draft: Draft, owner: DraftObject, written: Word) -> str | None:
    found = draft.field(owner, written)
    if found is None:
        return None
    if found.type is None or found.type.target is None or found.type.target in BUILT_IN or found.formula is not None:
        draft.report(codes.NOT_UNDER.at(written.place, name=str(written), object=str(owner.name)))
        return None
    return str(written)


def _splits(draft: Draft, owner: DraftObject, pipeline: Pipeline, written: SplitDefinition) -> Splits | None:
    part = draft.object(written.into)
    if part is None:
        return None
    by = _link(draft, owner, part, written)
    if by is None:
        return None
    sums = tuple(str(name) for name in written.sums if _is_summable(draft, owner, part, name))
    closing = None if written.close_when is None else CLOSING[written.close_when]
    if closing is not None and not _can_close(draft, owner, pipeline, part, written):
        closing = None
    return Splits(str(part.name), by, tuple(dict.fromkeys(sums)), closing, written.place)


def _link(draft: Draft, owner: DraftObject, part: DraftObject, written: SplitDefinition) -> str | None:
    """The required link from the part to the whole. A part of its own object would never come to an end."""
    links = [f for f in part.fields.values() if f.type is not None and f.type.target == owner.name and f.formula is None]
    found: DraftField | None
    if written.by is not None:
        found, place = draft.field(part, written.by), written.by.place
    elif len(links) == 1:
        found, place = links[0], written.into.place
    else:
        draft.report(codes.WHICH_LINK.at(written.into.place, part=str(part.name), object=str(owner.name), count=len(links)))
        return None
    if found is None:
        return None
    is_required = found.definition is not None and found.definition.required
    if found not in links or not is_required or part is owner:
        draft.report(codes.NO_PART_LINK.at(place, name=str(found.name), part=str(part.name), object=str(owner.name)))
        return None
    return str(found.name)


def _is_summable(draft: Draft, owner: DraftObject, part: DraftObject, name: Word) -> bool:
    """Both objects must keep a number of the same kind under this name."""
    if name in draft.broken:
        return False
    kinds = [_kind(each.fields.get(name)) for each in (owner, part)]
    if None in kinds or kinds[0] != kinds[1]:
        draft.report(codes.NO_SUM.at(name.place, name=str(name), object=str(owner.name), part=str(part.name)))
        return False
    return True


def _kind(field: DraftField | None) -> tuple[str, int, str] | None:
    """What makes two numbers the same kind; None for what is no number with a column."""
    built = None if field is None else field.built
    if built is None or not built.is_stored or not isinstance(built.type.type, Number | Money):
        return None
    kind = built.type.type
    return built.type.key, scale_of(kind), str(kind.currency) if isinstance(kind, Money) else ""


def _can_close(draft: Draft, owner: DraftObject, pipeline: Pipeline, part: DraftObject, written: SplitDefinition) -> bool:
    """Both must be able to end well."""
    assert written.close_when is not None
    theirs = next(iter(part.pipelines), None)
    missing = str(owner.name) if not pipeline.ends_well else str(part.name) if theirs is None or not theirs.ends_well else None
    if missing is None:
        return True
    place = written.close_when.place
    draft.report(codes.NO_CLOSING.at(place, object=str(owner.name), part=str(part.name), missing=missing))
    return False
