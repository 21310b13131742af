"""Tables of approvals: one row for each that was started, and one for each person who was asked."""

import sqlalchemy as sa
from sqlalchemy.sql.elements import quoted_name

from dougong.derive.columns import Kinds, column, id_column, index, index_name, table


def approval_table(metadata: sa.MetaData, k: Kinds) -> sa.Table:
    """`state`: running, approved, rejected, returned or withdrawn. `step` counts from 0, `round` grows when a step is returned to.

    `steps`, `locked`, `same_person` and `own` are what the definition said when it was started; `snapshot` the record's values then, where
    conditions read those. `needed`: how many must still agree in the step, null for all who are asked. `left_stage`: the stage that the record
    left, where that has ended it.
    `heir`: who hears of it, and may withdraw it, since the submitter has left.
    """
    name = "dg_approval"
    running = sa.text("state = 'running'")
    one_runs = sa.Index(
        quoted_name(index_name(name, ("object", "record_id", "name"), "running"), True),
        *(quoted_name(c, True) for c in ("object", "record_id", "name")),
        unique=True,
        sqlite_where=running,
        postgresql_where=running,
    )
    return table(
        metadata,
        name,
        id_column(k),
        column("name", k.text, null=False),
        column("object", k.text, null=False),
        column("record_id", k.integer, null=False),
        column("state", k.text, null=False),
        column("step", k.integer, null=False),
        column("round", k.integer, null=False),
        column("steps", k.json, null=False),
        column("locked", k.json, null=False),
        column("snapshot", k.json),
        column("text", k.text, null=False),
        column("text_en", k.text),
        column("submitted_by", k.integer),
        column("started_at", k.instant, null=False),
        column("ended_at", k.instant),
        column("release", k.integer, null=False),
        column("same_person", k.text),
        column("own", k.boolean),
        column("needed", k.integer),
        column("left_stage", k.text),
        column("heir", k.integer),
        one_runs,
        index(name, "object", "record_id", "id"),
    )


def approval_task_table(metadata: sa.MetaData, k: Kinds) -> sa.Table:
    """`user_id` is who is asked, `for_user` in whose place, when somebody stands in; `kind`: step, before, after (added signers), escalated, transferred.

    `state`: open, waiting (for the signer `behind`), approved, rejected, returned (to `to_step`), transferred, escalated or cancelled.
    `asked_by`: who passed it on or added the signer, with the words `note`; null when the definition asks.
    """
    name = "dg_approval_task"
    return table(
        metadata,
        name,
        id_column(k),
        column("approval_id", k.integer, null=False),
        column("step", k.integer, null=False),
        column("round", k.integer, null=False),
        column("user_id", k.integer, null=False),
        column("for_user", k.integer),
        column("kind", k.text, null=False),
        column("state", k.text, null=False),
        column("behind", k.integer),
        column("comment", k.text),
        column("asked_at", k.instant, null=False),
        column("decided_at", k.instant),
        column("decided_by", k.integer),
        column("to_step", k.integer),
        column("asked_by", k.integer),
        column("note", k.text),
        index(name, "approval_id", "id"),
        index(name, "user_id", "state"),
    )
