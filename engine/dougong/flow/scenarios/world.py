"""The world of a scenario: an empty copy of the app, a clock that stands still, and who and what has been named."""

import io
import mimetypes
import re
import tempfile
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from dougong_dsl.expression import Expression
from dougong_dsl.expression.types import Date, DateTime

from dougong.database import Database
from dougong.derive.programs import Program, compile_program
from dougong.engine import Engine, Source
from dougong.flow.scenarios.beginning import beginning, is_empty
from dougong.flow.scenarios.letters import Letters
from dougong.flow.worker import drain, next_job
from dougong.flow.works import WORKS
from dougong.model.app import App, Field
from dougong.model.scenarios import SceneStep
from dougong.refusals import Refusal, Refused
from dougong.runtime import files
from dougong.runtime.actor import Cause
from dougong.runtime.clock import SettableClock
from dougong.runtime.session import Session
from dougong.runtime.users import create_user

_RELATIVE_DAY = re.compile(r"today(?:\s*([+-])\s*(\d{1,5}))?")
_EPOCH = datetime.fromisoformat("2026-01-01T00:00:00+00:00")
USER = "user"
IN_MEMORY = "sqlite://"
TIMED = tuple(work for work in WORKS if work.next_due is not None)  # what a worker does when its time comes


class Unmet(Exception):
    """Something in a scenario did not come true: the sentence in Chinese and in English."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


class World:
    """One app, used for many scenarios one after the other; close it, or use it in a `with` block."""

    def __init__(self, app: Source, compile: Callable[[Expression], Program] = compile_program, database: str = IN_MEMORY) -> None:
        """`compile` makes functions of the definition's expressions: coverage watches them. `database`: in memory, a SQLite file or a PostgreSQL database.

        That must be empty, and is empty again afterwards; `Unmet` when it is not.
        """
        if database != IN_MEMORY:
            _must_be_empty(database)
        self._folder = tempfile.TemporaryDirectory(prefix="dougong-scenarios-")
        self.clock = SettableClock(_EPOCH)
        try:
            self.engine = Engine.open(app, database=database, clock=self.clock, files_dir=Path(self._folder.name), compile=compile)
        except BaseException:
            self._folder.cleanup()
            raise
        self._beginning = beginning(self.engine.database)
        self.letters = Letters()
        self.records: dict[str, tuple[str, int]] = {}
        self.users: dict[str, int] = {}
        self.actor: str | None = None
        self.seen: set[tuple[str, int]] = set()  # what an expectation has accounted for: (table, id)
        self.heard: list[str] = []  # what came in through doors
        self.warnings: tuple[Refusal, ...] = ()  # of the last thing that was written
        self.stopped: set[str] = set()  # the clauses that refused something
        self.after: Callable[[], None] | None = None  # asked after each step
        self.mark: dict[str, int] = {}  # the last id of each table before the last thing that happened

    @property
    def app(self) -> App:
        """The app that is played."""
        return self.engine.app

    def begin(self, starts_at: datetime) -> None:
        """Empty the world and set the clock (local time of the app)."""
        self._beginning.restore()
        self.letters.clear()
        self.clock.set(starts_at.replace(tzinfo=self.app.zone))
        self.records.clear()
        self.users.clear()
        self.seen.clear()
        self.heard.clear()
        self.warnings = ()
        self.stopped = set()
        self.actor = None

    def session(self) -> AbstractContextManager[Session]:
        """A transaction of whoever acts."""
        return self.engine.session(None if self.actor is None else self.users[self.actor], cause=Cause("scenario"))

    def system(self) -> AbstractContextManager[Session]:
        """A transaction of the system."""
        return self.engine.system_session("scenario", cause=Cause("scenario"))

    def look(self) -> AbstractContextManager[Session]:
        """A look at everything there is."""
        return self.engine.system_session("scenario", write=False)

    def people(self, steps: list[SceneStep]) -> None:
        """Make the users; then what they say of each other (manager, team)."""
        own = self.app.objects[USER].fields
        with self.system() as session:
            for step in steps:
                values = dict(step.values or {})
                plain = {
                    n: v for n, v in values.items() if n not in ("name", "roles", "login") and (n not in own or not own[n].type.is_link)
                }
                roles = values.get("roles", ())
                login = str(step.login)
                name = str(values.get("name", login))
                self.users[login] = create_user(session, login, name, None, [roles] if isinstance(roles, str) else roles, **plain)

    def relate(self, steps: list[SceneStep]) -> None:
        """The links of the users, once everybody and everything is there."""
        own = self.app.objects[USER].fields
        with self.system() as session:
            for step in steps:
                links = {n: v for n, v in (step.values or {}).items() if n in own and own[n].type.is_link}
                if links:
                    session.update(USER, self.users[str(step.login)], self.values(USER, links))

    def place(self, steps: list[SceneStep]) -> None:
        """Put the given records there, without setting anything off; each after those it speaks of."""
        waiting = list(steps)
        while waiting:
            known = {*self.records, *self.users}
            to_come = {str(s.record) for s in waiting if s.record is not None} - known
            ready = [s for s in waiting if to_come.isdisjoint(self._links(s))] or waiting[:1]
            values = [self.values(str(step.object), step.values or {}) for step in ready]  # keeping a file is a transaction of its own
            with self.system() as session:
                for step, row in zip(ready, values, strict=True):
                    self.name(step, session.place(str(step.object), row))
            waiting = [s for s in waiting if s not in ready]

    def name(self, step: SceneStep, record_id: int) -> None:
        """Remember a record by its name in the scenario."""
        if step.record is not None:
            self.records[step.record] = (str(step.object), record_id)

    def wait(self, target: datetime) -> None:
        """Let time pass: whatever comes due on the way happens at its moment."""
        while (due := self._next()) is not None and due <= target:
            self.clock.set(max(due, self.clock.now()))
            if drain(self.engine, self.letters.handlers(), works=TIMED) == 0 and self._next() == due:
                break  # what cannot be done now is tried again later
        self.clock.set(target)

    def work_off(self) -> None:
        """What is due at this very moment happens."""
        due = self._next()
        if due is not None and due <= self.clock.now():
            drain(self.engine, self.letters.handlers(), works=TIMED)

    def _next(self) -> datetime | None:
        """When the next thing happens by itself."""
        found = [next_job(self.engine), *(work.next_due(self.engine) for work in TIMED if work.next_due is not None)]
        return min((due for due in found if due is not None), default=None)

    def values(self, object_name: str, written: Mapping[str, Any]) -> dict[str, Any]:
        """Written values with names of records, logins, relative days and files made real."""
        fields = self.app.objects[object_name].fields
        return {name: self._value(fields.get(name), value) for name, value in written.items()}

    def _value(self, field: Field | None, value: Any) -> Any:
        if field is None or value is None:
            return value
        if isinstance(value, list | tuple):
            return [self._value(field, each) for each in value]
        if not isinstance(value, str):
            return value
        if field.type.target == USER and value in self.users:
            return self.users[value]
        if field.type.target is not None and value in self.records:
            return self.records[value][1]
        if field.type.is_file:
            return self._file(value)
        day = _RELATIVE_DAY.fullmatch(value) if isinstance(field.type.type, Date | DateTime) else None
        if day is None:
            return value
        today = self.clock.now().astimezone(self.app.zone).date()
        return (today + timedelta(days=int(f"{day[1] or '+'}{day[2] or 0}"))).isoformat()

    def _file(self, name: str) -> int:
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        user = None if self.actor is None else self.users.get(self.actor)
        return files.keep(self.engine.database, self.engine.files_dir, name, kind, io.BytesIO(b"scenario"), user, self.clock.now()).id

    def _links(self, step: SceneStep) -> set[str]:
        fields = self.app.objects[str(step.object)].fields
        found: set[str] = set()
        for name, value in (step.values or {}).items():
            if name in fields and fields[name].type.target is not None:
                found.update(str(v) for v in (value if isinstance(value, list | tuple) else (value,)))
        return found

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._beginning.close()
        self.engine.close()
        self._folder.cleanup()


def _must_be_empty(url: str) -> None:
    database = Database.open(url)
    try:
        if not is_empty(database):
            raise Unmet(
                "场景会清空所有的表，只能在内存里，或者在一个空的数据库里运行",
                "Scenarios empty all tables: they are played in memory, or in an empty database",
            )
    finally:
        database.close()


def reasons(refused: Refused) -> tuple[str, str]:
    """All reasons of a refusal, in both languages."""
    zh, en = ([f"{r.code.code} {r.message(language)}" for r in refused.refusals] for language in ("zh", "en"))
    return "；".join(zh), "; ".join(en)
