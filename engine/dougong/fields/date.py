"""`date`: a calendar day."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from dougong_dsl.expression.types import Date, Type
from dougong_dsl.titles import Title
from sqlalchemy import types as sql
from sqlalchemy.types import TypeEngine

from dougong.fields.base import Dialect, FieldType, Reading
from dougong.fields.days import FIRST_YEAR, LAST_YEAR, read_day
from dougong.fields.operators import TIMES
from dougong.fields.plain_text import BLANKS, shown
from dougong.fields.refusals import NOT_DATE, YEAR_OUT_OF_RANGE
from dougong.refusals import Refusal


class DateField(FieldType):
    """A day without a time. A spreadsheet's date cell (a midnight) is a day; an instant is the day it falls on in the app's zone."""

    key = "date"
    title = Title("日期", "Date")
    widget = "date"
    operators = TIMES

    @property
    def type(self) -> Type:
        return Date()

    def column(self, dialect: Dialect) -> TypeEngine[Any]:
        return sql.Date() if dialect == "postgresql" else sql.Text()

    def parse(self, raw: Any, reading: Reading) -> tuple[Any, Refusal | None]:
        if raw is None or (isinstance(raw, str) and not raw.strip(BLANKS)):
            return None, None
        if isinstance(raw, dt.datetime):
            day: dt.date | None = (raw.astimezone(reading.zone) if raw.tzinfo else raw).date()
        elif isinstance(raw, dt.date):
            day = raw
        else:
            day = read_day(raw) if isinstance(raw, str) else None
        if day is None:
            return None, Refusal(NOT_DATE, {"found": shown(raw)})
        return (day, None) if FIRST_YEAR <= day.year <= LAST_YEAR else (None, Refusal(YEAR_OUT_OF_RANGE))

    def to_db(self, value: Any, dialect: Dialect) -> Any:
        return value.isoformat() if dialect == "sqlite" and value is not None else value

    def from_db(self, value: Any, dialect: Dialect) -> Any:
        return dt.date.fromisoformat(value) if dialect == "sqlite" and value is not None else value

    def is_plain(self, dialect: Dialect) -> bool:
        return dialect == "postgresql"

    def to_json(self, value: Any) -> Any:
        return None if value is None else value.isoformat()

    def from_json(self, value: Any) -> Any:
        return None if value is None else dt.date.fromisoformat(value)

    def format(self, value: Any, reading: Reading) -> str:
        return "" if value is None else value.isoformat()

    def literal(self, value: Any) -> str:
        return f"#{value.isoformat()}#"

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date"}

    def samples(self) -> Sequence[Any]:
        return (dt.date(2026, 3, 1), dt.date(2024, 2, 29), dt.date(1000, 1, 1), dt.date(9999, 12, 31))

    def wrong_samples(self) -> Sequence[Any]:
        return ("2026-02-30", "3/1/2026", "明天", 46000, "2026-13-01", "0026-03-01", "2026-03-01 09:30", True)
