"""Functions of clock times and periods: the parts of an instant in the app's zone, and the ends of weeks, months and years."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func

from dougong_dsl.codes import expressions as codes
from dougong_dsl.expression import syntax
from dougong_dsl.expression.binding import Binding
from dougong_dsl.expression.functions.dates import as_day, day_argument
from dougong_dsl.expression.functions.model import WRITTEN, Example, Function, Parameter, SqlForm
from dougong_dsl.expression.operators import constant_number, unit
from dougong_dsl.expression.typed import Call, Constant, Today, Typed
from dougong_dsl.expression.types import Date, DateTime, Null, Number, Text, Type, is_number, scale_of, words

_D = Parameter("date", "day")
_UNITS = {
    **{word: "week" for word in ("w", "week", "周")},
    **{word: "month" for word in ("m", "month", "月")},
    **{word: "quarter" for word in ("q", "quarter", "季度", "季")},
    **{word: "year" for word in ("y", "year", "年")},
}
_INSIDE = "TIMESTAMP '0001-01-01' AND TIMESTAMP '9999-12-31 23:59:59.999999'"
_PG_AT = (
    "(SELECT CASE WHEN v BETWEEN TIMESTAMPTZ '0001-01-01 00:00:00+00' AND TIMESTAMPTZ '9999-12-31 23:59:59.999+00' THEN v END FROM ("
    "SELECT CASE WHEN h BETWEEN 0 AND 23 AND m BETWEEN 0 AND 59 AND s BETWEEN 0 AND 59 "
    "THEN timezone(z, d + make_time(h::int, m::int, s::int)) END AS v FROM ("
    "SELECT {0} AS d, ({1})::numeric AS h, ({2})::numeric AS m, ({3})::numeric AS s, {4} AS z OFFSET 0) AS a OFFSET 0) AS b)"
)
_PG_READ = (
    "(SELECT CASE WHEN y >= 1 AND m BETWEEN 1 AND 12 THEN CASE WHEN d BETWEEN 1 AND "
    "extract(day from make_date(y, m, 1) + interval '1 month' - interval '1 day') THEN make_date(y, m, d) END END FROM ("
    "SELECT p[1]::int AS y, p[2]::int AS m, p[3]::int AS d FROM (SELECT regexp_match(btrim({0}, {1}), "
    "'^([0-9]{{4}})[-/.年]([0-9]{{1,2}})[-/.月]([0-9]{{1,2}})日?$') AS p OFFSET 0) AS a OFFSET 0) AS b)"
)
_PG_START = "date_trunc({1}, ({0})::timestamp)::date"
_PG_END = (
    "(SELECT CASE WHEN v <= TIMESTAMP '9999-12-31' THEN v::date END FROM (SELECT date_trunc(u, d) + CASE u WHEN 'week' THEN interval '7 days' "
    "WHEN 'month' THEN interval '1 month' WHEN 'quarter' THEN interval '3 months' ELSE interval '1 year' END - interval '1 day' AS v "
    "FROM (SELECT ({0})::timestamp AS d, {1} AS u OFFSET 0) AS a OFFSET 0) AS b)"
)


def _clock(sqlite: str, part: str) -> SqlForm:
    def form(writer: Any, arguments: Sequence[Any], types: Sequence[Type], result: Type) -> Any:
        if writer.dialect == "sqlite":
            return writer.scaled(getattr(func, sqlite)(arguments[0].element, writer.zone()), 0, 59, result)
        template = f"(SELECT CASE WHEN t BETWEEN {_INSIDE} THEN extract({part} from t)::int END FROM (SELECT timezone({{1}}, {{0}}) AS t OFFSET 0) AS g)"
        return writer.scaled(writer.template(template, arguments[0].element, writer.zone()), 0, 59, result)

    return form


def _weeknum_form(writer: Any, arguments: Sequence[Any], types: Sequence[Type], result: Type) -> Any:
    day = arguments[0].element
    found = func.dg_weeknum(day) if writer.dialect == "sqlite" else writer.template("extract(week from {0})::int", day)
    return writer.scaled(found, 0, 53, result)


def _at_form(writer: Any, arguments: Sequence[Any], types: Sequence[Type], result: Type) -> Any:
    elements = [arguments[0].element, *(writer.whole(each) for each in arguments[1:]), writer.zone()]
    return writer.plain(func.dg_at(*elements) if writer.dialect == "sqlite" else writer.template(_PG_AT, *elements), result)


def _read_form(writer: Any, arguments: Sequence[Any], types: Sequence[Type], result: Type) -> Any:
    text = arguments[0].element
    return writer.plain(func.dg_read_day(text) if writer.dialect == "sqlite" else writer.template(_PG_READ, text, writer.spaces()), result)


def _end_form(sqlite: str, template: str) -> SqlForm:
    def form(writer: Any, arguments: Sequence[Any], types: Sequence[Type], result: Type) -> Any:
        day, which = (each.element for each in arguments)
        return writer.plain(
            getattr(func, sqlite)(day, which) if writer.dialect == "sqlite" else writer.template(template, day, which), result
        )

    return form


def _end(name: str) -> Any:
    def write(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
        day = day_argument(checker, node.arguments[0])
        word = unit(checker, node.arguments[1], ("周期", "The period"), _UNITS)
        if day is None or word is None:
            return None
        day = as_day(day)
        nullable = day.nullable or name == "ENDOF"
        return Call(type=Date(), nullable=nullable, function=name, arguments=(day, Constant(type=Text(), nullable=False, value=word)))

    return write


def _age(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
    day = day_argument(checker, node.arguments[0])
    if day is None:
        return None
    day = as_day(day)
    which = Constant(type=Text(), nullable=False, value="year")
    return Call(type=Number(8, 0), nullable=day.nullable, function="DATEDIF", arguments=(day, Today(type=Date(), nullable=False), which))


def _datetime(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
    found = [checker.scalar(each) for each in node.arguments]
    numbers: list[Typed] = []
    for each, value in zip(node.arguments, found, strict=True):
        if value is None:
            continue
        if not (isinstance(value.type, Null) or (is_number(value.type) and scale_of(value.type) == 0)):
            what, expected = ("DATETIME 的参数", "Arguments of DATETIME"), ("整数", "a whole number")
            checker.report(codes.WRONG_TYPE, each, what=what, expected=expected, found=words(value.type), advice="")
            continue
        numbers.append(Constant(type=Number(1, 0), value=None) if isinstance(value.type, Null) else value)
    if len(numbers) != len(found):
        return None
    day = Call(type=Date(), function="DATE", arguments=tuple(numbers[:3]))
    second = numbers[5] if len(numbers) > 5 else constant_number(Decimal(0))
    return Call(type=DateTime(), function="DATETIME", arguments=(day, numbers[3], numbers[4], second))


def _whole(digits: int) -> Callable[[Sequence[Typed]], Type]:
    return lambda arguments: Number(digits, 0)


_T = Parameter("time", "instant")
_NAMES = ("year", "month", "day", "hour", "minute")

FUNCTIONS = (
    Function("DATETIME", "dates", (*(Parameter(name, "whole") for name in _NAMES), Parameter("second", "whole", optional=True)), "由年、月、日、时、分（和秒）组成时刻；钟点超出范围时为空", "An instant from year, month, day, hour, minute and second; null when there is no such time of day", (Example("DATETIME(2026, 3, 1, 9, 30) = #2026-03-01 09:30#", True), Example("DATETIME(2026, 3, 1, 9, 30)", datetime(2026, 3, 1, 1, 30, tzinfo=UTC))), "make_instant({0}, {1}, {2}, {3}, c.zone)", _at_form, "R.at({0}, {1}, {2}, {3}, c.zone)", write=_datetime),
    Function("HOUR", "dates", (_T,), "时刻的小时，0 到 23", "The hour of an instant, 0 to 23", (Example("HOUR(created_at)", 9),), "local_hour({0}, c.zone)", _clock("dg_hour", "hour"), "R.hour({0}, c.zone)", result=_whole(2), maybe_null=True),
    Function("MINUTE", "dates", (_T,), "时刻的分钟，0 到 59", "The minute of an instant, 0 to 59", (Example("MINUTE(created_at)", 30),), "local_minute({0}, c.zone)", _clock("dg_minute", "minute"), "R.minute({0}, c.zone)", result=_whole(2), maybe_null=True),
    Function("WEEKNUM", "dates", (_D,), "一年中的第几周（ISO：周一开始，含 1 月 4 日的是第 1 周）", "The ISO week of the year: weeks begin on Monday, the one with 4 January is the first", (Example("WEEKNUM(#2026-03-01#)", 9), Example("WEEKNUM(#2027-01-01#)", 53)), "{0}.isocalendar()[1]", _weeknum_form, "R.weeknum({0})", result=_whole(2)),
    Function("STARTOF", "dates", (_D, Parameter("unit", "unit")), "所在周、月、季度或年的第一天", "The first day of the week, month, quarter or year", (Example('STARTOF(#2026-03-15#, "month")', date(2026, 3, 1)), Example('STARTOF(#2026-03-15#, "周")', date(2026, 3, 9))), "start_of({0}, {1})", _end_form("dg_start_of", _PG_START), "R.startOf({0}, {1})", write=_end("STARTOF")),
    Function("ENDOF", "dates", (_D, Parameter("unit", "unit")), "所在周、月、季度或年的最后一天", "The last day of the week, month, quarter or year", (Example('ENDOF(#2026-02-15#, "quarter")', date(2026, 3, 31)),), "end_of({0}, {1})", _end_form("dg_end_of", _PG_END), "R.endOf({0}, {1})", write=_end("ENDOF")),
    Function("DATEVALUE", "dates", (Parameter("text", "text"),), "把文本转成日期（2026-03-01、2026/3/1、2026年3月1日），不是日期时为空", "Text as a date (2026-03-01, 2026/3/1); null when it is none", (Example('DATEVALUE("2026年3月1日")', date(2026, 3, 1)), Example('DATEVALUE("2026-02-30")', None)), "read_day({0})", _read_form, "R.readDay({0})", result=lambda arguments: Date(), maybe_null=True),
    Function("AGE", "dates", (_D,), "到今天满几年", "Complete years up to today", (Example("AGE(#2000-03-16#)", 25),), WRITTEN, WRITTEN, WRITTEN, write=_age),
)  # fmt: skip
