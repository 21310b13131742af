"""Days, instants and durations in SQL.

SQLite keeps days and instants as text and leaves their arithmetic to registered functions; PostgreSQL has its own, kept
inside of the years 1 to 9999 by templates that give null beyond. Durations are whole milliseconds in both.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Date, DateTime, Integer, Text, cast, func, literal, literal_column

from dougong_dsl.expression import typed, types, values
from dougong_dsl.expression.sql_numbers import NumberWriter
from dougong_dsl.expression.sql_values import Value

_FIRST_DAY = "DATE '0001-01-01'"
_LAST = "TIMESTAMPTZ '9999-12-31 23:59:59.999+00'"
_FIRST = "TIMESTAMPTZ '0001-01-01 00:00:00+00'"
_ADD_DAYS = (
    "(SELECT CASE WHEN n BETWEEN -3652058 AND 3652058 THEN CASE WHEN (d - "
    + _FIRST_DAY
    + ") + n BETWEEN 0 AND 3652058 THEN d + n::int END END "
    "FROM (SELECT {0} AS d, ({1})::numeric AS n OFFSET 0) AS g)"
)
_MONTHS = (
    "(SELECT CASE WHEN q BETWEEN 12 AND 119999 THEN make_date((q / 12)::int, (mod(q, 12) + 1)::int, least(extract(day from d)::int, "
    "extract(day from make_date((q / 12)::int, (mod(q, 12) + 1)::int, 1) + interval '1 month' - interval '1 day')::int)) END FROM ("
    "SELECT d, extract(year from d)::bigint * 12 + extract(month from d)::bigint - 1 + n AS q FROM ("
    "SELECT d, CASE WHEN abs(n) <= 200000 THEN n::bigint END AS n FROM (SELECT {0} AS d, ({1})::numeric AS n OFFSET 0) AS g) AS h OFFSET 0) AS k)"
)
_ADD_TIME = (
    "(SELECT CASE WHEN e BETWEEN -62135596800000 AND 253402300799999 THEN t + (m / 86400000) * interval '24 hours' "
    "+ mod(m, 86400000) * interval '1 millisecond' END FROM (SELECT t, m, extract(epoch from t) * 1000 + m AS e FROM ("
    "SELECT {0} AS t, ({1})::bigint AS m OFFSET 0) AS g OFFSET 0) AS h)"
)
_MILLISECONDS = "((extract(epoch from {0}) - extract(epoch from {1})) * 1000)::bigint"
_YEARS = timedelta(days=366_000)


def local_time(writer: NumberWriter, node: typed.LocalTime) -> Value:
    """A point in time written in the app's zone."""
    text = node.value.isoformat(timespec="seconds")
    if writer.dialect == "sqlite":
        return Value(func.dg_instant(literal(text, Text()), writer.zone(), type_=Text()), node.type)
    # the text comes out of a parsed date and has no quote in it
    return Value(func.timezone(writer.zone(), literal_column(f"TIMESTAMP '{text}'"), type_=DateTime(timezone=True)), node.type)


def local_day(writer: NumberWriter, node: typed.LocalDay) -> Value:
    """The day of an instant in the app's zone."""
    item = writer.element(node.item)
    if writer.dialect == "sqlite":
        return Value(func.dg_day(item, writer.zone(), type_=Text()), node.type)
    template = "(SELECT CASE WHEN v BETWEEN DATE '0001-01-01' AND DATE '9999-12-31' THEN v END FROM (SELECT timezone({1}, {0})::date AS v OFFSET 0) AS g)"
    if not isinstance(node.item, typed.Get):
        return Value(writer.template(template, item, writer.zone(), kind=Date()), node.type)
    return Value(cast(func.timezone(writer.zone(), item), Date()), node.type)


def difference(writer: NumberWriter, node: typed.Difference) -> Value:
    """Days between days, milliseconds between instants."""
    left, right = writer.element(node.left), writer.element(node.right)
    if isinstance(node.type, types.Duration):
        if writer.dialect == "sqlite":
            return Value(func.dg_ms(left, type_=BigInteger()) - func.dg_ms(right, type_=BigInteger()), node.type)
        return Value(writer.template(_MILLISECONDS, left, right, kind=BigInteger()), node.type)
    if writer.dialect == "sqlite":
        days: ColumnElement[Any] = cast(func.julianday(left) - func.julianday(right), Integer())
    else:
        days = writer.template("({0} - {1})", left, right, kind=Integer())
    return writer.scaled(days, 0, 3_652_059, node.type)


def shift(writer: NumberWriter, node: typed.Shift) -> Value:
    """A day plus days, an instant or duration plus a duration."""
    base = writer.element(node.base)
    if isinstance(node.type, types.Date):
        amount = writer.write(node.amount)
        if node.sign < 0:
            amount = writer.negated(amount)
        if writer.dialect == "sqlite":
            return Value(func.dg_add_days(base, writer.whole(amount), type_=Text()), node.type)
        days = node.amount.value if isinstance(node.amount, typed.Constant) else None
        if isinstance(node.base, typed.Today) and isinstance(days, int) and abs(days) < _YEARS.days:
            return Value(writer.template(f"({{0}} + ({node.sign * days}))", base, kind=Date()), node.type)
        return Value(writer.template(_ADD_DAYS, base, amount.element, kind=Date()), node.type)
    length = writer.element(node.amount)
    if isinstance(node.type, types.Duration):
        return Value(base + length if node.sign > 0 else base - length, node.type)
    known = node.amount.value if isinstance(node.amount, typed.Constant) else None
    if writer.dialect == "sqlite":
        return Value(func.dg_add_ms(base, length if node.sign > 0 else -length, type_=Text()), node.type)
    if isinstance(node.base, typed.Now) and isinstance(known, timedelta) and abs(known) < _YEARS:
        milliseconds = node.sign * values.milliseconds(known)
        return Value(writer.template(f"({{0}} + interval '{milliseconds} milliseconds')", base, kind=DateTime(timezone=True)), node.type)
    return Value(writer.template(_ADD_TIME, base, length if node.sign > 0 else -length, kind=DateTime(timezone=True)), node.type)


def shift_months(writer: NumberWriter, node: typed.ShiftMonths) -> Value:
    """The same day, or local time, some months away."""
    base, amount = writer.element(node.base), writer.write(node.months)
    if node.sign < 0:
        amount = writer.negated(amount)
    if writer.dialect == "sqlite":
        if isinstance(node.type, types.DateTime):
            return Value(func.dg_add_months_at(base, amount.element, writer.zone(), type_=Text()), node.type)
        return Value(func.dg_add_months(base, amount.element, type_=Text()), node.type)
    if isinstance(node.type, types.Date):
        return Value(writer.template(_MONTHS, base, amount.element, kind=Date()), node.type)
    inner = _MONTHS.replace("{0}", "w::date").replace("{1}", "x")
    template = (
        "(SELECT CASE WHEN v BETWEEN "
        + _FIRST
        + " AND "
        + _LAST
        + " THEN v END FROM (SELECT timezone(z, "
        + inner
        + " + w::time) AS v FROM ("
        "SELECT timezone({2}, {0}) AS w, ({1})::numeric AS x, {2} AS z OFFSET 0) AS a OFFSET 0) AS b)"
    )
    found = writer.template(template, base, amount.element, writer.zone(), kind=DateTime(timezone=True))
    return Value(found, node.type)
