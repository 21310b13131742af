"""What a worker does beside jobs, again and again: each is a function of the engine that says how much it did."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from dougong.database.instants import instant_to_db
from dougong.engine import Engine
from dougong.flow.people import next_reminder, remind
from dougong.flow.sweep import next_due, sweep
from dougong.runtime.jobs import texts
from dougong.runtime.jobs.texts import text

KEPT_FOR = timedelta(days=30)
PURGED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Work:
    """`run` does what there is to do now and gives its amount: above 0 it is asked again at once, else after `every` at the latest.

    `next_due` (None: nothing to wait for) lets the worker wake up in time.
    """

    run: Callable[[Engine], int]
    every: timedelta = timedelta(0)
    next_due: Callable[[Engine], datetime | None] | None = None


def purge(engine: Engine) -> int:
    """Forget jobs that were done or cancelled 30 days ago, with their attempts; what is dead stays until a person deals with it."""
    dialect = engine.database.dialect
    before = instant_to_db(engine.clock.now() - KEPT_FOR, dialect)
    with engine.database.read() as connection:
        found = connection.all(text(texts.PURGE, dialect), {"before": before, "limit": PURGED_AT_ONCE})
    if found:
        with engine.database.write() as connection:
            connection.many(text(texts.PURGE_ATTEMPTS, dialect), [{"id": row[0]} for row in found])
            connection.many(text(texts.PURGE_JOB, dialect), [{"id": row[0]} for row in found])
    return len(found)


WORKS: tuple[Work, ...] = (Work(sweep, next_due=next_due), Work(remind, next_due=next_reminder), Work(purge, every=timedelta(hours=1)))
