"""Due rules: what of an object falls due when. Each is a function of a record and of what happened to it, and changes nothing.

A rule is asked again after every write that touches what it `needs`; `Past` answers about logs and other records.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal, Protocol

from dougong_dsl.expression import Expression
from dougong_dsl.recurrence import Recurrence
from dougong_dsl.working import Amount, Calendar, due_after, shifted

from dougong.derive.programs import Program
from dougong.derive.triggers import TriggerRule
from dougong.model.flow import Pipeline

Visit = tuple[str | None, str | None, datetime]  # from, to, at
Pause = tuple[datetime, datetime]
Span = tuple[datetime, datetime, int]  # the first and last of a run, and the last one's id


@dataclass(frozen=True, slots=True)
class Due:
    """A moment: when, counted from when, on which calendar, without which pauses.

    `mark` tells apart moments on one instant. What `lapses_at` has passed when it becomes known is not done any more.
    """

    due_at: datetime
    start_at: datetime
    mark: str | None = None
    lapses_at: datetime | None = None
    calendar: str | None = None
    pauses: tuple[Pause, ...] = ()


class Past(Protocol):
    """What happened to the record, and to others that point to it."""

    def visits(self, pipeline: Pipeline, id: int) -> Sequence[Visit]:
        """Its lines of the stage log of one pipeline, oldest first; those before a visit to an open stage that is not meant may be missing."""

    def touched(self, object: str, id: int) -> datetime | None:
        """When somebody wrote it last; what triggers write does not count."""

    def changed(self, object: str, id: int, field: str) -> datetime | None:
        """When a field changed last."""

    def newest(self, child: str, through: str, id: int) -> datetime | None:
        """When the newest record that points here was made."""

    def run(self, child: str, through: str, field: str, times: int, id: int) -> Span | None:
        """The first `times` of the run of records with a true field that the newest record ends; None when there are fewer."""


@dataclass(frozen=True, slots=True)
class Calendars:
    """On which calendar to count: the named one, the one whose name `choose` gives, else the app's."""

    known: Mapping[str, Calendar]
    default: Calendar
    name: str | None = None
    choose: Program | None = None
    said: str | None = None  # what chooses, as it is written

    def of(self, row: Mapping[str, Any], lens: Any) -> tuple[str | None, Calendar]:
        """Name (None: the app's) and calendar for a record."""
        name = self.name if self.choose is None else self.choose(row, lens)
        found = None if name is None else self.known.get(name)
        return (None, self.default) if found is None else (name, found)


@dataclass(frozen=True, slots=True)
class StageClock:
    """The time that a record has in one stage: several `amounts` one after the other.

    A visit that waiting stages interrupted goes on where it stopped: the stays in them are pauses.
    """

    pipeline: Pipeline
    stage: str
    amounts: tuple[Amount, ...]
    calendars: Calendars
    waiting: frozenset[str]
    former: Mapping[str, str] = field(default_factory=dict)  # names that stages had before: the log keeps them
    planned: str | None = None  # the date from whose end the amounts count instead; pauses do not move it

    def due(self, row: Mapping[str, Any], lens: Any, past: Past) -> Due | None:
        """When the time is over; None outside of the stage."""
        if row[self.pipeline.field] != self.stage or row[self.pipeline.since] is None:
            return None
        name, calendar = self.calendars.of(row, lens)
        if self.planned is None:
            start, pauses = self._began(row, past)
        elif row[self.planned] is None:
            return None
        else:
            start, pauses = end_of(row[self.planned], calendar), ()
        due = start
        for amount in self.amounts:
            due = due_after(due, amount, calendar, pauses)
        return Due(milliseconds(due), start, calendar=name, pauses=pauses)

    def _began(self, row: Mapping[str, Any], past: Past) -> tuple[datetime, tuple[Pause, ...]]:
        start: datetime = row[self.pipeline.since]
        if self.stage in self.waiting or not self.waiting:
            return start, ()
        pauses: list[Pause] = []
        for before, after, at in reversed(past.visits(self.pipeline, row.get("id") or 0)):
            source, target = self.former.get(before or "", before), self.former.get(after or "", after)
            if target == self.stage:
                start = at
                if source not in self.waiting:
                    break
            elif source == self.stage:
                pauses.append((at, start))
                start = at
            elif source not in self.waiting:
                break
        return start, tuple(reversed(pauses))


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRule:
    """What every rule has. `key` names it in `dg_due`, `needs` are the columns that move it, `child` the object whose records move it."""

    key: str
    object: str
    clause: str
    event: str = ""  # what happens, as a trigger says it
    needs: frozenset[str] = frozenset()
    amounts: tuple[Amount, ...] = ()
    fires: TriggerRule | None = None
    child: str | None = None
    through: str | None = None
    field: str | None = None

    @property
    def counts(self) -> bool:
        """Whether two new records at the same time must see each other."""
        return False

    def due(self, row: Mapping[str, Any], lens: Any, past: Past) -> Due | None:
        """The moment that follows from a record as it stands; None when there is none: what repeats goes by the clock alone."""
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class StageRule(DueRule):
    """The clock of whatever stage of the pipeline the record is in."""

    pipeline: Pipeline
    clocks: Mapping[str, StageClock]
    kind: Literal["overdue", "escalation", "review", "stays"]

    def due(self, row: Mapping[str, Any], lens: Any, past: Past) -> Due | None:
        clock = self.clocks.get(row[self.pipeline.field])
        return None if clock is None else clock.due(row, lens, past)


@dataclass(frozen=True, slots=True, kw_only=True)
class DateRule(DueRule):
    """An amount before (`sign` -1) or after a date of the record, perhaps at a time of that day."""

    sign: int
    at: time | None
    calendars: Calendars
    field: str

    def due(self, row: Mapping[str, Any], lens: Any, past: Past) -> Due | None:
        value: date | datetime | None = row[self.field]
        if value is None:
            return None
        calendar = self.calendars.default
        start = value.astimezone(UTC) if isinstance(value, datetime) else calendar.opening(value)
        try:
            due = shifted(value, self.amounts[0], calendar, self.sign)
        except OverflowError:
            return None
        if self.at is not None:
            due = datetime.combine(due.astimezone(calendar.zone).date(), self.at, calendar.zone).astimezone(UTC)
        lapses = max(start, due) if self.sign < 0 else None
        return Due(milliseconds(due), start, lapses_at=lapses)


@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceRule(DueRule):
    """An amount of time in which nothing happened: no update, no change of `field`, no new record of `child`."""

    what: Literal["update", "field", "records"]
    calendars: Calendars

    def due(self, row: Mapping[str, Any], lens: Any, past: Past) -> Due | None:
        record_id = row["id"]
        if self.what == "update":
            last = past.touched(self.object, record_id)
        elif self.what == "field":
            assert self.field is not None
            last = past.changed(self.object, record_id, self.field)
        else:
            assert self.child is not None and self.through is not None
            last = past.newest(self.child, self.through, record_id)
        start = last or row["created_at"]
        return Due(milliseconds(due_after(start, self.amounts[0], self.calendars.default)), start)


@dataclass(frozen=True, slots=True, kw_only=True)
class StreakRule(DueRule):
    """`times` records of `child` in a row, in the order in which they were made, whose `field` is true: once in each run."""

    times: int
    child: str
    through: str
    field: str

    @property
    def counts(self) -> bool:
        return True

    def due(self, row: Mapping[str, Any], lens: Any, past: Past) -> Due | None:
        found = past.run(self.child, self.through, self.field, self.times, row["id"])
        return None if found is None else Due(found[1], found[0], str(found[2]))


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleRule(DueRule):
    """What repeats for the records of an object."""

    recurrence: Recurrence
    calendar: Calendar
    where: Expression | None

    def next_after(self, instant: datetime) -> datetime | None:
        """The first occurrence later than an instant."""
        return self.recurrence.after(instant, self.calendar)


def end_of(day: date | datetime, calendar: Calendar) -> datetime:
    """When a planned day is over: with its working hours, at midnight when nobody works; an instant is itself."""
    if isinstance(day, datetime):
        return day.astimezone(UTC)
    return calendar.end_of_business(day) if calendar.is_workday(day) else calendar.opening(day + timedelta(days=1))


def milliseconds(instant: datetime) -> datetime:
    """The first instant the database can hold that is not earlier."""
    rest = instant.microsecond % 1000
    return instant if rest == 0 else instant + timedelta(microseconds=1000 - rest)
