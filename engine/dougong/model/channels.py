"""Doors to the outside: channels for messages, webhooks for data that comes in, connectors for calls."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from dougong_dsl.expression import Expression
from dougong_dsl.places import Place
from dougong_dsl.titles import Title
from dougong_dsl.working import Amount, Calendar

from dougong.fields.base import FieldType

MAIL, INBOX = "mail", "inbox"
PAYLOAD, MESSAGE = "payload", "message"
KEPT_FOR = Amount(90, "days")


@dataclass(frozen=True, slots=True)
class Channel:
    """A way to write to people and for people to write back.

    `address`, `consent` and `opt_out` are fields of whoever is written to: `objects` are those (users among them, if they have the address)
    whose records can be; consent and opt-out count where such a record has the field. `stop` are words that opt somebody out. Nothing is
    sent outside of `hours`. What came in is forgotten after `keep`.
    """

    name: str
    kind: Literal["http", "mail"]
    title: Title
    address: str
    objects: tuple[str, ...]
    place: Place
    consent: str | None = None
    opt_out: str | None = None
    stop: frozenset[str] = frozenset()
    hours: Calendar | None = None
    limit: int | None = None
    keep: Amount = KEPT_FOR


@dataclass(frozen=True, slots=True)
class PayloadField:
    """One field of what comes in."""

    name: str
    type: FieldType
    title: Title
    required: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Webhook:
    """Data that another system sends. `find`: the records of `object` that it is about, the condition speaks of `payload`;
    `equal` are its parts `field = value`, by which the record is looked up."""

    name: str
    title: Title
    payload: Mapping[str, PayloadField]
    place: Place
    object: str | None = None
    find: Expression | None = None
    equal: tuple[tuple[str, str], ...] = ()  # (field of the object, field of the payload)
    keep: Amount = KEPT_FOR


@dataclass(frozen=True, slots=True)
class Connector:
    """A system that is called."""

    name: str
    title: Title
    place: Place


def received_as(kind: Literal["webhook", "message"], name: str) -> str:
    """What expressions call the object behind `payload` and `message`; a blank is in no name of an object."""
    return f"{kind} {name}"
