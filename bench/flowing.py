"""`dougong serve` and `dougong worker` are killed without warning while people write over HTTP; then every effect is counted.

`python -m bench.flowing --kills 200`: each write sets fields, makes a to-do and tells its owner by mail, and so do a moment that comes with time
and the deadline of a stage. All of it must be there for every acknowledged write, and nothing twice.
"""

import argparse
import http.client
import itertools
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
from dougong.database.instants import instant_to_db
from dougong.engine import Engine
from dougong.flow.handlers import standard
from dougong.flow.worker import drain
from dougong.runtime.channels.mail import message_id
from dougong.runtime.clock import SettableClock
from dougong.runtime.jobs.queue import DEAD_AFTER
from dougong.runtime.users import create_user
from dougong.runtime.users_sessions import create_token

from bench.killing import SENDER, Post, free_port
from tests import postgres

APP = """
app: flowing
objects:
  ticket:
    record_title: name
    fields: {name: text required unique, amount: integer, level: integer, at: datetime, late: boolean default false, owner: user default me}
pipelines:
  flow:
    of: ticket
    stages:
      open:
        start: true
        overdue: after 1 minute
        on_overdue:
          - set: {late: true}
          - todo: {for: owner, text: "late {{ name }}"}
          - notify: {to: owner, via: mail, text: "late {{ name }}"}
      done: {kind: done}
    moves: [open -> done]
triggers:
  made:
    on: ticket created
    do:
      - set: {level: amount * 2}
      - todo: {for: owner, text: "new {{ name }}"}
      - notify: {to: owner, via: mail, text: "new {{ name }}"}
  soon:
    on: 1 minute before ticket.at
    do:
      - set: {level: level + 1}
      - todo: {for: owner, text: "soon {{ name }}"}
      - notify: {to: owner, via: mail, text: "soon {{ name }}"}
roles: {clerk: {may: ["read, create, update, move ticket", "read user"]}}
"""
EARLIER = 20  # tickets that were there before, whose deadline comes while processes die
WRITERS = 2
PAUSE_SECONDS = 0.1  # between two writes of one writer
LIVES = (0.3, 2.0)  # seconds a process may work before it is killed
BACK_WITHIN = 300.0  # seconds; a busy machine takes its time
DONE_WITHIN = 900.0
DUE_LATEST = 3.0  # seconds after a write


@dataclass
class Books:
    """What was acknowledged, how often processes were killed, what went wrong."""

    names: set[str] = field(default_factory=set)
    kills: int = 0
    repeated: int = 0
    failures: list[str] = field(default_factory=list)


class Command:
    """One `dougong …` in a process of its own."""

    def __init__(self, *arguments: str, port: int) -> None:
        self._command = [sys.executable, "-c", "from dougong.cli import main; main()", *arguments]
        self._environment = {**os.environ, **_settings(port), "DOUGONG_LANG": "en"}
        self._start()

    def _start(self) -> None:
        self.process = subprocess.Popen(self._command, stdout=subprocess.PIPE, text=True, env=self._environment)
        self.is_ready = threading.Event()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for _ in self.process.stdout:  # its first line says that it is there
            self.is_ready.set()
        self.is_ready.set()  # or gone

    def wait(self) -> None:
        """Until it works."""
        if not self.is_ready.wait(BACK_WITHIN) or self.process.poll() is not None:
            raise RuntimeError("the process does not come up")

    def kill(self) -> None:
        """Without warning; another takes its place."""
        self.end(signal.SIGKILL)
        self._start()

    def end(self, number: int) -> None:
        """Send it a signal and wait."""
        self.process.send_signal(number)
        self.process.wait(60)
        self._reader.join()
        assert self.process.stdout is not None
        self.process.stdout.close()


class Writer(threading.Thread):
    """Makes one ticket after the other; a request whose connection broke is sent again under its key."""

    def __init__(self, number: int, port: int, token: str, books: Books, stopping: threading.Event) -> None:
        super().__init__()
        self._number, self._port, self._token, self._books, self._stopping = number, port, token, books, stopping

    def run(self) -> None:
        """Until it is told to stop."""
        for turn in itertools.count():
            if self._stopping.wait(PAUSE_SECONDS):
                return
            name = f"w{self._number}-{turn}"
            at = datetime.now(UTC) + timedelta(seconds=61 + turn % 3)
            body = orjson.dumps({"name": name, "amount": turn, "at": at.isoformat(timespec="milliseconds")})
            if self._sent(name, body):
                self._books.names.add(name)

    def _sent(self, name: str, body: bytes) -> bool:
        headers = {"authorization": f"Bearer {self._token}", "content-type": "application/json", "idempotency-key": name}
        deadline = time.monotonic() + BACK_WITHIN
        while time.monotonic() < deadline and not self._stopping.is_set():
            connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=BACK_WITHIN)
            try:
                connection.request("POST", "/api/v1/ticket", body, headers)
                response = connection.getresponse()
                answer = response.read()
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)
                continue
            finally:
                connection.close()
            if response.status != 201:
                self._books.failures.append(f"{name}: {response.status} {answer.decode()}")
            return response.status == 201
        return False


def run(url: str, kills: int, seed: int = 0) -> Books:
    """Kill a server and a worker so many times on an empty database, let the last ones finish, count."""
    chance, books, post, stopping = random.Random(seed), Books(), Post(), threading.Event()
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dougong-flowing-")))
        (place / "app.yaml").write_text(APP, encoding="utf-8")
        mail, port = stack.enter_context(post.opened()), free_port()
        token = _prepare(url, place)
        at = (str(place), "--db", url)
        victims = [Command("serve", *at, "--port", str(port), port=mail), Command("worker", *at, port=mail)]
        writers = [Writer(n, port, token, books, stopping) for n in range(WRITERS)]
        try:
            for victim in victims:
                victim.wait()
            for writer in writers:
                writer.start()
            for _ in range(kills):
                victim = chance.choice(victims)
                victim.wait()
                time.sleep(chance.uniform(*LIVES))
                victim.kill()
                books.kills += 1
            stopping.set()
            for writer in writers:
                writer.join()
            with Engine.open(place, database=url, apply=False) as engine:
                until = _wait_for_all(engine)
        finally:
            stopping.set()
            for each in victims:
                each.end(signal.SIGTERM)
        time.sleep(DEAD_AFTER.total_seconds() + 1)  # what a process still had in hand may be taken over then
        with Engine.open(place, database=url, apply=False) as engine:
            drain(engine, standard(_settings(mail)))  # what came due while the processes ended
            _compare(engine, post, books, until)
    return books


def _settings(port: int) -> dict[str, str]:
    return {"DOUGONG_SMTP_URL": f"smtp://127.0.0.1:{port}?starttls=never", "DOUGONG_MAIL_FROM": SENDER}


def _prepare(url: str, place: Path) -> str:
    """A clerk and tickets from nearly a minute ago, whose deadline is about to come; the clerk's token."""
    clock = SettableClock(datetime.now(UTC) - timedelta(seconds=55))
    with Engine.open(place, database=url, clock=clock) as engine:
        with engine.system_session("flowing") as session:
            clerk = create_user(session, "clerk", "clerk", None, ["clerk"], email="clerk@example.com")
        for number in range(EARLIER):
            clock.set(clock.now() + timedelta(milliseconds=150))
            with engine.session(clerk) as session:
                session.create("ticket", name=f"early-{number}", amount=number)
        return create_token(engine.database, clerk, "flowing")[1]


def _wait_for_all(engine: Engine) -> datetime:
    """Until nothing is due or under way any more; the instant up to which everything that was due was done."""
    time.sleep(DUE_LATEST)
    deadline = time.monotonic() + DONE_WITHIN
    while True:
        now = datetime.now(UTC)
        with engine.database.read() as connection:
            opened = connection.all("SELECT open_at FROM dg_due WHERE open_at IS NOT NULL")
            is_done = not connection.all("SELECT 1 FROM dg_job WHERE state <> 'done' LIMIT 1")
        if time.monotonic() > deadline or is_done and not any(row[0] <= instant_to_db(now, engine.database.dialect) for row in opened):
            return now
        time.sleep(0.3)


def _compare(engine: Engine, post: Post, books: Books, until: datetime) -> None:
    overdue = instant_to_db(until, engine.database.dialect)
    with engine.database.read() as connection:
        tickets = connection.all("SELECT id, name, amount, level, late, created_at < at, due_at FROM ticket")
        todos = Counter(row[0] for row in connection.all("SELECT text FROM dg_todo"))
        told = Counter(row[0] for row in connection.all("SELECT text FROM dg_message"))
        keys = [row[0] for row in connection.all("SELECT id FROM dg_message")]
        fired = Counter(connection.all("SELECT trigger, record_id FROM dg_trigger_log"))
        changes = Counter(row[0] for row in connection.all("SELECT record_id FROM dg_change WHERE object = 'ticket'"))
        jobs = connection.all("SELECT key, state, error FROM dg_job WHERE state <> 'done'")
        lost = connection.all("SELECT count(*) FROM dg_job_attempt WHERE outcome = 'lost'")[0][0]
    books.failures += [f"{name} was acknowledged and is not there" for name in books.names - {t[1] for t in tickets}]
    for record_id, name, amount, level, late, is_ahead, due_at in tickets:  # a moment that had gone by when the write came in is not told
        happened = ["new", *(["soon"] if is_ahead else []), *(["late"] if late else [])]
        if level != amount * 2 + bool(is_ahead) or due_at <= overdue and not late:
            books.failures.append(f"{name}: level {level} of {amount}, late {late}")
        for word in happened:
            for what, counts in (("to-dos", todos), ("messages", told)):
                if counts[f"{word} {name}"] != 1:
                    books.failures.append(f"{counts[f'{word} {name}']} {what} “{word} {name}”")
        of_record = [count for (_, key), count in fired.items() if key == record_id]
        if of_record != [1] * len(happened):
            books.failures.append(f"{name}: triggers fired {of_record} times")
        if changes[record_id] != 1 + len(happened):
            books.failures.append(f"{name}: {changes[record_id]} lines of history")
    expected = {message_id(f"mail:message:{key}", SENDER) for key in keys}
    books.failures += [f"job {job}" for job in jobs]
    books.failures += [f"a mail never came: {each}" for each in expected - post.came.keys()]
    books.failures += [f"a mail came for nothing: {each}" for each in post.came.keys() - expected]
    books.repeated = sum(post.came.values()) - len(post.came)
    if books.repeated > lost:
        books.failures.append(f"{books.repeated} mails went out again, but only {lost} jobs were taken over")


def main() -> None:
    """Both databases, so many kills each."""
    parser = argparse.ArgumentParser(prog="python -m bench.flowing", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(4)))
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"], choices=["sqlite", "postgresql"])
    options = parser.parse_args()
    bad = False
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        for database in options.databases:
            own = f"sqlite:///{Path(folder) / 'flowing.db'}"
            url = own if database == "sqlite" else postgres.create_database(stack.enter_context(postgres.running()).url(), "flowing")
            books = run(url, options.kills, options.seed)
            told = f"{books.kills} kills, {len(books.names)} writes acknowledged, {books.repeated} mails repeated under the same key"
            sys.stdout.write(f"{database}: {told}, seed {options.seed}\n" + "".join(f"  {f}\n" for f in books.failures[:50]))
            bad = bad or bool(books.failures)
    sys.exit(bad)


if __name__ == "__main__":
    main()
