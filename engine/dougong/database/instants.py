"""Instants on both databases: text in UTC with milliseconds on SQLite, the driver's aware datetime on PostgreSQL."""

from datetime import UTC, datetime
from typing import Any, Literal


def instant_text(value: datetime) -> str:
    """`2026-03-01T09:30:00.000Z`: sorts as text in the order of time. `value` is in UTC."""
    return value.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def instant_to_db(value: datetime, dialect: Literal["sqlite", "postgresql"]) -> Any:
    """The driver's value of an aware instant in UTC."""
    return instant_text(value) if dialect == "sqlite" else value


def instant_from_db(value: Any, dialect: Literal["sqlite", "postgresql"]) -> datetime:
    """The aware instant in UTC of the driver's value."""
    if dialect == "postgresql":
        return value  # type: ignore[no-any-return]  # psycopg gave it, in the session's zone, which is UTC
    return datetime.fromisoformat(value).astimezone(UTC)
