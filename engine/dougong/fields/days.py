"""Dates and times as people write them: 2026-3-1, 2026/03/01, 2026年3月1日, 20260301, each with or without a time."""

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from dougong.fields.plain_text import BLANKS

DAY = (
    r"(?:(?P<y>\d{4})(?:(?P<sep>[-/.])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})"
    r"|年(?P<m2>\d{1,2})月(?P<d2>\d{1,2})[日号]?|(?P<m3>\d\d)(?P<d3>\d\d)))"
)
TIME = r"(?P<h>\d{1,2})(?:[::](?P<mi>\d{1,2})(?:[::](?P<s>\d{1,2})(?:\.(?P<f>\d{1,9}))?)?|[时点](?:(?P<mi2>\d{1,2})分?(?:(?P<s2>\d{1,2})秒?)?)?)"
ZONE = r"(?P<zone>Z|[+-]\d\d:?\d\d)"
DAY_AND_TIME = re.compile(rf"{DAY}(?:[T\s]*{TIME}\s*{ZONE}?)?")
MAX_TEXT = 60
FIRST_YEAR, LAST_YEAR = 1000, 9999


def read_day(text: str) -> date | None:
    """The calendar day of a text without a time (midnight is none), or None."""
    found = DAY_AND_TIME.fullmatch(_clean(text))
    if found is None or (found["h"] and any(_clock(found))):
        return None
    return _day(found)


def read_instant(text: str, zone: tzinfo) -> datetime | None:
    """The instant of a text, in UTC; without an offset of its own it is a time in `zone`, without a time it is midnight."""
    found = DAY_AND_TIME.fullmatch(_clean(text))
    day = None if found is None else _day(found)
    if found is None or day is None:
        return None
    hour, minute, second, micro = _clock(found) if found["h"] else (0, 0, 0, 0)
    try:
        local = datetime(day.year, day.month, day.day, hour, minute, second, micro, tzinfo=_offset(found["zone"]) or zone)
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _clean(text: str) -> str:
    return re.sub(r"\s*([年月日号时点分秒])\s*", r"\1", unicodedata.normalize("NFKC", text[: MAX_TEXT + 1]).strip(BLANKS))


def _day(found: re.Match[str]) -> date | None:
    month, day = found["m"] or found["m2"] or found["m3"], found["d"] or found["d2"] or found["d3"]
    try:
        return date(int(found["y"]), int(month), int(day))
    except ValueError:
        return None


def _clock(found: re.Match[str]) -> tuple[int, int, int, int]:
    micro = int((found["f"] or "").ljust(6, "0")[:3]) * 1000 if found["f"] else 0
    return int(found["h"]), int(found["mi"] or found["mi2"] or 0), int(found["s"] or found["s2"] or 0), micro


def _offset(text: str | None) -> tzinfo | None:
    if text is None:
        return None
    if text == "Z":
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=minutes if text[0] == "+" else -minutes)) if minutes < 24 * 60 else None
