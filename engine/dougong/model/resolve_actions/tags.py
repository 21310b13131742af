"""`tag`: tags added to a field of tags or of many choices, or taken from it."""

from collections.abc import Iterable

from dougong_dsl.codes import flow as codes
from dougong_dsl.diagnostics import nearest
from dougong_dsl.places import Place
from dougong_dsl.sentences.written import Word

from dougong.definition.actions import TagDefinition
from dougong.fields.base import FieldType, Reading
from dougong.model.actions import Action, TagAction
from dougong.model.drafts import DraftField
from dougong.model.resolve_actions.ground import Common, Ground


def read_tag(ground: Ground, written: TagDefinition, common: Common) -> Action | None:
    """`tag: {add: vip}`, `tag: {field: labels, add: [a], remove: [b]}`; without `field` the only field that can hold them is meant."""
    if not written.add and not written.remove:
        ground.draft.report(codes.NO_TAGS.at(written.place))
        return None
    field = _field(ground, written.field, written.place)
    if field is None or field.type is None:
        return None
    _known(ground, field.type, (*written.add, *written.remove), str(field.name))
    return TagAction(**common, field=str(field.name), add=tuple(map(str, written.add)), remove=tuple(map(str, written.remove)))


def _field(ground: Ground, name: Word | None, place: Place) -> DraftField | None:
    if name is not None:
        field = ground.writable(ground.owner, name)
        if field is None or _is_many(field):
            return field
        ground.draft.report(codes.TAG_FIELD.at(name.place, object=str(ground.owner.name)))
        return None
    fitting = [f for f in ground.owner.fields.values() if _is_many(f)]
    if len(fitting) == 1:
        return fitting[0]
    ground.draft.report(codes.TAG_FIELD.at(place, object=str(ground.owner.name)))
    return None


def _is_many(field: DraftField) -> bool:
    return field.type is not None and field.type.is_many and not field.type.is_file


def _known(ground: Ground, type: FieldType, words: Iterable[Word], field: str) -> None:
    known = type.choices
    for word in words:
        value, refusal = type.parse(str(word), Reading("zh", type.context.zone))
        if not known and (refusal is not None or value is None or len(value) != 1):
            ground.draft.report(codes.NOT_A_TAG.at(word.place, name=str(word)))
        elif known and word not in known:
            ground.draft.report(codes.NO_SUCH_TAG.at(word.place, field=field, name=str(word), nearest=nearest(word, known)))
