"""The worker: carries out jobs, and the works that come with time, in threads of whatever process starts it.

One thread keeps (works, takeovers, handing out), one says that the worker is alive, one listens on PostgreSQL, the others run jobs. All
sleep until the bell rings or something is due, and look for themselves once a second: nothing is late by more.
"""

import logging
import os
import random
import secrets
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from dougong.database.instants import instant_from_db
from dougong.engine import Engine
from dougong.flow.attempts import attempt, queue_of
from dougong.flow.handlers import Handler
from dougong.flow.works import WORKS, Work
from dougong.plan.bootstrap import complete_engine_tables
from dougong.runtime.channels.channel import described
from dougong.runtime.jobs import texts
from dougong.runtime.jobs.queue import Backoff

log = logging.getLogger("dougong.worker")
CHANNELS = (texts.CHANNEL, "procrastinate_any_queue_v1")  # a job was left; a ticket was made
LOOK_EVERY = 1.0  # seconds
BEAT_EVERY = 1.0
GRACE_SECONDS = 20.0


class Worker:
    """`start` it, `stop` it. `runners` jobs are carried out at the same time; `queues`: which ones (None: all)."""

    def __init__(
        self,
        engine: Engine,
        handlers: Mapping[str, Handler],
        *,
        works: Sequence[Work] = WORKS,
        runners: int = 1,
        queues: tuple[str, ...] | None = None,
        backoff: Backoff | None = None,
    ) -> None:
        self.engine, self.handlers, self.works = engine, handlers, works
        self.queue = queue_of(engine, worker_name(), queues, backoff or Backoff())
        self._chance = random.Random()
        self._stopping = threading.Event()
        self._last: dict[int, datetime] = {}  # when each work was last done, by its place
        loops = [self._beat, self._keep, *[self._run] * runners]
        if engine.database.dialect == "postgresql":
            loops.append(self._listen)
        self._threads = [threading.Thread(target=loop, name=f"worker-{n}", daemon=True) for n, loop in enumerate(loops)]

    def start(self) -> None:
        """Begin; returns at once. A newer engine's tables are made on an older database first."""
        complete_engine_tables(self.engine.database)
        self.queue.join()
        for thread in self._threads:
            thread.start()

    def stop(self, seconds: float = GRACE_SECONDS) -> bool:
        """Take no further job, let the running ones end, no longer than so many seconds; whether all of them ended.

        A job that did not is taken over by another worker, or by the next one.
        """
        self._stopping.set()
        self.engine.bell.ring()
        deadline = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        try:
            self.queue.leave()
        except Exception as error:  # noqa: BLE001 - the database may be gone; then nobody has to be told
            log.warning("leaving: %s", described(error))
        return not any(thread.is_alive() for thread in self._threads)

    def _run(self) -> None:
        self._loop(lambda: attempt(self.engine, self.queue, self.handlers, self._chance), lambda: LOOK_EVERY)

    def _keep(self) -> None:
        def step() -> bool:
            moved = self.queue.tidy() + do_works(self.engine, self.works, self._last)
            if moved:
                self.engine.bell.ring()  # what was moved on is a runner's work
            return bool(moved)

        self._loop(step, self._pause)

    def _pause(self) -> float:
        """Seconds until the next thing is due."""
        dues = [self.queue.next_due(), *(w.next_due(self.engine) for w in self.works if w.next_due is not None)]
        waits = [(due - self.engine.clock.now()).total_seconds() for due in dues if due is not None]
        return min([LOOK_EVERY, *(max(0.01, wait) for wait in waits)])

    def _loop(self, step: Callable[[], bool], pause: Callable[[], float]) -> None:
        """Again while there is something to do; then sleep until the bell rings. A failure (no database) is slept over."""
        while not self._stopping.is_set():
            rings = self.engine.bell.rings
            try:
                if step():
                    continue
                seconds = pause()
            except Exception as error:  # noqa: BLE001 - the worker outlives whatever happens to its database
                log.warning("%s", described(error))
                self._stopping.wait(LOOK_EVERY)
                continue
            if not self._stopping.is_set():
                self.engine.bell.wait(rings, seconds)

    def _beat(self) -> None:
        while not self._stopping.wait(BEAT_EVERY):
            self._try(self.queue.beat)
        while any(t.is_alive() for t in self._threads if t is not threading.current_thread()):
            self._try(self.queue.beat)  # a job that is ending is still ours
            time.sleep(0.05)

    def _listen(self) -> None:
        while not self._stopping.is_set():
            self._try(lambda: self.engine.database.listen(CHANNELS, self.engine.bell.ring, self._stopping.is_set))

    def _try(self, step: Callable[[], None]) -> None:
        try:
            step()
        except Exception as error:  # noqa: BLE001 - as above
            log.warning("%s", described(error))
            self._stopping.wait(LOOK_EVERY)


def do_works(engine: Engine, works: Sequence[Work], last: dict[int, datetime]) -> int:
    """One round of what comes with time; how much was done. `last` remembers when each work was done."""
    moved = 0
    for place, work in enumerate(works):
        now = engine.clock.now()
        if place in last and now - last[place] < work.every:
            continue
        done = work.run(engine)
        if not done:
            last[place] = now
        moved += done
    return moved


def drain(engine: Engine, handlers: Mapping[str, Handler], *, works: Sequence[Work] = WORKS, backoff: Backoff | None = None) -> int:
    """Do here and now everything that is due by the engine's clock, works and jobs, until nothing is; how much that was."""
    queue, chance, done = queue_of(engine, worker_name(), None, backoff or Backoff()), random.Random(0), 0
    queue.join()
    try:
        last: dict[int, datetime] = {}
        is_idle = False
        while not is_idle:
            handed_out = queue.tidy()
            did = do_works(engine, works, last) + int(attempt(engine, queue, handlers, chance))
            done, is_idle = done + did, not handed_out and not did
    finally:
        queue.leave()
    return done


def next_job(engine: Engine) -> datetime | None:
    """When the next job that waits is due."""
    dialect = engine.database.dialect
    with engine.database.look() as connection:
        row = connection.one(texts.text(texts.NEXT, dialect))
    return None if row is None or row[0] is None else instant_from_db(row[0], dialect)


def worker_name() -> str:
    """A name that no other worker has: machine, process, and a word."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
