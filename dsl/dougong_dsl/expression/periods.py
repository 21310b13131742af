"""What the functions of periods and clock times mean, in Python. Days and instants beyond the years 1 to 9999 are null."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dougong_dsl.expression.values import SPACES, Numeric, add_days, add_months, month_length

_WRITTEN_DAY = re.compile("([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def make_instant(day: date, hour: Numeric, minute: Numeric, second: Numeric, zone: ZoneInfo) -> datetime | None:
    """A local time in a zone as an instant; None when there is no such time of day."""
    if not (0 <= hour <= 23 and 0 <= minute <= 59 and 0 <= second <= 59):
        return None
    try:
        return datetime.combine(day, time(int(hour), int(minute), int(second)), zone).astimezone(UTC)
    except OverflowError:
        return None


def local_hour(moment: datetime, zone: ZoneInfo) -> int | None:
    """The hour of an instant in a zone."""
    try:
        return moment.astimezone(zone).hour
    except OverflowError:
        return None


def local_minute(moment: datetime, zone: ZoneInfo) -> int | None:
    """The minute of an instant in a zone."""
    try:
        return moment.astimezone(zone).minute
    except OverflowError:
        return None


def start_of(day: date, unit: str) -> date:
    """The first day of the week, month, quarter or year of a day."""
    if unit == "week":
        return day - timedelta(days=day.isoweekday() - 1)
    return date(day.year, (day.month - 1) // _MONTHS[unit] * _MONTHS[unit] + 1, 1)


def end_of(day: date, unit: str) -> date | None:
    """The last day of the week, month, quarter or year of a day."""
    if unit == "week":
        return add_days(start_of(day, unit), 6)
    last = add_months(start_of(day, unit), _MONTHS[unit] - 1)
    return None if last is None else last.replace(day=month_length(last.year, last.month))


def read_day(text: str) -> date | None:
    """2026-03-01, 2026/3/1, 2026.3.1 or 2026年3月1日 as a day; None for anything else."""
    found = _WRITTEN_DAY.fullmatch(text.strip(SPACES))
    if found is None:
        return None
    year, month, day = (int(part) for part in found.groups())
    if not (year >= 1 and 1 <= month <= 12 and 1 <= day <= month_length(year, month)):
        return None
    return date(year, month, day)
