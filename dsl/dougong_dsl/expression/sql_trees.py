"""Trees in SQL: everything below a record, found by one recursive query that a circle cannot trap."""

from typing import Any

from sqlalchemy import ColumnElement, FromClause

from dougong_dsl.expression.sql_numbers import NumberWriter


def within(writer: NumberWriter, tree: FromClause, item: ColumnElement[Any], above: ColumnElement[Any]) -> ColumnElement[Any]:
    """Whether the record `item` of a tree is `above` or below it; both are ids."""
    start = "{1}" if writer.dialect == "sqlite" else "CAST({1} AS BIGINT)"
    table: str = getattr(tree, "name")  # noqa: B009  # tables of records have one, says SQLAlchemy only at run time
    below = f'SELECT {start} UNION SELECT dg_b."id" FROM "{table}" dg_b JOIN dg_below ON dg_b."parent" = dg_below."id"'
    return writer.condition(f'({{0}} IN (WITH RECURSIVE dg_below("id") AS ({below}) SELECT "id" FROM dg_below))', item, above)
