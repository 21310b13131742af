"""A working calendar: which days are worked, at which hours, in which time zone; and the arithmetic on it.

Pure data: a week's pattern and the days that differ from it. Every question costs a few binary searches, however far apart its
days lie.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from hashlib import sha256
from itertools import pairwise
from zoneinfo import ZoneInfo

from dougong_dsl.working_totals import LAST, Totals

Windows = tuple[tuple[time, time], ...]
"""The working hours of a day, in order and apart; an end at 00:00 is the end of the day."""

CLOCK_CHANGES = range(2000, 2061)
"""The years in which a change of the clocks inside of working hours makes that day longer or shorter."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_DAY = 86_400_000_000
Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Calendar:
    """`week` holds the hours of Monday to Sunday, `exceptions` the days with other hours (none: a day off), in order; `country`
    says whose statutory holidays are among them, for people to read.

    Instants are aware datetimes; answers are in UTC. Raises ValueError when no weekday is worked, OverflowError for answers
    beyond the years 1 to 9999.
    """

    zone: ZoneInfo
    week: tuple[Windows, ...]
    exceptions: tuple[tuple[date, Windows], ...] = field(default=(), repr=False)
    country: str | None = None

    def __post_init__(self) -> None:
        if len(self.week) != 7 or not any(self.week):
            raise ValueError("a working calendar needs a weekday that is worked")

    def __hash__(self) -> int:
        return hash(self.key)

    @cached_property
    def _own(self) -> Mapping[date, Windows]:
        return dict(self.exceptions)

    @cached_property
    def key(self) -> str:
        """A text that no other calendar has."""
        return sha256(repr((self.zone.key, self.week, self.exceptions)).encode()).hexdigest()

    @cached_property
    def weekly(self) -> tuple[Spans, ...]:
        """The hours of Monday to Sunday in microseconds since midnight."""
        return tuple(_spans(windows) for windows in self.week)

    @cached_property
    def days(self) -> Totals:
        """Worked days, counted."""
        own = ((day.toordinal(), int(bool(windows))) for day, windows in self.exceptions)
        return Totals.of([int(bool(windows)) for windows in self.week], own)

    @cached_property
    def _times(self) -> Totals:
        """Working time in microseconds."""
        own = {day.toordinal(): _length(_spans(windows)) for day, windows in self.exceptions}
        own |= {day: _length(spans) for day, spans in self._changed.items()}
        return Totals.of([_length(_spans(windows)) for windows in self.week], own.items())

    @cached_property
    def _changed(self) -> Mapping[int, Spans]:
        """The working hours of days on which the clocks change, in microseconds since 1970."""
        return {ordinal: self._instants(date.fromordinal(ordinal)) for ordinal in _clock_changes(self.zone)}

    def differing(self) -> Mapping[int, Spans]:
        """The days whose hours are not the week's, or on which the clocks change: their hours in microseconds since 1970."""
        own = {day.toordinal(): self._instants(day) for day, windows in self.exceptions if windows != self.week[day.weekday()]}
        return {**own, **self._changed}

    def _instants(self, day: date) -> Spans:
        return tuple((_since(self._at(day, begin)), _since(self._at(day, end))) for begin, end in _spans(self.windows(day)))

    def windows(self, day: date) -> Windows:
        """The working hours of a day; none on a day off."""
        own = self._own.get(day)
        return self.week[day.weekday()] if own is None else own

    def is_workday(self, day: date) -> bool:
        """Whether a day is worked."""
        return bool(self.windows(day))

    def workday(self, day: date, n: int) -> date:
        """The n-th worked day after a day, before it when n is negative; 0 is the day itself, worked or not (as in Excel)."""
        if n == 0:
            return day
        ordinal = day.toordinal()
        wanted = self.days.through(ordinal) + n if n > 0 else self.days.through(ordinal - 1) + n + 1
        return date.fromordinal(self.days.reaching(wanted))

    def networkdays(self, a: date, b: date) -> int:
        """Worked days from a to b, both counted; negative when b lies before a (as in Excel)."""
        if b < a:
            return -self.networkdays(b, a)
        return self.days.through(b.toordinal()) - self.days.through(a.toordinal() - 1)

    def opening(self, day: date) -> datetime:
        """The instant at which a day begins."""
        return self._at(day, 0)

    def end_of_business(self, day: date) -> datetime:
        """The end of the last working hours of a worked day."""
        return self._at(day, _spans(self.windows(day))[-1][1])

    def add_working_days(self, instant: datetime, n: int) -> datetime:
        """The same time of day n worked days later (earlier when negative); 0 is the instant itself."""
        if n == 0:
            return instant
        local = instant.astimezone(self.zone)
        return datetime.combine(self.workday(local.date(), n), local.time(), self.zone).astimezone(UTC)

    def worked(self, a: datetime, b: datetime) -> timedelta:
        """Working time from a to b; negative when b lies before a."""
        return timedelta(microseconds=self._until(b) - self._until(a))

    def add_working_time(self, instant: datetime, amount: timedelta) -> datetime:
        """The first instant by which that much was worked; for a negative amount the last instant from which that much is worked."""
        if not amount:
            return instant
        wanted = self._until(instant) + amount // _MICROSECOND
        return self._reached(wanted) if amount > timedelta(0) else self._reached(wanted + 1) - _MICROSECOND

    def _until(self, instant: datetime) -> int:
        """Working time before an instant."""
        local = instant.astimezone(self.zone)
        ordinal = local.toordinal()
        spans = self._changed.get(ordinal)
        now = _in_day(local) if spans is None else _since(instant)
        spans = _spans(self.windows(local.date())) if spans is None else spans
        return self._times.through(ordinal - 1) + sum(min(now, end) - begin for begin, end in spans if begin < now)

    def _reached(self, wanted: int) -> datetime:
        """The first instant before which there is that much working time."""
        ordinal = self._times.reaching(wanted)
        rest = wanted - self._times.through(ordinal - 1)
        spans, day = self._changed.get(ordinal), date.fromordinal(ordinal)
        for begin, end in spans or _spans(self.windows(day)):
            if rest <= end - begin:
                return self._at(day, begin + rest) if spans is None else _EPOCH + (begin + rest) * _MICROSECOND
            rest -= end - begin
        raise AssertionError("the day holds its own total")

    def _at(self, day: date, microseconds: int) -> datetime:
        """The first instant at which the local clock shows a time of a day or a later one (24:00 included)."""
        if microseconds == _DAY:
            day, microseconds = date.fromordinal(_inside(day.toordinal() + 1)), 0
        local = datetime.combine(day, time()) + microseconds * _MICROSECOND
        found = local.replace(tzinfo=self.zone).astimezone(UTC)
        if found.astimezone(self.zone).replace(tzinfo=None) == local:
            return found
        low, high = _since(local.replace(tzinfo=self.zone, fold=1)), _since(found)  # in a gap: when the clocks change
        while high - low > 1:
            middle = (low + high) // 2
            before = (_EPOCH + middle * _MICROSECOND).astimezone(self.zone).replace(tzinfo=None) < local
            low, high = (middle, high) if before else (low, middle)
        return _EPOCH + high * _MICROSECOND


PLAIN = Calendar(ZoneInfo("Asia/Shanghai"), (((time(9), time(18)),),) * 5 + ((), ()))
"""Monday to Friday from 9 to 18, and no holidays."""


@lru_cache(maxsize=64)
def _clock_changes(zone: ZoneInfo) -> tuple[int, ...]:
    first, last = date(CLOCK_CHANGES[0], 1, 1).toordinal(), date(CLOCK_CHANGES[-1], 12, 31).toordinal()
    offsets = [datetime.fromordinal(day).replace(tzinfo=zone).utcoffset() for day in range(first, last + 2)]
    return tuple(first + position for position, pair in enumerate(pairwise(offsets)) if pair[0] != pair[1])


@lru_cache(maxsize=1024)
def _spans(windows: Windows) -> Spans:
    return tuple((_of_clock(begin), _of_clock(end) or _DAY) for begin, end in windows)


def _of_clock(at: time) -> int:
    return ((at.hour * 60 + at.minute) * 60 + at.second) * 1_000_000 + at.microsecond


def _in_day(local: datetime) -> int:
    return _of_clock(local.time())


def _since(instant: datetime) -> int:
    return (instant - _EPOCH) // _MICROSECOND


def _length(spans: Spans) -> int:
    return sum(end - begin for begin, end in spans)


def _inside(ordinal: int) -> int:
    if ordinal > LAST:
        raise OverflowError("beyond the years 1 to 9999")
    return ordinal
