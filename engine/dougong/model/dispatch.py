"""Who gets a record: targets, decision tables, pools. Values alone; `runtime.dispatch` and `runtime.pools` act on them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from dougong_dsl.expression import Expression
from dougong_dsl.places import Place
from dougong_dsl.titles import Title
from dougong_dsl.working import Amount

from dougong.model.dispatch_words import Target
from dougong.model.flow import Event


@dataclass(frozen=True, slots=True)
class OneOf:
    """A condition of a decision table: the value is one of `values`; None among them is no value at all."""

    values: frozenset[Any]

    def holds(self, value: Any) -> bool:
        """Whether it is true of a value."""
        return value in self.values


@dataclass(frozen=True, slots=True)
class Range:
    """A condition of a decision table: a number between `low` and `high`; None is no end. `has_low`, `has_high`: the end itself counts."""

    low: Decimal | None
    high: Decimal | None
    has_low: bool
    has_high: bool

    def holds(self, value: Any) -> bool:
        """Whether it is true of a value; never of no value."""
        if value is None:
            return False
        above = self.low is None or value > self.low or (self.has_low and value == self.low)
        return above and (self.high is None or value < self.high or (self.has_high and value == self.high))


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Several conditions on one field, of which one must hold."""

    cells: tuple[OneOf | Range, ...]

    def holds(self, value: Any) -> bool:
        """Whether it is true of a value."""
        return any(cell.holds(value) for cell in self.cells)


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: it applies when the conditions on all its fields hold."""

    when: Mapping[str, AnyOf]
    then: Target
    place: Place

    def applies(self, row: Mapping[str, Any]) -> bool:
        """Whether it speaks of a record."""
        return all(cell.holds(row[name]) for name, cell in self.when.items())


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """Rows that together decide for every record of `object`; `is_first`: several may apply, the first of them counts."""

    name: str
    title: Title
    object: str
    rows: tuple[TableRow, ...]
    place: Place
    is_first: bool = False

    def decide(self, row: Mapping[str, Any]) -> tuple[int, TableRow] | None:
        """The number of the row that applies, from 1, and the row."""
        return next(((number, each) for number, each in enumerate(self.rows, 1) if each.applies(row)), None)


@dataclass(frozen=True, slots=True)
class Pool:
    """Records of `object` whose `field` is blank because nobody has them.

    Who may claim: people with one of `roles`, records for which `where` is true, at most `open` at once and `per_day` in a day; who gave
    a record up does not get it back before `again` has passed. They see `shows` of at most `views_per_day` records in a day.
    What comes back: after the events of `recycle`, unless `unless` is true, not before `protect` has passed since the record was given to
    somebody and `rest` since it last came here; `warn` before that its holder is told.
    """

    name: str
    title: Title
    object: str
    field: str
    roles: frozenset[str]
    place: Place
    where: Expression | None = None
    shows: tuple[str, ...] = ()
    open: int | None = None
    per_day: int | None = None
    views_per_day: int | None = None
    again: Amount | None = None
    recycle: tuple[Event, ...] = ()
    unless: Expression | None = None
    protect: Amount | None = None
    warn: Amount | None = None
    rest: Amount | None = None
    holder: Expression | None = None  # `field` as an expression: whom to warn
    prefix: str = ""  # of its columns; those of the first field with pools have none

    @property
    def column(self) -> str:
        """The column that names the pool in which a record is."""
        return f"{self.prefix}pool"

    @property
    def since(self) -> str:
        """The column for when a record last came in."""
        return f"{self.prefix}pool_since"

    @property
    def held_since(self) -> str:
        """The column for when a record was last given to somebody."""
        return f"{self.prefix}held_since"

    @property
    def kept(self) -> tuple[str, str, str]:
        """Its columns, which the pools about the same field share."""
        return self.column, self.since, self.held_since
