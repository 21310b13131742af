"""The queue against a model of it: jobs left, taken back, resent, carried out by workers that fail, die at any step, or only seem to be dead."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from dougong.database import Connection
from dougong.engine import Engine
from dougong.flow.attempts import attempt, queue_of
from dougong.flow.handlers import JobContext
from dougong.runtime.channels.channel import Undeliverable
from dougong.runtime.clock import SettableClock
from dougong.runtime.jobs import letters
from dougong.runtime.jobs.outbox import cancel
from dougong.runtime.jobs.queue import Backoff, Claim, Queue
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.jobs.apps import NOON, leave, opened

BACKOFF = Backoff(timedelta(seconds=10), timedelta(seconds=40), 3)
KEYS = 3
FATES = ("well", "fails", "hopeless", "dies before", "dies after", "dies while ending", "seems dead")
STEP = st.one_of(
    st.tuples(st.just("leave"), st.integers(0, KEYS - 1), st.integers(0, 30)),
    st.tuples(st.just("work"), st.sampled_from(FATES), st.just(0)),
    st.tuples(st.just("work"), st.just("well"), st.just(0)),
    st.tuples(st.just("perish"), st.sampled_from(FATES[3:]), st.just(0)),
    st.tuples(st.just("wait"), st.integers(1, 60), st.just(0)),
    st.tuples(st.just("silence"), st.just(0), st.just(0)),
    st.tuples(st.just("cancel"), st.integers(0, KEYS - 1), st.just(0)),
    st.tuples(st.just("resend"), st.integers(0, KEYS - 1), st.just(0)),
)


class Died(BaseException):
    """The process is gone at this point."""


@dataclass
class Job:
    """What the model knows of a job."""

    id: int
    due: datetime
    state: str = "waiting"
    tries: int = 0
    deliveries: int = 0
    story: list[str] = field(default_factory=list)


class Machine:
    """The real queue and its model, side by side."""

    def __init__(self, engine: Engine, clock: SettableClock) -> None:
        self.engine, self.clock = engine, clock
        self.jobs: dict[str, Job] = {}
        self.fate = ""
        self.late: list[tuple[Queue, Claim]] = []
        self.began: list[str] = []
        self.queue = self.newcomer()

    def newcomer(self) -> Queue:
        """Another worker."""
        queue = queue_of(self.engine, f"w{random.random()}", None, BACKOFF)
        queue.join()
        return queue

    def leave(self, number: int, seconds: int) -> None:
        key, due = f"k{number}", self.clock.now() + timedelta(seconds=seconds)
        id = leave(self.engine, "tell", {"key": key}, key=key, at=due)
        job = self.jobs.setdefault(key, Job(id, due))
        assert id == job.id

    def cancel(self, number: int, _: int) -> None:
        job = self.jobs.get(f"k{number}")
        if job is not None:
            with self.engine.system_session("test") as session:
                done = cancel(session._unit, job.id)
            assert done == (job.state in ("waiting", "dead"))
            if done:
                job.state = "cancelled"
                job.story.append("cancelled")

    def resend(self, number: int, _: int) -> None:
        job = self.jobs.get(f"k{number}")
        if job is not None and job.state == "dead":
            with self.engine.system_session("test") as session:
                letters.resend(session, job.id)
            job.state, job.tries, job.due = "waiting", 0, self.clock.now()
            job.story.append("resent")

    def wait(self, seconds: int, _: int) -> None:
        self.clock.advance(timedelta(seconds=seconds))
        if self.engine.database.dialect == "sqlite" and seconds >= 5:
            self.bury()  # leases are told by the engine's clock

    def silence(self, *_: int) -> None:
        """All who do not answer are taken for dead, as after some seconds."""
        self.clock.advance(timedelta(seconds=6))
        if self.engine.database.dialect == "postgresql":
            with self.engine.database.write() as connection:
                connection.run("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '9 seconds'")
            self.queue.beat()
        self.bury()

    def bury(self) -> None:
        self.queue.tidy()
        for job in self.jobs.values():
            if job.state == "running":
                is_dead = job.tries >= BACKOFF.tries
                job.state, job.due = ("dead" if is_dead else "waiting"), self.clock.now()
                job.story.append("dead" if is_dead else "lost")
        for queue, claim in self.late:
            assert not queue.end(claim, "done", None, None, claim.number)
        self.late.clear()

    def work(self, fate: str, _: int) -> None:
        self.fate, self.began = fate, []
        queue, now = self.queue, self.clock.now()
        queue.tidy()
        due = {key for key, job in self.jobs.items() if job.state == "waiting" and job.due <= now}
        if fate == "seems dead":
            claim = queue.claim()
            if claim is not None:
                self.late.append((queue, claim))
                self.began = [claim.key]
        elif fate == "dies while ending":
            queue.release = self.die  # type: ignore[method-assign]
        try:
            if fate != "seems dead":
                attempt(self.engine, queue, {"tell": self.tell}, random.Random(1))
        except Died:
            pass
        if fate in FATES[3:]:
            self.queue = self.newcomer()
        assert len(self.began) == min(1, len(due))
        assert set(self.began) <= due
        for key in self.began:
            self.expect(self.jobs[key], fate)

    def perish(self, fate: str, _: int) -> None:
        self.work(fate, 0)
        self.silence()

    def expect(self, job: Job, fate: str) -> None:
        job.tries += 1
        if fate == "well":
            job.state = "done"
            job.story.append("done")
        elif fate == "hopeless" or (fate == "fails" and job.tries >= BACKOFF.tries):
            job.state = "dead"
            job.story.append("dead")
        elif fate == "fails":
            job.story.append("failed")
            assert self.queue.next_due() is not None
            job.due = self.due(job)
            expected = min(BACKOFF.first * 2 ** (job.tries - 1), BACKOFF.most)
            assert expected * 0.75 <= job.due - self.clock.now() <= expected * 1.25
        else:
            job.state = "running"

    def tell(self, engine: Engine, context: JobContext) -> None:
        self.began.append(context.key)
        if self.fate == "dies before":
            raise Died
        if self.fate == "fails":
            raise OSError("down")
        if self.fate == "hopeless":
            raise Undeliverable("不行", "no")
        assert context.payload == {"key": context.key}
        assert context.attempt == self.jobs[context.key].tries + 1
        self.jobs[context.key].deliveries += 1
        if self.fate == "dies after":
            raise Died

    def die(self, connection: Connection, claim: Claim) -> None:
        raise Died

    def due(self, job: Job) -> datetime:
        with self.engine.system_session("test") as session:
            return letters.letter(session, job.id).due_at

    def check(self) -> None:
        with self.engine.system_session("test") as session:
            for job in self.jobs.values():
                found = letters.letter(session, job.id)
                assert (found.state, found.tries) == (job.state, job.tries)
                assert [each.outcome for each in letters.attempts(session, job.id)] == job.story
                assert job.deliveries >= 1 or job.state != "done"
            assert sum(letters.counts(session).values()) == len(self.jobs)

    def finish(self) -> None:
        """Nobody dies any more: what is left is delivered."""
        self.silence()
        for _ in range(100):
            if not any(job.state == "waiting" for job in self.jobs.values()):
                break
            self.work("well", 0)
            self.clock.advance(timedelta(seconds=2))
        self.check()
        assert {job.state for job in self.jobs.values()} <= {"done", "dead", "cancelled"}
        if self.engine.database.dialect == "postgresql":
            with self.engine.database.read() as connection:  # no ticket but of what was cancelled with one
                assert len(connection.all("SELECT 1 FROM procrastinate_jobs WHERE status <> 'todo'")) == 0


def test_whatever_dies_the_queue_is_the_model(database_url: str, tmp_path: Path) -> None:
    clock = SettableClock(NOON)
    with opened(database_url, tmp_path, clock) as engine:

        @settings(max_examples=25, deadline=None)
        @given(st.lists(STEP, min_size=10, max_size=40))
        def play(steps: list[tuple[str, Any, int]]) -> None:
            with engine.database.write() as connection:
                for table in ("dg_job", "dg_job_attempt", *(["procrastinate_jobs"] if connection.dialect == "postgresql" else [])):
                    connection.run(f"DELETE FROM {table}")
            machine = Machine(engine, clock)
            for name, first, second in steps:
                getattr(machine, name)(first, second)
                machine.check()
            machine.finish()

        play()
