"""What working time means in expressions, in Python. Beyond the years 1 to 9999 there is nothing: null.

SQLite's functions are given a calendar by its key: `keep` makes one, `kept` finds the calendar again. The key tells all that the calendar
holds, so that it never stands for another.
"""

from datetime import date, datetime, timedelta

from dougong_dsl.expression.values import Numeric
from dougong_dsl.working_calendar import Calendar

_KEPT: dict[str, Calendar] = {}
_FARTHEST = 4_000_000


def keep(calendar: Calendar) -> str:
    """The key of a calendar, for the functions of SQLite."""
    _KEPT.setdefault(calendar.key, calendar)
    return calendar.key


def kept(key: str) -> Calendar:
    """The calendar of a key."""
    return _KEPT[key]


def workday(day: date, n: Numeric, calendar: Calendar) -> date | None:
    """The n-th worked day after a day (before it when negative)."""
    if not -_FARTHEST <= n <= _FARTHEST:
        return None
    try:
        return calendar.workday(day, int(n))
    except OverflowError:
        return None


def add_working_days(moment: datetime, n: int, calendar: Calendar) -> datetime | None:
    """The same time of day n worked days later."""
    try:
        return calendar.add_working_days(moment, n)
    except (OverflowError, ValueError):
        return None


def add_working_time(moment: datetime, amount: timedelta, calendar: Calendar) -> datetime | None:
    """The instant by which that much more was worked."""
    try:
        return calendar.add_working_time(moment, amount)
    except (OverflowError, ValueError):
        return None


def working_time(start: datetime, end: datetime, calendar: Calendar) -> timedelta | None:
    """Working time between two instants; negative when the end lies before."""
    try:
        return calendar.worked(start, end)
    except (OverflowError, ValueError):
        return None
