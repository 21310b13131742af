"""Runs expressions over rows on every backend at once: generated Python, SQLite, PostgreSQL, JavaScript in node."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from dougong_dsl.expression import (
    Expression,
    can_run_in_sql,
    from_json,
    sql_decoder,
    sql_facts,
    sql_parameters,
    sqlite_functions,
    to_js,
    to_json,
    to_python,
    to_sql,
)
from dougong_dsl.expression.sql_values import Dialect, encode
from dougong_dsl.expression.types import Boolean, Date, DateTime, ListOf, Record, Type, is_number, scale_of

from tests.dsl.expression.world import ME, MEMBERS, context

Rows = Mapping[str, list[dict[str, Any]]]
RUNTIME = Path(__file__).parents[3] / "dsl/dougong_dsl/expression/runtime.js"
_NODE = """
const R = await import(process.argv[1]);
import { createInterface } from "node:readline";
for await (const line of createInterface({ input: process.stdin })) {
  const { codes, rows, context } = JSON.parse(line);
  const found = codes.map((code) => {
    const run = code === null ? null : new Function("R", `return ${code}`)(R);
    return run === null ? null : rows.map((row) => run(row, context));
  });
  process.stdout.write(JSON.stringify(found) + "\\n");
}
"""


def column(name: str, kind: Type, dialect: Dialect) -> sa.Column[Any]:
    """A column as the engine makes it."""
    postgresql = dialect == "postgresql"
    text = sa.Text(collation="C") if postgresql else sa.Text()
    if is_number(kind):
        return sa.Column(name, sa.Numeric(18, scale_of(kind)) if postgresql and scale_of(kind) else sa.BigInteger())
    if isinstance(kind, ListOf):
        item = sa.BigInteger() if isinstance(kind.item, Record) else text
        return sa.Column(name, sa.ARRAY(item) if postgresql else text)
    plain: dict[type, sa.types.TypeEngine[Any]] = {
        Boolean: sa.Boolean() if postgresql else sa.Integer(),
        Date: sa.Date() if postgresql else text,
        DateTime: sa.DateTime(timezone=True) if postgresql else text,
        Record: sa.BigInteger(),
    }
    return sa.Column(name, plain.get(type(kind), text))


def tables_for(dialect: Dialect) -> dict[str, sa.Table]:
    """The tables of the test world as the engine makes them."""
    metadata = sa.MetaData()
    return {
        name: sa.Table(
            "dg_user" if name == "user" else name,
            metadata,
            *(column(m.name, m.type, dialect) for m in members.values() if m.through is None),
        )
        for name, members in MEMBERS.items()
    }


def stored_value(value: Any, kind: Type, dialect: Dialect) -> Any:
    """A value as a database driver takes it."""
    if value is None:
        return None
    if dialect == "sqlite" and is_number(kind):
        return int(value * 10 ** scale_of(kind))
    if isinstance(kind, ListOf):
        return json.dumps(list(value), ensure_ascii=False) if dialect == "sqlite" else list(value)
    return encode(value, dialect)


class Database:
    """One database with the test world's tables."""

    def __init__(self, url: str, dialect: Dialect) -> None:
        self.dialect = dialect
        self.engine = sa.create_engine(url)
        if dialect == "sqlite":
            sa.event.listen(self.engine, "connect", self._register)
        self.tables = tables_for(dialect)
        self.connection = self.engine.connect()
        next(iter(self.tables.values())).metadata.create_all(self.connection)

    @staticmethod
    def _register(connection: Any, _record: Any) -> None:
        for name, count, function in sqlite_functions():
            connection.create_function(name, count, function, deterministic=True)

    def fill(self, rows: Rows) -> None:
        """Replace all rows."""
        for name, table in self.tables.items():
            self.connection.execute(table.delete())
            members = MEMBERS[name]
            stored = [{k: stored_value(v, members[k].type, self.dialect) for k, v in row.items()} for row in rows.get(name, [])]
            if stored:
                self.connection.execute(table.insert(), stored)

    def values(self, expressions: Sequence[Expression]) -> list[list[Any]]:
        """The value of every expression for every deal, by id."""
        deal = self.tables["deal"]
        elements = [to_sql(expression, deal, self.tables, self.dialect) for expression in expressions]
        facts = frozenset[str]().union(*(sql_facts(element) for element in elements))
        query = sa.select(*(element.label(f"e{i}") for i, element in enumerate(elements))).select_from(deal).order_by(deal.c.id)
        with self.connection.begin_nested():  # a statement that fails must not take the next one with it
            found = self.connection.execute(query, sql_parameters(facts, context({}), self.dialect)).all()
        decoders = [sql_decoder(expression, self.dialect) for expression in expressions]
        return [[decode(row[i]) for row in found] for i, decode in enumerate(decoders)]

    def where(self, expression: Expression) -> list[int]:
        """The ids of the deals that a condition selects."""
        deal = self.tables["deal"]
        element = to_sql(expression, deal, self.tables, self.dialect)
        query = sa.select(deal.c.id).where(element).order_by(deal.c.id)
        return list(self.connection.execute(query, sql_parameters(sql_facts(element), context({}), self.dialect)).scalars())

    def close(self) -> None:
        """Give the connection back."""
        self.connection.close()
        self.engine.dispose()


class Browser:
    """A long-lived node process with the runtime module."""

    def __init__(self) -> None:
        command = ["node", "--input-type=module", "-e", _NODE, str(RUNTIME)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def values(self, expressions: Sequence[Expression], rows: Rows, old: Mapping[str, Any] | None = None) -> list[list[Any] | None]:
        """The value of every expression for every deal; None for what only the server can answer."""
        facts = context({})
        sent = {
            "codes": [to_js(expression) for expression in expressions],
            "rows": [_json_row(row, "deal") for row in rows["deal"]],
            "context": {
                "today": facts.today.isoformat(),
                "now": to_json(facts.now, DateTime()),
                "zone": facts.zone.key,
                "me": _json_row(ME, "user"),
                "old": None if old is None else _json_row(old, "deal"),
            },
        }
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps(sent) + "\n")
        self.process.stdin.flush()
        found = json.loads(self.process.stdout.readline())
        return [
            None if values is None else [from_json(value, expression.type) for value in values]
            for values, expression in zip(found, expressions, strict=True)
        ]

    def close(self) -> None:
        """End the process."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(10)


def _json_row(row: Mapping[str, Any], object_name: str) -> dict[str, Any]:
    """A row in JSON; whole numbers as text, since a JavaScript number would round the long ones."""
    found: dict[str, Any] = {}
    for name, value in row.items():
        kind = MEMBERS[object_name][name].type
        sent = to_json(value, kind)
        found[name] = str(sent) if isinstance(sent, int) and is_number(kind) else sent
    return found


class Everywhere:
    """All backends together."""

    def __init__(self, sqlite: Database, postgresql: Database, browser: Browser) -> None:
        self.databases = [sqlite, postgresql]
        self.browser = browser

    def fill(self, rows: Rows) -> None:
        """Replace the rows of both databases."""
        for database in self.databases:
            database.fill(rows)

    def differences(self, expressions: Sequence[Expression], rows: Rows) -> list[str]:
        """Where a backend does not agree with generated Python, one line each; `fill` comes first."""
        facts = context(rows)
        expected = [[to_python(expression)(row, facts) for row in rows["deal"]] for expression in expressions]
        in_sql = [i for i, expression in enumerate(expressions) if can_run_in_sql(expression)]
        found: list[tuple[str, int, list[Any]]] = []
        for database in self.databases:
            values = database.values([expressions[i] for i in in_sql])
            found += [(database.dialect, i, answers) for i, answers in zip(in_sql, values, strict=True)]
        for i, answers in enumerate(self.browser.values(expressions, rows)):
            if answers is not None:
                found.append(("javascript", i, answers))
        return [
            f"{backend}: {expressions[i].source.text}\n  deal {rows['deal'][at]}\n  python {expected[i][at]!r}, {backend} {value!r}"
            for backend, i, answers in found
            for at, value in enumerate(answers)
            if not _same(value, expected[i][at])
        ]


def _same(a: Any, b: Any) -> bool:
    return bool(a == b) and isinstance(a, bool) == isinstance(b, bool)
