"""The names of an app: what is declared, and every place where a name stands.

A `Symbol` is a name in its room (a field in its object, an option in its field or list, a stage in its object's pipeline).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from dougong_dsl.places import Place
from dougong_dsl.sentences.written import Entries, Word, Written

Kind = Literal[
    "object",
    "field",
    "reverse",
    "option",
    "stage",
    "pipeline",
    "role",
    "list",
    "form",
    "view",
    "trigger",
    "approval",
    "calendar",
    "pool",
    "table",
    "channel",
    "webhook",
    "connector",
    "document",
    "scenario",
    "record",
    "person",
]
SECTIONS: Mapping[str, Kind] = {
    "objects": "object",
    "roles": "role",
    "lists": "list",
    "pipelines": "pipeline",
    "forms": "form",
    "views": "view",
    "approvals": "approval",
    "triggers": "trigger",
    "calendars": "calendar",
    "pools": "pool",
    "decision_tables": "table",
    "channels": "channel",
    "webhooks": "webhook",
    "connectors": "connector",
    "documents": "document",
    "scenarios": "scenario",
}
"""What the names at the top of each section are."""
Titles = tuple[str, ...]  # Chinese, then English when there is one


@dataclass(frozen=True, slots=True)
class Symbol:
    """A name. `owner`: the object of a field, reverse or stage (of a further pipeline with the field that holds its stage,
    `object.field`); `object.field` or `@list` of an option; the scenario of a record or person, empty for those of the cast; else empty."""

    kind: Kind
    name: str
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Room:
    """Where the options of a value are found: symbols of `kind` in `owner`."""

    kind: Kind
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A name at a place. `is_name` is False where the place shows the symbol's title instead."""

    symbol: Symbol
    place: Place
    declares: bool = False
    is_name: bool = True


@dataclass(frozen=True, slots=True)
class Declared:
    """Where and how a name is declared. `long` is the mapping it comes to, also when it was written as one line."""

    symbol: Symbol
    word: Word
    value: Written | None
    long: Entries | None = None
    titles: Titles = ()


@dataclass(frozen=True, slots=True)
class Member:
    """What expressions may name on a record. `target` is the object of a link or list, `room` the options of a choice."""

    symbol: Symbol
    titles: Titles = ()
    type: str = ""
    target: str | None = None
    is_list: bool = False
    room: Room | None = None


@dataclass(frozen=True, slots=True)
class World:
    """Everything declared: members by object, declarations by symbol, the object of each pipeline, form, view, trigger and record of a scenario.

    `stages` are the owners of each object's stages, one for each of its pipelines, `stories` the people and records of each scenario, `scores` the objects
    of scores.
    """

    members: Mapping[str, dict[str, Member]] = field(default_factory=dict)
    declared: Mapping[Symbol, Declared] = field(default_factory=dict)
    objects_of: Mapping[Symbol, str] = field(default_factory=dict)
    stages: Mapping[str, Mapping[str, None]] = field(default_factory=dict)
    stories: Mapping[str, list[Symbol]] = field(default_factory=dict)
    scores: Mapping[str, str] = field(default_factory=dict)

    def names(self, room: Room) -> list[Declared]:
        """What is declared in a room, in its order."""
        return [d for s, d in self.declared.items() if s.kind == room.kind and s.owner == room.owner]

    def member(self, object_name: str, word: str) -> tuple[Member, bool] | None:
        """The member of that name, or the only one of that title; the flag tells whether it was the name."""
        members = self.members.get(object_name, {})
        if word in members:
            return members[word], True
        titled = [m for m in members.values() if word in m.titles]
        return (titled[0], False) if len(titled) == 1 else None

    def stage_rooms(self, object_name: str) -> list[Room]:
        """Where the stages of an object's records are found, the main pipeline's first."""
        return [Room("stage", owner) for owner in self.stages.get(object_name, ())]

    def in_room(self, room: Room, word: str) -> tuple[Symbol, bool] | None:
        """The option of that name or title; the flag tells whether it was the name."""
        symbol = Symbol(room.kind, word, room.owner)
        if symbol in self.declared:
            return symbol, True
        titled = [d.symbol for d in self.names(room) if word in d.titles]
        return (titled[0], False) if titled else None
