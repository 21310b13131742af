"""Working days and hours in SQL.

SQLite calls registered functions with the calendar's key. PostgreSQL reckons itself, over arrays that stand in the statement: the week's
running totals, the days that differ from it, and what they add (`working_totals.Totals`); `width_bucket` is the binary search.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ARRAY, BigInteger, ColumnElement, DateTime, Text, func, literal, literal_column

from dougong_dsl.expression import typed, values
from dougong_dsl.expression.sql_numbers import NumberWriter
from dougong_dsl.expression.sql_values import Value
from dougong_dsl.expression.types import Type
from dougong_dsl.expression.working_times import keep, kept
from dougong_dsl.working_arrays import Arrays
from dougong_dsl.working_calendar import Calendar

_DAY_0 = "DATE '0001-01-01'"
_THROUGH = "({0} / 7 * wk[8] + wk[mod({0}, 7) + 1] + mo[width_bucket({0}, dy) + 1])"
_ARRAYS = "{2} AS wk, {3} AS dy, {4} AS mo"
_NETWORKDAYS = (
    "(SELECT CASE WHEN a <= b THEN " + _THROUGH.format("b") + " - " + _THROUGH.format("(a - 1)") + " ELSE " + _THROUGH.format("(b - 1)")
    + " - " + _THROUGH.format("a") + " END FROM (SELECT ({0} - " + _DAY_0 + " + 1)::bigint AS a, ({1} - " + _DAY_0 + " + 1)::bigint AS b, "
    + _ARRAYS + " OFFSET 0) AS g)"
)  # fmt: skip
_ISWORKDAY = (
    "(SELECT " + _THROUGH.format("o") + " - " + _THROUGH.format("(o - 1)") + " = 1 FROM (SELECT ({0} - " + _DAY_0 + " + 1)::bigint AS o, "
    "{1} AS wk, {2} AS dy, {3} AS mo OFFSET 0) AS g)"
)  # fmt: skip
_REACHED = (  # of d, o (its ordinal), n, the arrays and `su` (the totals through the days that differ)
    "SELECT d, n, least((u / wk[8]) * 7 + width_bucket(mod(u, wk[8]), wk), dy[p + 1]) AS f FROM ("
    "SELECT *, CASE WHEN p > 0 THEN dy[p] / 7 * wk[8] + wk[mod(dy[p], 7) + 1] - su[p] ELSE 0 END + t - 1 AS u FROM ("
    "SELECT *, width_bucket(t - 1, su) AS p FROM (SELECT *, CASE WHEN k >= 1 THEN k END AS t FROM ("
    "SELECT *, CASE WHEN n > 0 THEN " + _THROUGH.format("o") + " + n ELSE " + _THROUGH.format("(o - 1)") + " + n + 1 END AS k FROM ("
    "SELECT *, (d - " + _DAY_0 + " + 1)::bigint AS o FROM (SELECT d, CASE WHEN abs(n) <= 4000000 THEN n::bigint END AS n, wk, dy, mo, su "
    "FROM (SELECT {0} AS d, ({1})::numeric AS n, {2} AS wk, {3} AS dy, {4} AS mo, {5} AS su OFFSET 0) AS g1) AS g2) AS g3) AS g4) AS g5 "
    "OFFSET 0) AS g6 OFFSET 0) AS g7"
)
_WORKDAY = (
    "(SELECT CASE WHEN n = 0 THEN d WHEN f BETWEEN 1 AND 3652059 THEN "
    + _DAY_0
    + " + (f - 1)::int END FROM ("
    + _REACHED
    + " OFFSET 0) AS g8)"
)
_YEARS = "TIMESTAMPTZ '0001-01-01 00:00:00+00' AND TIMESTAMPTZ '9999-12-31 23:59:59.999+00'"
_WORKDAY_AT = (
    "(SELECT CASE WHEN v BETWEEN " + _YEARS + " THEN v END FROM (SELECT timezone(z, "
    + _WORKDAY.replace("{0}", "w::date").replace("{1}", "x").replace("{2}", "wk0").replace("{3}", "dy0").replace("{4}", "mo0").replace("{5}", "su0")
    + " + w::time) AS v FROM (SELECT timezone({6}, {0}) AS w, {1} AS x, {6} AS z, {2} AS wk0, {3} AS dy0, {4} AS mo0, {5} AS su0 OFFSET 0) "
    "AS a OFFSET 0) AS b)"
)  # fmt: skip

# Working time, see `working_arrays.Arrays`: wd the week's totals by day, wb we wc its hours and the time before each, dy mo su the days
# that differ, fi the first of their hours, ob oe oc their hours in milliseconds since 1970 and the time before each.
_NAMED = ", ".join(
    f"{{{position + 3}}} AS {name}" for position, name in enumerate(["wd", "wb", "we", "wc", "dy", "mo", "su", "fi", "ob", "oe", "oc"])
)
_IN_WEEK = "CASE WHEN i{1} > 0 THEN wc[i{1}] + least({0}, we[i{1}]) - wb[i{1}] ELSE 0 END"
_WEEKLY = "(o - 1) / 7 * wd[8]"


def _until(instant: str) -> str:
    """Working milliseconds before an instant; `zn` and the arrays are names around it."""
    return (
        "(SELECT CASE WHEN q > 0 AND dy[q] = o THEN " + _WEEKLY + " + wd[mod(o - 1, 7) + 1] + mo[q] + CASE WHEN j >= fi[q] "
        "THEN oc[j] + least(e, oe[j]) - ob[j] - oc[fi[q]] ELSE 0 END ELSE "
        + _WEEKLY
        + " + "
        + _IN_WEEK.format("m", "")
        + " + mo[q + 1] END FROM ("
        "SELECT *, width_bucket(m, wb) AS i, width_bucket(o, dy) AS q, width_bucket(e, ob) AS j FROM ("
        "SELECT o, e, mod(o - 1, 7) * 86400000 + ms AS m FROM ("
        "SELECT (l::date - " + _DAY_0 + " + 1)::bigint AS o, (extract(epoch from l::time) * 1000)::bigint AS ms, e FROM ("
        "SELECT CASE WHEN l0 BETWEEN TIMESTAMP '0001-01-01' AND TIMESTAMP '9999-12-31 23:59:59.999999' THEN l0 END AS l, e FROM ("
        f"SELECT timezone(zn, {instant}) AS l0, (extract(epoch from {instant}) * 1000)::bigint AS e OFFSET 0) AS u0) AS u1) AS u2 OFFSET 0) AS u3 "
        "OFFSET 0) AS u4)"
    )


_WORKED = "(SELECT " + _until("b") + " - " + _until("a") + " FROM (SELECT {0} AS a, {1} AS b, {2} AS zn, " + _NAMED + " OFFSET 0) AS w)"
_USUAL = "({0} / 7 * wd[8] + wd[mod({0}, 7) + 1])"
_MS = "{0} / 86400000 * interval '24 hours' + mod({0}, 86400000) * interval '1 millisecond'"
_ADD_TIME = (
    "(SELECT CASE WHEN v BETWEEN " + _YEARS + " THEN v END FROM (SELECT CASE WHEN nx <= f THEN TIMESTAMPTZ 'epoch' + "
    + _MS.format("(ob[j] + g - oc[j] - sub)") + " WHEN f BETWEEN 1 AND 3652059 THEN timezone(zn, TIMESTAMP '0001-01-01' + (f - 1) * interval '1 day' + "
    "(x - (x - 1) / 86400000 * 86400000) * interval '1 millisecond') - sub * interval '1 millisecond' END AS v FROM ("
    "SELECT *, width_bucket(g - 1, oc) AS j FROM (SELECT *, (u - 1) / wd[8] * 7 + (x - 1) / 86400000 + 1 AS f, "
    "oc[fi[p + 1]] + k - " + _USUAL.format("(nx - 1)") + " - mo[p + 1] AS g FROM ("
    "SELECT *, wb[i] + mod(u - 1, wd[8]) + 1 - wc[i] AS x FROM (SELECT *, width_bucket(mod(u - 1, wd[8]), wc) AS i FROM ("
    "SELECT *, dy[p + 1] AS nx, CASE WHEN p > 0 THEN " + _USUAL.format("dy[p]") + " - su[p] ELSE 0 END + k AS u FROM ("
    "SELECT *, width_bucket(k - 1, su) AS p FROM (SELECT *, CASE WHEN k0 >= 1 THEN k0 END AS k FROM ("
    "SELECT *, CASE WHEN amount < 0 THEN 1 ELSE 0 END AS sub, " + _until("a") + " + amount + CASE WHEN amount < 0 THEN 1 ELSE 0 END AS k0 FROM ("
    "SELECT {0} AS a, {1} AS amount, {2} AS zn, " + _NAMED + " OFFSET 0) AS w0 OFFSET 0) AS w1) AS w2 OFFSET 0) AS w3 OFFSET 0) AS w4 "
    "OFFSET 0) AS w5 OFFSET 0) AS w6 OFFSET 0) AS w7 OFFSET 0) AS w8) AS w9)"
)  # fmt: skip


def _longs(numbers: Iterable[int]) -> ColumnElement[Any]:
    """Whole numbers as an array that is part of the statement."""
    return literal_column("CAST('{" + ",".join(map(str, numbers)) + "}' AS bigint[])", ARRAY(BigInteger()))


def schedule(writer: NumberWriter, node: typed.Schedule) -> Value:
    """A calendar, as its key."""
    return Value(literal(keep(node.calendar), Text()), node.type)


def _calendar(argument: Value) -> Calendar:
    return kept(str(getattr(argument.element, "value")))  # noqa: B009 - a bound parameter has it, other elements do not


def _day_arrays(calendar: Calendar) -> list[ColumnElement[Any]]:
    found = calendar.days
    return [_longs(each) for each in (found.week, found.days, found.more, found.totals)]


def workday(writer: Any, arguments: Sequence[Any], types: Sequence[Type], result: Type) -> Any:
    """The n-th worked day after a day."""
    day, n, key = arguments[0].element, writer.whole(arguments[1]), arguments[2]
    if writer.dialect == "sqlite":
        return writer.plain(func.dg_workday(day, n, key.element), result)
    return writer.plain(writer.template(_WORKDAY, day, n, *_day_arrays(_calendar(key))), result)


def networkdays(writer: Any, arguments: Sequence[Any], types: Sequence[Type], result: Type) -> Any:
    """Worked days from one day to another."""
    start, end, key = (each.element for each in arguments)
    if writer.dialect == "sqlite":
        return writer.scaled(func.dg_networkdays(start, end, key), 0, 10**8, result)
    return writer.scaled(writer.template(_NETWORKDAYS, start, end, *_day_arrays(_calendar(arguments[2]))[:3]), 0, 10**8, result)


def isworkday(writer: Any, arguments: Sequence[Any], types: Sequence[Type], result: Type) -> Any:
    """Whether a day is worked."""
    day, key = arguments[0].element, arguments[1]
    if writer.dialect == "sqlite":
        return writer.plain(func.dg_isworkday(day, key.element), result)
    return writer.plain(writer.condition(_ISWORKDAY, day, *_day_arrays(_calendar(key))[:3]), result)


def _time_arrays(calendar: Calendar) -> list[ColumnElement[Any]]:
    found = Arrays.of(calendar)
    return [
        _longs(each) for each in (found.week, found.begins, found.ends, found.before, found.days, found.more, found.totals, found.first)
    ] + [_longs(each) for each in (found.own_begins, found.own_ends, found.own_before)]


def shift(writer: NumberWriter, node: typed.WorkShift) -> Value:
    """An instant plus or minus working days or working time."""
    base, key = writer.element(node.base), writer.element(node.calendar)
    calendar, zone = node.calendar.calendar, literal(node.calendar.calendar.zone.key, Text())
    if node.days is not None:
        days = literal_column(str(node.sign * node.days), BigInteger())
        if writer.dialect == "sqlite":
            return Value(func.dg_add_working_days(base, days, key, type_=Text()), node.type)
        return Value(writer.template(_WORKDAY_AT, base, days, *_day_arrays(calendar), zone, kind=DateTime(timezone=True)), node.type)
    assert node.time is not None
    amount = literal_column(str(node.sign * values.milliseconds(node.time)), BigInteger())
    if writer.dialect == "sqlite":
        return Value(func.dg_add_working_ms(base, amount, key, type_=Text()), node.type)
    if not node.time:
        return Value(base, node.type)  # no time later is the instant itself, also where nobody works
    return Value(writer.template(_ADD_TIME, base, amount, zone, *_time_arrays(calendar), kind=DateTime(timezone=True)), node.type)


def worked(writer: NumberWriter, node: typed.Worked) -> Value:
    """Working time between two instants, in milliseconds."""
    start, end = writer.element(node.start_at), writer.element(node.end_at)
    if writer.dialect == "sqlite":
        return Value(func.dg_working_ms(start, end, writer.element(node.calendar), type_=BigInteger()), node.type)
    calendar = node.calendar.calendar
    zone = literal(calendar.zone.key, Text())
    return Value(writer.template(_WORKED, start, end, zone, *_time_arrays(calendar), kind=BigInteger()), node.type)
