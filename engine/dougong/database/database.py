"""One database of an app: where transactions begin and end."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from dougong.database.connection import Connection
from dougong.database.errors import DRIVER_ERRORS, translated
from dougong.database.postgresql import PostgresConnections
from dougong.database.refusals import BAD_URL
from dougong.database.sqlite import SqliteConnections
from dougong.database.text import Dialect
from dougong.refusals import refuse


class Database:
    """Opened once per process, used by all its threads. `dialect` and `url` say what it is."""

    def __init__(self, url: str, dialect: Dialect, connections: SqliteConnections | PostgresConnections) -> None:
        self.url = url
        self.dialect: Dialect = dialect
        self._connections = connections

    @classmethod
    def open(cls, url: str) -> "Database":
        """Open `sqlite:///path.db` (made when missing) or `postgresql://user@host/name`. Raises `Refused` (R910) when that fails."""
        if url.startswith("sqlite://"):
            return cls(url, "sqlite", SqliteConnections(url))
        if url.startswith(("postgresql://", "postgres://")):
            return cls(url, "postgresql", PostgresConnections(url))
        raise refuse(BAD_URL, url=url.partition("@")[2] or url, zh="开头不对", en="it starts with neither sqlite nor postgresql")

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one state of the database and cannot change it."""
        raw = self._connections.begin(write=False)
        try:
            yield Connection(raw, self.dialect, self._connections.seconds)
        finally:
            self._connections.end(raw, commit=False)

    @contextmanager
    def look(self) -> Iterator[Connection]:
        """For work of one query: each statement sees the newest state. Spares PostgreSQL two round trips; on SQLite the same as `read`."""
        pool = self._connections
        if isinstance(pool, SqliteConnections):
            with self.read() as connection:
                yield connection
            return
        raw = pool.borrow()
        try:
            yield Connection(raw, self.dialect, pool.seconds)
        finally:
            pool.give_back(raw)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that is committed at the end of the block and rolled back when the block raises.

        SQLite: one writer at a time, from the start. PostgreSQL: READ COMMITTED; lock the rows that are decided upon.
        """
        raw = self._connections.begin(write=True)
        try:
            connection = Connection(raw, self.dialect, self._connections.seconds)
            yield connection
            if connection.failure is not None:
                raise connection.failure
        except BaseException:
            self._connections.end(raw, commit=False)
            raise
        self._connections.end(raw, commit=True)

    @contextmanager
    def autocommit(self) -> Iterator[Connection]:
        """A connection of its own on which every statement stands alone: schema changes on PostgreSQL."""
        raw: Any = self._connections.autocommit()
        try:
            yield Connection(raw, self.dialect, self._connections.seconds)
        finally:
            raw.close()

    def listen(self, channels: Iterable[str], heard: Callable[[], None], is_over: Callable[[], bool]) -> None:
        """On PostgreSQL: call `heard` at each notification of some channels, until `is_over()`, which is asked every half second."""
        raw: Any = self._connections.autocommit()
        try:
            for channel in channels:
                raw.execute(f'LISTEN "{channel}"')
            heard()  # what was said before anybody listened
            while not is_over():
                for _ in raw.notifies(timeout=0.5, stop_after=1):
                    heard()
        except DRIVER_ERRORS as error:
            raise translated(error) from error
        finally:
            raw.close()

    def image(self) -> sqlite3.Connection:
        """A copy of a SQLite database, to be closed, for `restore`: scenarios begin with the same world again and again."""
        assert isinstance(self._connections, SqliteConnections)
        return self._connections.image()

    def restore(self, image: sqlite3.Connection) -> None:
        """Make a SQLite database what it was when `image` was taken."""
        assert isinstance(self._connections, SqliteConnections)
        self._connections.restore(image)

    def close(self) -> None:
        """Give the connections back; the object cannot be used afterwards."""
        self._connections.close()
