"""The columns of a query and how its rows become values: made once per set of roles, object and fields.

When grants with different fields cover different rows, the query selects one bit per share beside the columns: a cell that no matching share
shows does not leave the database, and the bits say which names a row has at all.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, case

from dougong.access.grants import Rights
from dougong.access.masks import mask
from dougong.derive.rules import ObjectRules
from dougong.fields.base import Dialect, FieldType

Bits = tuple[bool, ...]
Column = Callable[[str], ColumnElement[Any]]


class Shape:
    """`columns` go into the SELECT in this order; `read` makes a row of them into values by name."""

    def __init__(
        self,
        rules: ObjectRules,
        rights: Rights,
        names: Sequence[str],
        column: Column,
        bits: Sequence[ColumnElement[bool]],
        dialect: Dialect,
    ) -> None:
        self.names = tuple(names)
        self._rights = rights
        self._dialect: Dialect = dialect
        self.is_computed = any(not rules.is_stored(n) for n in self.names)  # some column costs more than reading it
        self._types = [rules.known[n].type for n in self.names]
        self._has_bits = not rights.is_uniform
        given = [column(n) for n in self.names]
        if self._has_bits:
            given = [_guarded(c, n, rights, bits) for c, n in zip(given, self.names, strict=True)] + [
                b.label(f"bit{i}") for i, b in enumerate(bits)
            ]
        self.columns = given
        self._steps = cache(self._make_steps)

    def read(self, row: Sequence[Any]) -> dict[str, Any]:
        """Canonical values of the cells that the reader may see; masked ones as masked text."""
        bits: Bits = tuple(bool(b) for b in row[len(self.names) : len(self.names) + len(self._rights.shares)]) if self._has_bits else ()
        names, special = self._steps(bits)
        values = dict(zip(self.names, row, strict=False)) if names is None else {n: row[i] for n, i in names}
        for name, convert in special:
            value = values[name]
            if value is not None:
                values[name] = convert(value)
        return values

    def _make_steps(self, bits: Bits) -> tuple[list[tuple[str, int]] | None, list[tuple[str, Callable[[Any], Any]]]]:
        """Which names a row with these bits has (None: all of them), and which values need more than to be taken over."""
        matching = [i for i, bit in enumerate(bits) if bit] if self._has_bits else range(len(self._rights.shares))
        clear, masked = self._rights.fields_of(matching)
        shown = [(n, i) for i, n in enumerate(self.names) if n in clear or n in masked]
        special = [(n, c) for n, i in shown if (c := self._converter(self._types[i], is_masked=n not in clear)) is not None]
        return (None if len(shown) == len(self.names) else shown), special

    def _converter(self, kind: FieldType, *, is_masked: bool) -> Callable[[Any], Any] | None:
        dialect = self._dialect
        if is_masked:
            return lambda value: mask(kind.from_db(value, dialect))
        return None if kind.is_plain(dialect) else lambda value: kind.from_db(value, dialect)


def _guarded(column: ColumnElement[Any], name: str, rights: Rights, bits: Sequence[ColumnElement[bool]]) -> ColumnElement[Any]:
    showing = [bit for bit, share in zip(bits, rights.shares, strict=True) if name in share.clear or name in share.masked]
    if len(showing) == len(bits):
        return column
    found: ColumnElement[Any] = case(*((bit, column) for bit in showing))
    return found
