"""Functions that every SQLite connection of the engine must have registered: exact decimals, text, days.

Numbers arrive as integers or as decimal text and leave as decimal text (`dg_scaled` turns it into a scaled integer).
All are deterministic; any null argument gives null except where a function skips nulls.
"""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from dougong_dsl.expression import letters, values
from dougong_dsl.expression.sql_values import LIMIT, instant_text
from dougong_dsl.expression.sqlite_texts import TEXTS
from dougong_dsl.expression.sqlite_working import WORKING

Registered = tuple[str, int, Callable[..., Any]]

_zone = lru_cache(maxsize=64)(ZoneInfo)


def _in(value: int | str) -> values.Numeric:
    return value if isinstance(value, int) else Decimal(value)


def _out(value: Any) -> Any:
    if value is None:
        return None
    return str(value) if isinstance(value, int) else f"{value:f}"


def _numeric(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of numbers as decimal text, null for null."""

    def call(*arguments: Any) -> Any:
        return None if None in arguments else _out(function(*map(_in, arguments)))

    return call


def _strict(function: Callable[..., Any]) -> Callable[..., Any]:
    def call(*arguments: Any) -> Any:
        return None if None in arguments else function(*arguments)

    return call


def _scaled(text: str, scale: int) -> int | None:
    """Decimal text → scaled integer."""
    found = int(Decimal(text).scaleb(scale, values.WIDE))
    return found if abs(found) <= LIMIT else None


def _text(scaled: int, scale: int) -> str:
    """Scaled integer → decimal text."""
    return f"{Decimal(scaled).scaleb(-scale, values.WIDE):f}"


def _combine(high: int, low: int, scale: int) -> str:
    """The two halves of a long sum → decimal text."""
    return _text(high * 10**9 + low, scale)


def _compare(a: Any, b: Any) -> int:
    left, right = _in(a), _in(b)
    return (left > right) - (left < right)


def _json_numbers(text: str) -> list[values.Numeric]:
    return [_in(item) for item in json.loads(text) if item is not None]


def _order(number: Any) -> str:
    """Text that sorts as the number does: 400 digits before the point and 420 behind it, negative ones as their complement."""
    scaled = int(_in(number) * 10**420) if isinstance(number, int) else int(Decimal(number).scaleb(420, values.WIDE))
    return f"1{scaled:0820d}" if scaled >= 0 else f"0{10**820 + scaled:0820d}"


def _sum(text: str) -> str:
    return str(_out(values.total(_json_numbers(text))))


def _extreme(pick: Callable[..., Any]) -> Callable[..., Any]:
    def call(text: str) -> Any:
        return _out(pick(_json_numbers(text), default=None))

    return call


def _least(*arguments: Any) -> Any:
    return min((argument for argument in arguments if argument is not None), default=None)


def _greatest(*arguments: Any) -> Any:
    return max((argument for argument in arguments if argument is not None), default=None)


def _numbers(pick: Callable[..., Any]) -> Callable[..., Any]:
    def call(*arguments: Any) -> Any:
        return _out(pick((_in(argument) for argument in arguments if argument is not None), default=None))

    return call


def _day(function: Callable[..., date | None]) -> Callable[..., Any]:
    """A function of a day and whole numbers that gives a day."""

    def call(day: str, *numbers: Any) -> Any:
        found = function(date.fromisoformat(day), *map(_in, numbers))
        return None if found is None else found.isoformat()

    return _strict(call)


def _make_date(year: Any, month: Any, day: Any) -> str | None:
    found = values.make_date(_in(year), _in(month), _in(day))
    return None if found is None else found.isoformat()


def _date_difference(start: str, end: str, unit: str) -> int:
    return values.date_difference(date.fromisoformat(start), date.fromisoformat(end), unit)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _add_months_at(moment: str, months: Any, zone: str) -> str | None:
    found = values.add_months_at(_moment(moment), _in(months), _zone(zone))
    return None if found is None else instant_text(found)


def _add_milliseconds(moment: str, amount: int) -> str | None:
    found = values.add_time(_moment(moment), timedelta(milliseconds=amount))
    return None if found is None else instant_text(found)


def _milliseconds(moment: str) -> int:
    return values.milliseconds(_moment(moment) - values.EPOCH)


def _local_day(moment: str, zone: str) -> str | None:
    found = values.local_day(_moment(moment), _zone(zone))
    return None if found is None else found.isoformat()


def _instant(local: str, zone: str) -> str:
    return instant_text(values.instant(datetime.fromisoformat(local), _zone(zone)))


def _duration(amount: Any, step: int) -> int | None:
    found = values.duration(_in(amount), timedelta(milliseconds=step))
    return None if found is None else values.milliseconds(found)


def _clamp(value: int | str, lowest: int, highest: int) -> int:
    return max(lowest, min(highest, int(value)))


def _ends(text: str, end: str) -> bool:
    return text.endswith(end)


_NUMERIC: dict[str, tuple[int, Callable[..., Any]]] = {
    "dg_add": (2, values.add_wide),
    "dg_sub": (2, values.subtract_wide),
    "dg_mul": (2, values.multiply_wide),
    "dg_div": (2, values.divide_wide),
    "dg_neg": (1, values.negate),
    "dg_abs": (1, values.absolute),
    "dg_sign": (1, values.sign),
    "dg_round": (-1, values.round_half),
    "dg_roundup": (-1, values.round_up),
    "dg_rounddown": (-1, values.round_down),
    "dg_floor": (-1, values.floor_step),
    "dg_floorstep": (-1, values.floor_step),
    "dg_ceiling": (-1, values.ceiling),
    "dg_mod": (2, values.modulo),
    "dg_clamp_number": (3, values.clamp),
    "dg_percent": (-1, values.percent),
}
_OTHER: list[Registered] = [
    ("dg_scaled", 2, _strict(_scaled)),
    ("dg_text", 2, _strict(_text)),
    ("dg_clamp", 3, _strict(_clamp)),
    ("dg_combine", 3, _strict(_combine)),
    ("dg_cmp", 2, _strict(_compare)),
    ("dg_shown", 1, _strict(lambda value: values.shown(_in(value)))),
    ("dg_number", 1, _strict(lambda text: _out(values.number(text)))),
    ("dg_order", 1, _strict(_order)),
    ("dg_sum", 1, _strict(_sum)),
    ("dg_min", 1, _strict(_extreme(min))),
    ("dg_max", 1, _strict(_extreme(max))),
    ("dg_least", -1, _least),
    ("dg_greatest", -1, _greatest),
    ("dg_least_number", -1, _numbers(min)),
    ("dg_greatest_number", -1, _numbers(max)),
    ("dg_upper", 1, _strict(letters.upper)),
    ("dg_lower", 1, _strict(letters.lower)),
    ("dg_right", 2, _strict(values.right)),
    ("dg_find", 3, _strict(values.find)),
    ("dg_ends", 2, _strict(_ends)),
    ("dg_add_days", 2, _day(values.add_days)),
    ("dg_add_months", 2, _day(values.add_months)),
    ("dg_eomonth", 2, _day(values.end_of_month)),
    ("dg_date", 3, _strict(_make_date)),
    ("dg_datedif", 3, _strict(_date_difference)),
    ("dg_add_months_at", 3, _strict(_add_months_at)),
    ("dg_add_ms", 2, _strict(_add_milliseconds)),
    ("dg_ms", 1, _strict(_milliseconds)),
    ("dg_day", 2, _strict(_local_day)),
    ("dg_instant", 2, _strict(_instant)),
    ("dg_duration", 2, _strict(_duration)),
]


def sqlite_functions() -> list[Registered]:
    """(name, number of arguments or -1, function) for `sqlite3.Connection.create_function(…, deterministic=True)`."""
    return [(name, count, _numeric(function)) for name, (count, function) in _NUMERIC.items()] + _OTHER + TEXTS + WORKING
