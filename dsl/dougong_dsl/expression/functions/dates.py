"""Functions of dates, instants and durations. An instant counts as its day in the app's zone where a day is asked for."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Integer, cast, extract, func

from dougong_dsl.codes import expressions as codes
from dougong_dsl.expression import syntax
from dougong_dsl.expression.binding import Binding
from dougong_dsl.expression.functions.model import WRITTEN, Example, Function, Parameter, SqlForm
from dougong_dsl.expression.lexer import LONGEST_MS
from dougong_dsl.expression.operators import constant_number, difference, shift, shift_months, unit
from dougong_dsl.expression.typed import Arithmetic, Call, Constant, LocalDay, Now, Today, Typed
from dougong_dsl.expression.types import Date, DateTime, Duration, Null, Number, Text, Type, is_number, scale_of, words

_D = Parameter("date", "day")
_UNITS = {
    **{word: "day" for word in ("d", "day", "days", "天", "日")},
    **{word: "month" for word in ("m", "month", "months", "月", "个月")},
    **{word: "year" for word in ("y", "year", "years", "年")},
}
_MORE_UNITS = {
    **_UNITS,
    **{word: "week" for word in ("w", "week", "weeks", "周")},
    **{word: "hour" for word in ("h", "hour", "hours", "小时")},
    **{word: "minute" for word in ("min", "minute", "minutes", "分钟")},
}
_SPANS = {word: unit for word, unit in _MORE_UNITS.items() if unit not in ("month", "year")}
_STEPS = {"day": timedelta(days=1), "week": timedelta(weeks=1), "hour": timedelta(hours=1), "minute": timedelta(minutes=1)}
_UNIT_ZH = ("单位", "The unit")


def _part(name: str, sqlite: Any, bound: int, postgresql: Any = None) -> SqlForm:
    def form(writer: Any, arguments: Sequence[Any], types: Sequence[Type], result: Type) -> Any:
        day = arguments[0].element
        if writer.dialect == "sqlite":
            return writer.scaled(sqlite(day), 0, bound, result)
        return writer.scaled(cast(extract(postgresql or name, day), Integer), 0, bound, result)

    return form


def _substring(start: int, length: int) -> Any:
    return lambda day: cast(func.substr(day, start, length), Integer)


def _form(name: str, postgresql: str) -> SqlForm:
    """A registered function on SQLite, a template on PostgreSQL."""

    def form(writer: Any, arguments: Sequence[Any], types: Sequence[Type], result: Type) -> Any:
        elements = [writer.whole(each) if isinstance(kind, Number) else each.element for each, kind in zip(arguments, types, strict=True)]
        if writer.dialect == "sqlite":
            found = getattr(func, name)(*elements)
            return writer.scaled(found, 0, 10**8, result) if isinstance(result, Number) else writer.plain(found, result)
        found = writer.template(postgresql, *elements)
        return writer.scaled(found, 0, 10**8, result) if isinstance(result, Number) else writer.plain(found, result)

    return form


_FIRST, _LAST = "DATE '0001-01-01'", "DATE '9999-12-31'"
_PG_DATE = (
    "(SELECT CASE WHEN f + d - 1 BETWEEN 0 AND 3652058 THEN " + _FIRST + " + (f + d - 1)::int END FROM ("
    "SELECT d, CASE WHEN y * 12 + m BETWEEN 13 AND 120000 THEN "
    "make_date(((y * 12 + m - 1) / 12)::int, (mod(y * 12 + m - 1, 12) + 1)::int, 1) - " + _FIRST + " END AS f FROM ("
    "SELECT CASE WHEN y BETWEEN 1 AND 9999 THEN y::bigint END AS y, CASE WHEN abs(m) <= 9999 THEN m::bigint END AS m, "
    "CASE WHEN abs(d) <= 99999 THEN d::bigint END AS d FROM (SELECT ({0})::numeric AS y, ({1})::numeric AS m, ({2})::numeric AS d OFFSET 0) AS g"
    ") AS h OFFSET 0) AS k)"
)
_PG_EOMONTH = (
    "(SELECT CASE WHEN q BETWEEN 12 AND 119999 THEN "
    "(make_date((q / 12)::int, (mod(q, 12) + 1)::int, 1) + interval '1 month' - interval '1 day')::date END FROM ("
    "SELECT extract(year from d)::bigint * 12 + extract(month from d)::bigint - 1 + n AS q FROM ("
    "SELECT d, CASE WHEN abs(n) <= 200000 THEN n::bigint END AS n FROM (SELECT {0} AS d, ({1})::numeric AS n OFFSET 0) AS g) AS h OFFSET 0) AS k)"
)
_PG_MONTHS = "((extract(year from b) - extract(year from a)) * 12 + extract(month from b) - extract(month from a))::int"
_PG_DATEDIF = (
    "(SELECT CASE u WHEN 'day' THEN b0 - a0 WHEN 'month' THEN s * m ELSE s * (m / 12) END FROM ("
    "SELECT a0, b0, u, s, " + _PG_MONTHS + " - CASE WHEN extract(day from b) < extract(day from a) THEN 1 ELSE 0 END AS m FROM ("
    "SELECT a0, b0, u, least(a0, b0) AS a, greatest(a0, b0) AS b, CASE WHEN b0 < a0 THEN -1 ELSE 1 END AS s FROM ("
    "SELECT {0} AS a0, {1} AS b0, {2} AS u OFFSET 0) AS g) AS h OFFSET 0) AS k)"
)


def _datedif_form(writer: Any, arguments: Sequence[Any], types: Sequence[Type], result: Type) -> Any:
    start, end, which = (each.element for each in arguments)
    if writer.dialect == "sqlite":
        return writer.scaled(func.dg_datedif(start, end, which), 0, 10**8, result)
    # a null date must give null, which least() and greatest() would skip
    found = writer.template("(CASE WHEN {0} IS NOT NULL AND {1} IS NOT NULL THEN " + _PG_DATEDIF + " END)", start, end, which)
    return writer.scaled(found, 0, 10**8, result)


def _hours_form(writer: Any, arguments: Sequence[Any], types: Sequence[Type], result: Type) -> Any:
    if writer.dialect == "sqlite":
        return writer.from_text(func.dg_div(arguments[0].element, 3_600_000), result)
    return writer.number(func.round(writer.exact_division(arguments[0].element, writer.integer_literal(3_600_000)), 10), result)


def _today(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
    return Today(type=Date(), nullable=False)


def _now(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
    return Now(type=DateTime(), nullable=False)


def day_argument(checker: Binding, node: syntax.Node) -> Typed | None:
    """A date or instant argument, instants kept."""
    found = checker.scalar(node)
    if found is None or isinstance(found.type, Date | DateTime):
        return found
    if isinstance(found.type, Null):
        return Constant(type=Date(), value=None, start=found.start, end=found.end)
    checker.report(codes.WRONG_TYPE, node, what=("这个参数", "This argument"), expected=words(Date()), found=words(found.type), advice="")
    return None


def as_day(day: Typed) -> Typed:
    """A date, or the day of an instant in the app's zone."""
    return LocalDay(type=Date(), nullable=day.nullable, item=day) if isinstance(day.type, DateTime) else day


def whole_number(checker: Binding, node: syntax.Node) -> Typed | None:
    """A whole number argument; anything else is reported."""
    found = checker.scalar(node)
    if found is None:
        return None
    if isinstance(found.type, Null):
        return Constant(type=Number(1, 0), value=None)
    if is_number(found.type) and scale_of(found.type) == 0:
        return found
    advice = ("用 ROUND(…) 或 INT(…) 取整", "Round it with ROUND(…) or INT(…)") if is_number(found.type) else ""
    what, expected = ("这个参数", "This argument"), ("整数", "a whole number")
    checker.report(codes.WRONG_TYPE, node, what=what, expected=expected, found=words(found.type), advice=advice)
    return None


def _dateadd(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
    base, amount = day_argument(checker, node.arguments[0]), whole_number(checker, node.arguments[1])
    word = unit(checker, node.arguments[2], _UNIT_ZH, _MORE_UNITS)
    if base is None or amount is None or word is None:
        return None
    if word in ("month", "year"):
        return shift_months(checker, node, base, _times(amount, 12 if word == "year" else 1), 1)
    if isinstance(base.type, Date):
        if word in ("hour", "minute"):
            checker.report(codes.DATE_NEEDS_DAYS, node)
            return None
        return shift(checker, node, base, _times(amount, 7 if word == "week" else 1), 1)
    return shift(checker, node, base, _length(amount, word), 1)


def _duration(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
    amount = whole_number(checker, node.arguments[0])
    word = unit(checker, node.arguments[1], _UNIT_ZH, _SPANS)
    return None if amount is None or word is None else _length(amount, word)


def _length(amount: Typed, word: str) -> Typed:
    """amount × unit as a duration; null beyond ten thousand years."""
    return Call(type=Duration(), function="DURATION", arguments=(amount, Constant(type=Duration(), nullable=False, value=_STEPS[word])))


def _duration_form(writer: Any, arguments: Sequence[Any], types: Sequence[Type], result: Type) -> Any:
    amount, step = writer.whole(arguments[0]), arguments[1].element
    if writer.dialect == "sqlite":
        return writer.plain(func.dg_duration(amount, step), result)
    template = (
        f"(SELECT CASE WHEN abs(p) <= {LONGEST_MS} THEN p::bigint END FROM (SELECT ({{0}})::numeric * ({{1}})::numeric AS p OFFSET 0) AS g)"
    )
    return writer.plain(writer.template(template, amount, step), result)


def _times(amount: Typed, factor: int) -> Typed:
    if factor == 1:
        return amount
    digits = amount.type.digits + 2 if isinstance(amount.type, Number) else 18
    return Arithmetic(type=Number(digits, 0), nullable=amount.nullable, operator="*", left=amount, right=constant_number(Decimal(factor)))


def _edate(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
    base, months = day_argument(checker, node.arguments[0]), whole_number(checker, node.arguments[1])
    return None if base is None or months is None else shift_months(checker, node, base, months, 1)


def _days(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
    end, start = day_argument(checker, node.arguments[0]), day_argument(checker, node.arguments[1])
    if end is None or start is None:
        return None
    days = [as_day(end), as_day(start)]
    return difference(*days)


def _datedif(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
    start, end = day_argument(checker, node.arguments[0]), day_argument(checker, node.arguments[1])
    word = unit(checker, node.arguments[2], _UNIT_ZH, _UNITS)
    if start is None or end is None or word is None:
        return None
    days = [as_day(start), as_day(end)]
    which = Constant(type=Text(), nullable=False, value=word)
    return Call(type=Number(8, 0), nullable=any(d.nullable for d in days), function="DATEDIF", arguments=(*days, which))


def _hours(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
    found = [checker.scalar(each) for each in node.arguments]
    if any(each is None for each in found):
        return None
    sides = [each for each in found if each is not None]
    length = sides[0]
    if len(sides) == 2 and all(isinstance(side.type, DateTime) for side in sides):
        length = difference(sides[1], sides[0])
    if isinstance(length.type, Null):
        return Constant(type=Number(26, 10), value=None)
    if not isinstance(length.type, Duration) or (len(sides) == 2 and length is sides[0]):
        what, advice = ("HOURS 的参数", "The argument of HOURS"), ("例如 HOURS(now - created_at)", "For example HOURS(now - created_at)")
        checker.report(codes.WRONG_TYPE, node, what=what, expected=words(Duration()), found=words(length.type), advice=advice)
        return None
    return Call(type=Number(26, 10), nullable=length.nullable, function="HOURS", arguments=(length,))


def _number(digits: int) -> Any:
    return lambda arguments: Number(digits, 0)


FUNCTIONS = (
    Function("TODAY", "dates", (), "今天的日期", "The current day", (Example("TODAY() = today", True),), WRITTEN, WRITTEN, WRITTEN, write=_today),
    Function("NOW", "dates", (), "当前时刻", "The current instant", (Example("NOW() = now", True),), WRITTEN, WRITTEN, WRITTEN, write=_now),
    Function("DATE", "dates", (Parameter("year", "whole"), Parameter("month", "whole"), Parameter("day", "whole")), "由年、月、日组成日期，月和日可以超出范围并顺延", "A date from year, month and day; month and day roll over", (Example("DATE(2026, 2, 29)", date(2026, 3, 1)),), "make_date({0}, {1}, {2})", _form("dg_date", _PG_DATE), "R.date({0}, {1}, {2})", result=lambda a: Date(), maybe_null=True),
    Function("YEAR", "dates", (_D,), "年份", "The year", (Example("YEAR(#2026-03-01#)", 2026),), "{0}.year", _part("year", _substring(1, 4), 9999), "R.year({0})", result=_number(4)),
    Function("QUARTER", "dates", (_D,), "季度，1 到 4", "The quarter, 1 to 4", (Example("QUARTER(#2026-03-01#)", 1),), "(({0}.month + 2) // 3)", _part("quarter", lambda day: cast((_substring(6, 2)(day) + 2).op("/", precedence=8)(3), Integer), 4), "R.quarter({0})", result=_number(1)),
    Function("MONTH", "dates", (_D,), "月份", "The month", (Example("MONTH(#2026-03-01#)", 3),), "{0}.month", _part("month", _substring(6, 2), 12), "R.month({0})", result=_number(2)),
    Function("DAY", "dates", (_D,), "几号", "The day of the month", (Example("DAY(#2026-03-01#)", 1),), "{0}.day", _part("day", _substring(9, 2), 31), "R.day({0})", result=_number(2)),
    Function("WEEKDAY", "dates", (_D,), "星期几，星期一是 1", "The day of the week; Monday is 1", (Example("WEEKDAY(#2026-03-01#)", 7),), "{0}.isoweekday()", _part("isodow", lambda day: (cast(func.strftime("%w", day), Integer) + 6) % 7 + 1, 7), "R.weekday({0})", result=_number(1)),
    Function("DATEADD", "dates", (_D, Parameter("n", "whole"), Parameter("unit", "unit")), "日期加上 n 个单位（day、week、month、year，日期时间还可以用 hour、minute）", "A date plus n units: day, week, month, year; for instants also hour and minute", (Example('DATEADD(#2026-01-31#, 1, "month")', date(2026, 2, 28)),), WRITTEN, WRITTEN, WRITTEN, write=_dateadd),
    Function("EDATE", "dates", (_D, Parameter("months", "whole")), "若干个月后的同一天，超出月末时取月末", "The same day some months later, clamped to the end of the month", (Example("EDATE(#2024-01-31#, 1)", date(2024, 2, 29)),), WRITTEN, WRITTEN, WRITTEN, write=_edate),
    Function("EOMONTH", "dates", (_D, Parameter("months", "whole")), "若干个月后的月末", "The end of the month some months later", (Example("EOMONTH(#2026-01-15#, 1)", date(2026, 2, 28)),), "end_of_month({0}, {1})", _form("dg_eomonth", _PG_EOMONTH), "R.eomonth({0}, {1})", result=lambda a: Date(), maybe_null=True),
    Function("DAYS", "dates", (Parameter("end", "day"), Parameter("start", "day")), "两个日期之间的天数", "Days from start to end", (Example("DAYS(#2026-03-01#, #2026-02-01#)", 28),), WRITTEN, WRITTEN, WRITTEN, write=_days),
    Function("DATEDIF", "dates", (Parameter("start", "day"), Parameter("end", "day"), Parameter("unit", "unit")), "两个日期之间完整的年数、月数或天数", "Complete years, months or days between two dates", (Example('DATEDIF(#2026-01-31#, #2026-02-28#, "m")', 0),), "date_difference({0}, {1}, {2})", _datedif_form, "R.datedif({0}, {1}, {2})", write=_datedif),
    Function("DURATION", "dates", (Parameter("n", "whole"), Parameter("unit", "unit")), "n 个单位（day、week、hour、minute）的时长", "A duration of n units: day, week, hour, minute", (Example('DURATION(3, "hour") = 180 minutes', True),), "duration({0}, {1})", _duration_form, "R.duration({0}, {1})", write=_duration),
    Function("HOURS", "dates", (Parameter("duration", "duration"), Parameter("end", "duration", optional=True)), "时长折合的小时数；也可以写 `HOURS(开始, 结束)`", "A duration in hours; or HOURS(start, end)", (Example("HOURS(90 minutes)", Decimal("1.5")),), "hours({0})", _hours_form, "R.hours({0})", write=_hours),
)  # fmt: skip
