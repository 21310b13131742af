"""The names that generated Python may use: the operations of `values`, and null-aware reading of rows and lists."""

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from dougong_dsl.expression import history, letters, periods, pinyin, texts, values, working_times


def read(row: Mapping[str, Any] | None, name: str) -> Any:
    """A field of a row that may not be there."""
    return None if row is None else row[name]


def linked(context: Any, object_name: str, id: int | None) -> Mapping[str, Any] | None:
    """The record behind a link that may be null."""
    return None if id is None else context.follow(object_name, id)


def rows(context: Any, object_name: str, through: str, id: int | None) -> Sequence[Mapping[str, Any]]:
    """Child rows of a record that may not be there."""
    return () if id is None else context.children(object_name, through, id)


def found(context: Any, object_name: str, equal: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Records whose fields hold given values; a null value equals nothing."""
    return () if None in equal.values() else context.records(object_name, equal)


def within(context: Any, object_name: str, id: int | None, above: int) -> bool:
    """Whether a record of a tree is another one or below it."""
    seen: set[int] = set()
    while id is not None and id != above and id not in seen:
        seen.add(id)
        id = read(context.follow(object_name, id), "parent")
    return id == above


def next_number(context: Any, rule: str) -> str | None:
    """The next number of a rule; None where nothing is written."""
    number: str | None = context.next_number(rule)
    return number


def listed(value: Sequence[Any] | None) -> Sequence[Any]:
    """A list value; null is the empty list."""
    return value or ()


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern of `patterns.regular`, made once."""
    return re.compile(pattern)


@lru_cache(maxsize=1024)
def pieces(spec: str) -> Sequence[tuple[str, bool]]:
    """The pieces of a layout for dates, from their JSON."""
    return [(text, is_field) for text, is_field in json.loads(spec)]


def one_of(item: Any, *options: Any) -> bool | None:
    """Kleene `in` over options that may be null."""
    if item is None:
        return None
    return True if item in [option for option in options if option is not None] else None if None in options else False


def in_range(item: Any, low: Any, high: Any) -> bool | None:
    """Kleene `low <= item <= high`."""
    if item is None:
        return None
    if (low is not None and item < low) or (high is not None and item > high):
        return False
    return None if low is None or high is None else True


def _present(items: Sequence[Any]) -> list[Any]:
    return [item for item in items if item is not None]


def sum_of(items: Sequence[Any]) -> Any:
    """The exact sum without the nulls."""
    return values.total(items)


def average_of(items: Sequence[Any]) -> Any:
    """The average at ten places without the nulls; None for nothing."""
    present = _present(items)
    return values.divide_wide(values.total(present), len(present)) if present else None


def min_of(items: Sequence[Any]) -> Any:
    """The smallest without the nulls; None for nothing."""
    return min(_present(items), default=None)


def max_of(items: Sequence[Any]) -> Any:
    """The greatest without the nulls; None for nothing."""
    return max(_present(items), default=None)


def distinct_of(items: Sequence[Any]) -> int:
    """How many different values there are, without the nulls."""
    return len(set(_present(items)))


def first_of(items: Sequence[tuple[Any, int, Any]]) -> Any:
    """Of (order, id, value) the value that comes first; those without an order come last."""
    ordered = [item for item in items if item[0] is not None]
    if ordered:
        return min(ordered, key=lambda item: (item[0], item[1]))[2]
    return min(items, key=lambda item: item[1], default=(0, 0, None))[2]


def last_of(items: Sequence[tuple[Any, int, Any]]) -> Any:
    """Of (order, id, value) the value that comes last; those without an order never win over one with."""
    ordered = [item for item in items if item[0] is not None]
    if ordered:
        return max(ordered, key=lambda item: (item[0], item[1]))[2]
    return max(items, key=lambda item: item[1], default=(0, 0, None))[2]


def minimum(*items: Any) -> Any:
    """The smallest argument that is not null."""
    return min_of(items)


def maximum(*items: Any) -> Any:
    """The greatest argument that is not null."""
    return max_of(items)


NAMES: dict[str, Any] = {
    **{name: value for name, value in vars(values).items() if callable(value) and not name.startswith("_") and name.islower()},
    **{
        f.__name__: f
        for module in (texts, periods, letters, history, working_times)
        for f in vars(module).values()
        if getattr(f, "__module__", None) == module.__name__
    },
    **{
        f.__name__: f
        for f in (
            read,
            linked,
            rows,
            found,
            within,
            next_number,
            pinyin.pinyin,
            listed,
            first_of,
            last_of,
            distinct_of,
            compiled,
            pieces,
            one_of,
            in_range,
            sum_of,
            average_of,
            min_of,
            max_of,
            minimum,
            maximum,
        )
    },
}
