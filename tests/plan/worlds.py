"""Small apps and databases for the tests of plans: definitions as text, a database that follows them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from dougong.database import Connection, Database
from dougong.derive.tables import build_tables
from dougong.model.app import App
from dougong.pipeline import read_app
from dougong.plan import Facts, Plan, diff
from dougong.plan.apply import apply
from dougong.plan.gather import gather
from dougong.plan.inspect import live_columns, live_indexes, live_tables
from dougong.plan.layout import Index, layout_of, sql_type
from dougong.plan.releases import latest, latest_layout

Definition = Mapping[str, Mapping[str, str]]
WHEN = "2026-03-01T00:00:00.000Z"


def app(objects: Definition, extra: str = "") -> App:
    """An app of objects with field lines; a key `+` of an object holds further YAML lines of it."""
    lines = ["app: world", "version: 1.0.0", "title: World", "objects:" if objects else "objects: {}"]
    for name, fields in objects.items():
        lines += [f"  {name}:", f"    title: {name}"]
        lines += [f"    {line}" for line in fields.get("+", "").splitlines()]
        lines += ["    fields:", *(f"      {key}: {line}" for key, line in fields.items() if key != "+")]
    built = read_app({"app.yaml": "\n".join(lines) + "\n" + extra})
    assert built.app is not None, [f"{d.place} {d.message('en')}" for d in built.diagnostics]
    return built.app


def planned(before: App | None, after: App) -> Plan:
    """The plan for an imagined database without records."""
    facts = Facts() if before is None else Facts(base=1, layout=layout_of(before))
    return diff(before, after, facts)


class World:
    """A database that goes from definition to definition."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.app: App | None = None

    def plan(self, desired: App) -> Plan:
        with self.database.read() as connection:
            facts = gather(connection, self.app, desired)
        return diff(self.app, desired, facts)

    def become(self, desired: App) -> Plan:
        """Plan and apply; then nothing is left to do and the database is what was derived."""
        plan = self.plan(desired)
        assert not plan.is_blocked, [d.message("en") for d in plan.diagnostics]
        apply(self.database, plan, desired, "tester")
        self.app = desired
        again = self.plan(desired)
        assert again.is_empty, again.describe("en")
        assert self.drift() == []
        return plan

    def drift(self) -> list[str]:
        """Where the live schema differs from the derived one; retired columns and tables are known and do not count."""
        assert self.app is not None
        tables = {str(t.name): t for t in build_tables(self.app, self.database.dialect).all}
        found: list[str] = []
        with self.database.read() as connection:
            _, layout = latest_layout(connection)
            known = {name: {c for c, column in t.columns.items() if column.is_retired} for name, t in layout.items()}
            retired = {name for name, t in layout.items() if t.is_retired}
            live = {t for t in live_tables(connection) if not t.startswith("procrastinate_")}  # they come with a package
            found += [f"table {t}" for t in live ^ (set(tables) | retired)]
            for name, table in tables.items():
                columns = {c.name: _type(c, self.database.dialect) for c in table.columns}
                there = {n: t for n, t in live_columns(connection, name).items() if n not in known.get(name, set())}
                found += [] if there == columns else [f"{name}: {there} instead of {columns}"]
                indexes = {str(i.name): Index(tuple(c.name for c in i.columns), bool(i.unique)) for i in table.indexes}
                there_indexes = live_indexes(connection, name)
                found += [] if there_indexes == indexes else [f"{name}: {there_indexes} instead of {indexes}"]
        return found

    def insert(self, table: str, values: Mapping[str, Any]) -> int:
        """A record, past the gate."""
        with self.database.write() as connection:
            return insert(connection, table, values)

    def column(self, table: str, name: str) -> list[Any]:
        """The values of a column, by id."""
        with self.database.read() as connection:
            return [row[0] for row in connection.all(f'SELECT "{name}" FROM "{table}" ORDER BY "id"')]

    def releases(self) -> int:
        release = latest(self.database)
        return 0 if release is None else release.id


def insert(connection: Connection, table: str, values: Mapping[str, Any]) -> int:
    given = {"created_at": WHEN, "updated_at": WHEN, **values}
    names = ", ".join(f'"{n}"' for n in given)
    marks = ", ".join(f":{n}" if connection.dialect == "sqlite" else f"%({n})s" for n in given)
    row = connection.one(f'INSERT INTO "{table}" ({names}) VALUES ({marks}) RETURNING "id"', given)
    assert row is not None
    return int(row[0])


def _type(column: Any, dialect: str) -> str:
    return sql_type(column) if dialect == "postgresql" else str(column.type).partition(" ")[0].lower()


@contextmanager
def world(url: str) -> Iterator[World]:
    """A world on a fresh database."""
    database = Database.open(url)
    try:
        yield World(database)
    finally:
        database.close()
