"""`number`: an exact decimal with a fixed number of places. The other numbers build on it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar, Self

from dougong_dsl.expression.types import Number, Type
from dougong_dsl.titles import Title
from pydantic import Field as Option
from pydantic import ValidationInfo, field_validator, model_validator
from sqlalchemy import types as sql
from sqlalchemy.types import TypeEngine

from dougong.fields import base
from dougong.fields.base import Dialect, FieldType, OptionsError, Reading, Word
from dougong.fields.decimals import fit, from_scaled, grouped, limit, read_decimal, to_scaled, written
from dougong.fields.operators import NUMBERS
from dougong.refusals import Refusal


class RangeOptions(base.Options):
    """`min` and `max`: the smallest and greatest allowed value."""

    min: Decimal | None = None
    max: Decimal | None = None

    @field_validator("min", "max", mode="before")
    @classmethod
    def _exact(cls, raw: Any, info: ValidationInfo) -> Any:
        number, refusal = read_decimal(raw)
        if refusal is not None:
            raise OptionsError(str(info.field_name), refusal.message("zh"), refusal.message("en"))
        return number

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.min is not None and self.max is not None and self.min > self.max:
            raise OptionsError(
                "min", f"最小值 {self.min} 大于最大值 {self.max}", f"the smallest value {self.min} is above the greatest, {self.max}"
            )
        return self


class NumberOptions(RangeOptions):
    """`scale`: decimal places, 0 to 6."""

    scale: int = Option(2, ge=0, le=6)


class NumberField(FieldType):
    """An exact decimal of at most 18 digits; what has more places is rounded half away from zero."""

    key = "number"
    title = Title("数字", "Number")
    Options: ClassVar[type[base.Options]] = NumberOptions
    call_key: ClassVar[str | None] = "scale"
    words: ClassVar = {"min": Word.VALUE, "max": Word.VALUE}
    family = "number"
    widget = "number"
    operators = NUMBERS
    options: Any

    @property
    def scale(self) -> int:
        """Decimal places."""
        scale: int = self.options.scale
        return scale

    @property
    def marks(self) -> tuple[str, ...]:
        """Signs that people write beside the number."""
        return ()

    @property
    def low(self) -> Decimal:
        """The smallest allowed value."""
        return -limit(self.scale) if self.options.min is None else max(self.options.min, -limit(self.scale))

    @property
    def high(self) -> Decimal:
        """The greatest allowed value."""
        return limit(self.scale) if self.options.max is None else min(self.options.max, limit(self.scale))

    @property
    def type(self) -> Type:
        return Number(18, self.scale)

    def column(self, dialect: Dialect) -> TypeEngine[Any]:
        return sql.Numeric(18, self.scale) if dialect == "postgresql" else sql.Integer()

    def parse(self, raw: Any, reading: Reading) -> tuple[Any, Refusal | None]:
        number, refusal = read_decimal(raw, marks=self.marks)
        return (None, refusal) if number is None else fit(number, self.scale, self.low, self.high)

    def to_db(self, value: Any, dialect: Dialect) -> Any:
        return to_scaled(value, self.scale) if dialect == "sqlite" and value is not None else value

    def from_db(self, value: Any, dialect: Dialect) -> Any:
        return from_scaled(value, self.scale) if dialect == "sqlite" and value is not None else value

    def is_plain(self, dialect: Dialect) -> bool:
        return dialect == "postgresql"

    def to_json(self, value: Any) -> Any:
        return None if value is None else f"{value:f}"

    def from_json(self, value: Any) -> Any:
        return None if value is None else Decimal(value)

    def format(self, value: Any, reading: Reading) -> str:
        return "" if value is None else grouped(value)

    def form_text(self, value: Any, reading: Reading) -> str:
        return "" if value is None else f"{value:f}"

    def literal(self, value: Any) -> str:
        return written(value)

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": r"^-?\d{1,18}(\.\d{1,6})?$", "description": f"{written(self.low)} … {written(self.high)}"}

    def samples(self) -> Sequence[Any]:
        wanted = (Decimal("1234.5"), Decimal(0), Decimal("0.01"), Decimal(-7), self.low, self.high)
        return tuple(v for v, refusal in (fit(n, self.scale, self.low, self.high) for n in wanted) if refusal is None)

    def wrong_samples(self) -> Sequence[Any]:
        return ("abc", "1,23", float("nan"), float("inf"), "1e99", True, [1], "=2**9", "=__import__", "12万5")
