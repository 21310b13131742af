"""What a worker asks of a queue, and the end of an attempt, which is the same on both databases.

A claim is a job that one worker has begun. Several may believe to hold it (one was suspended and taken for dead); only one can end it.
"""

import random
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson

from dougong.database import Connection, Database
from dougong.database.instants import instant_from_db, instant_to_db
from dougong.runtime.clock import Clock
from dougong.runtime.jobs import texts
from dougong.runtime.jobs.outbox import log
from dougong.runtime.jobs.texts import text

LOST = "the worker died / 执行任务的进程中断了"


@dataclass(frozen=True, slots=True)
class Claim:
    """A job under way. `key` names the effect, this run's own when it comes again and again; `number` counts the tries from 1.

    `ticket` is the job's place in procrastinate.
    """

    id: int
    kind: str
    queue: str
    key: str
    payload: Mapping[str, Any]
    number: int
    due_at: datetime
    cron: str | None
    started_at: datetime
    worker: str
    ticket: int | None = None


@dataclass(frozen=True, slots=True)
class Backoff:
    """When to try again: twice as long each time, from `first` to `most`, a quarter more or less by chance; `tries` in all, then dead."""

    first: timedelta = timedelta(seconds=5)
    most: timedelta = timedelta(hours=1)
    tries: int = 12

    def after(self, number: int, chance: random.Random) -> timedelta:
        """The pause after try `number`."""
        pause: timedelta = min(self.first * 2 ** min(number - 1, 40), self.most)
        return pause * chance.uniform(0.75, 1.25)


DEAD_AFTER = timedelta(seconds=5)  # a worker that was silent for so long is taken for dead


class Queue(ABC):
    """The jobs of one database as one worker sees them: `worker` is its name, `queues` those it serves (None: all)."""

    def __init__(self, database: Database, clock: Clock, worker: str, queues: tuple[str, ...] | None, backoff: Backoff) -> None:
        self.database, self.clock, self.worker, self.queues, self.backoff = database, clock, worker, queues, backoff

    @abstractmethod
    def join(self) -> None:
        """Say that this worker is there."""

    @abstractmethod
    def leave(self) -> None:
        """Say that it is gone."""

    @abstractmethod
    def beat(self) -> None:
        """Say that it is alive."""

    @abstractmethod
    def tidy(self) -> int:
        """Take over from the dead, hand out what has come due; how many jobs were moved."""

    @abstractmethod
    def claim(self) -> Claim | None:
        """Begin a job that is due."""

    @abstractmethod
    def release(self, connection: Connection, claim: Claim) -> None:
        """In the transaction that ends an attempt, before anything else: give back what marks the job as under way."""

    def next_due(self) -> datetime | None:
        """When the next waiting job is due."""
        with self.database.look() as connection:
            row = connection.one(self.text(texts.NEXT))
        return None if row is None or row[0] is None else instant_from_db(row[0], self.database.dialect)

    def end(self, claim: Claim, outcome: str, error: str | None, again: datetime | None, tries: int) -> bool:
        """Write down how an attempt ended: `done`, `failed`, `dead`; False when the job was taken over from this worker in between.

        `again`: when it is to be run again, with so many `tries` behind it; None when it is over.
        """
        now = self.clock.now()
        values = {
            "id": claim.id,
            "worker": claim.worker,
            "number": claim.number,
            "state": "waiting" if again else outcome,
            "tries": tries,
            "due_at": self.db(again or claim.due_at),
            "error": error,
            "ended_at": None if again else self.db(now),
        }
        with self.database.write() as connection:
            self.release(connection, claim)
            if connection.run(self.text(texts.END), values) == 0:
                return False
            log(connection, claim.id, outcome, at=now, started=claim.started_at, error=error, worker=claim.worker)
        return True

    def db(self, instant: datetime) -> Any:
        """The driver's value of an instant."""
        return instant_to_db(instant, self.database.dialect)

    def text(self, sql: str) -> Any:
        """A kept statement."""
        return text(sql, self.database.dialect)

    def claimed(self, row: tuple[Any, ...], ticket: int | None = None) -> Claim:
        """The claim that a row of `texts.CLAIMED` is."""
        id, kind, queue, key, payload, number, due, cron, started = row
        dialect = self.database.dialect
        due_at = instant_from_db(due, dialect)
        effect = key if cron is None else f"{key}@{due_at:%Y%m%dT%H%M%S}"
        return Claim(
            id, kind, queue, effect, orjson.loads(payload), number, due_at, cron, instant_from_db(started, dialect), self.worker, ticket
        )

    def lost(self, connection: Connection, job: int, number: int, worker: str | None, started: Any) -> bool:
        """A job whose worker died goes back, or to the dead when it had its tries; whether it goes back."""
        now = self.clock.now()
        is_dead = number >= self.backoff.tries
        state = "dead" if is_dead else "waiting"
        values = {"id": job, "worker": worker, "number": number, "state": state, "tries": number, "error": LOST}
        times = {"due_at": self.db(now), "ended_at": self.db(now) if is_dead else None}
        if connection.run(self.text(texts.END), values | times) == 0:
            return False
        begun = None if started is None else instant_from_db(started, self.database.dialect)
        log(connection, job, "dead" if is_dead else "lost", at=now, started=begun, error=LOST, worker=worker)
        return not is_dead
