"""One attempt at a job, from the claim to the line that says how it ended."""

import logging
import random
from collections.abc import Mapping
from datetime import datetime

from dougong.engine import Engine
from dougong.flow.handlers import Handler, JobContext
from dougong.runtime.channels.channel import TooEarly, Undeliverable, Unwanted, described
from dougong.runtime.jobs.embedded import EmbeddedQueue
from dougong.runtime.jobs.outbox import next_moment
from dougong.runtime.jobs.queue import Backoff, Claim, Queue

log = logging.getLogger("dougong.worker")


def queue_of(engine: Engine, worker: str, queues: tuple[str, ...] | None, backoff: Backoff) -> Queue:
    """The jobs of an engine's database, as the worker of this name sees them."""
    if engine.database.dialect == "sqlite":
        return EmbeddedQueue(engine.database, engine.clock, worker, queues, backoff)
    from dougong.runtime.jobs.postgresql import ProcrastinateQueue  # lazy: the package takes a third of a second, for PostgreSQL alone

    return ProcrastinateQueue(engine.database, engine.clock, worker, queues, backoff)


def attempt(engine: Engine, queue: Queue, handlers: Mapping[str, Handler], chance: random.Random) -> bool:
    """Begin a job that is due, carry it out, write down how it ended; False when none was due."""
    claim = queue.claim()
    if claim is None:
        return False
    outcome, error, again = _carried_out(engine, handlers, claim)
    now = engine.clock.now()
    if outcome == "deferred":
        queue.end(claim, outcome, error, again, tries=claim.number - 1)
        return True
    if outcome == "failed":
        if claim.number < queue.backoff.tries:
            again = now + queue.backoff.after(claim.number, chance)
        elif claim.cron is None:
            outcome = "dead"
    is_next_run = again is None and claim.cron is not None and outcome != "dead"
    if is_next_run and claim.cron is not None:
        again = next_moment(claim.cron, now, engine.app.zone)
    if error is not None:
        log.warning("job %s (%s), try %s: %s", claim.id, claim.kind, claim.number, error)
    queue.end(claim, outcome, error, again, tries=0 if is_next_run else claim.number)
    return True


def _carried_out(engine: Engine, handlers: Mapping[str, Handler], claim: Claim) -> tuple[str, str | None, datetime | None]:
    """`done`, `failed`, `dead`, `cancelled` or `deferred`, why, and until when."""
    handler = handlers.get(claim.kind)
    if handler is None:
        return "failed", f"没有处理“{claim.kind}”类任务的程序 / nothing here handles jobs of the kind {claim.kind}", None
    context = JobContext(claim.id, claim.kind, claim.key, claim.payload, claim.number, claim.due_at, claim.started_at)
    try:
        handler(engine, context)
    except TooEarly as error:
        return "deferred", described(error), error.until
    except Unwanted as error:
        return "cancelled", described(error), None
    except Undeliverable as error:
        return "dead", described(error), None
    except Exception as error:  # noqa: BLE001 - whatever a handler raises, the job is tried again
        return "failed", described(error), None
    return "done", None, None
