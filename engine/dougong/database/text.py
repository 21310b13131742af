"""SQLAlchemy statements made into kept driver texts: built once per release, bound and run without SQLAlchemy ever after."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect as SqlDialect
from sqlalchemy.sql import ClauseElement
from sqlalchemy.types import NullType, TypeEngine

Dialect = Literal["sqlite", "postgresql"]
Params = Mapping[str, Any]

DIALECTS: Mapping[Dialect, SqlDialect] = {
    "sqlite": sqlite.dialect(paramstyle="named"),
    "postgresql": postgresql.psycopg.dialect(),  # type: ignore[no-untyped-call]
}
IN_LIST = re.compile(r"(NOT )?IN \(__\[POSTCOMPILE_([^\]~]+)(?:~~[^\]]*)?\]\)")


@dataclass(frozen=True, slots=True)
class Text:
    """SQL for one driver with named parameters. `defaults` are the values that the statement brought itself.

    `lists` are parameters that take a list: a JSON array on SQLite, an array on PostgreSQL.
    """

    sql: str
    dialect: Dialect
    names: frozenset[str]
    defaults: Params
    lists: frozenset[str]

    def bind(self, params: Params) -> Params:
        """What the driver gets: `params` and the statement's own values."""
        if self.defaults:
            params = {**self.defaults, **params}
        if self.lists:
            made: Callable[[Any], Any] = _json_array if self.dialect == "sqlite" else list
            params = {k: made(v) if k in self.lists else v for k, v in params.items()}
        return params


def compile_text(statement: ClauseElement, dialect: Dialect) -> Text:
    """The kept text of a SQLAlchemy Core statement; every `bindparam` without a value is a parameter to be given."""
    compiled: Any = statement.compile(dialect=DIALECTS[dialect])
    lists: set[str] = set()

    def list_test(found: re.Match[str]) -> str:
        negated, name = found[1], found[2]
        lists.add(name)
        if dialect == "sqlite":
            return f"{negated or ''}IN (SELECT value FROM json_each(:{name}))"
        array = f"%({name})s::{_array_type(compiled.binds[name].type)}"
        return f"<> ALL ({array})" if negated else f"= ANY ({array})"

    sql = IN_LIST.sub(list_test, compiled.string)
    names = frozenset(compiled.params)
    required = {name for name, bind in compiled.binds.items() if bind.required or (bind.value is None and bind.callable is None)}
    defaults = {name: value for name, value in compiled.params.items() if name not in required}
    return Text(sql, dialect, names, defaults, frozenset(lists))


def _array_type(item: TypeEngine[Any]) -> str:
    return "TEXT[]" if isinstance(item, NullType) else f"{item.compile(dialect=DIALECTS['postgresql']).partition(' COLLATE')[0]}[]"


def _json_array(values: Any) -> str:
    return json.dumps(list(values), ensure_ascii=False)
