"""The typed tree: what a checked expression means, with every name bound and every node typed.

The three compilers read this tree and nothing else. `nullable` says whether the value may be null; a compiler drops
the checks where it cannot. Offsets take no part in equality.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from decimal import Decimal

from dougong_dsl.expression.syntax import Node
from dougong_dsl.expression.types import Type
from dougong_dsl.places import Source
from dougong_dsl.working_calendar import Calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A value of `type`; the text it came from is `source.text[start:end]`."""

    type: Type
    nullable: bool = True
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Where a field is read from; `object` names what kind of record it is."""

    object: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Here(Row):
    """The record the expression speaks of (`depth` 0), or the row of the list function at that depth."""

    depth: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Before(Row):
    """The record as it was before the change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting(Row):
    """The acting user's row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked(Row):
    """The record a link points to."""

    link: Typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant(Typed):
    """A value that was written down (or folded); None is null."""

    value: None | bool | str | int | Decimal | date | timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalTime(Typed):
    """A point in time written in the app's zone."""

    value: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Today(Typed):
    """The current day in the app's zone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Now(Typed):
    """The current instant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Get(Typed):
    """The field `name` of a row; a link is read as the id it holds."""

    row: Row
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Children(Typed):
    """The records of `object` whose field `through` holds the id of `row`."""

    row: Row
    object: str
    through: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Records(Children):
    """All records of `object`; `row` and `through` say nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Not(Typed):
    """Kleene negation."""

    item: Typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Logical(Typed):
    """Kleene `and` / `or` over two or more items."""

    operator: str
    items: tuple[Typed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compare(Typed):
    """`= <> < <= > >=` of two values of one kind; null when either is."""

    operator: str
    left: Typed
    right: Typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Range(Typed):
    """`low <= item <= high`, Kleene."""

    item: Typed
    low: Typed
    high: Typed


@dataclass(frozen=True, slots=True, kw_only=True)
class IsBlank(Typed):
    """Whether a value is null; never null itself."""

    item: Typed
    negated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOf(Typed):
    """Whether `item` equals one of `options`, Kleene."""

    item: Typed
    options: tuple[Typed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InList(Typed):
    """Whether `item` is in a list value: false in an empty list, null when `item` is null and the list is not empty."""

    item: Typed
    list: Typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Within(Typed):
    """Whether the record `item` of a tree is `above` or stands somewhere below it; null when either is.

    Both are ids of `object`, whose field `parent` leads up; a tree that bites its own tail ends where it began.
    """

    object: str
    item: Typed
    above: Typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Negate(Typed):
    """Minus a number or a duration."""

    item: Typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Arithmetic(Typed):
    """`+ - * /` of numbers, exact but `/` (half away from zero at ten places, null for a zero divisor)."""

    operator: str
    left: Typed
    right: Typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference(Typed):
    """Of two dates in days (a number), of two instants as a duration."""

    left: Typed
    right: Typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift(Typed):
    """A date plus or minus whole days (`amount` a number), an instant or duration plus or minus a duration."""

    base: Typed
    amount: Typed
    sign: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftMonths(Typed):
    """A date or instant plus or minus whole months, clamped to the end of the month; an instant moves in local time."""

    base: Typed
    months: Typed
    sign: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule(Typed):
    """A working calendar that was named, or the app's own."""

    calendar: Calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkShift(Typed):
    """An instant plus or minus working days (its time of day stays) or working time; one of `days` and `time` is there."""

    base: Typed
    days: int | None
    time: timedelta | None
    sign: int
    calendar: Schedule


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked(Typed):
    """Working time between two instants as a duration."""

    start_at: Typed
    end_at: Typed
    calendar: Schedule


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalDay(Typed):
    """The day of an instant in the app's zone."""

    item: Typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined(Typed):
    """Texts one after the other; null counts as empty, an empty result is null."""

    items: tuple[Typed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case(Typed):
    """The value of the first branch whose condition is true, else `default`."""

    branches: tuple[tuple[Typed, Typed], ...]
    default: Typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch(Typed):
    """The value beside the first key that equals `item`, else `default`."""

    item: Typed
    branches: tuple[tuple[Typed, Typed], ...]
    default: Typed


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstOf(Typed):
    """The first item that is not null."""

    items: tuple[Typed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Typed):
    """A function of the table with its arguments."""

    function: str
    arguments: tuple[Typed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Aggregate(Typed):
    """A list function over child rows: `kind` of `body` over the rows where `where` is true; rows sit at `depth`.

    `first` and `last` go by `order` (rows without one come last), then by id; `join` puts `separator` between.
    """

    kind: str
    rows: Children
    body: Typed | None
    where: Typed | None
    depth: int
    order: Typed | None = None
    separator: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed(Typed):
    """Whether a value differs from what it was before; true on a new record."""

    now: Typed
    before: Typed


@dataclass(frozen=True, slots=True, kw_only=True)
class IsNew(Typed):
    """Whether the record is being created."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past(Typed):
    """A fact of a record's history; never null for a record that is there, but `entered_at` of a stage it was never in.

    `kind` is `entered_at`, `time_in` or `passed` of a stage, `changes` of a field, or `approved` of an approval; `of` says which, for
    readers; `words` are the names under which the history knows it, the present one first. `column` is where the stage is kept, `log` the
    name of its pipeline in the log (None: the main one).
    """

    kind: str
    row: Row
    of: Typed
    words: tuple[str, ...]
    column: str = "stage"
    log: str | None = None

    @property
    def cells(self) -> tuple[str, ...]:
        """The fields of the row that it tells about: who may not read them may not know it."""
        if self.kind == "approved":
            return ()
        if self.kind in ("entered_at", "time_in"):
            return (self.column, f"{self.column}_since")
        return (self.column,) if self.kind == "passed" else self.words[:1]


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked expression.

    `uses` holds the paths of field names it reads from its record; `looks_elsewhere` whether it follows a link or a
    list, `asks_calendar` whether it counts working time, which another calendar counts differently. `names` gives the canonical name for the word at an offset, for printing.
    """

    source: Source
    type: Type
    root: Typed
    syntax: Node
    uses: frozenset[tuple[str, ...]]
    asks_time: bool
    asks_user: bool
    looks_elsewhere: bool
    asks_old: bool
    asks_calendar: bool
    names: Mapping[int, str] = field(compare=False, default_factory=dict)


_NODES = (Typed, Row)
_PARTS: dict[type, tuple[str, ...]] = {}
"""The fields of each kind of node that may hold nodes."""


def _names(kind: type[Typed | Row]) -> tuple[str, ...]:
    found = _PARTS.get(kind)
    if found is None:
        found = _PARTS[kind] = tuple(each.name for each in fields(kind) if each.name not in ("type", "nullable", "start", "end"))
    return found


def inner(node: Typed | Row) -> Iterator[Typed | Row]:
    """The nodes and rows directly below one."""
    for name in _names(type(node)):
        value = getattr(node, name)
        if isinstance(value, _NODES):
            yield value
        elif isinstance(value, tuple):
            for item in value:
                if isinstance(item, _NODES):
                    yield item
                elif isinstance(item, tuple):
                    yield from (part for part in item if isinstance(part, _NODES))


def walk(root: Typed | Row) -> Iterator[Typed | Row]:
    """A node and everything below it, parents first."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(inner(node))


@dataclass(frozen=True, slots=True, kw_only=True)
class Each(Typed):
    """`list.field` before a list function takes it: `body` for every one of `rows`, which sit at `depth`.

    Never part of a finished tree.
    """

    rows: Children
    body: Typed
    depth: int
