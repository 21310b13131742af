"""Trees in SQL: everything below a record, found by one recursive query that a circle cannot trap."""

from typing import TYPE_CHECKING, Any, cast

from dougong_dsl.expression import typed
from dougong_dsl.expression.sql_values import Value

if TYPE_CHECKING:
    from dougong_dsl.expression.sql import Writer


def within(writer: "Writer", node: typed.Within) -> Value:
    """Whether a record is another one or below it."""
    item, above = writer.element(node.item), writer.element(node.above)
    table = cast(Any, writer.tables[node.object]).name
    start = "{1}" if writer.dialect == "sqlite" else "CAST({1} AS BIGINT)"
    below = f'SELECT {start} UNION SELECT dg_b."id" FROM "{table}" dg_b JOIN dg_below ON dg_b."parent" = dg_below."id"'
    test = f'({{0}} IN (WITH RECURSIVE dg_below("id") AS ({below}) SELECT "id" FROM dg_below))'
    return Value(writer.condition(test, item, above), node.type)
