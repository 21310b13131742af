"""One transaction on one connection: kept texts go in, plain tuples come out, the driver's errors become the engine's."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from psycopg.errors import InFailedSqlTransaction
from psycopg.pq import TransactionStatus

from dougong.database.errors import DRIVER_ERRORS, DriverError, translated
from dougong.database.text import Dialect, Params, Text

NOTHING: Params = {}
Row = tuple[Any, ...]


class Connection:
    """What `Database.read` and `Database.write` give. Not for use by two threads at once, nor after the `with` block.

    `sql` is a kept `Text`, or a string in the driver's own style (`:name` on SQLite, `%(name)s` on PostgreSQL).
    """

    __slots__ = ("_failure", "_is_open", "_raw", "_seconds", "dialect")

    def __init__(self, raw: Any, dialect: Dialect, seconds: float) -> None:
        self._raw = raw
        self._seconds = seconds
        self._failure: Exception | None = None
        self._is_open: bool = dialect == "sqlite" and raw.in_transaction
        self.dialect: Dialect = dialect

    @property
    def failure(self) -> Exception | None:
        """The error that ended the transaction, so that it cannot be committed: whoever caught it may not go on as if nothing had been."""
        if self.dialect == "postgresql":
            return self._failure if self._raw.info.transaction_status is TransactionStatus.INERROR else None
        return self._failure if isinstance(self._raw, _Gone) else None

    def all(self, sql: Text | str, params: Params | Sequence[Any] = NOTHING) -> list[Row]:
        """Every row of a query."""
        try:
            rows: list[Row] = self._execute(sql, params).fetchall()
        except DRIVER_ERRORS as error:
            raise self._translated(error) from error
        return rows

    def one(self, sql: Text | str, params: Params | Sequence[Any] = NOTHING) -> Row | None:
        """The first row of a query, or of an INSERT or UPDATE with RETURNING; None without one."""
        try:
            cursor = self._execute(sql, params)
            row: Row | None = cursor.fetchone()
            # SQLite ends an INSERT with RETURNING, and frees a query's snapshot, only with the last row
            cursor.close()
        except DRIVER_ERRORS as error:
            raise self._translated(error) from error
        return row

    def run(self, sql: Text | str, params: Params | Sequence[Any] = NOTHING) -> int:
        """Run a statement; the number of rows it changed (-1 when it is none that changes rows)."""
        try:
            count: int = self._execute(sql, params).rowcount
        except DRIVER_ERRORS as error:
            raise self._translated(error) from error
        return count

    def many(self, sql: Text | str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Run a statement once per row; on PostgreSQL in one batch of round trips."""
        try:
            if isinstance(sql, Text):
                cursor = self._raw.cursor()
                cursor.executemany(sql.sql, [sql.bind(row) for row in rows])
            else:
                cursor = self._raw.cursor()
                cursor.executemany(sql, list(rows))
            cursor.close()
        except DRIVER_ERRORS as error:
            raise self._translated(error) from error

    def insert_many(self, sql: Text, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run an INSERT once per row; on PostgreSQL the rows are streamed into the table instead. Every row has the same columns."""
        if self.dialect == "sqlite" or not rows:
            self.many(sql, rows)
            return
        names = list(rows[0])
        into = f"COPY {_quoted(table)} ({', '.join(map(_quoted, names))}) FROM STDIN"
        try:
            with self._raw.cursor() as cursor, cursor.copy(into) as copy:
                for row in rows:
                    copy.write_row([row[n] for n in names])
        except DRIVER_ERRORS as error:
            raise self._translated(error) from error

    def savepoint(self) -> AbstractContextManager[Any]:
        """A part of the transaction that may fail alone: leaving the block with an exception undoes what was done in it."""
        return _Savepoint(self)

    def pipeline(self) -> AbstractContextManager[Any]:
        """On PostgreSQL: send the statements of the block without waiting for each answer. On SQLite nothing to save.

        Only `run` and `many` gain by it; an error shows at the end of the block at the latest.
        """
        return self._raw.pipeline() if self.dialect == "postgresql" else nullcontext()

    def _execute(self, sql: Text | str, params: Params | Sequence[Any]) -> Any:
        if isinstance(sql, Text):
            return self._raw.execute(sql.sql, sql.bind(params) if sql.defaults or sql.lists else params)  # type: ignore[arg-type]
        # psycopg reads % as a mark only when there are parameters
        return self._raw.execute(sql, params or None) if self.dialect == "postgresql" else self._raw.execute(sql, params)

    def _translated(self, error: DriverError) -> Exception:
        if self._failure is not None and isinstance(error, InFailedSqlTransaction):
            return self._failure
        self._failure = problem = translated(error, self._seconds)
        if self._is_open and not self._raw.in_transaction:
            # SQLite rolled everything back by itself (the disk is full): a further statement would stand alone
            self._raw = _Gone(problem)
        return problem


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


class _Gone:
    """In the place of a connection whose transaction is over: every further statement meets the error that ended it."""

    def __init__(self, failure: Exception) -> None:
        self._failure = failure

    def execute(self, *arguments: object) -> Any:
        raise self._failure

    def cursor(self) -> Any:
        raise self._failure


class _Savepoint:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        self._connection.run("SAVEPOINT dg")

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if isinstance(self._connection._raw, _Gone):
            return
        if kind is not None:
            self._connection.run("ROLLBACK TO SAVEPOINT dg")
        self._connection.run("RELEASE SAVEPOINT dg")
