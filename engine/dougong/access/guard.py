"""A person's own expression (a filter) made to see only what the person may see.

Names that the person never sees are not even known to the checker (`visible_members`). Here every remaining look is guarded: a cell is read
only where a grant shows it, a row behind a link or in a list takes part only where a grant gives it. Null stands for the rest.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from dougong_dsl.expression import Expression
from dougong_dsl.expression.typed import Acting, Aggregate, Case, Children, Constant, Get, Here, Past, Records, Row, Typed
from dougong_dsl.expression.types import Boolean

from dougong.access.grants import Rights
from dougong.access.rebase import all_of, any_of, rebased, rebuilt

ReadRights = Callable[[str], Rights]


def guarded(expression: Expression, rights: ReadRights) -> Expression:
    """The expression with every cell and every row it looks at checked against the reader's rights.

    The rows of the expression's own record are not checked: the query adds that predicate itself.
    """
    return replace(expression, root=_guard(expression.root, rights, 0))


def cell_condition(rights: Rights, name: str, row: Row, depth: int, *, row_is_given: bool) -> Typed | None:
    """When `name` of `row` may be read as it is; None: always. `row_is_given` says that some grant already gives the row."""
    showing = [s for s in rights.shares if name in s.clear]
    if any(s.where is None for s in showing):
        return None
    if row_is_given and len(showing) == len(rights.shares) and showing:
        return None
    return any_of([rebased(s.where.root, row, depth) for s in showing if s.where is not None])


def _guard(node: Any, rights: ReadRights, depth: int) -> Any:
    if isinstance(node, Aggregate):
        return _aggregate(node, rights, depth)
    if isinstance(node, Get) and not isinstance(node.row, Acting):
        return _cell(node, rights, depth)
    if isinstance(node, Past):
        return _past(node, rights, depth)
    return rebuilt(node, lambda inner: _guard(inner, rights, depth))


def _cell(node: Get, rights: ReadRights, depth: int) -> Typed:
    row: Row = _guard(node.row, rights, depth)
    read = replace(node, row=row, nullable=True)
    condition = cell_condition(rights(node.row.object), node.name, row, depth, row_is_given=isinstance(row, Here))
    if condition is None:
        return read
    return Case(type=node.type, branches=((condition, read),), default=Constant(type=node.type, value=None))


def _past(node: Past, rights: ReadRights, depth: int) -> Typed:
    """A fact of the history is there where the cells that it tells about are."""
    row: Row = _guard(node.row, rights, depth)
    read = replace(node, row=row, nullable=True)
    given = rights(node.row.object)
    asked = [cell_condition(given, name, row, depth, row_is_given=isinstance(row, Here)) for name in node.cells]
    conditions = list(dict.fromkeys(c for c in asked if c is not None))
    if not conditions:
        return read
    return Case(type=node.type, branches=((all_of(conditions), read),), default=Constant(type=node.type, value=None))


def _aggregate(node: Aggregate, rights: ReadRights, depth: int) -> Typed:
    """The list takes only rows that the reader may see and whose link, through which they are reached, the reader may see too."""
    rows: Children = replace(node.rows, row=_guard(node.rows.row, rights, depth))
    here = Here(object=node.rows.object, depth=node.depth)
    if isinstance(node.rows, Records):
        visible = _row_condition(rights(node.rows.object), here, node.depth)
    else:
        visible = cell_condition(rights(node.rows.object), node.rows.through, here, node.depth, row_is_given=False)
    where = _guard(node.where, rights, node.depth) if node.where is not None else None
    body = _guard(node.body, rights, node.depth) if node.body is not None else None
    if node.kind in ("any", "all"):
        where, body = (where if where is not None else body), None
    if visible is not None:
        where = _only(node.kind, visible, where)
    order = _guard(node.order, rights, node.depth) if node.order is not None else None
    return replace(node, rows=rows, body=body, where=where, order=order)


def _row_condition(rights: Rights, row: Row, depth: int) -> Typed | None:
    """When a row may be seen at all; None: always."""
    if any(s.where is None for s in rights.shares):
        return None
    return any_of([rebased(s.where.root, row, depth) for s in rights.shares if s.where is not None])


def _only(kind: str, visible: Typed, where: Typed | None) -> Typed:
    """`where` on the visible rows: the others do not count, for `all` they do not count against it."""
    if where is None:
        return visible
    if kind != "all":
        return all_of([visible, where])
    return Case(type=Boolean(), branches=((visible, where),), default=Constant(type=Boolean(), nullable=False, value=True))
