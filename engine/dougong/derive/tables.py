"""An app's tables: one per object, one column per stored field, beside the engine's own.

The result is SQLAlchemy MetaData for one database; texts are compiled from it (`dougong.database.compile_text`), and a plan compares it
with what is there. Columns of fields are nullable: what must be filled is a rule of the write gate, so that changing it is no schema change.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Any

import sqlalchemy as sa

from dougong.database.text import Dialect
from dougong.derive.columns import Kinds, column, id_column, index, table
from dougong.derive.engine_tables import (
    TEAM_TABLE,
    USER_TABLE,
    EngineTables,
    build_engine_tables,
    team_columns,
    user_columns,
)
from dougong.model.app import App, Object


@dataclass(frozen=True, slots=True)
class Tables:
    """`of` maps an object's name to its table; `engine` holds the engine's own. `metadata`: the objects' and those of users and teams."""

    metadata: sa.MetaData
    of: Mapping[str, sa.Table]
    engine: EngineTables

    @property
    def all(self) -> list[sa.Table]:
        """Every table of the database, by name."""
        own = {str(t.name): t for t in (getattr(self.engine, f.name) for f in fields(self.engine))}
        return [t for _, t in sorted((own | {str(t.name): t for t in self.of.values()}).items())]


def build_tables(app: App, dialect: Dialect) -> Tables:
    """The tables of `app` on one kind of database."""
    return tables_of(app.objects, dialect)


def tables_of(objects: Mapping[str, Object], dialect: Dialect) -> Tables:
    """The tables of some objects; those of users and teams are always among them."""
    metadata = sa.MetaData()
    bare = bare_tables(dialect)
    of = {name: object_table(metadata, obj, dialect) for name, obj in objects.items()}
    by_name = {t.name: t for t in of.values()}
    user, team = (by_name[t.name] if t.name in by_name else t.to_metadata(metadata) for t in (bare.engine.user, bare.engine.team))
    return Tables(metadata, of, replace(bare.engine, user=user, team=team))


@cache
def bare_tables(dialect: Dialect) -> Tables:
    """The engine's own tables before any app speaks of users and teams: the same for every app, made once, not to be changed."""
    metadata = sa.MetaData()
    user = table(metadata, USER_TABLE, *_head(Kinds(dialect)), *user_columns(Kinds(dialect)), *_bare_user_indexes())
    team = table(metadata, TEAM_TABLE, *_head(Kinds(dialect)), *team_columns(Kinds(dialect)), *_bare_team_indexes())
    return Tables(metadata, {}, build_engine_tables(metadata, dialect, user, team))


def object_table(metadata: sa.MetaData, obj: Object, dialect: Dialect) -> sa.Table:
    """The table of one object."""
    kinds = Kinds(dialect)
    columns = {c.name: c for c in _head(kinds)}
    if obj.pipeline is not None:
        columns |= {c.name: c for c in (column("stage", kinds.text), column("stage_since", kinds.instant))}
    if obj.table == USER_TABLE:
        columns |= {c.name: c for c in user_columns(kinds)}
    if obj.table == TEAM_TABLE:
        columns |= {c.name: c for c in team_columns(kinds)}
    for name, field in obj.fields.items():
        if field.is_stored and field.type.is_stored:
            columns[name] = column(name, field.type.column(dialect))
    return table(metadata, obj.table, *columns.values(), *_indexes(obj))


def _head(k: Kinds) -> list[sa.Column[Any]]:
    """What every record has."""
    return [
        id_column(k),
        column("created_at", k.instant, null=False),
        column("created_by", k.integer),
        column("updated_at", k.instant, null=False),
        column("updated_by", k.integer),
        column("version", k.integer, null=False, default="1"),
    ]


def _indexes(obj: Object) -> Iterator[sa.Index]:
    yield index(obj.table, "created_at")
    if obj.pipeline is not None:
        yield index(obj.table, "stage", "stage_since")
    unique = {name for name, field in obj.fields.items() if field.unique and field.is_stored}
    for name, field in obj.fields.items():
        if name in unique:
            yield index(obj.table, name, unique=True)
        elif field.is_stored and (field.indexed or field.type.is_link):
            yield index(obj.table, name)
    if obj.table == USER_TABLE:
        yield from _user_indexes(unique)


def _bare_user_indexes() -> Iterator[sa.Index]:
    """Those of the users' table before any app speaks of users."""
    yield index(USER_TABLE, "created_at")
    yield index(USER_TABLE, "manager")
    yield index(USER_TABLE, "team")
    yield from _user_indexes(set())


def _bare_team_indexes() -> Iterator[sa.Index]:
    for name in ("created_at", "parent", "leader"):
        yield index(TEAM_TABLE, name)


def _user_indexes(unique: set[str]) -> Iterator[sa.Index]:
    if "login" not in unique:
        yield index(USER_TABLE, "login", unique=True)
