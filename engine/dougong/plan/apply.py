"""Carrying out a plan: the only place that changes a schema.

SQLite does it in one transaction. PostgreSQL does what takes long (indexes, filling) beforehand and online, while the old release works, and
everything that the old release would notice in one short transaction that also puts the new release in force. When an apply breaks off
before that, the next one first removes what the broken one had begun, which nobody has used yet.
"""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import psycopg
import sqlalchemy as sa

from dougong.database import Connection, Database, Dialect, Unavailable, UniqueViolation
from dougong.database.instants import instant_to_db
from dougong.derive.tables import build_tables
from dougong.model.app import App
from dougong.plan import operations as op
from dougong.plan.bootstrap import ensure_engine_tables
from dougong.plan.fill import batches
from dougong.plan.inspect import live_columns, live_tables, quoted
from dougong.plan.layout import to_json
from dougong.plan.looking import fill_late
from dougong.plan.moving import close_proposals, move_records
from dougong.plan.plan import Plan
from dougong.plan.refusals import APPLYING, BLOCKED_PLAN, LOCKED_OUT, STALE_PLAN
from dougong.plan.releases import newest_id
from dougong.plan.steps import statements
from dougong.refusals import Refused, refuse

TRIES = 30
LOCK_TIMEOUT = "'1s'"  # a waiting ALTER TABLE blocks everybody behind it: wait shortly, often
PAUSE_SECONDS = 0.2
ADVISORY_KEY = 0x446F75676F6E67
INSERT = (
    'INSERT INTO "dg_release" ("app", "version", "files", "plan", "layout", "state", "applied_at", "applied_by") VALUES ({}) RETURNING "id"'
)


def apply(database: Database, plan: Plan, desired: App, actor: str, *, now: datetime | None = None) -> int:
    """Bring the database to `desired`; the id of the new release.

    Raises `Refused`: R703 when the plan is blocked, R701 when another release came in between, R702 while somebody else applies.
    """
    if plan.is_blocked:
        first = plan.diagnostics[0]
        raise refuse(BLOCKED_PLAN, count=len(plan.diagnostics), first=(first.message("zh"), first.message("en")))
    made = _Apply(database, plan, desired, actor, now or datetime.now(UTC))
    return made.on_sqlite() if database.dialect == "sqlite" else made.on_postgresql()


class _Apply:
    def __init__(self, database: Database, plan: Plan, desired: App, actor: str, now: datetime) -> None:
        self.database, self.plan, self.desired, self.actor = database, plan, desired, actor
        self.now = now.replace(microsecond=now.microsecond // 1000 * 1000)
        self.dialect: Dialect = database.dialect
        self.metadata: sa.MetaData = build_tables(desired, database.dialect).metadata
        self.renamed = {o.table: o.to for o in plan.operations if isinstance(o, op.RenameTable)}

    def on_sqlite(self) -> int:
        """Everything in one transaction."""
        with self.database.write() as connection:
            ensure_engine_tables(connection)
            self._check_base(connection)
            release = self._release(connection, "applied")
            for operation in self.plan.operations:
                self._run(connection, operation, release)
            return release

    def on_postgresql(self) -> int:
        """Online steps first, then the short transaction in which the release changes hands."""
        with self.database.autocommit() as alone:
            locked = alone.one(f"SELECT pg_try_advisory_lock({ADVISORY_KEY})")
            if locked is None or not locked[0]:
                raise refuse(APPLYING)
            try:
                return self._on_postgresql(alone)
            finally:
                alone.run(f"SELECT pg_advisory_unlock({ADVISORY_KEY})")

    def _on_postgresql(self, alone: Connection) -> int:
        with self.database.write() as connection:
            ensure_engine_tables(connection)
        clean_up(self.database)
        with self.database.write() as connection:
            self._check_base(connection)
            release = self._release(connection, "applying")
        for operation in (o for o in self.plan.operations if not o.late):
            self._online(alone, operation, release)

        def hand_over(connection: Connection) -> None:
            connection.run('LOCK TABLE "dg_release" IN EXCLUSIVE MODE')
            self._check_base(connection)
            for table in self._moving_tables():
                connection.run(f"LOCK TABLE {quoted(table)} IN EXCLUSIVE MODE")
            for operation in self.plan.operations:
                if isinstance(operation, op.Fill) and not operation.late:  # what the old release wrote in the meantime
                    self._fill(connection, operation, since=self.now)
            for operation in (o for o in self.plan.operations if o.late):
                self._run(connection, operation, release)
            connection.run(f'UPDATE "dg_release" SET "state" = \'applied\' WHERE "id" = {release}')

        self._retrying("dg_release", lambda: self._in_transaction(hand_over))
        for moving in (o for o in self.plan.operations if isinstance(o, op.MoveStage)):
            self._late_comers(moving, release)
        return release

    def _late_comers(self, operation: op.MoveStage, release: int) -> None:
        """Records that somebody put into the stage with the old release while it changed hands."""

        def move(connection: Connection) -> None:
            connection.run(f"LOCK TABLE {quoted(operation.table)} IN EXCLUSIVE MODE")
            move_records(connection, self.desired, operation, release, self.now)

        try:
            self._retrying(operation.table, lambda: self._in_transaction(move))
        except Refused:
            return  # the release is in force; should such a record be there, the next plan tells of it

    def _online(self, alone: Connection, operation: op.Operation, release: int) -> None:
        if isinstance(operation, op.AddIndex):
            self._retrying(operation.table, lambda: self._index_concurrently(alone, operation))
        elif isinstance(operation, op.Fill):
            for step in batches(self.desired, operation, self.now):
                self._in_transaction(step)
        else:
            self._retrying(operation.table, lambda: self._in_transaction(lambda c: self._run(c, operation, release)))

    def _index_concurrently(self, alone: Connection, operation: op.AddIndex) -> None:
        drop = f"DROP INDEX CONCURRENTLY IF EXISTS {quoted(operation.index)}"
        (create,) = statements(operation, self.metadata, self.dialect)
        try:
            alone.run(create.replace("INDEX", "INDEX CONCURRENTLY", 1))
        except (Unavailable, UniqueViolation, psycopg.Error):
            alone.run(drop)  # a build that broke off leaves an invalid index
            raise

    def _in_transaction(self, work: Callable[[Connection], object]) -> None:
        with self.database.write() as connection:
            connection.run(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT}")
            work(connection)

    def _retrying(self, table: str, work: Callable[[], None]) -> None:
        """Try again while others hold the table: a short wait each time lets them finish."""
        for attempt in range(1, TRIES + 1):
            try:
                work()
                return
            except Unavailable as problem:
                if problem.is_lost or attempt == TRIES:
                    raise refuse(LOCKED_OUT, table=table, tries=TRIES) if not problem.is_lost else problem from problem
                time.sleep(PAUSE_SECONDS)

    def _run(self, connection: Connection, operation: op.Operation, release: int) -> None:
        if isinstance(operation, op.MoveStage):
            move_records(connection, self.desired, operation, release, self.now)
            return
        if isinstance(operation, op.RemoveStage):
            close_proposals(connection, self.desired, operation, self.now)
            return
        if isinstance(operation, op.Fill):
            self._fill(connection, operation)
            return
        for sql in statements(operation, self.metadata, self.dialect, renamed_to=self.renamed.get(operation.table)):
            connection.run(sql)

    def _moving_tables(self) -> list[str]:
        """Tables, by their names so far, whose records change their stage: who is writing there finishes first."""
        new = {to: table for table, to in self.renamed.items()}
        moving = (o for o in self.plan.operations if isinstance(o, op.MoveStage | op.RenameStage))
        return list(dict.fromkeys(new.get(o.table, o.table) for o in moving))

    def _fill(self, connection: Connection, operation: op.Fill, since: datetime | None = None) -> None:
        if operation.late:
            fill_late(connection, self.desired, operation, self.now)
            return
        for step in batches(self.desired, operation, self.now, since=since):
            step(connection)

    def _check_base(self, connection: Connection) -> None:
        found = newest_id(connection)
        if found != self.plan.base:
            raise refuse(STALE_PLAN, release=found)

    def _release(self, connection: Connection, state: str) -> int:
        begun = [o for o in self.plan.operations if not o.late]
        plan = {"zh": self.plan.describe("zh"), "en": self.plan.describe("en"), "begun": [_undoing(o) for o in begun]}
        layout, files = to_json(self.plan.layout), dict(self.desired.files)
        values = {
            "app": self.desired.name,
            "version": self.desired.version,
            "files": json.dumps(files, ensure_ascii=False),
            "plan": json.dumps(plan, ensure_ascii=False),
            "layout": json.dumps(layout, ensure_ascii=False),
            "state": state,
            "applied_at": instant_to_db(self.now, self.dialect),
            "applied_by": self.actor,
        }
        marks = ", ".join(f":{n}" if self.dialect == "sqlite" else f"%({n})s" for n in values)
        row = connection.one(INSERT.format(marks), values)
        assert row is not None
        return int(row[0])


def clean_up(database: Database) -> None:
    """Remove what an apply that broke off had begun on PostgreSQL: columns and indexes that no release ever used."""
    with database.write() as connection:
        rows = connection.all('SELECT "id", "plan" FROM "dg_release" WHERE "state" = \'applying\'')
        tables = live_tables(connection)
        for id, plan in rows:
            for undo in reversed(json.loads(plan)["begun"]):
                _undo(connection, undo, tables)
            connection.run(f'DELETE FROM "dg_release" WHERE "id" = {id}')


def _undoing(operation: op.Operation) -> dict[str, Any]:
    """What must be known to take an early operation back."""
    kept = {k: getattr(operation, k, None) for k in ("table", "column", "to", "index")}
    return {"operation": type(operation).__name__, **{k: v for k, v in kept.items() if v is not None}}


def _undo(connection: Connection, undo: dict[str, Any], tables: frozenset[str]) -> None:
    kind, table = undo["operation"], undo["table"]
    if kind == op.AddIndex.__name__:
        connection.run(f"DROP INDEX IF EXISTS {quoted(undo['index'])}")
    elif kind == op.AddColumn.__name__ and table in tables:
        connection.run(f"ALTER TABLE {quoted(table)} DROP COLUMN IF EXISTS {quoted(undo['column'])}")
    elif kind == op.SetColumnAside.__name__ and undo["to"] in live_columns(connection, table):
        connection.run(f"ALTER TABLE {quoted(table)} RENAME COLUMN {quoted(undo['to'])} TO {quoted(undo['column'])}")
