"""Processes die without warning: nothing acknowledged is without its effect, nothing happens twice for a receiver that goes by the key."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from dougong.flow.attempts import queue_of
from dougong.flow.worker import Worker
from dougong.runtime.channels.mail import message_id
from dougong.runtime.clock import SystemClock
from dougong.runtime.jobs.queue import Backoff

from bench import killing
from tests.jobs.apps import Sink, leave, opened, state

KILLS = 2  # of a worker alone; servers with it are killed five times in test_killing_servers


def test_two_kills(database_url: str) -> None:
    books = killing.run(database_url, KILLS)
    assert books.failures == []
    assert books.kills == KILLS
    assert len(books.names) > KILLS


def test_the_job_of_a_dead_worker_is_taken_over_within_ten_seconds(database_url: str, tmp_path: Path) -> None:
    sink = Sink()
    with opened(database_url, tmp_path, SystemClock()) as engine:
        job = leave(engine, "tell", key="once")
        dead = queue_of(engine, "dead", None, Backoff())
        dead.join()
        dead.tidy()
        claim = dead.claim()
        assert claim is not None
        assert state(engine, job) == "running"
        worker = Worker(engine, {"tell": sink.handler()})
        worker.start()
        deadline = time.monotonic() + 10
        while not sink.came and time.monotonic() < deadline:
            time.sleep(0.05)
        assert [key for key, _ in sink.came] == ["once"]
        assert worker.stop()
        assert state(engine, job) == "done"
        # it was not dead after all, and comes too late to say anything
        assert not dead.end(claim, "failed", "late", None, 1)
        assert state(engine, job) == "done"
        with engine.database.read() as connection:
            outcomes = [row[0] for row in connection.all("SELECT outcome FROM dg_job_attempt ORDER BY id")]
        assert outcomes == ["lost", "done"]


def test_a_worker_that_lives_keeps_its_job(database_url: str, tmp_path: Path) -> None:
    with opened(database_url, tmp_path, SystemClock()) as engine:
        job = leave(engine, "slow")
        begun: list[int] = []

        def slow(*_: object) -> None:
            begun.append(1)
            time.sleep(6)  # longer than the silence that counts as death

        workers = [Worker(engine, {"slow": slow}) for _ in range(2)]
        for worker in workers:
            worker.start()
        deadline = time.monotonic() + 30
        while state(engine, job) != "done" and time.monotonic() < deadline:
            time.sleep(0.1)
        assert [worker.stop() for worker in workers] == [True, True]
        assert state(engine, job) == "done"
        assert len(begun) == 1


def test_the_command_works_and_stops_when_it_is_told_to(database_url: str, tmp_path: Path) -> None:
    post = killing.Post()
    with post.opened() as port, opened(database_url, tmp_path, SystemClock()) as engine:
        settings = {"DOUGONG_SMTP_URL": f"smtp://127.0.0.1:{port}", "DOUGONG_MAIL_FROM": "CRM <crm@example.com>"}
        command = [
            sys.executable,
            "-c",
            "from dougong.cli import main; main()",
            "worker",
            str(tmp_path),
            "--db",
            database_url,
            "--lang",
            "en",
        ]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **settings})
        assert process.stdout is not None
        assert process.stdout.readline() == "The worker is at work\n"
        job = leave(engine, "mail", {"to": "a@example.com", "subject": "s", "text": "t"}, key="k")
        deadline = time.monotonic() + 30
        while state(engine, job) != "done" and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        process.stdout.close()
        assert dict(post.came) == {message_id("k", "crm@example.com"): 1}
