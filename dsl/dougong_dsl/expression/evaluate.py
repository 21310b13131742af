"""Values from and to JSON by type, and an expression's value in one call: for the command line, examples and tests."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from dougong_dsl.expression.context import Context
from dougong_dsl.expression.python import to_python
from dougong_dsl.expression.typed import Expression
from dougong_dsl.expression.types import Date, DateTime, Duration, ListOf, Type, is_number, scale_of
from dougong_dsl.expression.values import milliseconds


def from_json(value: Any, kind: Type) -> Any:
    """A JSON value in the Python form of the value table; raises ValueError (or TypeError) when it is none of its type."""
    if value is None or value == "" or value == []:
        return None
    if is_number(kind):
        found = Decimal(str(value))
        return found if scale_of(kind) else int(found)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    if isinstance(kind, DateTime):
        moment = datetime.fromisoformat(value)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    if isinstance(kind, Duration):
        return timedelta(milliseconds=value)
    if isinstance(kind, ListOf):
        return tuple(from_json(item, kind.item) for item in value)
    return value


def to_json(value: Any, kind: Type) -> Any:
    """A Python value as JSON: decimals as text with the places of their type, instants in UTC with milliseconds."""
    if value is None:
        return None
    if is_number(kind):
        return f"{Decimal(value):.{scale_of(kind)}f}" if scale_of(kind) else int(value)
    if isinstance(kind, Date):
        return value.isoformat()
    if isinstance(kind, DateTime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(kind, Duration):
        return milliseconds(value)
    return [to_json(item, kind.item) for item in value] if isinstance(kind, ListOf) else value


def evaluate(expression: Expression, row: Mapping[str, Any], context: Context) -> Any:
    """The value for a row in Python form. Compiles anew: keep `to_python` where it runs more than once."""
    return to_python(expression)(row, context)
