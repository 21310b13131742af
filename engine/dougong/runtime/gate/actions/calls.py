"""`call`: another system is told something, by a job."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from dougong.model.actions import CallAction
from dougong.runtime.channels.writing import CALL
from dougong.runtime.gate.actions.task import Outcome, Task
from dougong.runtime.jobs.outbox import enqueue

_STEPS = re.compile(r"\.{1,2}")


def call(action: CallAction, task: Task) -> Outcome:
    """Leave the request as a job; what stands in the gaps of the path cannot leave its place in it."""
    unit = task.unit
    path = "".join(p if isinstance(p, str) else _piece(task.unit.compiled.program(p)(task.row, task.lens)) for p in action.path.parts)
    body = {name: _plain(value) for name, value in task.values(action.body).items()}
    payload: dict[str, Any] = {"connector": action.connector, "method": action.method, "path": path, "body": body}
    enqueue(unit, CALL, payload)
    return Outcome("done", {"called": action.connector, "path": path, "body": body})


def _piece(value: Any) -> str:
    """A value as one piece of a path."""
    said = "" if value is None else str(_plain(value))
    return "%2E" * len(said) if _STEPS.fullmatch(said) else quote(said, safe="")


def _plain(value: Any) -> Any:
    """A value as JSON takes it: exact numbers, days and instants as text."""
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds")
    if isinstance(value, date | Decimal):
        return str(value)
    return value if value is None or isinstance(value, str | bool | int | float) else str(value)
