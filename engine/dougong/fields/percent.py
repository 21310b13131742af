"""`percent`: a share, shown as 13%, kept as 0.13."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from dougong_dsl.titles import Title

from dougong.fields.base import Reading
from dougong.fields.decimals import written
from dougong.fields.number import NumberField, RangeOptions
from dougong.fields.plain_text import shown
from dougong.fields.refusals import PERCENT_UNCLEAR
from dougong.refusals import Refusal

EXACT_PLACES = 4


class PercentField(NumberField):
    """Four places. Typed text of one or more needs its sign, because 13 may mean 13% or 1300%; JSON's `"13.0000"` and numbers are plain."""

    key = "percent"
    title = Title("百分比", "Percent")
    Options = RangeOptions  # the limits may be written with their sign: max 100%
    call_key = None
    widget = "percent"

    @property
    def scale(self) -> int:
        return EXACT_PLACES

    def parse(self, raw: Any, reading: Reading) -> tuple[Any, Refusal | None]:
        value, refusal = super().parse(raw, reading)
        if value is not None and isinstance(raw, str) and abs(value) >= 1 and not _is_clear(raw):
            return None, Refusal(PERCENT_UNCLEAR, {"found": shown(raw)})
        return value, refusal

    def format(self, value: Any, reading: Reading) -> str:
        return "" if value is None else f"{written(value.scaleb(2))}%"

    def form_text(self, value: Any, reading: Reading) -> str:
        return self.format(value, reading)

    def samples(self) -> Sequence[Any]:
        wanted = (Decimal("0.1300"), Decimal("0.0000"), Decimal("0.0625"), Decimal("1.0000"), Decimal("-0.0500"), Decimal("13.0000"))
        return tuple(v for v in wanted if self.low <= v <= self.high)

    def wrong_samples(self) -> Sequence[Any]:
        return (*super().wrong_samples(), "13")


def _is_clear(raw: str) -> bool:
    return "%" in raw or "\uff05" in raw or len(raw.strip().partition(".")[2]) == EXACT_PLACES
