"""What really stands in a database: tables, columns, indexes. Tests compare it with what was derived (drift)."""

from dougong.database import Connection
from dougong.plan.layout import Index

SQLITE_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
POSTGRESQL_TABLES = "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p', 'v') AND relnamespace = current_schema()::regnamespace"
POSTGRESQL_COLUMNS = """
    SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute
    WHERE attrelid = to_regclass(%(table)s) AND attnum > 0 AND NOT attisdropped ORDER BY attnum
"""
POSTGRESQL_INDEXES = """
    SELECT c.relname, i.indisunique, i.indisvalid, (
        SELECT array_agg(a.attname::text ORDER BY k.n) FROM unnest(i.indkey) WITH ORDINALITY AS k(attnum, n)
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum)
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = to_regclass(%(table)s) AND NOT i.indisprimary
"""


def quoted(name: str) -> str:
    """A name as it stands in SQL."""
    return '"' + name.replace('"', '""') + '"'


def live_tables(connection: Connection) -> frozenset[str]:
    """The names of all tables (PostgreSQL: of the current schema)."""
    rows = connection.all(SQLITE_TABLES if connection.dialect == "sqlite" else POSTGRESQL_TABLES)
    return frozenset(row[0] for row in rows)


def live_columns(connection: Connection, table: str) -> dict[str, str]:
    """Name → type, in small letters, as the database spells it."""
    if connection.dialect == "sqlite":
        return {row[1]: row[2].lower() for row in connection.all(f"PRAGMA table_info({quoted(table)})")}
    return dict(connection.all(POSTGRESQL_COLUMNS, {"table": quoted(table)}))


def live_indexes(connection: Connection, table: str) -> dict[str, Index]:
    """Name → index, the primary key's left out; an invalid one (a build that broke off) is not there."""
    if connection.dialect == "postgresql":
        rows = connection.all(POSTGRESQL_INDEXES, {"table": quoted(table)})
        return {name: Index(tuple(columns), unique) for name, unique, is_valid, columns in rows if is_valid}
    listed = connection.all(f"PRAGMA index_list({quoted(table)})")
    return {
        row[1]: Index(tuple(c[2] for c in connection.all(f"PRAGMA index_info({quoted(row[1])})")), bool(row[2]))
        for row in listed
        if row[3] == "c"
    }
