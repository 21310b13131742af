"""The table of everything that happens by time: one row for each record and rule, and one for each schedule."""

import sqlalchemy as sa
from sqlalchemy.sql.elements import quoted_name

from dougong.derive.columns import Kinds, column, id_column, index, index_name, table

NAME = "dg_due"


def due_table(metadata: sa.MetaData, k: Kinds) -> sa.Table:
    """`open_at` is when the sweep has to look at it, null once it `fired_at` or while it rests; `mark` tells apart what falls on one instant.

    `record_id` is 0 for what hangs on no record: schedules (`key` schedule:…), and how far an object's rules have been worked out (`rules`).
    """
    open_at = quoted_name("open_at", True)
    only_open = sa.text('"open_at" IS NOT NULL')
    picked = sa.Index(
        quoted_name(index_name(NAME, ("open_at",), "index"), True), open_at, sqlite_where=only_open, postgresql_where=only_open
    )
    return table(
        metadata,
        NAME,
        id_column(k),
        column("object", k.text, null=False),
        column("record_id", k.integer, null=False),
        column("key", k.text, null=False),
        column("due_at", k.instant),
        column("start_at", k.instant),
        column("mark", k.text),
        column("open_at", k.instant),
        column("fired_at", k.instant),
        column("attempts", k.integer, null=False, default="0"),
        column("error", k.text),
        column("derivation", k.text),
        index(NAME, "object", "record_id", "key", unique=True),
        picked,
    )
