"""What the tables of an app and of the engine are made of: the column types of one database, named columns, tables and indexes."""

import hashlib
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSON, JSONB, TIMESTAMP
from sqlalchemy.sql.elements import quoted_name
from sqlalchemy.types import TypeEngine

from dougong.database.text import Dialect


@dataclass(frozen=True, slots=True)
class Kinds:
    """The column types of one database."""

    dialect: Dialect

    @property
    def text(self) -> TypeEngine[Any]:
        return sa.Text(collation="C") if self.dialect == "postgresql" else sa.Text()

    @property
    def integer(self) -> TypeEngine[Any]:
        return sa.BigInteger() if self.dialect == "postgresql" else sa.Integer()

    @property
    def boolean(self) -> TypeEngine[Any]:
        return sa.Boolean() if self.dialect == "postgresql" else sa.Integer()

    @property
    def instant(self) -> TypeEngine[Any]:
        return TIMESTAMP(timezone=True, precision=3) if self.dialect == "postgresql" else sa.Text()

    @property
    def json(self) -> TypeEngine[Any]:
        """JSON kept letter by letter, the order of its keys included."""
        return JSON() if self.dialect == "postgresql" else sa.Text()

    @property
    def searchable_json(self) -> TypeEngine[Any]:
        """JSON that PostgreSQL can look into."""
        return JSONB() if self.dialect == "postgresql" else sa.Text()

    @property
    def texts(self) -> TypeEngine[Any]:
        return ARRAY(sa.Text(collation="C")) if self.dialect == "postgresql" else sa.Text()


def column(name: str, kind: TypeEngine[Any], *, null: bool = True, default: str | None = None) -> sa.Column[Any]:
    """A column whose name is always quoted."""
    server_default = None if default is None else sa.text(default)
    return sa.Column(quoted_name(name, True), kind, nullable=null, server_default=server_default)


def id_column(kinds: Kinds) -> sa.Column[Any]:
    """A 64-bit key that the database gives and never gives twice."""
    identity = (sa.Identity(always=False),) if kinds.dialect == "postgresql" else ()
    return sa.Column(quoted_name("id", True), kinds.integer, *identity, primary_key=True)


def table(metadata: sa.MetaData, name: str, *parts: sa.Column[Any] | sa.Index) -> sa.Table:
    """A table whose name is always quoted; STRICT and with ids never used twice on SQLite."""
    has_id = any(isinstance(p, sa.Column) and p.name == "id" for p in parts)
    return sa.Table(quoted_name(name, True), metadata, *parts, sqlite_strict=True, sqlite_autoincrement=has_id)


def index_name(table_name: str, columns: tuple[str, ...], suffix: str) -> str:
    """A readable name that fits PostgreSQL's 63 bytes; long ones keep their head and end in a digest."""
    name = ".".join((table_name, *columns, suffix))
    if len(name.encode()) <= 63:
        return name
    digest = "~" + hashlib.sha256(name.encode()).hexdigest()[:10]
    return name.encode()[: 63 - len(digest)].decode(errors="ignore") + digest


def index(table_name: str, *columns: str, unique: bool = False) -> sa.Index:
    """An index; a unique one ignores nulls on both databases."""
    name = index_name(table_name, columns, "unique" if unique else "index")
    return sa.Index(quoted_name(name, True), *(quoted_name(c, True) for c in columns), unique=unique)
