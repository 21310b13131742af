"""Pipelines, moves, triggers and their actions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from dougong_dsl.expression import Expression
from dougong_dsl.places import Place
from dougong_dsl.titles import Title

from dougong.model.text import Template

StageKind = Literal["open", "waiting", "won", "lost", "done"]


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage. `to_enter` and `to_leave` name the fields that must be filled before entering and leaving it."""

    name: str
    title: Title
    kind: StageKind
    is_start: bool
    place: Place
    to_enter: tuple[str, ...] = ()
    to_leave: tuple[str, ...] = ()
    was: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether work is still going on (open or waiting)."""
        return self.kind in ("open", "waiting")


@dataclass(frozen=True, slots=True)
class Move:
    """A way from any of `sources` to `target`. `asks` are the fields a person must give while moving."""

    sources: tuple[str, ...]
    target: str
    place: Place
    title: Title | None = None
    roles: tuple[str, ...] = ()  # empty: anyone who may move the object
    when: Expression | None = None
    asks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The way of a record of `object` through its stages."""

    name: str
    title: Title
    object: str
    stages: Mapping[str, Stage]
    moves: tuple[Move, ...]
    place: Place

    @property
    def start(self) -> Stage:
        """Where a new record stands."""
        return next(s for s in self.stages.values() if s.is_start)


@dataclass(frozen=True, slots=True)
class Event:
    """What a trigger waits for: `created`, `changed` or `deleted` (of the object, or of one `field`, from/to an option or
    value), or `entered`/`left` a `stage`."""

    kind: Literal["created", "changed", "deleted", "entered", "left"]
    object: str
    place: Place
    field: str | None = None
    from_value: Expression | None = None
    to_value: Expression | None = None
    stage: str | None = None


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets a to-do: the user in a field or path (`user`), everyone with a `role`, or one user by `login`."""

    user: Expression | None = None
    role: str | None = None
    login: str | None = None


@dataclass(frozen=True, slots=True)
class SetAction:
    """Give fields of the record new values."""

    values: Mapping[str, Expression]
    place: Place
    when: Expression | None = None


@dataclass(frozen=True, slots=True)
class CreateAction:
    """Make a record of another object; the expressions speak of the triggering record."""

    object: str
    values: Mapping[str, Expression]
    place: Place
    when: Expression | None = None


@dataclass(frozen=True, slots=True)
class AssignAction:
    """Put a user into `field`: the one named by `login`, or the least loaded of those for whom `candidates` is true.

    `candidates` speaks of the user's own fields; the record goes by its object's name (`city = lead.city`). Load is the number of open records of
    the object whose `field` is that user; ties go to the lowest id.
    """

    field: str
    place: Place
    login: str | None = None
    candidates: Expression | None = None
    when: Expression | None = None


@dataclass(frozen=True, slots=True)
class TodoAction:
    """A to-do about the record for each recipient."""

    recipients: tuple[Recipient, ...]
    text: Template
    place: Place
    when: Expression | None = None


Action = SetAction | CreateAction | AssignAction | TodoAction


@dataclass(frozen=True, slots=True)
class Trigger:
    """When one of `events` happens and `when` is true, do the actions, in order, in the same transaction."""

    name: str
    title: Title
    events: tuple[Event, ...]
    actions: tuple[Action, ...]
    place: Place
    when: Expression | None = None
