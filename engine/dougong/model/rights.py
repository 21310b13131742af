"""Roles and their grants. Nothing is allowed unless a grant says so."""

from dataclasses import dataclass
from typing import Literal

from dougong_dsl.expression import Expression
from dougong_dsl.places import Place
from dougong_dsl.titles import Title

ActionName = Literal["read", "create", "update", "delete", "move", "export", "import"]


@dataclass(frozen=True, slots=True)
class Grant:
    """Actions on the rows of `object` for which `where` is true (None: all), on `fields` (None: all but `hide`).

    `hide` are fields that the grant does not show or let write, `mask` those it shows masked (and does not let filter, sort or write).
    `import` lets a person create records in any stage.
    """

    actions: frozenset[ActionName]
    object: str
    place: Place
    where: Expression | None = None
    fields: frozenset[str] | None = None
    hide: frozenset[str] = frozenset()
    mask: frozenset[str] = frozenset()
    along: str | None = None  # the pipeline along which it lets move, where the object has several


@dataclass(frozen=True, slots=True)
class Role:
    """A role with its own grants and, already merged in, those of the roles it extends (`grants` is the whole)."""

    name: str
    title: Title
    grants: tuple[Grant, ...]
    place: Place
    is_admin: bool = False  # may manage users and releases
