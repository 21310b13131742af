"""The facts of a database for one plan: its latest release and the counts that the plan asks for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from dougong.database import Connection
from dougong.model.app import App
from dougong.plan.diff import diff
from dougong.plan.facts import Facts, Question, Route
from dougong.plan.inspect import live_tables, quoted
from dougong.plan.layout import Layout, layout_of
from dougong.plan.releases import latest_layout
from dougong.plan.routes import destinations


def gather(connection: Connection, current: App | None, desired: App, *, now: datetime | None = None) -> Facts:
    """The facts for `diff(current, desired, facts)`; reads only, in the connection's transaction. `now` is what expressions of `moved` see."""
    tables = live_tables(connection)
    base, layout = latest_layout(connection) if "dg_release" in tables else (None, layout_of(None))
    notebook = _Notebook(base, layout, tables)
    diff(current, desired, notebook)
    answers = {question: _answer(connection, question, tables) for question in notebook.questions}
    at = now or datetime.now(UTC)
    routes = {r: destinations(connection, desired, current, r, at) for r in notebook.asked_routes if r.table in tables}
    return Facts(base, layout, tables, answers, routes)


@dataclass(frozen=True)
class _Notebook(Facts):
    """Answers 1 to everything, so that no question hides behind the answer to another one."""

    base: int | None
    layout: Layout
    tables: frozenset[str]
    answers: Mapping[Question, int] = field(default_factory=dict)
    routes: Mapping[Route, Mapping[str, int]] = field(default_factory=dict)
    questions: dict[Question, None] = field(default_factory=dict)
    asked_routes: dict[Route, None] = field(default_factory=dict)

    def count(self, question: Question) -> int:
        self.questions[question] = None
        return 1

    def destinations(self, route: Route) -> Mapping[str, int]:
        self.asked_routes[route] = None
        return {}


def _answer(connection: Connection, question: Question, tables: frozenset[str]) -> int:
    if question.table not in tables:
        return 0
    sql, params = _query(question, connection.dialect == "sqlite")
    row = connection.one(sql, params)
    return 0 if row is None else int(row[0])


def _query(q: Question, is_sqlite: bool) -> tuple[str, Mapping[str, Any]]:
    """The count as SQL in the driver's style."""
    table, column = quoted(q.table), quoted(q.column)
    marks = {f"v{i}": value for i, value in enumerate(q.values)}
    names = [f":{n}" if is_sqlite else f"%({n})s" for n in marks]
    if q.asked == "rows":
        return f"SELECT count(*) FROM {table}", {}
    if q.asked == "filled":
        return f"SELECT count({column}) FROM {table}", {}
    if q.asked == "duplicates":
        twice = f"SELECT 1 FROM {table} WHERE {column} IS NOT NULL GROUP BY {column} HAVING count(*) > 1"
        return f"SELECT count(*) FROM ({twice}) AS twice", {}
    if q.asked == "over":
        # In the column's own units: SQLite keeps scaled integers, PostgreSQL the number itself
        limit, scale = int(q.values[0]), int(q.values[1])
        bound = str(limit) if is_sqlite else str(limit // 10**scale)
        return f"SELECT count(*) FROM {table} WHERE {column} >= {bound} OR {column} <= -{bound}", {}
    if q.asked == "apart":
        parts, summed, link = (quoted(name) for name in q.values)
        mine = f"FROM {parts} AS part WHERE part.{link} = whole.id"
        differs = f"coalesce(whole.{column}, 0) <> (SELECT coalesce(sum(part.{summed}), 0) {mine})"
        return f"SELECT count(*) FROM {table} AS whole WHERE EXISTS (SELECT 1 {mine}) AND {differs}", {}
    if q.asked == "blank":
        return f"SELECT count(*) FROM {table} WHERE {column} IS NULL", {}
    return f"SELECT count(*) FROM {table} WHERE {_membership(q, column, names, is_sqlite)}", marks


def _membership(q: Question, column: str, names: list[str], is_sqlite: bool) -> str:
    """The condition of `equal` and `outside`."""
    listed = ", ".join(names)
    if not q.is_many:
        return f"{column} = {names[0]}" if q.asked == "equal" else f"{column} NOT IN ({listed})"
    items = (
        f"SELECT 1 FROM json_each({column}) AS item WHERE item.value" if is_sqlite else f"SELECT 1 FROM unnest({column}) AS item WHERE item"
    )
    return f"EXISTS ({items} {'=' if q.asked == 'equal' else 'NOT IN'} {names[0] if q.asked == 'equal' else f'({listed})'})"
