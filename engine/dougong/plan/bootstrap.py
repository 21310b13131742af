"""The engine's own tables, made when they are missing: before the first release, and when a newer engine brings a new one."""

from dougong.database import Connection
from dougong.database.text import DIALECTS
from dougong.derive.tables import tables_of
from dougong.plan.inspect import live_columns, live_indexes, live_tables, quoted
from dougong.plan.steps import create_table


def ensure_engine_tables(connection: Connection) -> None:
    """Create every `dg_` table, column and index that is not there; touches nothing that is."""
    metadata = tables_of({}, connection.dialect).metadata
    present = live_tables(connection)
    for table in metadata.sorted_tables:
        if table.name not in present:
            for sql in create_table(table, connection.dialect):
                connection.run(sql)
            continue
        columns = live_columns(connection, table.name)
        for column in (c for c in table.columns if c.name not in columns):
            sql_type = column.type.compile(dialect=DIALECTS[connection.dialect])
            connection.run(f"ALTER TABLE {quoted(table.name)} ADD COLUMN {quoted(column.name)} {sql_type}")
        missing = {str(i.name) for i in table.indexes} - set(live_indexes(connection, table.name))
        for sql in create_table(table, connection.dialect):
            if any(sql.startswith((f"CREATE INDEX {quoted(n)}", f"CREATE UNIQUE INDEX {quoted(n)}")) for n in missing):
                connection.run(sql)
