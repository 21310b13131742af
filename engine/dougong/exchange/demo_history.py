"""When each sample record was made: spread over past weeks, after what it links to and after every past date in its values.

Records that stand in a stage with a time limit were made so lately that it has not run out, but for every sixth.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from dougong_dsl.working import due_before

from dougong.model.app import App

WEEKS = timedelta(weeks=6)
LATE_EVERY = 6
MINUTE = timedelta(minutes=1)


class Made(Protocol):
    """A sample as this module sees it: its object, its values as written, its key, and how many days from today each relative date is."""

    @property
    def object(self) -> str:
        """The object."""

    @property
    def values(self) -> Mapping[str, Any]:
        """Values as written."""

    @property
    def key(self) -> str | None:
        """What others link to."""

    @property
    def days(self) -> Sequence[int]:
        """Days from today of the relative dates in its values."""


def instants(app: App, samples: Sequence[Made], now: datetime) -> list[datetime]:
    """When each sample was made, none later than `now`; a sample comes later than those that it links to."""
    made: dict[str, datetime] = {}
    found = []
    for number, sample in enumerate(samples):
        spread = now - WEEKS + WEEKS * number / len(samples)
        at = max(spread, _within_limit(app, sample, number, now))
        past = max((d for d in sample.days if d <= 0), default=None)
        if past is not None:
            at = max(at, now + timedelta(days=past))
        linked = [v.removeprefix("@") for v in sample.values.values() if isinstance(v, str) and v.startswith("@")]
        at = min(max([at, *(made[k] + MINUTE for k in linked if k in made)]), now)
        found.append(at)
        if sample.key is not None:
            made[sample.key] = at
    return _at_once(app, samples, found)


def whole_of(app: App, sample: Made) -> str | None:
    """The record that a sample is a part of, as it is written (`@key`): its parts are made together, for they add up only together."""
    links = (p.splits.by for o in app.objects.values() for p in o.pipelines if p.splits is not None and p.splits.into == sample.object)
    return next((value for link in links if isinstance(value := sample.values.get(link), str)), None)


def _at_once(app: App, samples: Sequence[Made], times: list[datetime]) -> list[datetime]:
    """The parts of one record are made at the latest of their times, and what links to them after that."""
    wholes = [whole_of(app, sample) for sample in samples]
    latest: dict[str, datetime] = {}
    for whole, at in zip(wholes, times, strict=True):
        if whole is not None:
            latest[whole] = max(at, latest.get(whole, at))
    made: dict[str, datetime] = {}
    found = []
    for sample, whole, at in zip(samples, wholes, times, strict=True):
        linked = [made[k] for v in sample.values.values() if isinstance(v, str) and (k := v.removeprefix("@")) in made]
        found.append(latest[whole] if whole is not None else max([at, *linked]))
        if sample.key is not None:
            made[sample.key] = found[-1]
    return found


def _within_limit(app: App, sample: Made, number: int, now: datetime) -> datetime:
    """The earliest moment at which none of the record's deadlines has passed yet, or some time after it."""
    pipelines = app.objects[sample.object].pipelines
    stages = [pipeline.stages.get(sample.values.get(pipeline.field) or pipeline.start.name) for pipeline in pipelines]
    deadlines = [s.overdue for s in stages if s is not None and s.overdue is not None and s.overdue.field is None]
    if not deadlines or number % LATE_EVERY == 0:
        return now - WEEKS
    earliest = max(due_before(now, deadline.amount, app.calendar) for deadline in deadlines)
    return earliest + (now - earliest) * (number * 37 % 100) / 100
