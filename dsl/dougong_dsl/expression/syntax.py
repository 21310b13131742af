"""The syntax tree of an expression: plain data with offsets into the source, and one walk over it.

Analyses are functions or visitors over these nodes; the nodes themselves know nothing. `start` and `end` are offsets
in code points into the text that was parsed and take no part in equality.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """Anything that stands in the text from `start` to `end`."""

    start: int = field(compare=False)
    end: int = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Literal(Node):
    """A value written down: number, text, true/false, null, a day, a local point in time."""

    value: Decimal | str | bool | date | datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Span(Node):
    """A duration as people say it: an exact time, or calendar `months` (a year is 12), or working time (`time`, or `days`)."""

    time: timedelta | None
    months: int | None
    working: bool
    words: str
    days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Name(Node):
    """A bare or back-quoted word."""

    text: str
    quoted: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member(Node):
    """`base.name`."""

    base: Node
    name: str
    name_start: int = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Node):
    """`NAME(arguments where condition)`."""

    function: str
    arguments: tuple[Node, ...]
    where: Node | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unary(Node):
    """`-x`, `not x`, `x%`."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Binary(Node):
    """Arithmetic, comparison and word operators with two sides (`negated` for `not in`, `not within`, …)."""

    operator: str
    left: Node
    right: Node
    negated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain(Node):
    """`a and b and c`, `a or b`, `a & b & c`: one node for the whole chain."""

    operator: str
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Between(Node):
    """`x between low and high`, both ends included."""

    operand: Node
    low: Node
    high: Node
    negated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Blank(Node):
    """`x is blank` / `x is not blank`."""

    operand: Node
    negated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Items(Node):
    """`(a, b, c)` on the right of `in`."""

    items: tuple[Node, ...]


_PARTS: dict[type, tuple[str, ...]] = {}
"""The fields of each kind of node that may hold nodes: asked for every node of every text."""


def children(node: Node) -> Iterator[Node]:
    """The nodes directly below one."""
    names = _PARTS.get(type(node))
    if names is None:
        names = _PARTS[type(node)] = tuple(each.name for each in fields(node) if each.name not in ("start", "end"))
    for name in names:
        value = getattr(node, name)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            yield from (item for item in value if isinstance(item, Node))


def size_and_depth(root: Node) -> tuple[int, int]:
    """Number of nodes and levels, counted without recursion: the text may be hostile."""
    size, depth, waiting = 0, 0, [(root, 1)]
    while waiting:
        node, level = waiting.pop()
        size, depth = size + 1, max(depth, level)
        waiting.extend((child, level + 1) for child in children(node))
    return size, depth
