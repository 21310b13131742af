"""Processes that write and carry out what they wrote are killed without warning, again and again; then the post is compared with the books.

`python -m bench.killing --kills 200`: every acknowledged write must be there and its mail must have arrived, no mail without its write, and
none twice for a receiver that goes by the Message-ID. `process URL PORT NAME` is one of those that are killed.
"""

import argparse
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from aiosmtpd.controller import Controller
from dougong.engine import Engine
from dougong.flow.handlers import standard
from dougong.flow.worker import Worker
from dougong.runtime.channels.mail import message_id
from dougong.runtime.jobs.outbox import enqueue

from tests import postgres

APP = """
app: letters
title: {zh: 信件, en: Letters}
objects: {letter: {record_title: name, fields: {name: text "名称"}}}
roles: {clerk: {title: 职员, may: ["read, create letter"]}}
"""
SENDER = "crm@example.com"
PAUSE_SECONDS = 0.02  # between two writes
LIVES = (0.2, 1.5)  # seconds a process may work before it is killed
READY = "ready"
ALL_SENT_WITHIN = 90.0


class Post:
    """A mail server that counts what it was given by Message-ID."""

    def __init__(self) -> None:
        self.came: Counter[str] = Counter()
        self.port = free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Take everything."""
        header = envelope.content.split(b"\r\n\r\n", 1)[0].decode()
        lines = header.replace("\r\n ", " ").split("\r\n")
        self.came[next(line.partition(":")[2].strip() for line in lines if line.lower().startswith("message-id:"))] += 1
        return "250 OK"

    @contextmanager
    def opened(self) -> Iterator[int]:
        """Listening, on this port."""
        self._controller.start()
        try:
            yield self.port
        finally:
            self._controller.stop()


@dataclass
class Books:
    """What was acknowledged, what arrived, what went wrong."""

    names: set[str] = field(default_factory=set)
    kills: int = 0
    repeated: int = 0
    failures: list[str] = field(default_factory=list)


def process(url: str, port: int, name: str) -> None:
    """Write (unless `name` is -) and tell each name that is committed; carry out jobs meanwhile."""
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    with Engine.open({"app.yaml": APP}, database=url, apply=False) as engine:
        worker = Worker(
            engine, standard({"DOUGONG_SMTP_URL": f"smtp://127.0.0.1:{port}?starttls=never", "DOUGONG_MAIL_FROM": SENDER}), runners=2
        )
        worker.start()
        sys.stdout.write(f"{READY}\n")
        sys.stdout.flush()
        for number in range(1_000_000):
            if stopping.wait(PAUSE_SECONDS):
                break
            if name != "-":
                write(engine, f"{name}-{number}")
        worker.stop()


def write(engine: Engine, name: str) -> None:
    """A record and its mail; the name goes out once both are committed."""
    with engine.system_session("killing") as session:
        session.create("letter", name=name)
        enqueue(session._unit, "mail", {"to": "someone@example.com", "subject": name, "text": name}, key=name)
    sys.stdout.write(f"{name}\n")
    sys.stdout.flush()


class Life:
    """One process from its start to its end; `names` are those it acknowledged."""

    def __init__(self, url: str, port: int, name: str) -> None:
        command = [sys.executable, "-m", "bench.killing", "process", url, str(port), name]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.names: list[str] = []
        self.is_ready = threading.Event()
        assert self.process.stdout is not None
        self._reader = threading.Thread(target=self._read, args=(self.process.stdout,))
        self._reader.start()

    def end(self, number: int) -> list[str]:
        """Send it a signal; what it had acknowledged by then."""
        self.process.send_signal(number)
        self.process.wait(60)
        self._reader.join()
        assert self.process.stdout is not None
        self.process.stdout.close()
        return self.names

    def _read(self, lines: IO[str]) -> None:
        for line in lines:
            if not line.endswith("\n"):
                continue  # it died in the middle of a word
            if line.strip() == READY:
                self.is_ready.set()
            else:
                self.names.append(line.strip())
        self.is_ready.set()  # or gone

    def wait(self) -> None:
        """Until it works."""
        if not self.is_ready.wait(60) or self.process.poll() is not None:
            raise RuntimeError("the process does not come up")


def run(url: str, kills: int, seed: int = 0) -> Books:
    """Kill so many processes on an empty database, let the last one finish, compare; on PostgreSQL two work at a time."""
    chance, books, post = random.Random(seed), Books(), Post()
    at_once = 2 if url.startswith("postgres") else 1
    with Engine.open({"app.yaml": APP}, database=url) as engine, post.opened() as port:
        lives = [Life(url, port, f"p{n}") for n in range(at_once)]
        for number in range(kills):
            victim = number % at_once
            lives[victim].wait()
            time.sleep(chance.uniform(*LIVES))
            books.names.update(lives[victim].end(signal.SIGKILL))
            books.kills += 1
            lives[victim] = Life(url, port, f"q{number}")
        for life in lives:
            life.wait()
            books.names.update(life.end(signal.SIGTERM))
        last = Life(url, port, "-")
        try:
            _wait_for_all(engine)
        finally:
            last.end(signal.SIGTERM)
        _compare(engine, post, books)
    return books


def _wait_for_all(engine: Engine) -> None:
    deadline = time.monotonic() + ALL_SENT_WITHIN
    while time.monotonic() < deadline:
        with engine.database.read() as connection:
            if not connection.all("SELECT 1 FROM dg_job WHERE state <> 'done' LIMIT 1"):
                return
        time.sleep(0.2)


def _compare(engine: Engine, post: Post, books: Books) -> None:
    with engine.database.read() as connection:
        written = {row[0] for row in connection.all("SELECT name FROM letter")}
        jobs = connection.all("SELECT key, state, tries, error FROM dg_job")
        repeated = connection.all("SELECT count(*) FROM dg_job_attempt WHERE outcome = 'lost'")
    expected = {message_id(name, SENDER): name for name in written}
    books.failures += [f"{name} was acknowledged and is not there" for name in books.names - written]
    books.failures += [f"{expected[i]} is there and its mail never came" for i in expected.keys() - post.came.keys()]
    books.failures += [f"a mail came for nothing: {i}" for i in post.came.keys() - expected.keys()]
    books.failures += [f"job {job}" for job in jobs if job[1] != "done"]
    books.repeated = sum(post.came.values()) - len(post.came)
    if books.repeated > repeated[0][0]:
        books.failures.append(f"{books.repeated} mails went out again, but only {repeated[0][0]} jobs were taken over")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def main() -> None:
    """Both databases, so many kills each."""
    parser = argparse.ArgumentParser(prog="python -m bench.killing", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(4)))
    options = parser.parse_args()
    bad = False
    with tempfile.TemporaryDirectory() as folder, postgres.running() as server:
        for url in (f"sqlite:///{Path(folder) / 'killing.db'}", postgres.create_database(server.url(), "killing")):
            books = run(url, options.kills, options.seed)
            told = f"{books.kills} kills, {len(books.names)} writes acknowledged, {books.repeated} mails repeated under the same key"
            sys.stdout.write(f"{url.partition(':')[0]}: {told}, seed {options.seed}\n" + "".join(f"  {f}\n" for f in books.failures))
            bad = bad or bool(books.failures)
    sys.exit(bad)


if __name__ == "__main__":
    if sys.argv[1:2] == ["process"]:
        process(sys.argv[2], int(sys.argv[3]), sys.argv[4])
    else:
        main()
