"""The app's working calendars."""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dougong_dsl.codes import names as codes
from dougong_dsl.diagnostics import Diagnostic
from dougong_dsl.working import Calendar

from dougong.calendars.calendar import calendar
from dougong.calendars.holidays import default_country
from dougong.definition.app import AppDefinition
from dougong.definition.calendars import NO_COUNTRY, WHOLE, CalendarDefinition

PLAIN = CalendarDefinition.model_construct()


@dataclass(frozen=True, slots=True)
class Outer:
    """What holds where a calendar says nothing: the app's for its own calendar, that one's for the named ones."""

    zone: ZoneInfo
    country: str | None


def resolve_calendars(definition: AppDefinition, zone: ZoneInfo, found: list[Diagnostic]) -> tuple[Calendar, Mapping[str, Calendar]]:
    """The calendar that holds where none is named, and the named ones; what is wrong goes to `found`."""
    own = _calendar(definition.calendar or PLAIN, Outer(zone, default_country(zone)), found)
    outer = Outer(own.zone, own.country)
    return own, {str(name): _calendar(each, outer, found) for name, each in definition.calendars.items()}


def _calendar(written: CalendarDefinition, outer: Outer, found: list[Diagnostic]) -> Calendar:
    zone = outer.zone
    if written.timezone is not None:
        try:
            zone = ZoneInfo(str(written.timezone))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            found.append(codes.UNKNOWN_ZONE.at(written.timezone.place, name=str(written.timezone)))
    if written.days is not None and written.hours is not None and WHOLE not in written.hours:
        problem = ("hours 已经按星期写明，不能再写 days", "`hours` names the weekdays already, so `days` cannot be set")
        found.append(codes.WRONG_OPTION.at(written.place, key="`days`", problem=problem, nearest=None))
    country = str(written.country) if written.country is not None else outer.country
    return calendar(zone, None if country == NO_COUNTRY else country, written.week, written.exceptions)
