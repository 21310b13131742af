"""What the operations mean, in Python: exact decimals, code points, days and months.

Generated Python calls these; SQLite calls them through registered functions; PostgreSQL and JavaScript are tested
against them. No argument is null; a result is null where the language says so (division by zero, a day past 9999).
A number is an int when its type has no places, else a Decimal.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import MAX_EMAX, MIN_EMIN, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, ROUND_UP, Context, Decimal
from zoneinfo import ZoneInfo

Numeric = int | Decimal

WIDE = Context(prec=1300, rounding=ROUND_HALF_UP, Emax=MAX_EMAX, Emin=MIN_EMIN)
_NARROW = Context(prec=80, rounding=ROUND_HALF_UP, Emax=MAX_EMAX, Emin=MIN_EMIN)
_UNITS = tuple(Decimal(1).scaleb(-places) for places in range(11))
_TEN_PLACES = Decimal(1).scaleb(-10)
SPACES = " \t\n\r\x0b\x0c\u00a0\u3000"
NUMBER_PATTERN = r"^[+-]?[0-9]{1,18}(\.[0-9]{1,10})?$"
LAST_DAY = date.max.toordinal()
LONGEST_MS = 10_000 * 366 * 86_400_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def divide(a: Numeric, b: Numeric) -> Decimal | None:
    """a / b at ten places, half away from zero; for operands of up to 22 digits each."""
    return _NARROW.quantize(_NARROW.divide(a, b), _TEN_PLACES) if b else None


def divide_wide(a: Numeric, b: Numeric) -> Decimal | None:
    """`divide` for operands of any length that the checker lets pass."""
    return WIDE.quantize(WIDE.divide(a, b), _TEN_PLACES) if b else None


def add_wide(a: Numeric, b: Numeric) -> Decimal:
    """a + b beyond 28 digits."""
    return WIDE.add(a, b)


def subtract_wide(a: Numeric, b: Numeric) -> Decimal:
    """a - b beyond 28 digits."""
    return WIDE.subtract(a, b)


def multiply_wide(a: Numeric, b: Numeric) -> Decimal:
    """a * b beyond 28 digits."""
    return WIDE.multiply(a, b)


def negate(a: Numeric) -> Numeric:
    """-a without rounding and without a negative zero."""
    return -a if isinstance(a, int) else WIDE.copy_negate(a) if a else a


def absolute(a: Numeric) -> Numeric:
    """The amount without its sign."""
    return abs(a) if isinstance(a, int) else a.copy_abs()


def sign(a: Numeric) -> int:
    """-1, 0 or 1."""
    return (a > 0) - (a < 0)


def _at_places(a: Numeric, places: int, rounding: str) -> Numeric:
    if isinstance(a, int):
        if places >= 0:
            return a
        a = Decimal(a)
    exponent = a.as_tuple().exponent
    if places > 0 and isinstance(exponent, int) and -exponent <= places:
        return a
    rounded = a.quantize(Decimal(1).scaleb(-places), rounding, WIDE)
    return int(rounded) if places <= 0 else rounded


def round_half(a: Numeric, places: int = 0) -> Numeric:
    """Half away from zero, as Excel's ROUND."""
    if 0 < places < len(_UNITS) and not isinstance(a, int):  # nearly every call
        return a.quantize(_UNITS[places], ROUND_HALF_UP, WIDE)
    return _at_places(a, places, ROUND_HALF_UP)


def round_up(a: Numeric, places: int = 0) -> Numeric:
    """Away from zero."""
    return _at_places(a, places, ROUND_UP)


def round_down(a: Numeric, places: int = 0) -> Numeric:
    """Towards zero."""
    return _at_places(a, places, ROUND_DOWN)


def floor(a: Numeric) -> Numeric:
    """The greatest whole number that is not above."""
    return _at_places(a, 0, ROUND_FLOOR)


def modulo(a: Numeric, b: Numeric) -> Numeric | None:
    """The remainder with the sign of the divisor, as Excel's MOD; None for a zero divisor."""
    if not b:
        return None
    if isinstance(a, int) and isinstance(b, int):
        return a % b
    rest = WIDE.remainder(a, b)
    return WIDE.add(rest, b) if rest and (rest < 0) != (b < 0) else rest


def ceiling(a: Numeric, step: Numeric = 1) -> Numeric | None:
    """The smallest multiple of `step` that is not below; None unless the step is positive."""
    if step <= 0:
        return None
    rest = modulo(negate(a), step)
    assert rest is not None  # the step is positive
    return _sum(a, rest)


def floor_step(a: Numeric, step: Numeric = 1) -> Numeric | None:
    """The greatest multiple of `step` that is not above; None unless the step is positive."""
    if step <= 0:
        return None
    rest = modulo(a, step)
    assert rest is not None  # the step is positive
    return _sum(a, negate(rest))


def _sum(a: Numeric, b: Numeric) -> Numeric:
    return a + b if isinstance(a, int) and isinstance(b, int) else WIDE.add(a, b)


def clamp(n: Numeric, low: Numeric, high: Numeric) -> Numeric:
    """n, but not below low and not above high (which wins when they cross)."""
    return min(max(n, low), high)


def percent(part: Numeric, whole: Numeric, places: int = 4) -> Numeric | None:
    """part / whole rounded once, half away from zero; None when the whole is 0."""
    if not whole:
        return None
    return _at_places(WIDE.divide(part, whole), places, ROUND_HALF_UP)


def total(values: Iterable[Numeric | None]) -> Numeric:
    """The sum without the nulls, exact; 0 for nothing."""
    found: Numeric = 0
    for value in values:
        if value is not None:
            found = value if not found else _sum(found, value)
    return found


def shown(value: Numeric) -> str:
    """A number as text: no exponent, no zeros behind the last place."""
    if isinstance(value, int):
        return str(value)
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def number(text: str) -> Decimal | None:
    """Text → number: up to 18 digits and 10 places, spaces around and thousands commas allowed; else None."""
    plain = text.strip(SPACES).replace(",", "")
    body = plain[1:] if plain[:1] in ("+", "-") else plain
    whole, point, places = body.partition(".")
    if not (0 < len(whole) <= 18 and whole.isascii() and whole.isdigit()):
        return None
    if point and not (0 < len(places) <= 10 and places.isascii() and places.isdigit()):
        return None
    return Decimal(plain)


def left(text: str, n: int) -> str | None:
    """The first n code points."""
    return text[: max(n, 0)] or None


def right(text: str, n: int) -> str | None:
    """The last n code points."""
    return text[-n:] if n > 0 else None


def mid(text: str, start: int, n: int) -> str | None:
    """n code points from `start`, which counts from 1; a start below 1 is read as 1."""
    first = max(start, 1) - 1
    return text[first : first + max(n, 0)] or None


def find(part: str, text: str, start: int = 1) -> int:
    """Where `part` begins, counted from 1; 0 when it is not there at or after `start`."""
    return text.find(part, max(start, 1) - 1) + 1


def trim(text: str) -> str | None:
    """Without spaces at both ends, the full-width one included."""
    return text.strip(SPACES) or None


def add_days(day: date, n: Numeric) -> date | None:
    """The day n days later; None outside of years 1 to 9999."""
    ordinal = day.toordinal() + n
    return date.fromordinal(int(ordinal)) if 1 <= ordinal <= LAST_DAY else None


def add_months(day: date, n: Numeric) -> date | None:
    """The same day n months later, clamped to the month's end; None outside of years 1 to 9999."""
    year, month = divmod(day.year * 12 + day.month - 1 + int(n), 12)
    if not 1 <= year <= 9999:
        return None
    return date(year, month + 1, min(day.day, month_length(year, month + 1)))


def month_length(year: int, month: int) -> int:
    """Days of a month."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def end_of_month(day: date, n: Numeric) -> date | None:
    """The last day of the month n months later."""
    found = add_months(day.replace(day=1), n)
    return None if found is None else found.replace(day=month_length(found.year, found.month))


def add_months_at(moment: datetime, n: Numeric, zone: ZoneInfo) -> datetime | None:
    """The same local time n months later, clamped to the month's end."""
    try:
        local = moment.astimezone(zone)
        day = add_months(local.date(), n)
        return None if day is None else datetime.combine(day, local.time(), zone).astimezone(UTC)
    except OverflowError:
        return None


def add_time(moment: datetime, amount: timedelta) -> datetime | None:
    """An instant later by an amount; None outside of years 1 to 9999."""
    try:
        return moment + amount
    except OverflowError:
        return None


def subtract_time(moment: datetime, amount: timedelta) -> datetime | None:
    """An instant earlier by an amount; None outside of years 1 to 9999."""
    return add_time(moment, -amount)


def local_day(moment: datetime, zone: ZoneInfo) -> date | None:
    """The day of an instant in a zone."""
    try:
        return moment.astimezone(zone).date()
    except OverflowError:
        return None


def instant(local: datetime, zone: ZoneInfo) -> datetime:
    """A local time in a zone as an instant."""
    return local.replace(tzinfo=zone).astimezone(UTC)


def make_date(year: Numeric, month: Numeric, day: Numeric) -> date | None:
    """Year, month, day, the last two rolling over as in Excel; None outside of years 1 to 9999 and of ±99999 days."""
    if not (1 <= year <= 9999 and -9999 <= month <= 9999 and -99999 <= day <= 99999):
        return None
    first = add_months(date(int(year), 1, 1), month - 1)
    return None if first is None else add_days(first, day - 1)


def complete_months(start: date, end: date) -> int:
    """Complete months from start to end; negative when the end lies before."""
    if end < start:
        return -complete_months(end, start)
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


def date_difference(start: date, end: date, unit: str) -> int:
    """Complete years, months or days from start to end; negative when the end lies before."""
    if unit == "day":
        return (end - start).days
    months = complete_months(start, end)
    return months if unit == "month" else months // 12 if months >= 0 else -(-months // 12)


def milliseconds(amount: timedelta) -> int:
    """A duration in whole milliseconds."""
    return amount // _MILLISECOND


def hours(amount: timedelta) -> Decimal | None:
    """A duration in hours, at ten places."""
    return divide(milliseconds(amount), 3_600_000)


def duration(n: Numeric, step: timedelta) -> timedelta | None:
    """n times a unit; None beyond ten thousand years."""
    amount = int(n) * milliseconds(step)
    return timedelta(milliseconds=amount) if abs(amount) <= LONGEST_MS else None
