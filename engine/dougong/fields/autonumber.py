"""`autonumber`: a number that the engine gives when the record is made, such as C2026-00001."""

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from dougong_dsl.expression.types import Text, Type
from dougong_dsl.titles import Title
from pydantic import Field as Option
from pydantic import field_validator
from sqlalchemy.types import TypeEngine

from dougong.fields import base
from dougong.fields.base import Dialect, FieldType, OptionsError, Reading
from dougong.fields.operators import TEXTS
from dougong.fields.plain_text import read_text
from dougong.fields.text import text_column
from dougong.refusals import Refusal

GAP = re.compile(r"\{([^{}]*)\}")
DATE_PARTS = {"yyyy": "%Y", "yy": "%y", "mm": "%m", "dd": "%d"}
MAX_LENGTH = 80


class AutonumberOptions(base.Options):
    """`pattern`: text with {yyyy} {yy} {mm} {dd} and one counter such as {00000}; the counter starts anew with each date it shows."""

    pattern: str = Option("{00000}", max_length=60)

    @field_validator("pattern")
    @classmethod
    def _is_pattern(cls, pattern: str) -> str:
        gaps = GAP.findall(pattern)
        counters = [g for g in gaps if g and set(g) == {"0"} and len(g) <= 12]
        wrong = [g for g in gaps if g not in DATE_PARTS and g not in counters]
        if wrong:
            known = "{yyyy} {yy} {mm} {dd} {00000}"
            raise OptionsError("pattern", f"不认识 {{{wrong[0]}}}，可以写 {known}", f"unknown part {{{wrong[0]}}}; there are {known}")
        if len(counters) != 1 or "{" in GAP.sub("", pattern) or "}" in GAP.sub("", pattern):
            raise OptionsError(
                "pattern", "编号格式里要有且只有一个流水号，例如 `{00000}`", "a number pattern has exactly one counter such as `{00000}`"
            )
        return pattern

    def period(self, today: dt.date) -> str:
        """What the counter belongs to: `2026` for a pattern with a year; empty when it never starts anew."""
        return "-".join(today.strftime(DATE_PARTS[g]) for g in GAP.findall(self.pattern) if g in DATE_PARTS)

    def number(self, count: int, today: dt.date) -> str:
        """The text of the `count`-th number of `today`'s period."""

        def fill(gap: re.Match[str]) -> str:
            part = gap[1]
            return today.strftime(DATE_PARTS[part]) if part in DATE_PARTS else str(count).zfill(len(part))

        return GAP.sub(fill, self.pattern)


class AutonumberField(FieldType):
    """Counted per pattern and period in `dg_sequence`, in the transaction that makes the record."""

    key = "autonumber"
    title = Title("自动编号", "Automatic number")
    Options = AutonumberOptions
    call_key = "pattern"
    family = "text"
    widget = "autonumber"
    is_searchable = True
    is_numbered = True
    operators = TEXTS
    options: AutonumberOptions

    @property
    def type(self) -> Type:
        return Text()

    def column(self, dialect: Dialect) -> TypeEngine[Any]:
        return text_column(dialect)

    def number(self, count: int, today: dt.date) -> str:
        """The text of the `count`-th number of `today`'s period."""
        return self.options.number(count, today)

    def parse(self, raw: Any, reading: Reading) -> tuple[Any, Refusal | None]:
        return read_text(raw, MAX_LENGTH)

    def format(self, value: Any, reading: Reading) -> str:
        return value or ""

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "minLength": 1, "maxLength": MAX_LENGTH, "readOnly": True}

    def samples(self) -> Sequence[Any]:
        return (self.number(1, dt.date(2026, 3, 1)), self.number(123456789, dt.date(2026, 12, 31)))

    def wrong_samples(self) -> Sequence[Any]:
        return ("a\x00b", "x" * (MAX_LENGTH + 1), [], True)
