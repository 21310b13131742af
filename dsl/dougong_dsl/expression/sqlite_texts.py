"""The functions of texts, layouts and periods that SQLite connections have registered, beside those of `sqlite`."""

import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from dougong_dsl.expression import periods, texts
from dougong_dsl.expression.python_runtime import compiled, pieces
from dougong_dsl.expression.sql_values import instant_text

Registered = tuple[str, int, Callable[..., Any]]
_zone = lru_cache(maxsize=64)(ZoneInfo)


def _strict(function: Callable[..., Any]) -> Callable[..., Any]:
    def call(*arguments: Any) -> Any:
        return None if None in arguments else function(*arguments)

    return call


def _whole(value: Any) -> int:
    return int(value)


def _at(day: str, hour: Any, minute: Any, second: Any, zone: str) -> str | None:
    found = periods.make_instant(date.fromisoformat(day), _whole(hour), _whole(minute), _whole(second), _zone(zone))
    return None if found is None else instant_text(found)


def _clock(function: Callable[[datetime, ZoneInfo], int | None]) -> Callable[..., Any]:
    return _strict(lambda moment, zone: function(datetime.fromisoformat(moment), _zone(zone)))


def _end(function: Callable[[date, str], date | None]) -> Callable[..., Any]:
    def call(day: str, unit: str) -> str | None:
        found = function(date.fromisoformat(day), unit)
        return None if found is None else found.isoformat()

    return _strict(call)


def _read_day(text: str) -> str | None:
    found = periods.read_day(text)
    return None if found is None else found.isoformat()


def _number_text(amount: Any, places: int, optional: int, digits: int, grouped: int, prefix: str, suffix: str) -> str | None:
    number = amount if isinstance(amount, int) else Decimal(amount)
    return texts.number_text(number, places, optional, digits, bool(grouped), prefix, suffix)


def _day_text(day: str, spec: str) -> str | None:
    return texts.day_text(date.fromisoformat(day), pieces(spec))


def _instant_text(moment: str, spec: str, zone: str) -> str | None:
    return texts.instant_text(datetime.fromisoformat(moment), pieces(spec), _zone(zone))


def _substitute(text: str | None, old: str | None, new: str | None) -> str | None:
    return None if text is None or old is None else texts.substitute(text, old, new)


TEXTS: list[Registered] = [
    ("dg_substitute", 3, _substitute),
    ("dg_split", 3, _strict(lambda text, separator, n: texts.split(text, separator, _whole(n)))),
    ("dg_join", 2, _strict(lambda items, separator: texts.join(json.loads(items), separator))),
    ("dg_repeat", 2, _strict(lambda text, n: texts.repeat(text, _whole(n)))),
    ("dg_pad_left", 3, _strict(lambda text, width, fill: texts.pad_left(text, _whole(width), fill))),
    ("dg_mask", 3, _strict(texts.mask)),
    ("dg_matches", 2, _strict(lambda text, pattern: texts.matches(text, compiled(pattern)))),
    ("dg_number_text", 7, _strict(_number_text)),
    ("dg_rmb_upper", 1, _strict(lambda amount: texts.rmb_upper(Decimal(amount)))),
    ("dg_day_text", 2, _strict(_day_text)),
    ("dg_instant_text", 3, _strict(_instant_text)),
    ("dg_at", 5, _strict(_at)),
    ("dg_hour", 2, _clock(periods.local_hour)),
    ("dg_minute", 2, _clock(periods.local_minute)),
    ("dg_weeknum", 1, _strict(lambda day: date.fromisoformat(day).isocalendar()[1])),
    ("dg_start_of", 2, _end(periods.start_of)),
    ("dg_end_of", 2, _end(periods.end_of)),
    ("dg_read_day", 1, _strict(_read_day)),
]
