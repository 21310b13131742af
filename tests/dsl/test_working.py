"""Working calendars against a counter of minutes, on generated calendars with odd hours, exceptions and changes of the clocks."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from dougong_dsl.working import Amount, Calendar, Windows, due_after, due_before, shifted
from hypothesis import given, settings
from hypothesis import strategies as st

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
# the clocks change within a week of these days
PLACES = (
    ("Asia/Shanghai", date(2026, 10, 1)),
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("America/Sao_Paulo", date(2018, 11, 4)),  # at midnight, forward
    ("Asia/Kathmandu", date(2026, 5, 1)),
)
Pauses = Sequence[tuple[datetime, datetime]]


@dataclass
class Minutes:
    """Every minute of a few weeks, looked at one by one: the clock on the wall never runs back, it waits."""

    calendar: Calendar
    first: date
    worked: dict[datetime, date] = field(default_factory=dict)
    """The working minutes, each with its local day."""

    def __post_init__(self) -> None:
        at = datetime.combine(self.first - 2 * DAY, time(), UTC)
        wall, own = datetime.min, dict(self.calendar.exceptions)
        for _ in range(14 * 1440):
            wall = max(wall, at.astimezone(self.calendar.zone).replace(tzinfo=None))
            if self._is_open(wall, own):
                self.worked[at] = wall.date()
            at += MINUTE

    def _is_open(self, wall: datetime, own: dict[date, Windows]) -> bool:
        windows = own.get(wall.date(), self.calendar.week[wall.weekday()])
        return any(begin <= wall.time() and (wall.time() < end or end == time()) for begin, end in windows)

    def between(self, a: datetime, b: datetime) -> timedelta:
        return MINUTE * sum(a <= at < b for at in self.worked)

    def after(self, start: datetime, minutes: int, pauses: Pauses) -> datetime | None:
        counted = [at for at in self.worked if at >= start and not paused(at, pauses)]
        return counted[minutes - 1] + MINUTE if minutes <= len(counted) else None

    def before(self, start: datetime, minutes: int) -> datetime | None:
        counted = [at for at in self.worked if at < start]
        return counted[-minutes] if minutes <= len(counted) else None

    def business_days(self, start: datetime, n: int, pauses: Pauses) -> datetime | None:
        ends = {day: at + MINUTE for at, day in self.worked.items()}
        today = start.astimezone(self.calendar.zone).date()
        counted = [end for day, end in ends.items() if day > today and not paused(end, pauses)]
        return counted[n - 1] if n <= len(counted) else None


def paused(at: datetime, pauses: Pauses) -> bool:
    return any(begin <= at < end for begin, end in pauses)


@st.composite
def hours(draw: st.DrawFn) -> Windows:
    """One to three working hours of a day, at any minutes, midnight included."""
    edges = sorted(
        draw(st.lists(st.sampled_from((0, 90, 120, 125, 150, 180, 540, 720, 810, 1080, 1380, 1440)), min_size=2, max_size=6, unique=True))
    )
    return tuple((clock(a), clock(b)) for a, b in list(pairwise(edges))[::2])


def clock(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)


@st.composite
def calendars(draw: st.DrawFn) -> tuple[Calendar, date]:
    """A calendar and a day about which it is looked at."""
    zone, about = draw(st.sampled_from(PLACES))
    usual, weekend = draw(hours()), draw(st.sets(st.integers(0, 6), max_size=5))
    short = draw(hours())
    week = tuple(() if day in weekend else short if day == 5 else usual for day in range(7))
    days = draw(st.lists(st.integers(-6, 12), max_size=5, unique=True))
    own = tuple((about + day * DAY, draw(st.just(()) | hours())) for day in sorted(days))
    return Calendar(ZoneInfo(zone), week, own), about


def instants(about: date) -> st.SearchStrategy[datetime]:
    midnight = datetime.combine(about, time(), UTC)
    return st.integers(-1440, 3 * 1440).map(lambda minutes: midnight + minutes * MINUTE)


@settings(max_examples=40, deadline=None)
@given(st.data(), calendars())
def test_working_time_is_the_minutes_that_are_worked(data: st.DataObject, made: tuple[Calendar, date]) -> None:
    calendar, about = made
    minutes = Minutes(calendar, about)
    a, b = sorted((data.draw(instants(about)), data.draw(instants(about))))
    assert calendar.worked(a, b) == minutes.between(a, b) == -calendar.worked(b, a)
    amount = data.draw(st.integers(1, 3000))
    forward, back = minutes.after(a, amount, ()), minutes.before(b, amount)
    if forward is not None:
        assert calendar.add_working_time(a, amount * MINUTE) == forward
    if back is not None:
        assert calendar.add_working_time(b, -amount * MINUTE) == back == due_before(b, Amount(amount, "minutes", True), calendar)


@settings(max_examples=40, deadline=None)
@given(st.data(), calendars())
def test_deadlines_with_pauses(data: st.DataObject, made: tuple[Calendar, date]) -> None:
    calendar, about = made
    minutes = Minutes(calendar, about)
    start = data.draw(instants(about))
    pauses = [(min(pair), max(pair)) for pair in data.draw(st.lists(st.tuples(instants(about), instants(about)), max_size=3))]
    found = minutes.after(start, 600, pauses)
    if found is not None:
        assert due_after(start, Amount(10, "hours", True), calendar, pauses) == found
    days = data.draw(st.integers(1, 5))
    found = minutes.business_days(start, days, pauses)
    if found is not None:
        assert due_after(start, Amount(days, "days", True), calendar, pauses) == found
    at, left = start, 30 * 60
    while left:
        left -= not paused(at, pauses)
        at += MINUTE
    assert due_after(start, Amount(30, "hours"), calendar, pauses) == at


@settings(max_examples=40, deadline=None)
@given(calendars(), st.integers(-9, 9), st.integers(-900, 900))
def test_worked_days_are_counted_one_by_one(made: tuple[Calendar, date], n: int, apart: int) -> None:
    calendar, about = made
    worked = [day for day in (about + step * DAY for step in range(-900, 901)) if calendar.windows(day)]
    other = about + apart * DAY
    count = sum(min(about, other) <= day <= max(about, other) for day in worked)
    assert calendar.networkdays(about, other) == (count if other >= about else -count)
    later, earlier = [day for day in worked if day > about], [day for day in worked if day < about][::-1]
    expected = about if n == 0 else later[n - 1] if n > 0 else earlier[-n - 1]
    assert calendar.workday(about, n) == expected
    assert calendar.is_workday(about) == (about in worked)


FACTORY = Calendar(ZoneInfo("Asia/Shanghai"), (((time(9), time(12)), (time(13, 30), time(18))),) * 5 + ((), ()), ((date(2026, 10, 1), ()),))


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=FACTORY.zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "amount", "due"),
    [
        ("2026-09-25 10:00", Amount(3, "days", True), "2026-09-30 18:00"),  # Friday: Mon, Tue, Wed
        ("2026-09-30 10:00", Amount(1, "days", True), "2026-10-02 18:00"),  # over the day off
        ("2026-09-25 17:00", Amount(8, "hours", True), "2026-09-28 17:30"),
        ("2026-09-25 17:00", Amount(1, "hours", True), "2026-09-25 18:00"),  # not Monday morning
        ("2026-01-31 10:00", Amount(1, "months"), "2026-02-28 10:00"),
        ("2026-09-25 10:00", Amount(2, "weeks"), "2026-10-09 10:00"),
        ("2026-09-25 10:00", Amount(72, "hours"), "2026-09-28 10:00"),
        ("2026-09-25 10:00", Amount(0, "days", True), "2026-09-25 10:00"),
    ],
)
def test_deadlines(start: str, amount: Amount, due: str) -> None:
    assert due_after(local(start), amount, FACTORY) == local(due)


def test_a_pause_moves_a_deadline() -> None:
    pause = [(local("2026-09-26 10:00"), local("2026-09-29 12:00"))]
    assert due_after(local("2026-09-25 10:00"), Amount(2, "days"), FACTORY, pause) == local("2026-09-30 12:00")
    assert due_after(local("2026-09-25 10:00"), Amount(1, "days", True), FACTORY, pause) == local("2026-09-29 18:00")
    assert due_after(local("2026-09-25 17:00"), Amount(2, "hours", True), FACTORY, pause) == local("2026-09-29 14:30")


def test_moments_before_and_after() -> None:
    day = date(2026, 10, 8)
    assert due_before(day, Amount(7, "days"), FACTORY) == local("2026-10-01 00:00")
    assert due_before(day, Amount(5, "days", True), FACTORY) == local("2026-09-30 00:00")
    assert due_before(local("2026-10-08 15:00"), Amount(5, "days", True), FACTORY) == local("2026-09-30 15:00")
    assert shifted(day, Amount(1, "days"), FACTORY) == local("2026-10-09 00:00")


BERLIN = Calendar(ZoneInfo("Europe/Berlin"), (((time(0), time(2, 30)), (time(2, 30), time(5))),) * 7)


@pytest.mark.parametrize(("day", "hours"), [((2026, 3, 29), 4), ((2026, 10, 25), 6), ((2026, 3, 28), 5)])
def test_a_night_on_which_the_clocks_change(day: tuple[int, int, int], hours: int) -> None:
    """An hour that is missing is not worked; one that comes twice is worked twice."""
    night = BERLIN.opening(date(*day))
    assert BERLIN.worked(night, night + timedelta(hours=12)) == timedelta(hours=hours)
    assert due_after(night, Amount(hours, "hours", True), BERLIN) == BERLIN.end_of_business(date(*day))


def test_hours_that_end_in_a_gap_end_when_the_clocks_change() -> None:
    early = Calendar(BERLIN.zone, (((time(0), time(2, 30)),),) * 7)
    assert early.end_of_business(date(2026, 3, 29)) == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_amounts_say_themselves() -> None:
    assert Amount(3, "days", True).words() == ("3 个工作日", "3 working days")
    assert Amount(1, "months").words() == ("1 个月", "1 month")
    with pytest.raises(ValueError, match="3 working weeks"):
        Amount(3, "weeks", True)


def test_beyond_the_last_year() -> None:
    with pytest.raises(OverflowError):
        FACTORY.workday(date(9999, 12, 30), 5)
    with pytest.raises(OverflowError):
        due_after(local("2026-09-25 10:00"), Amount(10**7, "days"), FACTORY)
    with pytest.raises(ValueError, match="worked"):
        Calendar(FACTORY.zone, ((),) * 7)
