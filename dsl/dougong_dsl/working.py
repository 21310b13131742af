"""Written amounts of time, and when they end: deadlines with pauses, moments before and after, on a working calendar.

Deadlines count as the law does (PRC Civil Code art. 201, 203): the day of the start is not counted, a deadline in working days ends
with the end of business of its last day. Arithmetic (`shifted`, `now - 3 working days`) keeps the time of day instead.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from dougong_dsl.expression.values import add_days, add_months
from dougong_dsl.working_calendar import PLAIN, Calendar, Windows

__all__ = ["PLAIN", "UNITS", "Amount", "Calendar", "Windows", "due_after", "due_before", "shifted"]

Pause = tuple[datetime, datetime]

_ELAPSED = {"seconds": timedelta(seconds=1), "minutes": timedelta(minutes=1), "hours": timedelta(hours=1)}
_MONTHS = {"months": 1, "years": 12}
UNITS = {
    "seconds": ("秒", "second"),
    "minutes": ("分钟", "minute"),
    "hours": ("小时", "hour"),
    "days": ("天", "day"),
    "weeks": ("周", "week"),
    "months": ("个月", "month"),
    "years": ("年", "year"),
}
_WORKING = {"minutes": "个工作分钟", "hours": "个工作小时", "days": "个工作日"}


@dataclass(frozen=True, slots=True)
class Amount:
    """A written duration: `count` (not negative) of a `unit` of UNITS; `working` only with minutes, hours and days.

    Raises ValueError otherwise.
    """

    count: int
    unit: str
    working: bool = False

    def __post_init__(self) -> None:
        if self.count < 0 or self.unit not in (_WORKING if self.working else UNITS):
            raise ValueError(f"no such amount of time: {self.count} {'working ' if self.working else ''}{self.unit}")

    @property
    def elapsed(self) -> timedelta | None:
        """Its length when that is fixed (also of working minutes and hours, in working time); None for days and longer."""
        step = _ELAPSED.get(self.unit)
        return None if step is None else self.count * step

    def words(self) -> tuple[str, str]:
        """As people say it: (Chinese, English)."""
        zh, en = UNITS[self.unit]
        plural = "" if self.count == 1 else "s"
        chinese = _WORKING[self.unit] if self.working else zh
        return f"{self.count} {chinese}", f"{self.count} {'working ' if self.working else ''}{en}{plural}"


def due_after(start: datetime, amount: Amount, calendar: Calendar, pauses: Sequence[Pause] = ()) -> datetime:
    """When a deadline that began at `start` ends, in UTC.

    Minutes and hours elapse; days, weeks and months end at the same local time (months clamped to their end); working minutes and
    hours count working time; working days end with the end of business of the n-th worked day after the day of the start. Time
    inside of a pause (from, to) does not count; neither does a worked day whose end of business lies in one. Raises OverflowError
    beyond the year 9999.
    """
    waiting = _united(start, pauses)
    if amount.working and amount.unit == "days":
        return _business_days(start, amount.count, calendar, waiting)
    due = shifted(start, amount, calendar)
    for begin, end in waiting:
        if begin >= due:
            break
        if amount.working:
            due = calendar.add_working_time(due, calendar.worked(begin, end))
        else:
            due += end - begin
    return due


def due_before(end: datetime | date, amount: Amount, calendar: Calendar) -> datetime:
    """The instant an amount before another or before the beginning of a day ("7 days before the delivery"), in UTC."""
    return shifted(end, amount, calendar, -1)


def shifted(start: datetime | date, amount: Amount, calendar: Calendar, sign: int = 1) -> datetime:
    """An instant, or the beginning of a day, plus (`sign` 1) or minus (-1) an amount, in UTC.

    Days and longer keep the local time of day, working days too; minutes and hours elapse or are worked. Raises OverflowError
    beyond the years 1 to 9999.
    """
    instant = start.astimezone(UTC) if isinstance(start, datetime) else calendar.opening(start)
    if amount.count == 0:
        return instant
    count, length = sign * amount.count, amount.elapsed
    if length is not None:
        return calendar.add_working_time(instant, sign * length) if amount.working else instant + sign * length
    if amount.working:
        return calendar.add_working_days(instant, count)
    local = instant.astimezone(calendar.zone)
    months = _MONTHS.get(amount.unit)
    days = count * 7 if amount.unit == "weeks" else count
    day = add_days(local.date(), days) if months is None else add_months(local.date(), count * months)
    if day is None:
        raise OverflowError("beyond the years 1 to 9999")
    return datetime.combine(day, local.time(), calendar.zone).astimezone(UTC)


def _business_days(start: datetime, n: int, calendar: Calendar, pauses: Sequence[Pause]) -> datetime:
    if n == 0:
        return start.astimezone(UTC)
    first = start.astimezone(calendar.zone).date()
    due = calendar.end_of_business(calendar.workday(first, n))
    for begin, end in pauses:
        if begin > due:
            break
        n += _ends_before(end, calendar, first) - _ends_before(begin, calendar, first)
        due = calendar.end_of_business(calendar.workday(first, n))
    return due


def _ends_before(instant: datetime, calendar: Calendar, first: date) -> int:
    """Worked days after `first` whose end of business lies before an instant."""
    day = instant.astimezone(calendar.zone).date()
    if day <= first:
        return 0
    counted = calendar.networkdays(first, day) - calendar.is_workday(first)
    return counted - (calendar.is_workday(day) and calendar.end_of_business(day) >= instant)


def _united(start: datetime, pauses: Sequence[Pause]) -> list[Pause]:
    """Pauses in order, apart, and from the start on."""
    found: list[Pause] = []
    for begin, end in sorted(pauses):
        begin = max(begin, start)
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        elif begin < end:
            found.append((begin, end))
    return found
