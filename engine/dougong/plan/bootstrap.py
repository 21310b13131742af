"""The engine's own tables, made when they are missing: before the first release, and when a newer engine brings a new one."""

from collections.abc import Mapping
from functools import cache

from dougong.database import Connection, Database
from dougong.database.text import DIALECTS, Dialect
from dougong.derive.tables import bare_tables
from dougong.plan.inspect import live_columns, live_indexes, live_tables, quoted
from dougong.plan.job_schema import missing_job_schema
from dougong.plan.steps import create_table


def ensure_engine_tables(connection: Connection) -> None:
    """Create every `dg_` table, column and index that is not there; touches nothing that is."""
    for sql in missing_parts(connection):
        connection.run(sql)


def complete_engine_tables(database: Database) -> None:
    """The same, but without asking for the right to write when nothing is missing: for a newer engine on an older database."""
    with database.read() as connection:
        if not missing_parts(connection):
            return
    with database.write() as connection:
        ensure_engine_tables(connection)


def missing_parts(connection: Connection) -> list[str]:
    """The statements that make what is not there."""
    found: list[str] = []
    present = live_tables(connection)
    for table in bare_tables(connection.dialect).all:
        made = _statements(connection.dialect)[table.name]
        if table.name not in present:
            found += made
            continue
        columns = live_columns(connection, table.name)
        for column in (c for c in table.columns if c.name not in columns):
            sql_type = column.type.compile(dialect=DIALECTS[connection.dialect])
            found.append(f"ALTER TABLE {quoted(table.name)} ADD COLUMN {quoted(column.name)} {sql_type}")
        missing = {str(i.name) for i in table.indexes} - set(live_indexes(connection, table.name))
        starts = tuple(f"CREATE {kind} {quoted(n)}" for n in missing for kind in ("INDEX", "UNIQUE INDEX"))
        found += [sql for sql in made if starts and sql.startswith(starts)]
    return found + missing_job_schema(connection, present)


@cache
def _statements(dialect: Dialect) -> Mapping[str, list[str]]:
    """What makes each of the engine's tables."""
    return {table.name: list(create_table(table, dialect)) for table in bare_tables(dialect).all}
