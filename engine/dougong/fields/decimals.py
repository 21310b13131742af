"""Numbers as people type them and as JSON brings them, read exactly; and the same numbers written out.

Full-width digits, thousands separators, 万 and 亿, a percent sign, sums. No binary float is ever computed with: a float from JSON or a
spreadsheet counts as the shortest decimal that names it.
"""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from dougong.fields.arithmetic import work_out
from dougong.fields.plain_text import BLANKS, shown
from dougong.fields.refusals import BAD_ARITHMETIC, NOT_NUMBER, TOO_LARGE, TOO_SMALL
from dougong.refusals import Refusal

WIDE = Context(prec=400, rounding=ROUND_HALF_UP, Emax=999999, Emin=-999999)
PLAIN = re.compile(r"[+-]?(?:\d{1,60}(?:\.\d{0,60})?|\.\d{1,60})(?:[eE][+-]?\d{1,2})?")
GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?")
SIGNS = str.maketrans({"−": "-", "–": "-", "—": "-", "。": "."})
UNITS = {"万": 4, "亿": 8}
MAX_TEXT = 120


def read_decimal(raw: Any, *, marks: tuple[str, ...] = ()) -> tuple[Decimal | None, Refusal | None]:
    """The exact number in `raw`; None for nothing. `marks` are signs that may stand before or behind it (¥, 元)."""
    if raw is None:
        return None, None
    if isinstance(raw, Decimal):
        return (raw, None) if raw.is_finite() and -100 < raw.adjusted() < 100 else _not_number(raw)
    if isinstance(raw, bool):
        return _not_number(raw)
    if isinstance(raw, int):
        return (Decimal(raw), None) if raw.bit_length() < 256 else _not_number("10^76…")
    if isinstance(raw, float):
        number = Decimal(repr(raw))
        return (number, None) if number.is_finite() else _not_number(raw)
    if not isinstance(raw, str):
        return _not_number(raw)
    if PLAIN.fullmatch(raw) and raw.isascii():
        return Decimal(raw), None
    return _read_typed(raw, marks)


def _read_typed(raw: str, marks: tuple[str, ...]) -> tuple[Decimal | None, Refusal | None]:
    text = unicodedata.normalize("NFKC", raw[: MAX_TEXT + 1]).translate(SIGNS).strip(BLANKS)
    if not text:
        return None, None
    if len(raw) > MAX_TEXT:
        return _not_number(raw)
    if text.startswith("="):
        value = work_out(text[1:])
        return (value, None) if value is not None else (None, Refusal(BAD_ARITHMETIC, {"found": shown(raw)}))
    text, sign = (text[1:].lstrip(), "-") if text.startswith("-") else (text, "")
    for mark in marks:
        text = text.removeprefix(mark).removesuffix(mark).strip(BLANKS)
    text, power = (text[:-1].rstrip(), UNITS[text[-1]]) if text[-1:] in UNITS else (text, 0)
    text, power = (text[:-1].rstrip(), -2) if text.endswith("%") and not power else (text, power)
    text = sign + text
    if not text.isascii() or not (PLAIN.fullmatch(text) or GROUPED.fullmatch(text)):
        return _not_number(raw)
    return Decimal(text.replace(",", "")).scaleb(power, WIDE), None


def _not_number(raw: Any) -> tuple[None, Refusal]:
    return None, Refusal(NOT_NUMBER, {"found": shown(raw)})


def fit(number: Decimal, scale: int, low: Decimal, high: Decimal) -> tuple[Decimal | None, Refusal | None]:
    """`number` rounded half away from zero to `scale` places, when it lies between `low` and `high`."""
    value = number.quantize(Decimal(1).scaleb(-scale), context=WIDE)
    if value < low:
        return None, Refusal(TOO_SMALL, {"min": written(low)})
    if value > high:
        return None, Refusal(TOO_LARGE, {"max": written(high)})
    return (value if value else abs(value)), None  # no minus zero


def grouped(value: Decimal | int) -> str:
    """With thousands separators: `1,234.50`."""
    return f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"


def written(value: Decimal) -> str:
    """Without zeros that say nothing: `0.13`, `1000`."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def limit(scale: int) -> Decimal:
    """The greatest number of 18 digits with `scale` places."""
    return Decimal(10**18 - 1).scaleb(-scale)


def to_scaled(value: Decimal, scale: int) -> int:
    """The integer that SQLite keeps for an exact decimal."""
    return int(value.scaleb(scale))


def from_scaled(value: int, scale: int) -> Decimal:
    """The exact decimal of SQLite's integer."""
    return Decimal(value).scaleb(-scale)
