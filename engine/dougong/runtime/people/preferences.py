"""How a person wants to be told: muted kinds per channel, quiet hours, one mail a day. Times of day are those of the app's zone."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

import orjson

from dougong.refusals import refuse
from dougong.runtime.people import refusals as codes
from dougong.runtime.people.texts import LANGUAGE, PREFERENCE, SET_PREFERENCE, text
from dougong.runtime.unit import Unit

_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


@dataclass(frozen=True, slots=True)
class Preferences:
    """`muted` holds `channel:kind`; `quiet` is (from, until), which may pass midnight; `digest_at`: one mail a day instead of many."""

    muted: frozenset[str] = frozenset()
    quiet: tuple[time, time] | None = None
    digest_at: time | None = None


def of(unit: Unit, user_id: int) -> Preferences:
    """A user's preferences; without any, everything is told at once."""
    row = unit.connection.one(text(PREFERENCE, unit.compiled.dialect), {"user_id": user_id})
    if row is None:
        return Preferences()
    muted = orjson.loads(row[0]) if isinstance(row[0], str) else row[0]
    quiet = None if row[1] is None or row[2] is None else (time.fromisoformat(row[1]), time.fromisoformat(row[2]))
    return Preferences(frozenset(muted), quiet, None if row[3] is None else time.fromisoformat(row[3]))


def keep(unit: Unit, user_id: int, wanted: Preferences) -> None:
    """Remember a user's preferences. The inbox itself cannot be muted: `Refused` R418."""
    for each in wanted.muted:
        channel, divider, kind = each.partition(":")
        if not (divider and kind) or channel in ("", "inbox"):
            raise refuse(codes.BAD_PREFERENCE, problem=(f"“{each}”不能关闭", f"“{each}” cannot be muted"))
    if wanted.quiet is not None and wanted.quiet[0] == wanted.quiet[1]:
        raise refuse(codes.BAD_PREFERENCE, problem=("免打扰的起止时间相同", "the quiet hours begin when they end"))
    values = {
        "user_id": user_id,
        "muted": orjson.dumps(sorted(wanted.muted)).decode(),
        "quiet_from": None if wanted.quiet is None else f"{wanted.quiet[0]:%H:%M}",
        "quiet_until": None if wanted.quiet is None else f"{wanted.quiet[1]:%H:%M}",
        "digest_at": None if wanted.digest_at is None else f"{wanted.digest_at:%H:%M}",
    }
    unit.connection.run(text(SET_PREFERENCE, unit.compiled.dialect), values)


def read_time(written: object) -> time:
    """A time of day as people write it, `22:30`. `Refused` R418."""
    if not isinstance(written, str) or not _TIME.fullmatch(written):
        raise refuse(codes.BAD_PREFERENCE, problem=(f"“{written}”不是 22:30 这样的时间", f"“{written}” is no time such as 22:30"))
    return time.fromisoformat(written)


def read_preferences(muted: Iterable[str], quiet_from: object, quiet_until: object, digest_at: object) -> Preferences:
    """Preferences as a form or JSON gives them. `Refused` R418."""
    if (quiet_from is None) != (quiet_until is None):
        raise refuse(codes.BAD_PREFERENCE, problem=("免打扰要同时给出起止时间", "quiet hours need a beginning and an end"))
    quiet = None if quiet_from is None else (read_time(quiet_from), read_time(quiet_until))
    return Preferences(frozenset(muted), quiet, None if digest_at is None else read_time(digest_at))


def not_before(unit: Unit, wanted: Preferences) -> datetime | None:
    """The end of the quiet hours that it is in now; None when it may come at once."""
    if wanted.quiet is None:
        return None
    start, end = wanted.quiet
    local = unit.now.astimezone(unit.reading.zone)
    now = local.time()
    is_quiet = start <= now < end if start < end else now >= start or now < end
    return _next(local, end) if is_quiet else None


def next_digest(unit: Unit, wanted: Preferences) -> datetime:
    """The next moment at which the day's mail goes out."""
    assert wanted.digest_at is not None
    return _next(unit.now.astimezone(unit.reading.zone), wanted.digest_at)


def _next(local: datetime, at: time) -> datetime:
    """The first moment after `local` whose time of day is `at`."""
    found = local.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return (found if found > local else found + timedelta(days=1)).astimezone(UTC)


def speaks_english(unit: Unit, user_id: int) -> bool:
    """Whether a person chose English."""
    row = unit.connection.one(text(LANGUAGE, unit.compiled.dialect), {"id": user_id})
    return row is not None and row[0] == "en"
