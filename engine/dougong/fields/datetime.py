"""`datetime`: an instant, kept in UTC to the millisecond, shown and typed in the app's time zone."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from dougong_dsl.expression.types import DateTime, Type
from dougong_dsl.titles import Title
from sqlalchemy import types as sql
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.types import TypeEngine

from dougong.database.instants import instant_from_db, instant_text, instant_to_db
from dougong.fields.base import Dialect, FieldType, Reading
from dougong.fields.days import FIRST_YEAR, LAST_YEAR, read_instant
from dougong.fields.operators import TIMES
from dougong.fields.plain_text import BLANKS, shown
from dougong.fields.refusals import NOT_DATETIME, YEAR_OUT_OF_RANGE
from dougong.refusals import Refusal


class DateTimeField(FieldType):
    """An instant. Text without an offset is a time in the reader's zone; finer parts than milliseconds are cut off."""

    key = "datetime"
    title = Title("日期时间", "Date and time")
    widget = "datetime"
    operators = TIMES

    @property
    def type(self) -> Type:
        return DateTime()

    def column(self, dialect: Dialect) -> TypeEngine[Any]:
        return TIMESTAMP(timezone=True, precision=3) if dialect == "postgresql" else sql.Text()

    def parse(self, raw: Any, reading: Reading) -> tuple[Any, Refusal | None]:
        if raw is None or (isinstance(raw, str) and not raw.strip(BLANKS)):
            return None, None
        instant = _read(raw, reading)
        if instant is None:
            return None, Refusal(NOT_DATETIME, {"found": shown(raw)})
        if not FIRST_YEAR <= instant.year <= LAST_YEAR:
            return None, Refusal(YEAR_OUT_OF_RANGE)
        return instant.replace(microsecond=instant.microsecond // 1000 * 1000), None

    def to_db(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else instant_to_db(value, dialect)

    def from_db(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else instant_from_db(value, dialect)

    def is_plain(self, dialect: Dialect) -> bool:
        return dialect == "postgresql"

    def to_json(self, value: Any) -> Any:
        return None if value is None else instant_text(value)

    def from_json(self, value: Any) -> Any:
        return None if value is None else instant_from_db(value, "sqlite")

    def format(self, value: Any, reading: Reading) -> str:
        return "" if value is None else value.astimezone(reading.zone).strftime("%Y-%m-%d %H:%M")

    def form_text(self, value: Any, reading: Reading) -> str:
        if value is None:
            return ""
        local = value.astimezone(reading.zone)
        precision = "minutes" if not local.second and not local.microsecond else "milliseconds" if local.microsecond else "seconds"
        text: str = local.replace(tzinfo=None).isoformat(timespec=precision)
        # The hour that comes twice when summer time ends needs its offset
        return text if read_instant(text, reading.zone) == value else instant_text(value)

    def literal(self, value: Any) -> str:
        return f"#{value.astimezone(self.context.zone).strftime('%Y-%m-%d %H:%M')}#"

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date-time"}

    def samples(self) -> Sequence[Any]:
        return (
            dt.datetime(2026, 3, 1, 1, 30, tzinfo=dt.UTC),
            dt.datetime(2026, 3, 1, 1, 30, 15, tzinfo=dt.UTC),
            dt.datetime(2026, 3, 1, 1, 30, 15, 123000, tzinfo=dt.UTC),
            dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC),
            dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC),
            dt.datetime(1970, 1, 1, tzinfo=dt.UTC),
        )

    def wrong_samples(self) -> Sequence[Any]:
        return ("2026-02-30 10:00", "25:00", "2026-03-01 24:30", "昨天", 1772325000, True)


def _read(raw: Any, reading: Reading) -> dt.datetime | None:
    if isinstance(raw, str):
        return read_instant(raw, reading.zone)
    if isinstance(raw, dt.date) and not isinstance(raw, dt.datetime):
        raw = dt.datetime.combine(raw, dt.time())
    if not isinstance(raw, dt.datetime):
        return None
    try:
        return (raw if raw.tzinfo else raw.replace(tzinfo=reading.zone)).astimezone(dt.UTC)
    except OverflowError:
        return None
