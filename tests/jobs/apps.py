"""An app for the tests of jobs, and small ways to leave jobs and to look at them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dougong.engine import Engine
from dougong.flow.handlers import Handler, JobContext
from dougong.runtime.clock import Clock, SettableClock
from dougong.runtime.jobs.outbox import enqueue, status

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)  # Monday noon in Shanghai
APP = """
app: letters
title: {zh: 信件, en: Letters}
objects:
  letter:
    record_title: name
    fields: {name: text unique "名称"}
roles:
  clerk: {title: 职员, may: ["read, create, update letter"]}
  boss: {title: 主管, admin: true, may: ["read, create, update letter"]}
"""


@contextmanager
def opened(url: str, folder: Path, clock: Clock | None = None) -> Iterator[Engine]:
    """An engine on an empty database, its clock standing at `NOON` unless another is given."""
    (folder / "app.yaml").write_text(APP, encoding="utf-8")
    with Engine.open(folder, database=url, clock=clock or SettableClock(NOON), files_dir=folder / "files") as engine:
        yield engine


def leave(engine: Engine, kind: str, payload: dict[str, Any] | None = None, **options: Any) -> int:
    """A job in a transaction of its own."""
    with engine.system_session("test") as session:
        return enqueue(session._unit, kind, payload or {}, **options)


def state(engine: Engine, job: int) -> str | None:
    """What became of a job."""
    with engine.database.read() as connection:
        return status(connection, job)


class Sink:
    """A receiver of effects: keeps what came, can refuse."""

    def __init__(self) -> None:
        self.came: list[tuple[str, Any]] = []
        self.failing: BaseException | None = None

    def handler(self) -> Handler:
        def take(engine: Engine, job: JobContext) -> None:
            if self.failing is not None:
                raise self.failing
            self.came.append((job.key, dict(job.payload)))

        return take
