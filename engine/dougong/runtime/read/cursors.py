"""Where a page ended: the sort values of its last row, packed into an opaque text that only fits the same question."""

import base64
import binascii
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import ColumnElement, UnaryExpression, bindparam

from dougong.access.grants import FACTS
from dougong.refusals import refuse
from dougong.runtime import refusals as codes
from dougong.runtime.read.base import Base
from dougong.runtime.unit import LARGEST_ID


class Key:
    """One sort field of a question."""

    def __init__(self, base: Base, name: str, descending: bool) -> None:
        self.name = name
        self.descending = descending
        self.column: ColumnElement[Any] = base.cell(name)
        self.nullable = name not in FACTS or name in ("created_by", "updated_by")
        self._kind = base.rules.known[name].type
        self._dialect = base.compiled.dialect

    def ordered(self, *, is_filled: bool, column: ColumnElement[Any] | None = None) -> UnaryExpression[Any]:
        """The ORDER BY term (of `column`, if that holds the values); blanks last, which needs no saying where there are none."""
        by = self.column if column is None else column
        term = by.desc() if self.descending else by.asc()
        return term.nulls_last() if self.nullable and not is_filled else term

    def parameter(self, position: int) -> ColumnElement[Any]:
        """The cursor's value of this key."""
        return bindparam(f"after{position}", type_=self.column.type)

    def beyond(self, position: int) -> ColumnElement[bool]:
        """Values that come later."""
        value = self.parameter(position)
        return self.column < value if self.descending else self.column > value

    def from_here(self, position: int) -> ColumnElement[bool]:
        """Values that come later or are the same: what an index can start at."""
        value = self.parameter(position)
        return self.column <= value if self.descending else self.column >= value

    def to_json(self, value: Any) -> Any:
        """The driver's value in the cursor."""
        return None if value is None else self._kind.to_json(self._kind.from_db(value, self._dialect))

    def from_json(self, value: Any) -> Any:
        """The driver's value of what `to_json` made."""
        return None if value is None else self._kind.to_db(self._kind.from_json(value), self._dialect)


@dataclass(frozen=True, slots=True)
class Start:
    """A cursor, read: its parameters, which of its values are blank, and whether it stands among the blanks of the first key."""

    blanks: bool
    pattern: tuple[bool, ...]
    params: Mapping[str, Any]


def mark(object_name: str, order: Sequence[tuple[str, bool]]) -> int:
    """What a cursor belongs to."""
    return zlib.crc32(repr((object_name, list(order))).encode())


def write(marked: int, keys: Sequence[Key], blanks: bool, values: Sequence[Any]) -> str:
    """The cursor behind a row with these sort values (as the driver gave them)."""
    content = [marked, blanks, *(k.to_json(v) for k, v in zip(keys, values, strict=True))]
    return base64.urlsafe_b64encode(orjson.dumps(content)).decode().rstrip("=")


def read(text: str, marked: int, keys: Sequence[Key]) -> Start:
    """The start that a cursor means; `Refused` R702 when it is none of this question."""
    try:
        content = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        found, blanks, *values = content
        is_whole = len(values) == len(keys) and values[-1] is not None and blanks == (values[0] is None)
        if found != marked or not is_whole or any(isinstance(v, int) and abs(v) > LARGEST_ID for v in values):
            raise refuse(codes.BAD_CURSOR)
        driver = [k.from_json(v) for k, v in zip(keys, values, strict=True)]
    except (binascii.Error, orjson.JSONDecodeError, ValueError, TypeError, ArithmeticError) as error:
        raise refuse(codes.BAD_CURSOR) from error
    params = {f"after{i}": v for i, v in enumerate(driver) if v is not None}
    return Start(blanks, tuple(v is None for v in driver), params)
