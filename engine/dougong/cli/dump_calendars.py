"""`check --show calendars`: the hours of every working calendar, and the days of each year that differ from the week, with their reason."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from dougong_dsl.working import Calendar, Windows

from dougong.calendars.holidays import days_off, days_worked, is_published, latest_year
from dougong.cli.speech import Language
from dougong.model.app import App

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_OWN = {"zh": "本应用的例外", "en": "an exception of this app"}
_WORKED = {"zh": "调休上班", "en": "worked instead of another day"}
_OFF = {"zh": "休息", "en": "off"}
_NOTE = {
    "zh": "{year} 年的调休安排还没有公布：只算法定节假日",
    "en": "the exchanged days of {year} are not published yet: statutory holidays alone are counted",
}


def calendars(app: App, language: Language) -> Any:
    """By name (the app's own under `calendar`): zone, country, week, working days of each year, days that differ, notes."""
    found = {"calendar": app.calendar, **app.calendars}
    return {name: shown(each, language) for name, each in found.items()}


def shown(calendar: Calendar, language: Language) -> Mapping[str, Any]:
    """One calendar: the last years whose exchanged days are published, and the one after."""
    country = calendar.country
    years = range(latest_year() - 1, latest_year() + 2)
    notes = [_NOTE[language].format(year=year) for year in years if country is not None and not is_published(country, year)]
    return {
        "timezone": calendar.zone.key,
        "country": country or "none",
        "week": {_DAYS[day]: hours(windows) for day, windows in enumerate(calendar.week) if windows},
        "working_days": {str(year): calendar.networkdays(date(year, 1, 1), date(year, 12, 31)) for year in years},
        "exceptions": {
            day.isoformat(): _reason(calendar, day, windows, language) for day, windows in calendar.exceptions if day.year in years
        },
        **({"notes": notes} if notes else {}),
    }


def hours(windows: Windows) -> str:
    """As they are written; an end at midnight is 24:00."""
    return " ".join(f"{begin:%H:%M}-{f'{end:%H:%M}' if end.hour or end.minute else '24:00'}" for begin, end in windows)


def _reason(calendar: Calendar, day: date, windows: Windows, language: Language) -> str:
    said = hours(windows) or _OFF[language]
    country = calendar.country
    name = days_off(country, language).get(day) if country is not None else None
    if name is not None and not windows:
        return f"{said}: {name}"
    if windows and country is not None and day in days_worked(country):
        return f"{said}: {_WORKED[language]}"
    return f"{said}: {_OWN[language]}"
