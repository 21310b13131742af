"""Tables of what triggers did: the log of every firing, and the moves that they propose."""

import sqlalchemy as sa

from dougong.derive.columns import Kinds, column, id_column, index, table


def trigger_log_table(metadata: sa.MetaData, k: Kinds) -> sa.Table:
    """One row for each firing.

    `cause`, `cause_id`, `actor`: whose write set it off; `chain`: [trigger, record id] of those that led here; `seen`: the values that its
    conditions looked at; `did`: one entry for each action; `refused`: why nothing came of it, when it was refused as a whole.
    """
    name = "dg_trigger_log"
    return table(
        metadata,
        name,
        id_column(k),
        column("trigger", k.text, null=False),
        column("object", k.text),
        column("record_id", k.integer),
        column("event", k.text, null=False),
        column("at", k.instant, null=False),
        column("release", k.integer, null=False),
        column("actor", k.integer),
        column("cause", k.text, null=False),
        column("cause_id", k.text),
        column("chain", k.json, null=False),
        column("seen", k.json, null=False),
        column("did", k.json, null=False),
        column("refused", k.json),
        index(name, "trigger", "id"),
        index(name, "object", "record_id", "id"),
    )


def proposal_table(metadata: sa.MetaData, k: Kinds) -> sa.Table:
    """Moves that wait for somebody's yes. `outcome`: accepted, declined, moved or deleted (the record was); null while open. `text` is Chinese, `text_en` null where it is the same."""
    name = "dg_proposal"
    return table(
        metadata,
        name,
        id_column(k),
        column("for_user", k.integer, null=False),
        column("object", k.text, null=False),
        column("record_id", k.integer, null=False),
        column("from_stage", k.text, null=False),
        column("to_stage", k.text, null=False),
        column("text", k.text),
        column("text_en", k.text),
        column("trigger", k.text, null=False),
        column("created_at", k.instant, null=False),
        column("outcome", k.text),
        column("done_at", k.instant),
        column("done_by", k.integer),
        index(name, "for_user", "done_at"),
        index(name, "object", "record_id"),
    )
