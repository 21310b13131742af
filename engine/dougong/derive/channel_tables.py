"""Tables of the doors to the outside: what came in, and what was said on channels in both directions."""

import sqlalchemy as sa

from dougong.derive.columns import Kinds, column, id_column, index, table


def received_table(metadata: sa.MetaData, k: Kinds) -> sa.Table:
    """Everything that came in with a good signature; nothing of it is lost.

    `door` is `channel:NAME` or `webhook:NAME`; `external_id` what the sender calls it: the same is taken in once. `state`: done, nobody
    (no record, or nobody who is known), malformed (the body cannot be read), refused (a rule said no); `problems` say why.
    """
    name = "dg_received"
    return table(
        metadata,
        name,
        id_column(k),
        column("door", k.text, null=False),
        column("external_id", k.text, null=False),
        column("at", k.instant, null=False),
        column("body", k.text, null=False),
        column("state", k.text, null=False),
        column("problems", k.json),
        column("object", k.text),
        column("record_id", k.integer),
        index(name, "door", "external_id", unique=True),
        index(name, "state", "id"),
        index(name, "state", "at"),
    )


def conversation_table(metadata: sa.MetaData, k: Kinds) -> sa.Table:
    """One message on a channel. `direction`: in, out; `at` is when it was said; `object` and `record_id` (a user, too) whom it concerns.

    `received` is the row of what came in, `job` the job that delivers what goes out.
    """
    name = "dg_conversation"
    return table(
        metadata,
        name,
        id_column(k),
        column("channel", k.text, null=False),
        column("direction", k.text, null=False),
        column("object", k.text),
        column("record_id", k.integer),
        column("address", k.text, null=False),
        column("text", k.text, null=False),
        column("at", k.instant, null=False),
        column("received", k.integer),
        column("job", k.integer),
        index(name, "object", "record_id", "id"),
        index(name, "received"),
    )
