"""Tables of gates: what people ticked off, and who let a record pass without."""

import sqlalchemy as sa
from sqlalchemy.sql.elements import quoted_name

from dougong.derive.columns import Kinds, column, id_column, index, index_name, table


def action_table(metadata: sa.MetaData, k: Kinds) -> sa.Table:
    """One row for each time an action was done; `undone_at` when it was withdrawn. `latitude`, `longitude` in millionths of a degree."""
    name = "dg_action"
    stands = sa.text("undone_at IS NULL")
    key = ("object", "record_id", "action")
    done_once = sa.Index(
        quoted_name(index_name(name, key, "standing"), True),
        *(quoted_name(c, True) for c in key),
        unique=True,
        sqlite_where=stands,
        postgresql_where=stands,
    )
    return table(
        metadata,
        name,
        id_column(k),
        column("object", k.text, null=False),
        column("record_id", k.integer, null=False),
        column("action", k.text, null=False),
        column("done_at", k.instant, null=False),
        column("done_by", k.integer),
        column("place", k.text),
        column("latitude", k.integer),
        column("longitude", k.integer),
        column("undone_at", k.instant),
        column("undone_by", k.integer),
        column("release", k.integer, null=False),
        done_once,
        index(name, "object", "record_id", "id"),
    )


def exception_table(metadata: sa.MetaData, k: Kinds) -> sa.Table:
    """One row for each exception; the newest of a stage's item counts, until `until_at`."""
    name = "dg_exception"
    return table(
        metadata,
        name,
        id_column(k),
        column("object", k.text, null=False),
        column("record_id", k.integer, null=False),
        column("pipeline", k.text, null=False),
        column("stage", k.text, null=False),
        column("item", k.text, null=False),
        column("reason", k.text, null=False),
        column("until_at", k.instant, null=False),
        column("granted_at", k.instant, null=False),
        column("granted_by", k.integer),
        column("release", k.integer, null=False),
        index(name, "object", "record_id", "id"),
    )
