"""Forms and views: what a person fills and what a person looks through."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from dougong_dsl.expression import Expression
from dougong_dsl.places import Place
from dougong_dsl.titles import Title


@dataclass(frozen=True, slots=True)
class FormItem:
    """A field on a form; `style` is `buttons` for big option buttons, else None."""

    field: str
    style: Literal["buttons"] | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A titled group of fields in one or two columns, shown when `show_when` is true."""

    title: Title | None
    columns: int
    items: tuple[FormItem, ...]
    show_when: Expression | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """A form of `object`. The first form of an object is its create and edit form; without one, all writable fields stand on it."""

    name: str
    title: Title
    object: str
    sections: tuple[Section, ...]
    place: Place
    budget: timedelta | None = None  # how long filling it may take; the check tells when it takes longer


@dataclass(frozen=True, slots=True)
class View:
    """A saved list or kanban, of the named `pipeline` (None: the first). `order` is (field, descending); `highlight` maps a colour word to a
    condition."""

    name: str
    title: Title
    object: str
    kind: Literal["table", "kanban"]
    columns: tuple[str, ...]
    place: Place
    where: Expression | None = None
    order: tuple[tuple[str, bool], ...] = ()
    highlight: Mapping[str, Expression] | None = None
    pipeline: str | None = None
