"""`integer`: a whole number."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar

from dougong_dsl.expression.types import Number, Type
from dougong_dsl.titles import Title
from sqlalchemy import types as sql
from sqlalchemy.types import TypeEngine

from dougong.fields.base import Dialect, FieldType, Reading, Word
from dougong.fields.decimals import fit, grouped, read_decimal
from dougong.fields.number import RangeOptions
from dougong.fields.operators import NUMBERS
from dougong.fields.plain_text import shown
from dougong.fields.refusals import NOT_INTEGER
from dougong.refusals import Refusal

LIMIT = 10**15 - 1  # exact in spreadsheets and JavaScript as well


class IntegerField(FieldType):
    """A whole number of at most 15 digits."""

    key = "integer"
    title = Title("整数", "Whole number")
    Options = RangeOptions
    words: ClassVar = {"min": Word.VALUE, "max": Word.VALUE}
    family = "number"
    widget = "integer"
    operators = NUMBERS
    options: RangeOptions

    @property
    def low(self) -> int:
        """The smallest allowed value."""
        return -LIMIT if self.options.min is None else max(int(self.options.min), -LIMIT)

    @property
    def high(self) -> int:
        """The greatest allowed value."""
        return LIMIT if self.options.max is None else min(int(self.options.max), LIMIT)

    @property
    def type(self) -> Type:
        return Number(15, 0)

    def column(self, dialect: Dialect) -> TypeEngine[Any]:
        return sql.BigInteger() if dialect == "postgresql" else sql.Integer()

    def parse(self, raw: Any, reading: Reading) -> tuple[Any, Refusal | None]:
        number, refusal = read_decimal(raw)
        if number is None:
            return None, refusal
        if number % 1 if abs(number) <= LIMIT else False:
            return None, Refusal(NOT_INTEGER, {"found": shown(raw)})
        whole, refusal = fit(number, 0, Decimal(self.low), Decimal(self.high))
        return (None, refusal) if whole is None else (int(whole), None)

    def format(self, value: Any, reading: Reading) -> str:
        return "" if value is None else grouped(value)

    def form_text(self, value: Any, reading: Reading) -> str:
        return "" if value is None else str(value)

    def literal(self, value: Any) -> str:
        return str(value)

    def json_schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.low, "maximum": self.high}

    def samples(self) -> Sequence[Any]:
        return tuple(v for v in (12, 0, -1, 1_234_567, self.low, self.high) if self.low <= v <= self.high)

    def wrong_samples(self) -> Sequence[Any]:
        return ("1.5", 2.5, "一", 10**16, float("nan"), True, "=10/4", {"a": 1})
