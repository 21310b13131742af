"""What an app's tables look like, as plain values: kept with each release, retired columns included, so that the next plan knows
what every column means without guessing from the database (SQLite cannot tell an integer from money).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa
from dougong_dsl.titles import Title

from dougong.database.text import DIALECTS
from dougong.derive.engine_tables import TEAM_TABLE, USER_TABLE
from dougong.derive.tables import tables_of
from dougong.model.app import App, Object
from dougong.model.past import NO_PAST, Past, Pasts


@dataclass(frozen=True, slots=True)
class Column:
    """`kind` is the field type's key (empty: the engine's own column), `sql` PostgreSQL's type, `target` a link's object.

    `family` groups kinds whose stored values look alike.
    """

    kind: str
    sql: str
    family: str = ""
    target: str | None = None
    is_retired: bool = False


@dataclass(frozen=True, slots=True)
class Index:
    """Columns in order."""

    columns: tuple[str, ...]
    unique: bool


@dataclass(frozen=True, slots=True)
class Trace:
    """A stage that is or was: its last title, and what it is called `now`; None: it is gone."""

    zh: str
    en: str
    now: str | None


Traces = Mapping[str, Mapping[str, Trace]]  # column of a pipeline → name that a stage ever had → what became of it


@dataclass(frozen=True, slots=True)
class TableLayout:
    """One table by its columns and indexes. `formers`: the names that a column had before, newest first."""

    object: str
    columns: Mapping[str, Column]
    indexes: Mapping[str, Index] = field(default_factory=dict)
    is_retired: bool = False
    formers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stages: Traces = field(default_factory=dict)

    def stages_gone(self, column: str) -> list[str]:
        """The names of a pipeline's stages that are there no more."""
        return [name for name, trace in self.stages.get(column, {}).items() if trace.now is None]

    def active(self) -> dict[str, Column]:
        """The columns that the definition speaks of."""
        return {n: c for n, c in self.columns.items() if not c.is_retired}


Layout = Mapping[str, TableLayout]


def layout_of(app: App | None) -> Layout:
    """The layout that a definition asks for; without one, what is there before the first release (the engine's tables of users and teams)."""
    objects = {} if app is None else app.objects
    tables = tables_of(objects, "postgresql")
    by_table: dict[str, tuple[str, Object | None]] = {obj.table: (name, obj) for name, obj in objects.items()}
    by_table.setdefault(USER_TABLE, ("user", None))
    by_table.setdefault(TEAM_TABLE, ("team", None))
    layout: dict[str, TableLayout] = {}
    for table_name, (object_name, obj) in by_table.items():
        table = tables.metadata.tables[table_name]
        columns = {c.name: column_of(c, obj) for c in table.columns}
        indexes = {str(i.name): Index(tuple(c.name for c in i.columns), bool(i.unique)) for i in table.indexes}
        layout[table_name] = TableLayout(object_name, columns, indexes, stages=traces(obj))
    return layout


def traces(obj: Object | None) -> Traces:
    """The stages that an object has now."""
    pipelines = () if obj is None else obj.pipelines
    return {p.field: {s.name: Trace(s.title.zh, s.title.en, s.name) for s in p.stages.values()} for p in pipelines}


def column_of(column: sa.Column[Any], obj: Object | None) -> Column:
    """The plain value of a derived column."""
    sql = sql_type(column)
    made = None if obj is None else obj.fields.get(column.name)
    if made is None:
        return Column("", sql)
    return Column(made.type.key, sql, made.type.family or made.type.key, made.type.target if made.type.is_link else None)


def sql_type(column: sa.Column[Any]) -> str:
    """PostgreSQL's own spelling of a column's type."""
    text = column.type.compile(dialect=DIALECTS["postgresql"]).partition(" COLLATE")[0]
    return text.lower().replace(", ", ",")


def to_json(layout: Layout) -> dict[str, Any]:
    """The layout as it is kept in `dg_release`."""
    return {
        name: {
            "object": t.object,
            "retired": t.is_retired,
            "columns": {n: [c.kind, c.sql, c.family, c.target, c.is_retired] for n, c in t.columns.items()},
            "indexes": {n: [list(i.columns), i.unique] for n, i in t.indexes.items()},
            "formers": {n: list(names) for n, names in t.formers.items()},
            "stages": {c: {n: [s.zh, s.en, s.now] for n, s in stages.items()} for c, stages in t.stages.items()},
        }
        for name, t in layout.items()
    }


def from_json(value: Mapping[str, Any]) -> Layout:
    """The layout that `to_json` made."""
    return {
        name: TableLayout(
            t["object"],
            {n: Column(*c) for n, c in t["columns"].items()},
            {n: Index(tuple(columns), unique) for n, (columns, unique) in t["indexes"].items()},
            t["retired"],
            {n: tuple(names) for n, names in t.get("formers", {}).items()},
            {c: {n: Trace(*s) for n, s in stages.items()} for c, stages in t.get("stages", {}).items()},
        )
        for name, t in value.items()
    }


def pasts_of(layout: Layout) -> Pasts:
    """What the layout tells of former names, for objects that have some."""
    found = {t.object: Past(t.formers, *_stages_past(t)) for t in layout.values() if not t.is_retired}
    return {name: past for name, past in found.items() if past != NO_PAST}


def _stages_past(table: TableLayout) -> tuple[dict[str, dict[str, tuple[str, ...]]], dict[str, dict[str, Title]]]:
    formers: dict[str, dict[str, tuple[str, ...]]] = {}
    titles: dict[str, dict[str, Title]] = {}
    for column, stages in table.stages.items():
        for name, trace in stages.items():
            if trace.now != name:
                titles.setdefault(column, {})[name] = Title(trace.zh, trace.en)
            if trace.now is not None and trace.now != name:
                known = formers.setdefault(column, {})
                known[trace.now] = (*known.get(trace.now, ()), name)
    return formers, titles


def completed(layout: Layout) -> Layout:
    """The layout with the built-in tables, columns and indexes that it lacks: a newer engine makes them by itself (`plan.bootstrap`)."""
    found = dict(layout)
    for name, bare in layout_of(None).items():
        old = found.get(name, bare)
        found[name] = replace(old, columns={**bare.columns, **old.columns}, indexes={**bare.indexes, **old.indexes})
    return found


def free_name(name: str, taken: set[str]) -> str:
    """A name like `name` that is not taken: `name~1`, cut to 63 bytes."""
    number = 1
    while True:
        end = f"~{number}"
        found = name.encode()[: 63 - len(end)].decode(errors="ignore") + end
        if found not in taken:
            return found
        number += 1
