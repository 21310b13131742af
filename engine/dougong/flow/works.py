"""What a worker does beside jobs, again and again: each is a function of the engine that says how much it did."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from dougong.engine import Engine
from dougong.flow.forgetting import forget_jobs, forget_received
from dougong.flow.people import next_reminder, remind
from dougong.flow.sweep import next_due, sweep


@dataclass(frozen=True, slots=True)
class Work:
    """`run` does what there is to do now and gives its amount: above 0 it is asked again at once, else after `every` at the latest.

    `next_due` (None: nothing to wait for) lets the worker wake up in time.
    """

    run: Callable[[Engine], int]
    every: timedelta = timedelta(0)
    next_due: Callable[[Engine], datetime | None] | None = None


HOURLY = timedelta(hours=1)
WORKS: tuple[Work, ...] = (
    Work(sweep, next_due=next_due),
    Work(remind, next_due=next_reminder),
    Work(forget_jobs, every=HOURLY),
    Work(forget_received, every=HOURLY),
)
