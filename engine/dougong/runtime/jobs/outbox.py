"""Leaving work for later, in the transaction of the write that wants it: the job is there when the write is, and is not when it is not."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import orjson
from croniter import croniter

from dougong.database.connection import Connection
from dougong.database.instants import instant_to_db
from dougong.refusals import refuse
from dougong.runtime.jobs import refusals as codes
from dougong.runtime.jobs import texts
from dougong.runtime.jobs.texts import text
from dougong.runtime.unit import Unit

DEFAULT_QUEUE = "default"
State = Literal["waiting", "running", "done", "dead", "cancelled"]


def enqueue(
    unit: Unit,
    kind: str,
    payload: Mapping[str, Any],
    *,
    key: str | None = None,
    at: datetime | None = None,
    queue: str = DEFAULT_QUEUE,
    cron: str | None = None,
) -> int:
    """Leave a job in the unit's transaction; its id. `payload` is JSON, for the handler of `kind`.

    `key` names the effect: a second job with the same key is the first one (also when that is done, for as long as done jobs are kept), and
    whoever receives the effect is told the key with every delivery. `at` (aware): not before this instant. `cron` ("0 9 * * 1-5", in the
    app's zone): when it is done, again at the next of these moments; the first run is `at`, without it the next moment. `Refused` R801.
    """
    due = at or unit.now
    if cron is not None:
        if not croniter.is_valid(cron):
            raise refuse(codes.BAD_CRON, cron=cron)
        due = at or next_moment(cron, unit.now, unit.reading.zone)
    connection = unit.connection
    values = {
        "kind": kind,
        "queue": queue,
        "key": key or secrets.token_hex(16),
        "payload": orjson.dumps(payload).decode(),
        "due_at": instant_to_db(due, connection.dialect),
        "cron": cron,
        "now": unit.driver_now,
    }
    insert = texts.INSERT if connection.dialect == "sqlite" else texts.INSERT_AND_NOTIFY
    row = connection.one(text(insert, connection.dialect), values)
    unit.leaves_work = True
    if row is None:
        row = connection.one(text(texts.BY_KEY, connection.dialect), {"key": key})
        assert row is not None  # the one that was there before
    return int(row[0])


def cancel(unit: Unit, job: int) -> bool:
    """Take back a job that has not been started, or is dead; whether it could be."""
    connection = unit.connection
    done = connection.run(text(texts.CANCEL, connection.dialect), {"id": job, "now": unit.driver_now}) == 1
    if done:
        log(connection, job, "cancelled", at=unit.now, actor=unit.actor.id)
    return done


def status(connection: Connection, job: int) -> State | None:
    """What became of a job; None when there is none (any more)."""
    row = connection.one(text(texts.STATE, connection.dialect), {"id": job})
    found: State | None = None if row is None else "waiting" if row[0] == "queued" else row[0]
    return found


def next_moment(cron: str, after: datetime, zone: Any) -> datetime:
    """The first moment of a cron line after an instant; the line's hours are those of `zone`."""
    moment: datetime = croniter(cron, after.astimezone(zone)).get_next(datetime)
    return moment.astimezone(after.tzinfo)


def log(
    connection: Connection,
    job: int,
    outcome: str,
    *,
    at: datetime,
    started: datetime | None = None,
    error: str | None = None,
    worker: str | None = None,
    actor: int | None = None,
    payload: str | None = None,
) -> None:
    """A line of the job's story."""
    dialect = connection.dialect
    connection.run(
        text(texts.ATTEMPT, dialect),
        {
            "job": job,
            "started_at": None if started is None else instant_to_db(started, dialect),
            "at": instant_to_db(at, dialect),
            "outcome": outcome,
            "error": error,
            "worker": worker,
            "actor": actor,
            "payload": payload,
        },
    )
