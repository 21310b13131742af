"""Statutory holidays and the weekend days that are worked in their place (调休), by country, from the package `holidays`.

Where a government publishes the exchanged days year by year, later years hold the statutory days alone until the package knows them.
"""

from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

YEARS = range(2000, 2061)
"""The years whose holidays count; before and after, only the weekdays do."""

_CHINA = frozenset(("Asia/Shanghai", "Asia/Urumqi", "Asia/Chongqing", "Asia/Chungking", "Asia/Harbin", "Asia/Kashgar", "PRC"))


def countries() -> list[str]:
    """Codes of countries (`CN`), and of their regions (`DE-BY`)."""
    known = holidays.list_supported_countries(include_aliases=False)
    return sorted([*known, *(f"{country}-{region}" for country, regions in known.items() for region in regions)])


def default_country(zone: ZoneInfo) -> str | None:
    """The country whose holidays count when none is written: China in its time zones, else none."""
    return "CN" if zone.key in _CHINA else None


def days_off(country: str, language: str = "zh") -> dict[date, str]:
    """The holidays of a country by day, with their names in a language (`zh`, `en`), or in the country's own."""
    return dict(_found(country, language)[0])


def days_worked(country: str) -> frozenset[date]:
    """The weekend days that are worked instead."""
    return _found(country)[1]


def is_published(country: str, year: int) -> bool:
    """Whether the exchanged days of a year are known, where a country exchanges any."""
    return year not in YEARS or year <= _found(country)[2]


def latest_year() -> int:
    """The last year whose exchanged days China has published, as far as the package knows."""
    return _found("CN")[2]


@lru_cache(maxsize=64)
def _found(country: str, language: str = "zh") -> tuple[tuple[tuple[date, str], ...], frozenset[date], int]:
    code, _, region = country.partition("-")
    wanted = {"zh": "zh_CN", "en": "en_US"}[language]
    known = holidays.country_holidays(code).supported_languages
    kept = holidays.country_holidays(code, subdiv=region or None, years=YEARS, language=wanted if wanted in known else None)
    special = getattr(kept, "special_public_holidays", None) or {}
    last = max(special, default=0) if kept.has_substituted_holidays else YEARS[-1]
    worked = frozenset(day for day in kept.weekend_workdays if day not in kept)
    return tuple(sorted(kept.items())), worked, last
