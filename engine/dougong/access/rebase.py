"""Typed trees moved to another row: a grant's condition speaks of its own record; behind a link or in a list it must speak of that one."""

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from typing import Any, TypeVar

from dougong_dsl.expression.typed import Aggregate, Constant, Here, Logical, Row, Typed
from dougong_dsl.expression.types import Boolean

Node = TypeVar("Node", bound="Typed | Row")


def rebuilt(node: Node, change: Callable[[Any], Any]) -> Node:
    """The node with `change` done to every node and row directly below it."""
    new: dict[str, Any] = {}
    for each in fields(node):
        value = getattr(node, each.name)
        changed = _changed(value, change)
        if changed is not value:
            new[each.name] = changed
    return replace(node, **new) if new else node


def _changed(value: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(value, Typed | Row):
        return change(value)
    if isinstance(value, tuple) and any(isinstance(item, Typed | Row | tuple) for item in value):
        return tuple(_changed(item, change) for item in value)
    return value


def rebased(condition: Typed, row: Row, depth: int) -> Typed:
    """`condition` about `row` instead of its own record, to stand inside of `depth` list functions.

    A row behind a link may be missing, so nothing in it counts as never null any more.
    """

    def change(node: Any) -> Any:
        if isinstance(node, Here):
            return row if node.depth == 0 else replace(node, depth=node.depth + depth)
        node = rebuilt(node, change)
        if isinstance(node, Aggregate):
            node = replace(node, depth=node.depth + depth)
        return replace(node, nullable=True) if isinstance(node, Typed) and not isinstance(node, Constant) else node

    result: Typed = change(condition)
    return result


def any_of(conditions: Sequence[Typed]) -> Typed:
    """True when one of the conditions is; false when there is none."""
    if not conditions:
        return Constant(type=Boolean(), nullable=False, value=False)
    return conditions[0] if len(conditions) == 1 else Logical(type=Boolean(), operator="or", items=tuple(conditions))


def all_of(conditions: Sequence[Typed]) -> Typed:
    """True when all conditions are."""
    if not conditions:
        return Constant(type=Boolean(), nullable=False, value=True)
    return conditions[0] if len(conditions) == 1 else Logical(type=Boolean(), operator="and", items=tuple(conditions))
