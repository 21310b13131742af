"""What an expression may ask beside its record."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from dougong_dsl.expression.history import Stay


class Context(Protocol):
    """The facts of one unit of work that expressions ask for."""

    @property
    def today(self) -> date:
        """The current day in `zone`."""

    @property
    def now(self) -> datetime:
        """The current instant, aware, UTC, whole milliseconds."""

    @property
    def zone(self) -> ZoneInfo:
        """The app's time zone."""

    @property
    def me(self) -> Mapping[str, Any]:
        """The acting user's row: id, name, login, roles (a tuple), attributes."""

    @property
    def old(self) -> Mapping[str, Any] | None:
        """The record before the change; None for a new record."""

    def follow(self, object: str, id: int) -> Mapping[str, Any] | None:
        """The record a link points to."""

    def children(self, object: str, through: str, id: int) -> Sequence[Mapping[str, Any]]:
        """The records of an object whose field `through` holds `id`, by id."""

    def records(self, object: str, equal: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
        """The records of an object whose fields hold given values, none of them null, by id."""

    def stays(self, object: str, row: Mapping[str, Any], column: str = "stage", log: str | None = None) -> Sequence[Stay]:
        """The stays of a record in stages that it has left again, oldest first: of the pipeline with its stage in `column`, `log` in the log."""

    def changes(self, object: str, row: Mapping[str, Any], names: tuple[str, ...]) -> int:
        """How often a field changed after the record was made; the history may know it by any of `names`, the first is its own."""

    def approved(self, object: str, row: Mapping[str, Any], names: tuple[str, ...]) -> bool:
        """Whether the last approval of the record under one of `names` ended approved."""
