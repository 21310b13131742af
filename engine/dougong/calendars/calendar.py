"""Hours, weekdays, a country and own exceptions → one working calendar."""

from collections.abc import Mapping
from datetime import date, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from dougong_dsl.working import Calendar, Windows

from dougong.calendars.holidays import days_off, days_worked

HOURS: Windows = ((time(9), time(18)),)
WEEKDAYS = (0, 1, 2, 3, 4)


def calendar(zone: ZoneInfo, country: str | None, week: Mapping[int, Windows], own: Mapping[date, Windows]) -> Calendar:
    """`week` gives the hours of worked weekdays (0 is Monday), `own` those of single days, which win over holidays.

    A weekend day that a country works instead of another has the hours of the first worked weekday. An own exception written
    without hours is a day off.
    """
    return _made(zone, country, tuple(sorted(week.items())), tuple(sorted(own.items())))


@lru_cache(maxsize=64)
def _made(zone: ZoneInfo, country: str | None, written: tuple[tuple[int, Windows], ...], own: tuple[tuple[date, Windows], ...]) -> Calendar:
    week = dict(written)
    days: dict[date, Windows] = {}
    if country is not None:
        usual = week[min(week)]
        days |= dict.fromkeys(days_off(country), ())
        days |= {day: week.get(day.weekday(), usual) for day in days_worked(country)}
    days |= dict(own)
    weekly = tuple(week.get(day, ()) for day in range(7))
    exceptions = tuple(sorted((day, hours) for day, hours in days.items() if hours != weekly[day.weekday()]))
    return Calendar(zone, weekly, exceptions, country)
