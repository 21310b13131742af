"""The engine's own tables, `dg_…`: releases, sign-in, history, to-dos, files, counters.

Instants and JSON are kept as everywhere (see docs/architecture.md, "Values"): text on SQLite, TIMESTAMPTZ(3) and JSONB on PostgreSQL.
The tables are the same for every app; only `dg_user` also carries the fields that the app declares for its users.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from dougong.database.text import Dialect
from dougong.derive import people_tables
from dougong.derive.approval_tables import approval_table, approval_task_table
from dougong.derive.channel_tables import conversation_table, received_table
from dougong.derive.columns import Kinds, column, id_column, index, table
from dougong.derive.due_tables import due_table
from dougong.derive.gate_tables import action_table, exception_table
from dougong.derive.job_tables import job_attempt_table, job_table
from dougong.derive.pool_tables import pool_log_table
from dougong.derive.score_tables import points_table
from dougong.derive.split_tables import split_log_table
from dougong.derive.trigger_tables import proposal_table, trigger_log_table

USER_TABLE = "dg_user"
TEAM_TABLE = "dg_team"


@dataclass(frozen=True, slots=True)
class EngineTables:
    """The engine's tables of one MetaData."""

    release: sa.Table
    user: sa.Table
    team: sa.Table
    session: sa.Table
    token: sa.Table
    change: sa.Table
    stage_log: sa.Table
    todo: sa.Table
    absence: sa.Table
    message: sa.Table
    preference: sa.Table
    comment: sa.Table
    file: sa.Table
    sequence: sa.Table
    idempotency: sa.Table
    approval: sa.Table
    approval_task: sa.Table
    action: sa.Table
    exception: sa.Table
    due: sa.Table
    trigger_log: sa.Table
    proposal: sa.Table
    pool_log: sa.Table
    split_log: sa.Table
    points: sa.Table
    job: sa.Table
    job_attempt: sa.Table
    received: sa.Table
    conversation: sa.Table


def build_engine_tables(metadata: sa.MetaData, dialect: Dialect, user: sa.Table, team: sa.Table) -> EngineTables:
    """All of them in `metadata`, beside the tables of users and teams that were made from the app."""
    k = Kinds(dialect)
    return EngineTables(
        release=_release(metadata, k),
        user=user,
        team=team,
        session=_session(metadata, k),
        token=_token(metadata, k),
        change=_change(metadata, k),
        stage_log=_stage_log(metadata, k),
        todo=people_tables.todo_table(metadata, k),
        absence=people_tables.absence_table(metadata, k),
        message=people_tables.message_table(metadata, k),
        preference=people_tables.preference_table(metadata, k),
        comment=people_tables.comment_table(metadata, k),
        file=_file(metadata, k),
        sequence=_sequence(metadata, k),
        idempotency=_idempotency(metadata, k),
        approval=approval_table(metadata, k),
        approval_task=approval_task_table(metadata, k),
        action=action_table(metadata, k),
        exception=exception_table(metadata, k),
        due=due_table(metadata, k),
        trigger_log=trigger_log_table(metadata, k),
        proposal=proposal_table(metadata, k),
        pool_log=pool_log_table(metadata, k),
        split_log=split_log_table(metadata, k),
        points=points_table(metadata, k),
        job=job_table(metadata, k),
        job_attempt=job_attempt_table(metadata, k),
        received=received_table(metadata, k),
        conversation=conversation_table(metadata, k),
    )


def user_columns(k: Kinds) -> list[sa.Column[Any]]:
    """What every user has, whatever the app says; the app's own fields of the same names take their place."""
    return [
        column("login", k.text),
        column("name", k.text),
        column("email", k.text),
        column("roles", k.texts),
        column("manager", k.integer),
        column("active", k.boolean),
        column("password_hash", k.text),
        column("language", k.text),
        column("team", k.integer),
        column("calendar", k.text),
    ]


def team_columns(k: Kinds) -> list[sa.Column[Any]]:
    """What every team has."""
    return [column("name", k.text), column("parent", k.integer), column("leader", k.integer), column("calendar", k.text)]


def _release(metadata: sa.MetaData, k: Kinds) -> sa.Table:
    """`state` is `applying` while an apply is under way (`step` tells how far it is) and `applied` after it."""
    name = "dg_release"
    return table(
        metadata,
        name,
        id_column(k),
        column("app", k.text, null=False),
        column("version", k.text, null=False),
        column("files", k.json, null=False),
        column("plan", k.json, null=False),
        column("layout", k.json, null=False),
        column("state", k.text, null=False),
        column("step", k.integer, null=False, default="0"),
        column("applied_at", k.instant, null=False),
        column("applied_by", k.text, null=False),
    )


def _session(metadata: sa.MetaData, k: Kinds) -> sa.Table:
    name = "dg_session"
    return table(
        metadata,
        name,
        id_column(k),
        column("token_hash", k.text, null=False),
        column("user_id", k.integer, null=False),
        column("created_at", k.instant, null=False),
        column("seen_at", k.instant, null=False),
        column("expires_at", k.instant, null=False),
        column("agent", k.text),
        index(name, "token_hash", unique=True),
        index(name, "user_id"),
    )


def _token(metadata: sa.MetaData, k: Kinds) -> sa.Table:
    name = "dg_token"
    return table(
        metadata,
        name,
        id_column(k),
        column("token_hash", k.text, null=False),
        column("user_id", k.integer, null=False),
        column("name", k.text, null=False),
        column("created_at", k.instant, null=False),
        column("used_at", k.instant),
        column("expires_at", k.instant),
        column("revoked_at", k.instant),
        index(name, "token_hash", unique=True),
        index(name, "user_id"),
    )


def _change(metadata: sa.MetaData, k: Kinds) -> sa.Table:
    """`kind`: created, updated, moved, deleted; `fields`: name → [old, new] in JSON values."""
    name = "dg_change"
    return table(
        metadata,
        name,
        id_column(k),
        column("object", k.text, null=False),
        column("record_id", k.integer, null=False),
        column("at", k.instant, null=False),
        column("happened_at", k.instant, null=False),
        column("actor", k.integer),
        column("cause", k.text, null=False),
        column("cause_id", k.text),
        column("release", k.integer, null=False),
        column("kind", k.text, null=False),
        column("fields", k.searchable_json, null=False),
        index(name, "object", "record_id", "id"),
    )


def _stage_log(metadata: sa.MetaData, k: Kinds) -> sa.Table:
    """`pipeline` is null for the main one of an object."""
    name = "dg_stage_log"
    return table(
        metadata,
        name,
        id_column(k),
        column("object", k.text, null=False),
        column("record_id", k.integer, null=False),
        column("from_stage", k.text),
        column("to_stage", k.text),
        column("pipeline", k.text),
        column("at", k.instant, null=False),
        column("actor", k.integer),
        column("release", k.integer, null=False),
        index(name, "object", "record_id", "id"),
    )


def _file(metadata: sa.MetaData, k: Kinds) -> sa.Table:
    """`object`, `record_id` and `field` are null until a record takes the file."""
    name = "dg_file"
    return table(
        metadata,
        name,
        id_column(k),
        column("name", k.text, null=False),
        column("media_type", k.text, null=False),
        column("size", k.integer, null=False),
        column("sha256", k.text, null=False),
        column("created_at", k.instant, null=False),
        column("created_by", k.integer),
        column("object", k.text),
        column("record_id", k.integer),
        column("field", k.text),
        index(name, "sha256"),
        index(name, "object", "field"),
    )


def _sequence(metadata: sa.MetaData, k: Kinds) -> sa.Table:
    """Counters of automatic numbers: the last `value` given out for `name` in `period`."""
    name = "dg_sequence"
    return table(
        metadata,
        name,
        id_column(k),
        column("name", k.text, null=False),
        column("period", k.text, null=False),
        column("value", k.integer, null=False),
        index(name, "name", "period", unique=True),
    )


def _idempotency(metadata: sa.MetaData, k: Kinds) -> sa.Table:
    """What a request with this key was answered; `request` is the hash of the request's body."""
    name = "dg_idempotency"
    return table(
        metadata,
        name,
        id_column(k),
        column("user_id", k.integer, null=False),
        column("key", k.text, null=False),
        column("request", k.text, null=False),
        column("status", k.integer, null=False),
        column("response", k.json, null=False),
        column("at", k.instant, null=False),
        index(name, "user_id", "key", unique=True),
        index(name, "at"),
    )
