"""The one source of time. Instants are UTC, in milliseconds, as they are stored."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What tells the time to an engine."""

    def now(self) -> datetime:
        """The instant, aware, in UTC, cut to milliseconds."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The instant, aware, in UTC, cut to milliseconds."""
        return milliseconds(datetime.now(UTC))


class SettableClock:
    """A clock that stands still until it is told to move: for tests and scenarios."""

    def __init__(self, start: datetime) -> None:
        self._now = milliseconds(start.astimezone(UTC))

    def now(self) -> datetime:
        """The instant it was set to."""
        return self._now

    def set(self, instant: datetime) -> None:
        """Go to `instant` (aware)."""
        self._now = milliseconds(instant.astimezone(UTC))

    def advance(self, amount: timedelta) -> None:
        """Go on by `amount`."""
        self._now = milliseconds(self._now + amount)


def milliseconds(instant: datetime) -> datetime:
    """The instant without what is smaller than a millisecond."""
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)
