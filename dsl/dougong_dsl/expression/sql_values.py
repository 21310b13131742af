"""Values inside of an SQL statement: how each database writes them, and how a fetched one is read back.

A number on SQLite is a scaled 64-bit integer while its bound is proven to fit, else exact decimal text that registered
functions work on; which of the two was fetched shows in its Python type. On PostgreSQL it is a bigint or a numeric.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import ARRAY, BigInteger, Boolean, ColumnElement, Date, DateTime, Numeric, Text, literal, literal_column, type_coerce
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from dougong_dsl.expression import types, values
from dougong_dsl.expression.types import Type

Dialect = Literal["sqlite", "postgresql"]
LIMIT = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Value:
    """An element and, for numbers, what is known of it.

    `scale` is the number of places an integer element is shifted by (SQLite) or has (PostgreSQL numeric); `bound` the
    greatest absolute value of the integer; None for decimal text (SQLite) and numeric (PostgreSQL).
    """

    element: ColumnElement[Any]
    type: Type
    scale: int = 0
    bound: int | None = None
    constant: Decimal | int | None = None

    @property
    def is_text(self) -> bool:
        """No scaled integer: exact decimal text on SQLite, a numeric on PostgreSQL."""
        return types.is_number(self.type) and self.bound is None


class Template(FunctionElement[Any]):
    """SQL text with `{0}`, `{1}`, … where its arguments go, each written once."""

    inherit_cache = False
    template: str

    def __init__(self, template: str, *arguments: ColumnElement[Any], kind: TypeEngine[Any]) -> None:
        self.template = template
        self.type = kind
        super().__init__(*arguments)


@compiles(Template)
def _write_template(element: Template, compiler: Any, **options: Any) -> str:
    arguments = [compiler.process(argument.self_group(), **options) for argument in element.clauses]
    return element.template.format(*arguments)


def column_type(kind: Type, dialect: Dialect) -> TypeEngine[Any]:
    """The plain SQL type that carries a value: no conversion of its own on the way in or out."""
    if dialect == "sqlite":
        whole = types.is_number(kind) or isinstance(kind, types.Boolean | types.Record | types.Duration)
        return BigInteger() if whole else Text()
    if types.is_number(kind):
        return BigInteger() if types.scale_of(kind) == 0 else Numeric()
    if isinstance(kind, types.ListOf):
        return ARRAY(column_type(kind.item, dialect))
    plain: dict[type, TypeEngine[Any]] = {
        types.Boolean: Boolean(),
        types.Date: Date(),
        types.DateTime: DateTime(timezone=True),
        types.Duration: BigInteger(),
        types.Record: BigInteger(),
    }
    return plain.get(type(kind), Text())


def raw_column(column: ColumnElement[Any], kind: Type, dialect: Dialect) -> ColumnElement[Any]:
    """A table's column as its database keeps it, whatever conversions the table's own type has."""
    return type_coerce(column, column_type(kind, dialect))


def instant_text(moment: datetime) -> str:
    """An instant as SQLite keeps it: UTC, milliseconds, Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.").rjust(20, "0") + f"{moment.microsecond // 1000:03}Z"


def encode(value: Any, dialect: Dialect) -> Any:
    """A Python value of the value table as a parameter; numbers are left alone."""
    if isinstance(value, timedelta):
        return values.milliseconds(value)
    if dialect == "sqlite":
        if isinstance(value, datetime):
            return instant_text(value)
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, bool):
            return int(value)
    return value


def constant(value: Any, kind: Type, dialect: Dialect) -> ColumnElement[Any]:
    """A value that is no number as a bound parameter."""
    if isinstance(value, bool) and dialect == "postgresql":
        return literal_column("true" if value else "false", Boolean())
    return literal(encode(value, dialect), column_type(kind, dialect))


def decoder(kind: Type, dialect: Dialect) -> Callable[[Any], Any]:
    """Fetched value → the Python form of the value table."""

    def number(value: Any) -> Any:
        scale = types.scale_of(kind)
        if isinstance(value, int) and dialect == "sqlite":
            found = Decimal(value).scaleb(-scale, values.WIDE)
        else:
            found = Decimal(value)
        return found if scale else int(found)

    def plain(value: Any) -> Any:
        return value

    def instant(value: Any) -> Any:
        return datetime.fromisoformat(value) if isinstance(value, str) else value.astimezone(UTC)

    def day(value: Any) -> Any:
        return date.fromisoformat(value) if isinstance(value, str) else value

    def several(value: Any) -> Any:
        return tuple(json.loads(value) if isinstance(value, str) else value) or None

    readers: dict[type, Callable[[Any], Any]] = {
        types.Number: number,
        types.Money: number,
        types.Boolean: bool,
        types.DateTime: instant,
        types.Date: day,
        types.ListOf: several,
        types.Duration: lambda value: timedelta(milliseconds=int(value)),
    }
    read = readers.get(type(kind), plain)
    return lambda value: None if value is None else read(value)


def compared(operator: str, left: ColumnElement[Any], right: ColumnElement[Any]) -> ColumnElement[Any]:
    """A comparison of two elements."""
    return _NATIVE[operator](left, right)


_NATIVE: dict[str, Callable[[Any, Any], ColumnElement[Any]]] = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
