"""`make soak`: writers, new releases and killed servers for some minutes; then the books are checked.

Every acknowledged write must be there, with its version and its history; a write that was sent again with its idempotency key must be there
once; and no request may fail but for a connection that broke because the server was killed.
"""

import argparse
import http.client
import itertools
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from dougong.engine import Engine

from bench import engine as contender
from bench.lead import changes, north
from tests import postgres

WRITERS = 4
KILL_EVERY = 4.0  # seconds
APPLY_EVERY = 7.0
BACK_WITHIN = 30.0  # seconds a killed server may take to answer again


@dataclass
class Books:
    """What the writers were told: the version of each record they were promised, by id, and its name; and what went wrong."""

    versions: dict[int, int] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    kills: int = 0
    releases: int = 0


class Server:
    """The engine behind HTTP in a process that is killed now and then."""

    def __init__(self, url: str, port: int) -> None:
        self.command = [sys.executable, "-m", "bench.serve", "engine", url, str(port)]
        self.process = subprocess.Popen(self.command)

    def kill(self) -> None:
        """Kill it without a warning and start another."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process = subprocess.Popen(self.command)

    def stop(self) -> None:
        """The last one."""
        self.process.terminate()
        self.process.wait(20)


class Writer(threading.Thread):
    """Makes records and changes them, one request after the other, until it is told to stop."""

    def __init__(self, number: int, port: int, token: str, books: Books, stop: threading.Event) -> None:
        super().__init__()
        self.number, self.port, self.token, self.books, self.stopping = number, port, token, books, stop
        self.connection: http.client.HTTPConnection | None = None

    def run(self) -> None:
        """Create, then change twice, again and again."""
        try:
            for turn in itertools.count():
                if self.stopping.is_set():
                    return
                name = f"soak {self.number}-{turn}"
                stored = self.send("POST", "", north(turn) | {"name": name}, {"idempotency-key": name})
                self.books.versions[stored["id"]], self.books.names[stored["id"]] = 1, name
                for version in (1, 2):
                    self.send("PATCH", f"/{stored['id']}", changes(turn + version), {"if-match": f'"{version}"'})
                    self.books.versions[stored["id"]] = version + 1
        except (RuntimeError, OSError, http.client.HTTPException) as failure:
            self.books.failures.append(f"writer {self.number}: {failure!r}")
        finally:
            self.hang_up()

    def hang_up(self) -> None:
        """Close the connection, if there is one."""
        if self.connection is not None:
            self.connection.close()
        self.connection = None

    def send(self, method: str, path: str, body: dict[str, Any], headers: dict[str, str]) -> Any:
        """The answer; a request whose connection broke is sent again: its key, or the version it asks for, keeps it from happening twice."""
        headers = {"authorization": f"Bearer {self.token}", "content-type": "application/json", **headers}
        deadline = time.monotonic() + BACK_WITHIN
        expected = [200, 201]
        while True:
            try:
                self.connection = self.connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=BACK_WITHIN)
                self.connection.request(method, f"/api/v1/lead{path}", orjson.dumps(body), headers)
                response = self.connection.getresponse()
                answer = response.read()
                if response.status not in expected:
                    raise RuntimeError(f"{method} {path}: {response.status} {answer.decode()}")
                return orjson.loads(answer)
            except (OSError, http.client.HTTPException):
                self.hang_up()
                expected = [200, 201, 412]  # the change may have happened before the answer was lost
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)


def run(url: str, seconds: float, at_least: int = 0) -> Books:
    """Write, kill and apply for so long on an empty database; the books, checked. It is written on until there are `at_least` so many records."""
    token = contender.fill(url, 100)
    books, stop, port = Books(), threading.Event(), _free_port()
    server = Server(url, port)
    writers = [Writer(number, port, token, books, stop) for number in range(WRITERS)]
    try:
        for writer in writers:
            writer.start()
        with releases(url) as apply_next:
            _disturb(server, books, apply_next, seconds)
        deadline = time.monotonic() + BACK_WITHIN
        while len(books.versions) < at_least and not books.failures and time.monotonic() < deadline:
            time.sleep(0.05)
        stop.set()
        for writer in writers:
            writer.join()
    finally:
        stop.set()
        server.stop()
    check(url, books)
    return books


def _disturb(server: Server, books: Books, apply_next: Callable[[], None], seconds: float) -> None:
    """Kill the server and apply releases, each in its rhythm."""
    start = time.monotonic()
    kill_at, apply_at = start + KILL_EVERY, start + APPLY_EVERY / 2
    while (now := time.monotonic()) < start + seconds and not books.failures:
        if now >= kill_at:
            server.kill()
            books.kills, kill_at = books.kills + 1, now + KILL_EVERY
        if now >= apply_at:
            apply_next()
            books.releases, apply_at = books.releases + 1, now + APPLY_EVERY
        time.sleep(0.05)


@contextmanager
def releases(url: str) -> Iterator[Callable[[], None]]:
    """A function that applies the definition with one field more at each call."""
    number = itertools.count()
    with tempfile.TemporaryDirectory() as folder, Engine.open(contender.APP, database=url, apply=False) as engine:
        file = Path(shutil.copytree(contender.APP, Path(folder) / "app")) / "app.yaml"

        def apply_next() -> None:
            line = f'      extra{next(number)}: text "附加"\n    checks:'
            file.write_text(file.read_text(encoding="utf-8").replace("    checks:", line, 1), encoding="utf-8")
            engine.apply(file.parent, "soak")

        yield apply_next


def check(url: str, books: Books) -> None:
    """Compare the books with the database; differences go to `failures`."""
    with Engine.open(contender.APP, database=url, apply=False) as engine, engine.system_session("soak") as crm:
        for record_id, version in books.versions.items():
            stored, history = crm.get("lead", record_id), crm.history("lead", record_id)
            # the last write may have happened and its answer been lost when the soak ended
            if stored.version < version or len(history) != stored.version or stored["name"] != books.names[record_id]:
                books.failures.append(f"lead {record_id}: promised version {version}, is {stored.version}, {len(history)} history rows")
        twice = [name for name in books.names.values() if crm.count("lead", f'name = "{name}"') != 1]
        books.failures += [f"{name} is there twice" for name in twice]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def main() -> int:
    """Soak SQLite, then PostgreSQL, half of the time each."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    seconds = parser.parse_args().minutes * 30
    failures = 0
    with tempfile.TemporaryDirectory() as folder, postgres.running({}) as server:
        for url in (f"sqlite:///{folder}/soak.db", postgres.create_database(server.url(), "soak")):
            books = run(url, seconds)
            failures += len(books.failures)
            writes = sum(books.versions.values())
            said = f"{url.partition(':')[0]}: {writes:,} writes, {books.kills} kills, {books.releases} releases, {len(books.failures)} failures"
            sys.stdout.write("\n".join([said, *books.failures[:20], ""]))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
