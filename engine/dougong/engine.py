"""`Engine.open` is the door: an app, a database, a clock, and from there sessions, units of work, plans and the web application.

An engine runs what was applied to its database, never what lies in a folder. At the start of each unit of work it sees whether a newer
release was applied, by whomever, and goes on with that.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from dougong_dsl.diagnostics import Diagnostic
from dougong_dsl.expression import Expression

from dougong.database import Database
from dougong.database.connection import Connection
from dougong.database.errors import StaleSchema, Unavailable
from dougong.derive.programs import Program, compile_program
from dougong.fields.base import Language
from dougong.model.app import App
from dougong.pipeline import read_app
from dougong.plan import Plan, diff
from dougong.plan.apply import apply as apply_plan
from dougong.plan.bootstrap import complete_engine_tables
from dougong.plan.gather import gather
from dougong.plan.releases import Release, latest
from dougong.refusals import refuse
from dougong.runtime import refusals as codes
from dougong.runtime.actor import SYSTEM, Actor, Cause
from dougong.runtime.clock import Clock, SystemClock
from dougong.runtime.compiled import Compiled
from dougong.runtime.jobs.bell import Bell
from dougong.runtime.session import Session
from dougong.runtime.signing import actor_of
from dougong.runtime.splits.settling import settle
from dougong.runtime.unit import Unit

if TYPE_CHECKING:
    from starlette.applications import Starlette

T = TypeVar("T")
User = int | str | None
Source = str | Path | Mapping[str, str]  # an app's folder or file, or its texts by path
PYTHON = Cause("python")


class DefinitionError(Exception):
    """A definition that cannot be applied; `diagnostics` says everything that is wrong with it."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        self.diagnostics = diagnostics
        super().__init__("\n".join(f"{d.place}: {d.code.code} {d.message('en')}" for d in diagnostics))


class Engine:
    """An app on a database. Safe to use from many threads; `close` it, or use it in a `with` block."""

    def __init__(
        self, database: Database, clock: Clock, files_dir: Path, compile: Callable[[Expression], Program] = compile_program
    ) -> None:
        self.database = database
        self.files_dir = files_dir
        self.clock = clock
        self.bell = Bell()  # rung after a write that left work for a worker
        self._compile = compile
        self._loading = threading.Lock()
        self._current: tuple[Release, Compiled] | None = None

    @classmethod
    def open(
        cls,
        app: Source,
        *,
        database: str = "sqlite:///dougong.db",
        apply: bool = True,
        clock: Clock | None = None,
        files_dir: Path | None = None,
        compile: Callable[[Expression], Program] = compile_program,
    ) -> Self:
        """Open a database and run its latest release; with `apply`, the definition at `app` is applied first when that needs no decision.

        Raises `DefinitionError` for a definition with mistakes, `Refused` R728 when a person has to decide about the change, R727 when
        there is nothing applied to run. `files_dir` is where uploaded files are kept (default: beside a SQLite file, else `files`).
        `compile` makes functions of expressions: coverage of scenarios watches them.
        """
        opened = Database.open(database)
        engine = cls(opened, clock or SystemClock(), files_dir or _files_beside(database), compile)
        try:
            applied = engine._apply_safely(app) if apply else None
            engine._reload(applied)
        except BaseException:
            opened.close()
            raise
        return engine

    @property
    def app(self) -> App:
        """The app as it was applied."""
        return self._running()[1].app

    @property
    def release(self) -> Release:
        """The release that is running."""
        return self._running()[0]

    @contextmanager
    def session(self, user: User, *, cause: Cause = PYTHON, language: Language = "zh") -> Iterator[Session]:
        """One transaction of a user (id or login), committed at the end of the block, rolled back when it raises."""
        with self._unit(user, cause, language, write=True) as session:
            yield session

    @contextmanager
    def reader(self, user: User, *, language: Language = "zh") -> Iterator[Session]:
        """A session that can only read."""
        with self._unit(user, PYTHON, language, write=False) as session:
            yield session

    @contextmanager
    def system_session(
        self, reason: str, *, cause: Cause | None = None, language: Language = "zh", write: bool = True
    ) -> Iterator[Session]:
        """A session without grants but with every rule; history calls its writes the system's, for this reason or `cause`."""
        with self._unit(SYSTEM, cause or Cause("system", reason), language, write=write) as session:
            yield session

    def run(
        self,
        user_id: User,
        work: Callable[[Session], T],
        *,
        write: bool,
        cause: Cause = PYTHON,
        language: Language = "zh",
        one_query: bool = False,
    ) -> T:
        """Do `work` in a session of its own; again, once, when a newer release was applied in the middle of it.

        `one_query`: the work only reads, and asks one question (`find`, `get`), so that it needs no transaction to see one state.
        """
        try:
            with self._unit(user_id, cause, language, write=write, one_query=one_query) as session:
                return work(session)
        except StaleSchema:
            self._reload()
            with self._unit(user_id, cause, language, write=write) as session:
                return work(session)

    def plan(self, app: Source) -> Plan:
        """What applying the definition at `app` would do. Raises `DefinitionError`."""
        return self._plan(_read(app))

    def apply(self, app: Source, actor: str) -> int:
        """Apply the definition at `app`, whatever its plan does, and run it; the release's id. Raises `DefinitionError`."""
        desired = _read(app)
        release_id = apply_plan(self.database, self._plan(desired), desired, actor, now=self.clock.now())
        self._reload(desired)
        return release_id

    def asgi(self, *, secure: bool = False) -> "Starlette":
        """The web application: pages and API. `secure` says that it is served over https only."""
        from dougong.web.app import build  # lazy: the web layer stands above; a program without it need not load it

        return build(self, secure=secure)

    def close(self) -> None:
        """Give the database's connections back."""
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @contextmanager
    def _unit(self, user: User | Actor, cause: Cause, language: Language, *, write: bool, one_query: bool = False) -> Iterator[Session]:
        for is_last in (False, True):
            is_look = one_query and not is_last
            with self.database.write() if write else self.database.look() if is_look else self.database.read() as connection:
                try:
                    found = self._begin(connection, user, is_last=is_last)
                except Unavailable as problem:
                    if is_look and problem.is_lost:
                        continue  # a connection that died in the pool
                    raise
                if found is None:
                    continue
                unit = Unit(found[0], connection, found[1], cause, language, self.clock.now(), is_write=write)
                yield Session(unit)
                if unit.is_spoiled:
                    raise refuse(codes.SPOILED)
                settle(unit)
            if unit.leaves_work:
                self.bell.ring()
            return

    def _begin(self, connection: Connection, user: User | Actor, *, is_last: bool) -> tuple[Compiled, Actor] | None:
        """The release in force in this transaction, and who acts: one query finds both.

        None when a newer release was found and loaded: then the transaction has to begin again.
        """
        compiled = self._running()[1]
        try:
            release_id, actor = actor_of(compiled, connection, user)
        except StaleSchema:
            if is_last:
                raise
        else:
            if release_id == compiled.release_id:
                return compiled, actor
            if is_last:
                raise StaleSchema("releases are applied faster than they can be loaded")
        self._reload()
        return None

    def _running(self) -> tuple[Release, Compiled]:
        return self._current or self._reload()

    def _reload(self, applied: App | None = None) -> tuple[Release, Compiled]:
        """Make the latest release the running one; `applied` need not be read again when it is that."""
        with self._loading:
            release = latest(self.database)
            if release is None:
                raise refuse(codes.NO_RELEASE)
            if self._current is None or self._current[0].id != release.id:
                is_known = applied is not None and dict(applied.files) == dict(release.files) and applied.pasts == release.pasts
                app = applied if applied is not None and is_known else _app_of(release)
                self._current = (release, Compiled(app, release.id, self.database.dialect, self._compile, self.files_dir))
            return self._current

    def _plan(self, desired: App) -> Plan:
        release = latest(self.database)
        running = self._current
        current = None if release is None else running[1].app if running and running[0].id == release.id else _app_of(release)
        with self.database.read() as connection:
            facts = gather(connection, current, desired, now=self.clock.now())
        return diff(current, desired, facts)

    def _apply_safely(self, app: Source) -> App:
        """Apply a definition whose plan needs no decision; gives it back."""
        desired = _read(app)
        release = latest(self.database)
        if release is not None and dict(release.files) == dict(desired.files):
            complete_engine_tables(self.database)
            return desired
        plan = self._plan(desired)
        asking = [o.describe("en") for o in plan.operations if o.kind != "safe"]
        if plan.is_blocked or asking:
            raise refuse(codes.NEEDS_DECISION, operations="; ".join(asking) or "; ".join(d.message("en") for d in plan.diagnostics))
        if plan.is_empty and release is not None:
            complete_engine_tables(self.database)
        else:
            apply_plan(self.database, plan, desired, "Engine.open", now=self.clock.now())
        return desired


def _read(app: Source) -> App:
    built = read_app(app)
    if built.app is None:
        raise DefinitionError(built.diagnostics)
    return built.app


def _app_of(release: Release) -> App:
    """The app that a release holds."""
    built = read_app(release.files, pasts=release.pasts)
    if built.app is None:
        problem = "; ".join(d.message("en") for d in built.diagnostics if d.is_error)
        raise refuse(codes.BROKEN_RELEASE, release=release.id, problem=problem)
    return built.app


def _files_beside(database: str) -> Path:
    if database.startswith("sqlite:///") and ":memory:" not in database:
        path = Path(database.removeprefix("sqlite:///").partition("?")[0])
        return path.with_name(f"{path.stem}-files")
    return Path("files")
