"""What a condition can come to at all: true, false or null (None), found by trying every case that matters.

Comparisons of one value with written ones split that value's range into a few stretches, so one sample of each stands for all of
them; two values compared with each other stand below, level or above. Whatever is not understood may come to anything: the answer
may then be too wide, never too narrow, so that what is called impossible is impossible.
"""

import itertools
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, localcontext
from typing import Any

from dougong_dsl.expression import Expression
from dougong_dsl.expression import typed as t
from dougong_dsl.expression.types import Boolean, Choice, Date, Duration, Money, Number, Text, Type

Truth = bool | None
Case = Mapping[Any, Any]  # a value for each question
ANYTHING: tuple[Truth, ...] = (True, False, None)
OTHER = "\U0010fffd"  # a text that nobody writes
MOST_CASES = 4_000
_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def cases(*conditions: Expression) -> Iterator[tuple[Case, tuple[Truth, ...]]]:
    """Every case that matters to conditions on one record, and what each comes to; one case of anything when they are too many."""
    questions = list(dict.fromkeys(q for c in conditions for q in _questions(c.root)))
    constants: dict[t.Typed, list[Any]] = {}
    for condition in conditions:
        _written(condition.root, constants)
    samples = [_samples(q, [] if isinstance(q, Pair) else constants.get(q, [])) for q in questions]
    count = 1
    for each in samples:
        count *= len(each)
    if count > MOST_CASES:
        for outcome in itertools.product(ANYTHING, repeat=len(conditions)):
            yield {}, outcome
        return
    for values in itertools.product(*samples):
        case = dict(zip(questions, values, strict=True))
        yield case, tuple(_truth(c.root, case) for c in conditions)


def can_be(condition: Expression, *wanted: Truth) -> bool:
    """Whether a condition can come to one of these."""
    return any(found in wanted for _, (found,) in cases(condition))


def implies(first: Expression, second: Expression) -> bool:
    """Whether the second is certainly true wherever the first is."""
    if first.root == second.root:
        return True
    return all(b is True for _, (a, b) in cases(first, second) if a is True)


def exclude(first: Expression, second: Expression) -> bool:
    """Whether two rules, each of which can be kept, cannot be kept together once everything they ask for is filled in."""
    kept = [(a is not False, b is not False) for case, (a, b) in cases(first, second) if None not in case.values()]
    return any(a for a, _ in kept) and any(b for _, b in kept) and not any(a and b for a, b in kept)


def _is_term(node: t.Typed) -> bool:
    return not isinstance(node, t.Constant)


def _sides(node: t.Compare) -> tuple[t.Typed, t.Typed] | None:
    """The value and the written one it is compared with; None when neither is written."""
    if isinstance(node.right, t.Constant):
        return node.left, node.right
    return (node.right, node.left) if isinstance(node.left, t.Constant) else None


@dataclass(frozen=True, slots=True)
class Pair:
    """How two values stand to each other: `low` below, level with, or above `high` (which is which only fixes the order)."""

    low: t.Typed
    high: t.Typed

    @classmethod
    def of(cls, node: t.Compare) -> "Pair":
        """The question that a comparison asks, the same whichever side a value stands on."""
        return cls(*sorted((node.left, node.right), key=hash))


Question = t.Typed | Pair


def _questions(node: t.Typed) -> Iterator[Question]:
    """What a condition depends on: values, pairs of values, and the parts that are not understood."""
    match node:
        case t.Logical():
            for item in node.items:
                yield from _questions(item)
        case t.Not():
            yield from _questions(node.item)
        case t.Constant():
            return
        case t.Compare() if _sides(node) is None:
            yield Pair.of(node)
        case t.Compare() if _is_sampled(node.left) and _is_sampled(node.right):
            yield from filter(_is_term, (node.left, node.right))
        case t.IsBlank():
            yield from filter(_is_term, (node.item,))
        case t.Range() if _all_written((node.low, node.high)) and _is_sampled(node.item):
            yield from filter(_is_term, (node.item,))
        case t.OneOf() if _all_written(node.options) and _is_sampled(node.item):
            yield from filter(_is_term, (node.item,))
        case _:
            yield node


def _all_written(nodes: Sequence[t.Typed]) -> bool:
    return all(isinstance(node, t.Constant) for node in nodes)


def _is_sampled(node: t.Typed) -> bool:
    """Whether samples can stand for all values of a type."""
    return isinstance(node.type, Number | Money | Date | Duration | Text | Choice | Boolean)


def _written(node: t.Typed, found: dict[t.Typed, list[Any]]) -> None:
    """The written values that each value is compared with."""
    for each in t.walk(node):
        match each:
            case t.Compare() if sides := _sides(each):
                found.setdefault(sides[0], []).append(sides[1].value)  # type: ignore[attr-defined]  # a constant, see _sides
            case t.Range() if _all_written((each.low, each.high)):
                found.setdefault(each.item, []).extend(c.value for c in (each.low, each.high))  # type: ignore[attr-defined]
            case t.OneOf() if _all_written(each.options):
                found.setdefault(each.item, []).extend(c.value for c in each.options)  # type: ignore[attr-defined]


def _samples(question: Question, written: Sequence[Any]) -> Sequence[Any]:
    """One value of each stretch that the written values cut out of a value's range, and null."""
    if isinstance(question, Pair):
        return (-1, 0, 1, None)
    kind = question.type
    if isinstance(kind, Boolean):
        return ANYTHING
    if not _is_sampled(question):
        return (OTHER, None)
    points = sorted({value for value in written if value is not None})
    if isinstance(kind, Choice):
        return (*dict.fromkeys((*kind.options, *points)), None)
    if isinstance(kind, Text):
        return (*sorted({"\u0000", *points, *(point + "\u0000" for point in points), OTHER}), None)
    return (*_stretches(kind, points), None)


def _stretches(kind: Type, points: list[Any]) -> list[Any]:
    """The points, one value between each two neighbours, one below and one above them all."""
    if isinstance(kind, Date):
        return _days(points or [date(2026, 1, 1)])
    if isinstance(kind, Duration):
        return _spread(points or [timedelta(0)], timedelta(days=1))
    with localcontext(prec=100):  # room for one place more than anybody writes
        return _spread([Decimal(point) for point in points] or [Decimal(0)], Decimal(1))


def _spread(points: list[Any], step: Any) -> list[Any]:
    between = [low + (high - low) / 2 for low, high in itertools.pairwise(points)]
    return [points[0] - step, *points, *between, points[-1] + step]


def _days(points: list[date]) -> list[Any]:
    between = [low + (high - low) // 2 for low, high in itertools.pairwise(points)]
    below = [points[0] - timedelta(days=1)] if points[0] > date.min else []
    above = [points[-1] + timedelta(days=1)] if points[-1] < date.max else []
    return [*below, *points, *(day for day in between if day not in points), *above]


def _truth(node: t.Typed, case: Case) -> Truth:
    """What a condition comes to in a case."""
    match node:
        case t.Constant():
            return None if node.value is None else bool(node.value)
        case t.Not():
            inner = _truth(node.item, case)
            return None if inner is None else not inner
        case t.Logical():
            return _logical(node.operator, [_truth(item, case) for item in node.items])
        case t.Compare() if node not in case:
            return _compared(node, case)
        case t.IsBlank():
            return (_value(node.item, case) is None) != node.negated
        case t.Range() if node not in case:
            value = _value(node.item, case)
            return None if value is None else _value(node.low, case) <= value <= _value(node.high, case)
        case t.OneOf() if node not in case:
            value = _value(node.item, case)
            return None if value is None else value in [_value(option, case) for option in node.options]
    found: Truth = case[node]
    return found


def _value(node: t.Typed, case: Case) -> Any:
    return node.value if isinstance(node, t.Constant) else case[node]


def _logical(word: str, found: Sequence[Truth]) -> Truth:
    """Kleene's and, or."""
    strong = word == "or"
    return strong if strong in found else None if None in found else not strong


def _compared(node: t.Compare, case: Case) -> Truth:
    if _sides(node) is None:
        question = Pair.of(node)
        order = case[question]
        order = order if order is None or question.low == node.left else -order
        return None if order is None else _COMPARE[node.operator](order, 0)
    left, right = _value(node.left, case), _value(node.right, case)
    return None if left is None or right is None else _COMPARE[node.operator](left, right)
