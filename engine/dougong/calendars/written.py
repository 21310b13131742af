"""How hours and weekdays are written: `09:00-12:00 13:30-18:00`, `mon-fri`, `周一至周五`. Raises ValueError for anything else."""

import re
from datetime import date, time, timedelta

from dougong_dsl.working import Windows

OFF = ("off", "休息", "放假")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAYS = {
    **{name: number for number, day in enumerate(_DAYS) for name in (day, day[:3])},
    **{f"{word}{day}": number for number, day in enumerate("一二三四五六日") for word in ("周", "星期")},
    "周天": 6,
    "星期天": 6,
}
_WINDOW = re.compile(r"(\d{1,2})[::](\d{2})\s*[-–—~至到]\s*(\d{1,2})[::](\d{2})")
_TO = re.compile(r"\s*[-–—~至到]\s*")
_BETWEEN = re.compile(r"[\s,，、]+")
_PERIOD = re.compile(r"\s*(\d{4}-\d{2}-\d{2})(?:\s*\.\.\s*(\d{4}-\d{2}-\d{2}))?\s*")


def read_windows(text: str) -> Windows:
    """The working hours of a day, in order and apart; `24:00` is the end of the day."""
    found: list[tuple[int, int]] = []
    rest = _BETWEEN.sub(" ", _WINDOW.sub("", text)).strip()
    for match in _WINDOW.finditer(text):
        begin, end = (_minutes(match[position], match[position + 1]) for position in (1, 3))
        if begin >= end or (found and begin < found[-1][1]):
            raise ValueError(text)
        found.append((begin, end))
    if rest or not found:
        raise ValueError(text)
    return tuple((_clock(begin), _clock(end)) for begin, end in found)


def read_weekdays(text: str) -> tuple[int, ...]:
    """Weekdays from 0 (Monday), each once: names and ranges (which may run over Sunday), with commas or spaces between."""
    found: list[int] = []
    for piece in _BETWEEN.split(_TO.sub("-", text.strip().lower())):
        first, _, last = piece.partition("-")
        if first not in _WEEKDAYS or (last or first) not in _WEEKDAYS:
            raise ValueError(text)
        begin = _WEEKDAYS[first]
        found += [(begin + step) % 7 for step in range((_WEEKDAYS[last or first] - begin) % 7 + 1)]
    if len(found) != len(set(found)):
        raise ValueError(text)
    return tuple(sorted(found))


def read_days(text: str) -> tuple[date, ...]:
    """One day, or all of a period of at most a year: `2026-05-02`, `2026-07-20..2026-07-31`."""
    match = _PERIOD.fullmatch(text)
    if match is None:
        raise ValueError(text)
    first = date.fromisoformat(match[1])
    last = date.fromisoformat(match[2] or match[1])
    if not 0 <= (last - first).days <= 366:
        raise ValueError(text)
    return tuple(first + timedelta(days=step) for step in range((last - first).days + 1))


def _minutes(hour: str, minute: str) -> int:
    found = int(hour) * 60 + int(minute)
    if int(minute) > 59 or found > 1440:
        raise ValueError(f"{hour}:{minute}")
    return found


def _clock(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)
