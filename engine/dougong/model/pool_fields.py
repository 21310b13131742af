"""What pools add to their object: `pool` (in which one a record is), `pool_since` (when it last came into one), `held_since`
(when it was last given to somebody). The engine keeps them. Pools about a further field have their own: `keeper_pool`, …
"""

from collections.abc import Iterable

from dougong_dsl.codes import names as codes
from dougong_dsl.titles import Title

from dougong.definition.app import AppDefinition
from dougong.definition.dispatch import PoolDefinition
from dougong.fields.base import OptionsError
from dougong.fields.registry import FIELD_TYPES
from dougong.model import builtin
from dougong.model.app import Field
from dougong.model.drafts import Draft, DraftField, DraftObject

POOL = "pool"
POOL_SINCE = "pool_since"
HELD_SINCE = "held_since"
NAMES = (POOL, POOL_SINCE, HELD_SINCE)
OWNER = "owner"
_WHY = ("有公海的对象本来就有这一项", "every record of an object with pools has it anyway")
Pools = dict[str | int, str | None | dict[str, str]]  # names and titles of the pools about one field


def field_of(written: PoolDefinition) -> str:
    """The field that says who has a record."""
    return str(written.field or OWNER)


def prefix_of(definition: AppDefinition, written: PoolDefinition) -> str:
    """What the columns of a pool begin with: nothing for the field of the object's first pool, else the name of the field."""
    first = next(each for each in definition.pools.values() if each.of == written.of)
    return "" if field_of(first) == field_of(written) else f"{field_of(written)}_"


def draft_pool_fields(draft: Draft, definition: AppDefinition) -> None:
    """Add the fields to every object that has pools."""
    titles: dict[tuple[str, str, str], Pools] = {}
    for name, written in definition.pools.items():
        title = written.title or Title.same(str(name))
        family = (str(written.of), prefix_of(definition, written), field_of(written))
        titles.setdefault(family, {})[str(name)] = {"zh": title.zh, "en": title.en}
    for (object_name, prefix, field), pools in titles.items():
        owner = draft.objects.get(builtin.word(object_name))
        if owner is not None:
            _add(draft, owner, prefix, owner.fields.get(builtin.word(field)), pools)


def _add(draft: Draft, owner: DraftObject, prefix: str, about: DraftField | None, pools: Pools) -> None:
    for name in NAMES:
        own = owner.fields.get(builtin.word(prefix + name))
        if own is not None:
            draft.report(codes.RESERVED_NAME.at(own.place, name=prefix + name, why=_WHY))
            return
    for field in _fields(draft, owner, prefix, about, pools):
        owner.fields[builtin.word(field.name)] = DraftField(
            builtin.word(field.name), str(owner.name), field.title, owner.place, None, field.type, built=field
        )


def _fields(draft: Draft, owner: DraftObject, prefix: str, about: DraftField | None, pools: Pools) -> Iterable[Field]:
    choice, moment = (FIELD_TYPES[key] for key in ("choice", "datetime"))
    try:
        kind = choice(choice.Options.model_validate({"options": pools}), draft.context)
    except OptionsError:  # a name that is refused where the pool is read
        return
    of = Title("", "") if not prefix or about is None else Title(f"{about.title.zh}：", f"{about.title.en}: ")
    yield Field(prefix + POOL, kind, Title(f"{of.zh}公海", f"{of.en}Pool"), owner.place, indexed=True, is_kept=True)
    at = moment(moment.Options.model_validate({}), draft.context)
    since = Title(f"{of.zh}进入公海时间", f"{of.en}In a pool since")
    yield Field(prefix + POOL_SINCE, at, since, owner.place, is_kept=True)
    yield Field(prefix + HELD_SINCE, at, Title(f"{of.zh}归属时间", f"{of.en}Held since"), owner.place, is_kept=True)


def pools_of(owner: DraftObject) -> tuple[tuple[str, str, Title], ...]:
    """The pools of an object: the column that names them, and their titles."""
    kept = (f.built for f in owner.fields.values() if f.built is not None and f.built.is_kept and f.built.name.endswith(POOL))
    return tuple((field.name, name, title) for field in kept for name, title in field.type.choices.items())
