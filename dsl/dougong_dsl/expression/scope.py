"""What an expression may name, told by whoever owns the expression.

The language knows nothing of objects and fields; the engine's model answers these questions for it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from dougong_dsl.expression.types import Type
from dougong_dsl.working_calendar import PLAIN, Calendar


@dataclass(frozen=True, slots=True)
class Member:
    """One name of a record.

    `link` names the field's target object when the value is a record; a reverse reference has type
    `ListOf(Record(child))` and `through`, the child's field that points back. `former` pairs names that the history may still
    have with present ones: the field's own, or for stages those of the stages. `is_recorded`: the history keeps its changes.
    `approvals`, of `id`: the approvals of such records, each with its titles. `stage_log`: the field holds the stage of a pipeline beside
    the main one, which the log of stages knows by this name; since when the record is there stands in `…_since`.
    """

    name: str
    type: Type
    titles: tuple[str, ...] = ()
    required: bool = False
    through: str | None = None
    former: tuple[tuple[str, str], ...] = ()
    is_recorded: bool = True
    approvals: tuple[tuple[str, tuple[str, ...]], ...] = ()
    stage_log: str | None = None


class Schema(Protocol):
    """The objects of an app, as far as expressions care."""

    def members(self, object_name: str) -> Mapping[str, Member]:
        """Fields, reverse references and record facts (`id`, `created_at`, `stage`, …) of an object, by name."""

    def objects(self) -> Iterable[str]:
        """All object names."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an expression stands.

    `object` is the object whose record it speaks of (None: no record). `names` adds plain names; at run time their values
    come from `Context.names` (a name of type Record holds an id, followed like a link: `city = lead.city`). `me` gives the
    object that describes the acting user, `calendar` counts working time and `calendars` are those with names. `is_default`: the value is given to a new record once, so it may draw a number.
    """

    schema: Schema
    object: str | None
    names: Mapping[str, Type] = field(default_factory=dict)
    me: str | None = "user"
    currency: str = "CNY"
    has_old: bool = False
    is_default: bool = False
    calendar: Calendar = PLAIN
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
