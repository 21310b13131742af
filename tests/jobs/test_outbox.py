"""A job stands and falls with the write that left it, waits for its moment, is tried again, and dies where a person can see it."""

import itertools
from datetime import timedelta
from pathlib import Path

import pytest
from dougong.flow.worker import drain
from dougong.refusals import Refused
from dougong.runtime.channels.channel import Undeliverable
from dougong.runtime.clock import SettableClock
from dougong.runtime.jobs.outbox import cancel, enqueue
from dougong.runtime.jobs.queue import Backoff

from tests.jobs.apps import NOON, Sink, leave, opened, state


def test_a_job_is_there_when_its_write_is(database_url: str, tmp_path: Path) -> None:
    sink = Sink()
    with opened(database_url, tmp_path) as engine:
        with engine.system_session("test") as session:
            session.create("letter", name="a")
            job = enqueue(session._unit, "tell", {"n": 1, "zh": "中文"}, key="k1")
        with pytest.raises(RuntimeError, match="broken off"), engine.system_session("test") as session:
            enqueue(session._unit, "tell", {"n": 2}, key="k2")
            raise RuntimeError("broken off")
        assert drain(engine, {"tell": sink.handler()}) == 1
        assert sink.came == [("k1", {"n": 1, "zh": "中文"})]
        assert state(engine, job) == "done"
        assert drain(engine, {"tell": sink.handler()}) == 0


def test_a_key_is_one_effect(database_url: str, tmp_path: Path) -> None:
    sink = Sink()
    with opened(database_url, tmp_path) as engine:
        first = leave(engine, "tell", {"n": 1}, key="same")
        assert leave(engine, "tell", {"n": 2}, key="same") == first
        with engine.system_session("test") as session:
            assert enqueue(session._unit, "tell", {"n": 3}, key="same") == first
            other = enqueue(session._unit, "tell", {"n": 4})
        assert other != first
        drain(engine, {"tell": sink.handler()})
        assert leave(engine, "tell", {"n": 5}, key="same") == first
        drain(engine, {"tell": sink.handler()})
        assert [payload["n"] for _, payload in sink.came] == [1, 4]


def test_it_waits_for_its_moment(database_url: str, tmp_path: Path) -> None:
    clock, sink = SettableClock(NOON), Sink()
    with opened(database_url, tmp_path, clock) as engine:
        leave(engine, "tell", {"n": 2}, at=NOON + timedelta(hours=2))
        leave(engine, "tell", {"n": 1}, at=NOON + timedelta(hours=1))
        for hours, expected in ((0, []), (1, [1]), (1, [1, 2])):
            clock.advance(timedelta(hours=hours))
            drain(engine, {"tell": sink.handler()})
            assert [payload["n"] for _, payload in sink.came] == expected


def test_it_comes_again_with_its_cron_line(database_url: str, tmp_path: Path) -> None:
    clock, sink = SettableClock(NOON), Sink()
    with opened(database_url, tmp_path, clock) as engine:
        job = leave(engine, "tell", key="digest", cron="30 8 * * 1-5")
        for _ in range(14 * 24):
            clock.advance(timedelta(hours=1))
            drain(engine, {"tell": sink.handler()})
        assert [key.removeprefix("digest@") for key, _ in sink.came] == [
            f"202603{day:02}T003000"
            for day in (3, 4, 5, 6, 9, 10, 11, 12, 13, 16)  # half past eight in Shanghai
        ]
        assert state(engine, job) == "waiting"
        with pytest.raises(Refused, match="R801"):
            leave(engine, "tell", cron="every day")


def test_failures_are_tried_again_more_and_more_slowly_until_it_is_dead(database_url: str, tmp_path: Path) -> None:
    clock, sink, tries = SettableClock(NOON), Sink(), []
    sink.failing = OSError("no route to smtp://crm:secret@mail.example.com")
    backoff = Backoff(timedelta(seconds=8), timedelta(seconds=60), 6)
    with opened(database_url, tmp_path, clock) as engine:
        job = leave(engine, "tell")
        for second in range(400):
            if drain(engine, {"tell": sink.handler()}, backoff=backoff):
                tries.append(second)
            clock.advance(timedelta(seconds=1))
        pauses = [after - before for before, after in itertools.pairwise(tries)]
        assert len(tries) == 6
        for pause, expected in zip(pauses, (8, 16, 32, 60, 60), strict=True):
            assert expected * 0.75 <= pause <= expected * 1.25 + 1
        assert state(engine, job) == "dead"
        with engine.database.read() as connection:
            rows = connection.all("SELECT outcome, error FROM dg_job_attempt ORDER BY id")
    assert [outcome for outcome, _ in rows] == ["failed"] * 5 + ["dead"]
    assert {error for _, error in rows} == {"OSError: no route to smtp://…@mail.example.com"}


def test_what_no_try_can_help_is_dead_at_once(database_url: str, tmp_path: Path) -> None:
    sink = Sink()
    sink.failing = Undeliverable("没有这个人", "nobody there")
    with opened(database_url, tmp_path) as engine:
        job, unknown = leave(engine, "tell"), leave(engine, "sing")
        drain(engine, {"tell": sink.handler()})
        assert state(engine, job) == "dead"
        assert state(engine, unknown) == "waiting"  # a newer worker may know the kind


def test_a_job_can_be_taken_back(database_url: str, tmp_path: Path) -> None:
    sink = Sink()
    with opened(database_url, tmp_path) as engine:
        jobs = [leave(engine, "tell"), leave(engine, "tell", at=NOON + timedelta(days=1)), leave(engine, "tell")]
        with engine.system_session("test") as session:
            assert [cancel(session._unit, job) for job in jobs[:2]] == [True, True]
        drain(engine, {"tell": sink.handler()})
        with engine.system_session("test") as session:
            assert not cancel(session._unit, jobs[2])
        assert [state(engine, job) for job in jobs] == ["cancelled", "cancelled", "done"]
        assert len(sink.came) == 1
        assert state(engine, 999_999) is None


def test_what_is_over_is_forgotten_after_a_month_and_what_is_dead_is_not(database_url: str, tmp_path: Path) -> None:
    clock, sink = SettableClock(NOON), Sink()
    with opened(database_url, tmp_path, clock) as engine:
        done = leave(engine, "tell", key="again")
        taken_back = leave(engine, "tell")
        with engine.system_session("test") as session:
            cancel(session._unit, taken_back)
        drain(engine, {"tell": sink.handler()})
        sink.failing = Undeliverable("没有这个人", "nobody there")
        dead = leave(engine, "tell")
        drain(engine, {"tell": sink.handler()})
        clock.advance(timedelta(days=29))
        drain(engine, {})
        assert [state(engine, job) for job in (done, taken_back, dead)] == ["done", "cancelled", "dead"]
        clock.advance(timedelta(days=2))
        drain(engine, {})
        assert [state(engine, job) for job in (done, taken_back, dead)] == [None, None, "dead"]
        with engine.database.read() as connection:
            assert connection.all("SELECT DISTINCT job FROM dg_job_attempt") == [(dead,)]
        assert leave(engine, "tell", key="again") != done
