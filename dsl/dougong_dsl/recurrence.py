"""What repeats: every monday at 09:00, every 15 minutes, every month on the 1st, or the five fields of cron; and when it comes next."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from dougong_dsl.working_calendar import Calendar

_STEPS = {"minutes": timedelta(minutes=1), "hours": timedelta(hours=1)}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONDAY = date(2000, 1, 3)  # where counting in steps of several days, weeks and months begins
_FARTHEST = 366 * 9  # days to look ahead: 29 February comes at least every eight years
_RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))


@dataclass(frozen=True, slots=True)
class Cron:
    """`minute hour day month weekday`, each `*`, a number, a range `1-5`, a list `1,3` or steps `*/15`; Sunday is 0 or 7.

    When both day and weekday are given, either is enough (as cron has it).
    """

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    is_either: bool

    @classmethod
    def read(cls, text: str) -> "Cron":
        """Raises ValueError for what is none."""
        parts = text.split()
        if len(parts) != 5:
            raise ValueError(text)
        found = [_numbers(part, low, high) for part, (low, high) in zip(parts, _RANGES, strict=True)]
        weekdays = frozenset(n % 7 for n in found[4])
        return cls(found[0], found[1], found[2], found[3], weekdays, parts[2] != "*" and parts[4] != "*")

    def falls_on(self, day: date) -> bool:
        """Whether anything happens on a day."""
        if day.month not in self.months:
            return False
        tests = (day.day in self.days, day.isoweekday() % 7 in self.weekdays)
        return any(tests) if self.is_either else all(tests)


def _numbers(text: str, low: int, high: int) -> frozenset[int]:
    found: set[int] = set()
    for part in text.split(","):
        bounds, _, step = part.partition("/")
        first, _, last = ("*", "", "") if bounds == "*" else bounds.partition("-")
        begin = low if first == "*" else int(first)
        end = high if first == "*" or (step and not last) else int(last or first)
        if not low <= begin <= end <= high or (step and int(step) < 1):
            raise ValueError(text)
        found.update(range(begin, end + 1, int(step or 1)))
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Every `count` of a `unit` (minutes, hours, days, weeks, months), on some `weekdays` (Monday is 0), or by `cron`.

    `at` is the local time of day, `day` the day of the month (beyond its end: its last), `working` leaves out days that are not worked.
    Raises ValueError for a count below 1.
    """

    unit: str = "days"
    count: int = 1
    working: bool = False
    weekdays: frozenset[int] = frozenset()
    day: int = 1
    at: time = time(0)
    cron: Cron | None = None

    def __post_init__(self) -> None:
        if self.count < 1 or not 1 <= self.day <= 31 or (self.working and self.unit != "days"):
            raise ValueError("nothing that repeats")

    def words(self) -> str:
        """As a trigger says it: `every monday at 09:00`, `every 15 minutes`; a cron line by that name alone."""
        if self.cron is not None:
            return "every (cron)"
        if self.weekdays:
            what = ", ".join(_WEEKDAYS[day] for day in sorted(self.weekdays))
        elif self.working:
            what = "working day"
        else:
            what = self.unit.removesuffix("s") if self.count == 1 else f"{self.count} {self.unit}"
        day = f" on {self.day}" if self.unit == "months" and not self.weekdays else ""
        return f"every {what}{day}" + (f" at {self.at:%H:%M}" if self.unit not in _STEPS else "")

    def after(self, instant: datetime, calendar: Calendar) -> datetime | None:
        """The first occurrence later than an instant, in UTC; None when there is none in the next nine years."""
        step = _STEPS.get(self.unit)
        if step is not None and self.cron is None:
            begin = datetime.combine(_MONDAY, time(0), calendar.zone).astimezone(UTC)
            return begin + ((instant - begin) // (step * self.count) + 1) * (step * self.count)
        first = instant.astimezone(calendar.zone).date()
        for offset in range(-1, _FARTHEST):
            day = first + timedelta(days=offset)
            if self._falls_on(day, calendar):
                for moment in self._times():
                    found = datetime.combine(day, moment, calendar.zone).astimezone(UTC)
                    if found > instant:
                        return found
        return None

    def _times(self) -> Iterator[time]:
        if self.cron is None:
            yield self.at
            return
        yield from (time(hour, minute) for hour in sorted(self.cron.hours) for minute in sorted(self.cron.minutes))

    def _falls_on(self, day: date, calendar: Calendar) -> bool:
        if self.cron is not None:
            return self.cron.falls_on(day)
        if self.weekdays:
            return day.weekday() in self.weekdays
        if self.working:
            return calendar.is_workday(day) and (self.count == 1 or calendar.networkdays(_MONDAY, day) % self.count == 1)
        since = (day - _MONDAY).days
        if self.unit == "days":
            return since % self.count == 0
        if self.unit == "weeks":
            return since % (7 * self.count) == 0
        months = day.year * 12 + day.month - 1
        is_last = (day + timedelta(days=1)).day == 1
        return months % self.count == 0 and (day.day == self.day or (is_last and day.day < self.day))
