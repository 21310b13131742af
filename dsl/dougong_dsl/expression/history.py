"""Facts of a record's history in Python: which stages it stood in and for how long, how often a field changed, whether it was approved.

The current stay is told by the record itself (`stage`, `stage_since`), those before it by `Context.stays`: a record that is being moved
stands in its new stage before the move is written down. `column` is where the stage is kept, `log` what the log calls the pipeline.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Stay:
    """A stay in a stage that is over; `stage` is the name that the stage had then."""

    stage: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Moved:
    """A line of the stage log; `source` is None where the record was made."""

    source: str | None
    at: datetime


def stays_of(lines: Sequence[Moved], created_at: datetime) -> list[Stay]:
    """The stays that lines of the log end, oldest first; the stay before the first line began when the record was made."""
    starts = [created_at, *(line.at for line in lines)]
    return [Stay(line.source, start, line.at) for start, line in zip(starts, lines, strict=False) if line.source is not None]


def entered_at(
    context: Any, object_name: str, row: Mapping[str, Any] | None, stages: Sequence[str], column: str = "stage", log: str | None = None
) -> datetime | None:
    """When a record last entered a stage; None when it never did."""
    if row is None:
        return None
    if row[column] in stages:
        since: datetime | None = row[f"{column}_since"]
        return since
    return max((stay.start for stay in context.stays(object_name, row, column, log) if stay.stage in stages), default=None)


def time_in(
    context: Any, object_name: str, row: Mapping[str, Any] | None, stages: Sequence[str], column: str = "stage", log: str | None = None
) -> timedelta | None:
    """How long a record has stood in a stage altogether, up to now; None for no record."""
    if row is None:
        return None
    spent = sum((stay.end - stay.start for stay in context.stays(object_name, row, column, log) if stay.stage in stages), timedelta())
    since = row[f"{column}_since"] if row[column] in stages else None
    return spent if since is None else spent + (context.now - since)


def passed(
    context: Any, object_name: str, row: Mapping[str, Any] | None, stages: Sequence[str], column: str = "stage", log: str | None = None
) -> bool | None:
    """Whether a record was in a stage and is not in it any more; None for no record."""
    if row is None:
        return None
    return row[column] not in stages and any(stay.stage in stages for stay in context.stays(object_name, row, column, log))


def approved(context: Any, object_name: str, row: Mapping[str, Any] | None, names: Sequence[str]) -> bool | None:
    """Whether the last approval of a name ended well; None for no record."""
    if row is None:
        return None
    found: bool = context.approved(object_name, row, names)
    return found


def changes(context: Any, object_name: str, row: Mapping[str, Any] | None, names: Sequence[str]) -> int | None:
    """How often a field changed after the record was made; None for no record."""
    if row is None:
        return None
    found: int = context.changes(object_name, row, names)
    return found
