"""The table of what happened in pools: records that came in, that were claimed, and that were looked at."""

import sqlalchemy as sa

from dougong.derive.columns import Kinds, column, id_column, index, table


def pool_log_table(metadata: sa.MetaData, k: Kinds) -> sa.Table:
    """`kind`: in (`user_id` had the record before), claim, view (`user_id` did that); `day` is the app's day, as `2026-03-01`.

    `reason`: the words of whoever gave it up; `trigger`: what took it instead.
    """
    name = "dg_pool_log"
    return table(
        metadata,
        name,
        id_column(k),
        column("pool", k.text, null=False),
        column("object", k.text, null=False),
        column("record_id", k.integer, null=False),
        column("kind", k.text, null=False),
        column("user_id", k.integer),
        column("at", k.instant, null=False),
        column("day", k.text, null=False),
        column("reason", k.text),
        column("trigger", k.text),
        index(name, "user_id", "pool", "day"),
        index(name, "object", "record_id", "id"),
    )
