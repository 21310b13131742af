"""The indexes of one table, before and after."""

from collections.abc import Iterator, Mapping

from dougong.plan.layout import TableLayout
from dougong.plan.operations import AddIndex, DropIndex, Operation


def diff_indexes(table: str, old: TableLayout, new: TableLayout, came_from: Mapping[str, str]) -> Iterator[Operation]:
    """Operations on the table that is called `table` so far; `came_from` maps new column names to old ones.

    An index is known by its name, and its name says table and columns: a renamed column gets a new index and loses the old one.
    """
    for name, index in new.indexes.items():
        if old.indexes.get(name) != index:
            columns = tuple(came_from.get(c, c) for c in index.columns)
            yield AddIndex(table=table, index=name, columns=columns, unique=index.unique)
    for name, index in old.indexes.items():
        if new.indexes.get(name) != index:
            yield DropIndex(table=table, index=name)
