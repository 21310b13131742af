"""`link`: the id of a record of another object."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from dougong_dsl.expression.types import Record, Type
from dougong_dsl.titles import Title
from pydantic import Field as Option
from sqlalchemy import types as sql
from sqlalchemy.types import TypeEngine

from dougong.fields import base
from dougong.fields.base import Dialect, FieldType, Reading, Word
from dougong.fields.operators import LINKS
from dougong.fields.plain_text import BLANKS, shown
from dougong.fields.refusals import NOT_RECORD
from dougong.refusals import Refusal

GREATEST_ID = 2**63 - 1
DIGITS = re.compile(r"[0-9]{1,19}")


class LinkOptions(base.Options):
    """`target`: the object it points to; `as`: the name of the list at the other end."""

    target: str
    as_: str | None = Option(None, alias="as")


class LinkField(FieldType):
    """Takes an id, its digits, or a record. Whether the record is there and visible is asked by the write gate."""

    key = "link"
    title = Title("关联", "Link")
    Options: ClassVar[type[base.Options]] = LinkOptions
    after_key: ClassVar[str | None] = "target"
    words: ClassVar = {"as": Word.VALUE}
    widget = "link"
    is_link = True
    operators = LINKS
    options: Any

    @property
    def target(self) -> str:
        target: str = self.options.target
        return target

    @property
    def reverse(self) -> str | None:
        """The name of the list at the other end, when the author gave one."""
        name: str | None = self.options.as_
        return name

    @property
    def type(self) -> Type:
        return Record(self.target)

    def column(self, dialect: Dialect) -> TypeEngine[Any]:
        return sql.BigInteger() if dialect == "postgresql" else sql.Integer()

    def parse(self, raw: Any, reading: Reading) -> tuple[Any, Refusal | None]:
        number, is_id = read_id(raw)
        return (number, None) if is_id else (None, Refusal(NOT_RECORD, {"found": shown(raw)}))

    def format(self, value: Any, reading: Reading) -> str:
        return "" if value is None else str(value)

    def literal(self, value: Any) -> str:
        return str(value)

    def json_schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": 1}

    def samples(self) -> Sequence[Any]:
        return (1, 2, GREATEST_ID)

    def wrong_samples(self) -> Sequence[Any]:
        return ("abc", 0, -1, 1.5, 2**63, True, "1 2", "9" * 20)


def read_id(raw: Any) -> tuple[int | None, bool]:
    """The id in `raw` (a number, its digits, a record), None for nothing; the second value says whether it is one or nothing."""
    if isinstance(raw, Mapping):
        raw = raw.get("id", raw)
    if isinstance(raw, str):
        raw = raw.strip(BLANKS)
        if not raw:
            return None, True
        raw = int(raw) if DIGITS.fullmatch(raw) else raw
    elif isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    if raw is None:
        return None, True
    if isinstance(raw, bool) or not isinstance(raw, int) or not 0 < raw <= GREATEST_ID:
        return None, False
    return raw, True
