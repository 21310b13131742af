"""A working calendar as it may be written."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, ClassVar, TypeVar

from dougong_dsl.diagnostics import nearest
from dougong_dsl.sentences.written import Entries, Word, Written
from dougong_dsl.working import Windows
from pydantic import Field as Key

from dougong.calendars.calendar import HOURS, WEEKDAYS
from dougong.calendars.holidays import countries
from dougong.calendars.written import OFF, read_days, read_weekdays, read_windows
from dougong.definition.mistakes import Spoken, wrong_value
from dougong.definition.part import Part
from dougong.definition.values import Scalar, Text, read_text

T = TypeVar("T")
Week = dict[int, Windows]
Exceptions = dict[date, Windows]
NO_COUNTRY = "none"
_HOURS: Spoken = ("“09:00-12:00 13:30-18:00”这样的钟点，从早到晚", "hours such as 09:00-12:00 13:30-18:00, from early to late")
_DAYS: Spoken = ("“mon-fri”或“周一至周五”这样的星期", "weekdays such as mon-fri or mon, wed, sat")
_DATES: Spoken = ("“2026-05-02”这样的日期，或“2026-07-20..2026-07-31”", "a date such as 2026-05-02, or 2026-07-20..2026-07-31")
_OFF: Spoken = (" off，或“09:00-12:00”这样的钟点", "off, or hours such as 09:00-12:00")


def _read(word: Word, read: Callable[[str], T], expected: Spoken) -> T:
    try:
        return read(word)
    except ValueError:
        raise wrong_value(word, expected) from None


def read_hours(value: Written) -> Week:
    """The hours of all worked days (under WHOLE), or of some weekdays each."""
    if not isinstance(value, Entries):
        return {WHOLE: _read(read_text(value), read_windows, _HOURS)}
    found: Week = {}
    for key, hours in value.items():
        days = _read(key, read_weekdays, _DAYS)
        if not found.keys().isdisjoint(days):
            raise wrong_value(key, ("每一天只写一次的星期", "weekdays that are written once"))
        found |= dict.fromkeys(days, _read(read_text(hours), read_windows, _HOURS))
    if not found:
        raise wrong_value(Word.inserted("{}", value.place), _HOURS)
    return found


WHOLE = -1
"""Stands in a week for every worked day."""


def read_worked(value: Written) -> tuple[int, ...]:
    """The weekdays that are worked."""
    return _read(read_text(value), read_weekdays, _DAYS)


def read_exceptions(value: Written) -> Exceptions:
    """Single days and periods: off, or with hours of their own. Later ones win over earlier ones."""
    if not isinstance(value, Entries):
        raise wrong_value(read_text(value), ("一组“日期: off”", "a mapping of dates to off or hours"))
    found: Exceptions = {}
    for key, hours in value.items():
        word = read_text(hours)
        windows = () if word.strip().lower() in OFF else _read(word, read_windows, _OFF)
        found |= dict.fromkeys(_read(key, read_days, _DATES), windows)
    return found


def read_country(value: Written) -> Word:
    """The code of a country, with its region or without, or `none`."""
    word = read_text(value)
    if word != NO_COUNTRY and word not in (known := countries()):
        expected: Spoken = (" CN 这样的国家代码（可带地区，如 DE-BY），或 none", "the code of a country such as CN or DE-BY, or none")
        raise wrong_value(word, expected, nearest(word.upper(), known))
    return word


_CLOCKS = {"type": "string"}


class CalendarDefinition(Part):
    """When work is done."""

    label: ClassVar[Spoken] = ("工作日历", "a working calendar")

    country: Annotated[Word, Scalar(read_country, {"type": "string"})] | None = None
    timezone: Text | None = None
    hours: Annotated[Week, Scalar(read_hours, {"anyOf": [_CLOCKS, {"type": "object", "additionalProperties": _CLOCKS}]})] | None = None
    days: Annotated[tuple[int, ...], Scalar(read_worked, {"type": "string"})] | None = None
    exceptions: Annotated[Exceptions, Scalar(read_exceptions, {"type": "object", "additionalProperties": _CLOCKS})] = Key(
        default_factory=dict
    )

    @property
    def week(self) -> Week:
        """The hours of each worked weekday."""
        hours = self.hours or {WHOLE: HOURS}
        if WHOLE not in hours:
            return hours
        return dict.fromkeys(self.days or WEEKDAYS, hours[WHOLE])
