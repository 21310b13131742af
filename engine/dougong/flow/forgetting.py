"""What is not kept for ever: jobs that are over, and what came in through doors."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from dougong_dsl.working import Amount, due_before

from dougong.database.instants import instant_to_db
from dougong.engine import Engine
from dougong.model.channels import KEPT_FOR
from dougong.runtime.channels import texts as doors
from dougong.runtime.jobs import texts as jobs

JOBS_KEPT_FOR = timedelta(days=30)
WAITING_KEPT_FOR = Amount(12, "months")
AT_ONCE = 500


def forget_jobs(engine: Engine) -> int:
    """Forget jobs that were done or cancelled 30 days ago, with their attempts; what is dead stays until a person deals with it."""
    dialect = engine.database.dialect
    before = instant_to_db(engine.clock.now() - JOBS_KEPT_FOR, dialect)
    with engine.database.read() as connection:
        found = connection.all(jobs.text(jobs.PURGE, dialect), {"before": before, "limit": AT_ONCE})
    if found:
        with engine.database.write() as connection:
            connection.many(jobs.text(jobs.PURGE_ATTEMPTS, dialect), [{"id": row[0]} for row in found])
            connection.many(jobs.text(jobs.PURGE_JOB, dialect), [{"id": row[0]} for row in found])
    return len(found)


def forget_received(engine: Engine) -> int:
    """Forget what came in as long ago as its channel or webhook says (`keep`); what waits for somebody stays for a year at least.

    From then on the sender's name for it is new again. What was said on a channel stays in the conversation of its record.
    """
    dialect = engine.database.dialect
    with engine.database.read() as connection:
        found: list[tuple[int, ...]] = []
        for door, sql, before in _limits(engine, [door for (door,) in connection.all(doors.text(doors.DOORS, dialect))]):
            values = {"door": door, "before": instant_to_db(before, dialect), "limit": AT_ONCE - len(found)}
            found += connection.all(doors.text(sql, dialect), values) if values["limit"] else []
    if found:
        with engine.database.write() as connection:
            connection.many(doors.text(doors.UNTIE, dialect), [{"id": row[0]} for row in found])
            connection.many(doors.text(doors.FORGET, dialect), [{"id": row[0]} for row in found])
    return len(found)


def _limits(engine: Engine, known: list[str]) -> Iterator[tuple[str, str, datetime]]:
    """(door, statement, instant before which it forgets); a door that the app has no more keeps as long as one that says nothing."""
    app, now = engine.app, engine.clock.now()
    for door in known:
        kind, _, name = door.partition(":")
        declared = app.channels.get(name) if kind == "channel" else app.webhooks.get(name)
        before = due_before(now, KEPT_FOR if declared is None else declared.keep, app.calendar)
        yield door, doors.SETTLED, before
        yield door, doors.UNSETTLED, min(before, due_before(now, WAITING_KEPT_FOR, app.calendar))
