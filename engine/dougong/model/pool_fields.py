"""What pools add to their object: `pool` (in which one a record is), `pool_since` (when it last came into one), `held_since`
(when it was last given to somebody). The engine keeps them."""

from collections.abc import Iterable

from dougong_dsl.codes import names as codes
from dougong_dsl.titles import Title

from dougong.definition.app import AppDefinition
from dougong.fields.base import OptionsError
from dougong.fields.registry import FIELD_TYPES
from dougong.model import builtin
from dougong.model.app import Field
from dougong.model.drafts import Draft, DraftField, DraftObject

POOL = "pool"
POOL_SINCE = "pool_since"
HELD_SINCE = "held_since"
NAMES = (POOL, POOL_SINCE, HELD_SINCE)
_WHY = ("有公海的对象本来就有这一项", "every record of an object with pools has it anyway")


def draft_pool_fields(draft: Draft, definition: AppDefinition) -> None:
    """Add the fields to every object that has pools."""
    titles: dict[str, dict[str | int, str | None | dict[str, str]]] = {}
    for name, written in definition.pools.items():
        title = written.title or Title.same(str(name))
        titles.setdefault(str(written.of), {})[str(name)] = {"zh": title.zh, "en": title.en}
    for object_name, pools in titles.items():
        owner = draft.objects.get(builtin.word(object_name))
        if owner is not None:
            _add(draft, owner, pools)


def _add(draft: Draft, owner: DraftObject, pools: dict[str | int, str | None | dict[str, str]]) -> None:
    for name in NAMES:
        own = owner.fields.get(builtin.word(name))
        if own is not None:
            draft.report(codes.RESERVED_NAME.at(own.place, name=name, why=_WHY))
            return
    for field in _fields(draft, owner, pools):
        owner.fields[builtin.word(field.name)] = DraftField(
            builtin.word(field.name), str(owner.name), field.title, owner.place, None, field.type, built=field
        )


def _fields(draft: Draft, owner: DraftObject, pools: dict[str | int, str | None | dict[str, str]]) -> Iterable[Field]:
    choice, moment = (FIELD_TYPES[key] for key in ("choice", "datetime"))
    try:
        kind = choice(choice.Options.model_validate({"options": pools}), draft.context)
    except OptionsError:  # a name that is refused where the pool is read
        return
    yield Field(POOL, kind, Title("公海", "Pool"), owner.place, indexed=True, is_kept=True)
    at = moment(moment.Options.model_validate({}), draft.context)
    yield Field(POOL_SINCE, at, Title("进入公海时间", "In a pool since"), owner.place, is_kept=True)
    yield Field(HELD_SINCE, at, Title("归属时间", "Held since"), owner.place, is_kept=True)


def pools_of(owner: DraftObject) -> tuple[tuple[str, Title], ...]:
    """The pools of an object and their titles."""
    field = owner.fields.get(POOL)
    kept = field is not None and field.built is not None and field.built.is_kept
    return tuple(field.built.type.choices.items()) if kept and field is not None and field.built is not None else ()
