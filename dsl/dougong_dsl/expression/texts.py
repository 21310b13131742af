"""What the functions of text mean, in Python, beyond the plain ones in `values`.

Every result is bounded: no text grows longer than `LONGEST` characters by repeating or padding.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from dougong_dsl.expression.values import Numeric, round_half

LONGEST = 10_000
LONGEST_REPLACED = 1_000_000
"""Characters that a text may grow to by replacing."""
WIDEST = 1_000
"""Characters that PADLEFT pads to, at most."""
MATCHED = 200
"""Characters of a text that a pattern is held against; a longer text never matches."""
RMB_LIMIT = 10**16
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")
_WEEKDAYS = "一二三四五六日"


def repeat(text: str, n: Numeric) -> str | None:
    """n times the text; None when that is nothing or longer than `LONGEST`."""
    return text * int(n) if 0 < n and len(text) * n <= LONGEST else None


def substitute(text: str, old: str, new: str | None) -> str | None:
    """Every `old` replaced; None when nothing is left, or when it would grow beyond `LONGEST_REPLACED` characters."""
    new = new or ""
    if len(new) > len(old) and len(text) + text.count(old) * (len(new) - len(old)) > LONGEST_REPLACED:
        return None
    return text.replace(old, new) or None


def split(text: str, separator: str, n: Numeric) -> str | None:
    """The n-th part between separators, counted from 1."""
    parts = text.split(separator)
    return (parts[int(n) - 1] or None) if 1 <= n <= len(parts) else None


def pad_left(text: str, width: Numeric, fill: str = "0") -> str:
    """Filled up on the left with the first character of `fill`; a longer text stays."""
    return text.rjust(int(max(0, min(width, WIDEST))), fill[0])


def mask(text: str, left: Numeric, right: Numeric) -> str:
    """Stars but for some characters at both ends; nothing is shown of a text that would show whole."""
    first, last = int(max(0, min(left, LONGEST))), int(max(0, min(right, LONGEST)))
    hidden = len(text) - first - last
    return "*" * len(text) if hidden <= 0 else text[:first] + "*" * hidden + text[len(text) - last :]


def matches(text: str, pattern: re.Pattern[str]) -> bool:
    """Whether the whole text fits a pattern of `patterns`."""
    return len(text) <= MATCHED and pattern.fullmatch(text) is not None


def join(items: Sequence[Any], separator: str | None) -> str | None:
    """The texts that are there, one after the other."""
    return (separator or "").join(item for item in items if item is not None) or None


def rmb_upper(amount: Numeric) -> str | None:
    """An amount of yuan in the capitals of a cheque, rounded to fen; None from ten thousand trillion on."""
    fen = int(round_half(Decimal(amount), 2) * 100)
    if abs(fen) >= RMB_LIMIT * 100:
        return None
    yuan, jiao, rest = abs(fen) // 100, abs(fen) // 10 % 10, abs(fen) % 10
    text = f"{_yuan(yuan)}元" if yuan else ""
    if not jiao and not rest:
        text = f"{text or '零元'}整"
    else:
        text += f"{_DIGITS[jiao]}角" if jiao else "零" if yuan else ""
        text += f"{_DIGITS[rest]}分" if rest else "整"
    return f"负{text}" if fen < 0 else text


def _yuan(number: int) -> str:
    text, waiting = "", False
    for power in range(15, -1, -1):
        digit = number // 10**power % 10
        if digit:
            text += ("零" if waiting and text else "") + _DIGITS[digit] + _PLACES[power % 4]
            waiting = False
        else:
            waiting = True
        if power % 4 == 0 and power and number // 10**power % 10_000:
            text += _GROUPS[power // 4] if power != 12 or not number // 10**8 % 10_000 else "万"
    return text


def number_text(amount: Numeric, places: int, optional: int, digits: int, grouped: bool, prefix: str, suffix: str) -> str | None:
    """A number that is already rounded to `places`, of which `optional` vanish when they are 0, with at least `digits` before the point."""
    whole, _, fraction = f"{abs(Decimal(amount)):.{places}f}".partition(".")
    if optional:
        fraction = fraction[: places - optional] + fraction[places - optional :].rstrip("0")
    whole = whole.lstrip("0").rjust(digits, "0") if whole.strip("0") or digits else ""
    if grouped:
        whole = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ",", whole)
    return (("-" if amount < 0 else "") + prefix + whole + ("." if fraction else "") + fraction + suffix) or None


def day_text(day: date, pieces: Sequence[tuple[str, bool]]) -> str | None:
    """A day or local time by the pieces of a pattern; see `patterns.day_pieces`."""
    return "".join(_piece(day, text) if is_field else text for text, is_field in pieces) or None


def instant_text(moment: datetime, pieces: Sequence[tuple[str, bool]], zone: ZoneInfo) -> str | None:
    """An instant in a zone by the pieces of a pattern."""
    try:
        return day_text(moment.astimezone(zone), pieces)
    except OverflowError:
        return None


def _piece(day: date, field: str) -> str:
    if field == "aaaa":
        return "星期" + _WEEKDAYS[day.isoweekday() - 1]
    if field == "aaa":
        return _WEEKDAYS[day.isoweekday() - 1]
    if field in ("yyyy", "yy"):
        return f"{day.year:04}"[-len(field) :]
    time = day if isinstance(day, datetime) else None
    value = {"m": day.month, "d": day.day, "h": time.hour if time else 0, "n": time.minute if time else 0, "s": time.second if time else 0}
    return f"{value[field[0]]:0{len(field)}}"
