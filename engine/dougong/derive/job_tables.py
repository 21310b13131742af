"""Tables of the outbox: what is to happen outside of the database, and every attempt at it."""

import sqlalchemy as sa

from dougong.derive.columns import Kinds, column, id_column, index, table


def job_table(metadata: sa.MetaData, k: Kinds) -> sa.Table:
    """`state`: waiting, queued (handed to procrastinate), running, done, dead, cancelled. `key` names the effect, for whoever receives it.

    `tries` counts from the last time a person sent it; `claimed_…` tell which worker runs it, until when it is believed to live.
    """
    name = "dg_job"
    return table(
        metadata,
        name,
        id_column(k),
        column("kind", k.text, null=False),
        column("queue", k.text, null=False),
        column("key", k.text, null=False),
        column("payload", k.json, null=False),
        column("state", k.text, null=False),
        column("due_at", k.instant, null=False),
        column("cron", k.text),
        column("created_at", k.instant, null=False),
        column("tries", k.integer, null=False, default="0"),
        column("claimed_by", k.text),
        column("claimed_at", k.instant),
        column("claimed_until", k.instant),
        column("ended_at", k.instant),
        column("error", k.text),
        index(name, "key", unique=True),
        index(name, "state", "due_at"),
    )


def job_attempt_table(metadata: sa.MetaData, k: Kinds) -> sa.Table:
    """What became of a job, line by line. `outcome`: done, failed, dead, lost (its worker died), deferred (too early), mended, resent, cancelled.

    `worker` did it, or the user `actor`; `payload` is what a mended job said before.
    """
    name = "dg_job_attempt"
    return table(
        metadata,
        name,
        id_column(k),
        column("job", k.integer, null=False),
        column("started_at", k.instant),
        column("at", k.instant, null=False),
        column("outcome", k.text, null=False),
        column("error", k.text),
        column("worker", k.text),
        column("actor", k.integer),
        column("payload", k.json),
        index(name, "job"),
    )
