"""The table of points that actions gave: it only grows."""

import sqlalchemy as sa

from dougong.derive.columns import Kinds, column, id_column, index, table


def points_table(metadata: sa.MetaData, k: Kinds) -> sa.Table:
    """One row each time: how many points of which score, why (Chinese; `because_en` null where it is the same), by which trigger."""
    name = "dg_points"
    return table(
        metadata,
        name,
        id_column(k),
        column("object", k.text, null=False),
        column("record_id", k.integer, null=False),
        column("score", k.text, null=False),
        column("points", k.integer, null=False),
        column("because", k.text, null=False),
        column("because_en", k.text),
        column("trigger", k.text, null=False),
        column("actor", k.integer),
        column("at", k.instant, null=False),
        index(name, "object", "record_id", "id"),
    )
