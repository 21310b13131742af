"""Tables of what people have to do and are told: to-dos, absences, messages and how they want them, comments."""

import sqlalchemy as sa

from dougong.derive.columns import Kinds, column, id_column, index, table


def todo_table(metadata: sa.MetaData, k: Kinds) -> sa.Table:
    """`for_user` 0: nobody has claimed it yet; then `for_role` or `for_team` (with the teams below) say who may.

    `text` is Chinese; `text_en` is null where the English text is the same. `stage`: it is cleared when the record leaves that stage.
    `how` tells what ended it: finished (by a person), left (the stage), closed, deleted, answered (`form` was submitted about the record). `instead_of` is the
    absent person whose substitute has it; `reminded_at` and `escalated_at` that its people, and then their manager, were told it is late.
    """
    name = "dg_todo"
    return table(
        metadata,
        name,
        id_column(k),
        column("for_user", k.integer, null=False),
        column("object", k.text, null=False),
        column("record_id", k.integer, null=False),
        column("text", k.text, null=False),
        column("text_en", k.text),
        column("trigger", k.text),
        column("created_at", k.instant, null=False),
        column("done_at", k.instant),
        column("done_by", k.integer),
        column("how", k.text),
        column("for_role", k.text),
        column("for_team", k.integer),
        column("claimed_at", k.instant),
        column("instead_of", k.integer),
        column("stage", k.text),
        column("form", k.text),
        column("due_at", k.instant),
        column("reminded_at", k.instant),
        column("escalated_at", k.instant),
        index(name, "for_user", "done_at"),
        index(name, "object", "record_id"),
        index(name, "done_at", "due_at"),
    )


def absence_table(metadata: sa.MetaData, k: Kinds) -> sa.Table:
    """`user_id` is away from `from_at` until before `until_at`; `delegate` acts in the meantime."""
    name = "dg_absence"
    return table(
        metadata,
        name,
        id_column(k),
        column("user_id", k.integer, null=False),
        column("from_at", k.instant, null=False),
        column("until_at", k.instant, null=False),
        column("delegate", k.integer, null=False),
        column("created_at", k.instant, null=False),
        column("created_by", k.integer),
        index(name, "user_id", "until_at"),
        index(name, "delegate"),
    )


def message_table(metadata: sa.MetaData, k: Kinds) -> sa.Table:
    """One message in one inbox. `key` names the effect: the same message is not left twice.

    `digest_at`: when it went into a digest. `file`: what came with it.
    """
    name = "dg_message"
    return table(
        metadata,
        name,
        id_column(k),
        column("for_user", k.integer, null=False),
        column("kind", k.text, null=False),
        column("object", k.text),
        column("record_id", k.integer),
        column("text", k.text, null=False),
        column("text_en", k.text),
        column("key", k.text),
        column("sender", k.integer),
        column("created_at", k.instant, null=False),
        column("read_at", k.instant),
        column("digest_at", k.instant),
        column("file", k.integer),
        index(name, "for_user", "read_at"),
        index(name, "for_user", "key", unique=True),
        index(name, "object", "record_id"),
    )


def preference_table(metadata: sa.MetaData, k: Kinds) -> sa.Table:
    """How a user wants to be told: `muted` is a JSON list of `channel:kind`; times of day are `HH:MM` in the app's zone."""
    name = "dg_preference"
    return table(
        metadata,
        name,
        id_column(k),
        column("user_id", k.integer, null=False),
        column("muted", k.json, null=False),
        column("quiet_from", k.text),
        column("quiet_until", k.text),
        column("digest_at", k.text),
        index(name, "user_id", unique=True),
    )


def comment_table(metadata: sa.MetaData, k: Kinds) -> sa.Table:
    """What somebody said about a record; one that was deleted keeps its row without the text."""
    name = "dg_comment"
    return table(
        metadata,
        name,
        id_column(k),
        column("object", k.text, null=False),
        column("record_id", k.integer, null=False),
        column("author", k.integer, null=False),
        column("text", k.text),
        column("created_at", k.instant, null=False),
        column("edited_at", k.instant),
        column("deleted_at", k.instant),
        index(name, "object", "record_id", "id"),
        index(name, "author"),
    )
