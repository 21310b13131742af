"""Working days and hours for SQLite; the last argument of each is the key of a calendar (`working_times.keep`)."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from dougong_dsl.expression import values, working_times
from dougong_dsl.expression.sql_values import instant_text
from dougong_dsl.expression.working_times import kept

Registered = tuple[str, int, Callable[..., Any]]


def _strict(function: Callable[..., Any]) -> Callable[..., Any]:
    def call(*arguments: Any) -> Any:
        return None if None in arguments else function(*arguments)

    return call


def _workday(day: str, n: int | str, key: str) -> str | None:
    found = working_times.workday(date.fromisoformat(day), n if isinstance(n, int) else int(Decimal(n)), kept(key))
    return None if found is None else found.isoformat()


def _networkdays(start: str, end: str, key: str) -> int:
    return kept(key).networkdays(date.fromisoformat(start), date.fromisoformat(end))


def _isworkday(day: str, key: str) -> int:
    return int(kept(key).is_workday(date.fromisoformat(day)))


def _add_days(moment: str, n: int, key: str) -> str | None:
    found = working_times.add_working_days(datetime.fromisoformat(moment), n, kept(key))
    return None if found is None else instant_text(found)


def _add_time(moment: str, amount: int, key: str) -> str | None:
    found = working_times.add_working_time(datetime.fromisoformat(moment), timedelta(milliseconds=amount), kept(key))
    return None if found is None else instant_text(found)


def _worked(start: str, end: str, key: str) -> int | None:
    found = working_times.working_time(datetime.fromisoformat(start), datetime.fromisoformat(end), kept(key))
    return None if found is None else values.milliseconds(found)


WORKING: list[Registered] = [
    ("dg_workday", 3, _strict(_workday)),
    ("dg_networkdays", 3, _strict(_networkdays)),
    ("dg_isworkday", 2, _strict(_isworkday)),
    ("dg_add_working_days", 3, _strict(_add_days)),
    ("dg_add_working_ms", 3, _strict(_add_time)),
    ("dg_working_ms", 3, _strict(_worked)),
]
