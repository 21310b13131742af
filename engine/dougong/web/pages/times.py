"""Times as people say them: 刚刚, 3 小时前, 昨天 14:05, farther off 2026-03-18; the exact time is for the tooltip.

Dates that people filled in are always written 2026-03-18, so that a column of them can be read at a glance; the words are their tooltip.
"""

from datetime import UTC, date, datetime
from math import ceil
from zoneinfo import ZoneInfo

from dougong.web.pages.texts import catalogue, noted, text


def exact(moment: datetime, zone: ZoneInfo) -> str:
    """`2026-03-18 14:05` on the wall of `zone`."""
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def iso(moment: datetime) -> str:
    """For `<time datetime>`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def relative(moment: datetime, now: datetime, zone: ZoneInfo, language: str) -> str:
    """How long ago (or ahead) a moment is, in the words that help most at that distance."""
    seconds = (now - moment).total_seconds()
    here, today = moment.astimezone(zone), now.astimezone(zone).date()
    if 0 <= seconds < 60:
        return text(language, "just now")
    if 0 <= seconds < 3600:
        return _count(language, "%(n)s minute ago", "%(n)s minutes ago", int(seconds // 60))
    days = (today - here.date()).days
    if 0 <= seconds and days == 0:
        return _count(language, "%(n)s hour ago", "%(n)s hours ago", int(seconds // 3600))
    if days == 1:
        return text(language, "yesterday %(clock)s", clock=f"{here:%H:%M}")
    if days in (0, -1):
        return text(language, noted("today %(clock)s") if days == 0 else noted("tomorrow %(clock)s"), clock=f"{here:%H:%M}")
    return day(here.date(), today, language)


def day(value: date, today: date, language: str) -> str:
    """A day: today, tomorrow, 5 days ago; farther off as 2026-03-18."""
    days = (value - today).days
    near = {0: noted("today"), 1: noted("tomorrow"), -1: noted("yesterday")}.get(days)
    if near:
        return text(language, near)
    if -7 <= days < 0:
        return _count(language, "%(n)s day ago", "%(n)s days ago", -days)
    return value.isoformat()


def span(seconds: float, language: str) -> str:
    """A length of time in its largest unit: 3 天, 5 小时, 不到 1 分钟."""
    if 0 <= seconds < 60:
        return text(language, "less than a minute")
    if seconds >= 86400:
        return _count(language, "%(n)s day", "%(n)s days", int(seconds // 86400))
    if seconds >= 3600:
        return _count(language, "%(n)s hour", "%(n)s hours", int(seconds // 3600))
    return _count(language, "%(n)s minute", "%(n)s minutes", int(seconds // 60))


def stretch(seconds: float, language: str) -> str:
    """A length of time that is still to come, rounded up, in hours as long as that is how people count: 48 小时, 5 天."""
    if seconds > 72 * 3600:
        return _count(language, "%(n)s day", "%(n)s days", ceil(seconds / 86400))
    if seconds > 3600:
        return _count(language, "%(n)s hour", "%(n)s hours", ceil(seconds / 3600))
    return _count(language, "%(n)s minute", "%(n)s minutes", ceil(seconds / 60))


def _count(language: str, one: str, many: str, number: int) -> str:
    return catalogue(language).ngettext(one, many, number) % {"n": number}
