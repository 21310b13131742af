"""The types of expressions. Every expression has one before it runs.

`digits` is the greatest number of decimal digits a value can have, `scale` how many of them stand behind the point.
Both are tracked through arithmetic: they decide whether a result fits SQLite's 64-bit integers and Python's 28 digits,
or has to go the exact, slower way.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Null:
    """The literal null / 空: fits everywhere."""


@dataclass(frozen=True, slots=True)
class Boolean:
    """true / false."""


@dataclass(frozen=True, slots=True)
class Text:
    """Unicode text; the empty text is null."""


@dataclass(frozen=True, slots=True)
class Number:
    """An exact decimal."""

    digits: int = 18
    scale: int = 2


@dataclass(frozen=True, slots=True)
class Money:
    """An exact decimal of one currency (ISO 4217 code)."""

    currency: str
    digits: int = 18
    scale: int = 2


@dataclass(frozen=True, slots=True)
class Date:
    """A calendar day."""


@dataclass(frozen=True, slots=True)
class DateTime:
    """An instant, in milliseconds; cut into days in the app's time zone."""


@dataclass(frozen=True, slots=True)
class Duration:
    """An amount of time in milliseconds, or of calendar months."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some declared options (`options` in their declared order)."""

    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """A record of an object, known by its id."""

    object: str


@dataclass(frozen=True, slots=True)
class ListOf:
    """Many values: a choice with several options, child rows, a path through a *many* link. Only list functions take it."""

    item: "Type"


Type = Null | Boolean | Text | Number | Money | Date | DateTime | Duration | Choice | Record | ListOf
