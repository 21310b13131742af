"""The table of what happened to the parts of records."""

import sqlalchemy as sa

from dougong.derive.columns import Kinds, column, id_column, index, table


def split_log_table(metadata: sa.MetaData, k: Kinds) -> sa.Table:
    """`object` and `record_id` are the whole, `part` and `part_id` the part; `kind`: came, changed, left.

    `title` is what the part was called then, `sums`: name → [old, new] in JSON values.
    """
    name = "dg_split_log"
    return table(
        metadata,
        name,
        id_column(k),
        column("object", k.text, null=False),
        column("record_id", k.integer, null=False),
        column("part", k.text, null=False),
        column("part_id", k.integer, null=False),
        column("kind", k.text, null=False),
        column("title", k.text),
        column("sums", k.json, null=False),
        column("at", k.instant, null=False),
        column("actor", k.integer),
        index(name, "object", "record_id", "id"),
    )
