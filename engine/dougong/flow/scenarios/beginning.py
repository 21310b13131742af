"""The state in which every scenario begins: taken once, put back before each, on SQLite and on PostgreSQL."""

import sqlite3
from contextlib import closing
from typing import Protocol

from dougong.database import Database

# A schema beside the app's; its tables hold the few rows that are there before anything happens
_KEPT = "dougong_beginning"
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"
_COLUMNS = (
    "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = '{0}' "
    "AND is_generated = 'NEVER' ORDER BY ordinal_position"
)
_COUNTERS = (
    "SELECT column_name, pg_get_serial_sequence(quote_ident(table_name), column_name) FROM information_schema.columns "
    "WHERE table_schema = current_schema() AND table_name = '{0}' AND pg_get_serial_sequence(quote_ident(table_name), column_name) IS NOT NULL"
)


class Beginning(Protocol):
    """A state of a database."""

    def restore(self) -> None:
        """Make the database what it was."""

    def close(self) -> None:
        """Forget the state."""


def beginning(database: Database) -> Beginning:
    """What is in the database now. Nothing else may be at work in it from here on."""
    return _Image(database) if database.dialect == "sqlite" else _OnServer(database)


def is_empty(database: Database) -> bool:
    """Whether nothing was made in the database yet. Scenarios empty all tables: nobody's data may be in them."""
    listed = "SELECT name FROM sqlite_master" if database.dialect == "sqlite" else _TABLES
    with database.read() as connection:
        return connection.one(listed) is None


class _Image:
    """`close` takes everything out of the database again: it was empty before."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._image: sqlite3.Connection = database.image()

    def restore(self) -> None:
        self._database.restore(self._image)

    def close(self) -> None:
        self._image.close()
        with closing(sqlite3.connect(":memory:")) as nothing:
            self._database.restore(nothing)


class _OnServer:
    """`close` takes everything out of the database again: it was empty before."""

    def __init__(self, database: Database) -> None:
        self._database = database
        with database.write() as connection:
            tables = [row[0] for row in connection.all(_TABLES)]
            filled = [t for t in tables if connection.one(f'SELECT 1 FROM "{t}" LIMIT 1') is not None]
            connection.run(f"CREATE SCHEMA {_KEPT}")
            statements = ["TRUNCATE " + ", ".join(f'"{t}"' for t in tables) + " RESTART IDENTITY"]
            for table in filled:
                connection.run(f'CREATE TABLE {_KEPT}."{table}" AS TABLE "{table}"')
                columns = ", ".join(f'"{row[0]}"' for row in connection.all(_COLUMNS.format(table)))
                statements.append(f'INSERT INTO "{table}" ({columns}) SELECT {columns} FROM {_KEPT}."{table}"')
                for column, counter in connection.all(_COUNTERS.format(table)):
                    statements.append(f'SELECT setval(\'{counter}\', (SELECT max("{column}") FROM "{table}"))')
        self._statements = tuple(statements)

    def restore(self) -> None:
        with self._database.write() as connection:
            for statement in self._statements:
                connection.run(statement)

    def close(self) -> None:
        with self._database.write() as connection:
            row = connection.one("SELECT current_schema()")
            assert row is not None
            connection.run(f'DROP SCHEMA {_KEPT}, "{row[0]}" CASCADE')
            connection.run(f'CREATE SCHEMA "{row[0]}"')
