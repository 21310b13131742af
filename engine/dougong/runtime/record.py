"""What the gates hand out: records, pages of them, changes, moves, to-dos. Plain values that no later write changes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dougong.model.flow import Move
from dougong.refusals import Refusal


class Record(Mapping[str, Any]):
    """One record as the reader may see it: canonical Python values by field name, masked fields as masked text.

    Fields that the reader may not see are not in it. Values are also attributes: `lead.name`.
    """

    __slots__ = ("_values", "id", "object", "warnings")

    def __init__(self, object: str, values: Mapping[str, Any], warnings: tuple[Refusal, ...] = ()) -> None:
        self.object = object
        self.id: int = values["id"]
        self.warnings = warnings  # checks of severity "warning" that the write did not pass
        self._values = values

    @property
    def version(self) -> int:
        """The version to give back with a change (optimistic lock)."""
        version: int = self._values["version"]
        return version

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def as_dict(self) -> dict[str, Any]:
        """The values in a dictionary of their own; several times as fast as `dict(record)`."""
        return dict(self._values)

    def __getattr__(self, name: str) -> Any:
        try:
            return self._values[name]
        except KeyError:
            raise AttributeError(name) from None

    def __repr__(self) -> str:
        return f"Record({self.object} {dict(self._values)!r})"


@dataclass(frozen=True, slots=True)
class Page:
    """Records in order; `next_cursor` leads on when there are more."""

    records: list[Record]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Person:
    """A user by id and name; the system has no id."""

    id: int | None
    name: str


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of a record's history: who, when it was entered, when it happened, why, and which fields went from what to what.

    `kind` is created, updated, moved or deleted; `stage` is (from, to) when the stage changed.
    """

    id: int
    at: datetime
    happened_at: datetime
    actor: Person
    cause: str
    cause_id: str | None
    kind: str
    fields: Mapping[str, tuple[Any, Any]]
    stage: tuple[str | None, str | None] | None = None


@dataclass(frozen=True, slots=True)
class MoveState:
    """A move of the record's stage, whether the user may make it now, why not, and the fields it asks for.

    `pipeline` and `field`: whose move it is, and where that pipeline keeps its stage (`stage` for the main one). `to_fill` is what the
    move would be refused with if nothing were given with it; `refusals` is what stands against it besides.
    """

    move: Move
    target: str
    allowed: bool
    refusals: tuple[Refusal, ...]
    asks: tuple[str, ...]
    pipeline: str
    field: str
    to_fill: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """What a form would become: values with formulas, required and shown fields, and what the gate would refuse. Nothing is written."""

    values: Mapping[str, Any]
    required: frozenset[str]
    shown: frozenset[str]
    refusals: tuple[Refusal, ...] = ()
    warnings: tuple[Refusal, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Todo:
    """Something a user has to do about a record; `record_title` is None where the reader may not see the record.

    `for_role`, `for_team`: who may, or might, claim it; `stage`: leaving it ends the to-do; `instead_of`: the absent person it was meant for;
    `form`: submitting it about the record does.
    """

    id: int
    object: str
    record_id: int
    text: str
    created_at: datetime
    done_at: datetime | None = None
    record_title: str | None = None
    for_user: int | None = None
    for_role: str | None = None
    for_team: int | None = None
    due_at: datetime | None = None
    stage: str | None = None
    trigger: str | None = None
    instead_of: int | None = None
    form: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """Something that a user was told. `record_title` is None where the reader may not see the record (or there is none). `file` came with it."""

    id: int
    kind: str
    object: str | None
    record_id: int | None
    record_title: str | None
    text: str
    at: datetime
    read_at: datetime | None
    sender: Person
    file: int | None = None


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody said about a record; `text` is None after it was taken back.

    Fresh ones tell who was told (`mentioned`, user ids) and which of the mentioned may not read the record (`unreached`, names).
    """

    id: int
    author: Person
    text: str | None
    at: datetime
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    mentioned: tuple[int, ...] = ()
    unreached: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Attached:
    """A kept file as a reader sees it; `size` in bytes."""

    id: int
    name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class Recent:
    """A record that was changed lately and that the reader may see."""

    object: str
    id: int
    title: str
    at: datetime
    actor: Person
    kind: str
