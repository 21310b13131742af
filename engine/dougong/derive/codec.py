"""Rows between the database and Python: only the columns whose driver values differ from the canonical ones cost anything."""

from collections.abc import Mapping, Sequence
from typing import Any

from dougong.fields.base import Dialect
from dougong.model.app import Field


class Codec:
    """Encodes and decodes rows of a fixed list of fields on one database."""

    __slots__ = ("_dialect", "_from", "_to", "names")

    def __init__(self, fields: Sequence[Field], dialect: Dialect) -> None:
        self.names = tuple(f.name for f in fields)
        self._dialect: Dialect = dialect
        special = [f for f in fields if not f.type.is_plain(dialect)]
        self._to = {f.name: f.type.to_db for f in special}
        self._from = tuple((f.name, f.type.from_db) for f in special)

    def decode(self, row: Sequence[Any]) -> dict[str, Any]:
        """The canonical values of a row whose columns stand in the order of `names`."""
        values = dict(zip(self.names, row, strict=False))
        for name, convert in self._from:
            value = values[name]
            if value is not None:
                values[name] = convert(value, self._dialect)
        return values

    def encode(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The driver's values of some of the fields; names that are not fields pass through."""
        row = dict(values)
        for name, convert in self._to.items():
            value = row.get(name)
            if value is not None:
                row[name] = convert(value, self._dialect)
        return row

    def encode_one(self, name: str, value: Any) -> Any:
        """The driver's value of one field."""
        convert = self._to.get(name)
        return value if convert is None or value is None else convert(value, self._dialect)
