"""What the handler of a job is given."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dougong.engine import Engine


@dataclass(frozen=True, slots=True)
class JobContext:
    """One attempt at a job. `key` names the effect and is the same at every attempt: give it to whoever receives the effect.

    `attempt` counts from 1; `due_at` is when it was to happen, `at` when this attempt began.
    """

    id: int
    kind: str
    key: str
    payload: Mapping[str, Any]
    attempt: int
    due_at: datetime
    at: datetime


Handler = Callable[[Engine, JobContext], None]
