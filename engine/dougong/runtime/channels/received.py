"""What came in through doors: kept before anything is done with it, once for each name that its sender gives it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from dougong.database.instants import instant_from_db
from dougong.refusals import Refusal
from dougong.runtime.channels import texts
from dougong.runtime.channels.texts import text
from dougong.runtime.unit import LARGEST_ID, Unit

STATES = ("done", "nobody", "malformed", "refused")
MOST = 200
LONGEST_ID = 200


@dataclass(frozen=True, slots=True)
class Came:
    """One thing that came in. `door` is `channel:NAME` or `webhook:NAME`; `problems` are texts in both languages, each with code and field."""

    id: int
    door: str
    external_id: str
    at: datetime
    body: str
    state: str
    problems: Sequence[dict[str, Any]]
    object: str | None
    record_id: int | None


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of it. `repeated`: it had been taken in before, nothing was done now."""

    id: int
    state: str
    object: str | None = None
    record_id: int | None = None
    repeated: bool = False
    problems: tuple[Refusal, ...] = ()


def take(unit: Unit, door: str, external_id: str, body: bytes) -> tuple[int, Taken | None]:
    """Keep it; its id, and what became of it when it had been taken in before. What could not be taken in then may come again.

    Raises `UniqueViolation` when the same comes in twice at once: the other one is in, so that trying again finds it.
    """
    dialect = unit.compiled.dialect
    said = body.decode("utf-8", "replace").replace("\x00", "\ufffd")
    found = unit.connection.one(text(texts.FIND, dialect), {"door": door, "external_id": external_id})
    if found is not None and found[1] in ("done", "nobody"):
        return int(found[0]), Taken(int(found[0]), found[1], found[2], found[3], repeated=True)
    if found is not None:
        unit.connection.run(text(texts.AGAIN, dialect), {"id": found[0], "at": unit.driver_now, "body": said})
        return int(found[0]), None
    made = unit.connection.one(
        text(texts.TAKE_IN, dialect), {"door": door, "external_id": external_id, "at": unit.driver_now, "body": said}
    )
    assert made is not None  # RETURNING always gives a row
    return int(made[0]), None


def settle(unit: Unit, taken: Taken) -> Taken:
    """Write down what became of it."""
    problems = [{"code": r.code.code, "field": r.field, "zh": r.message("zh"), "en": r.message("en")} for r in taken.problems]
    values = {
        "id": taken.id,
        "state": taken.state,
        "problems": orjson.dumps(problems).decode() if problems else None,
        "object": taken.object,
        "record_id": taken.record_id,
    }
    unit.connection.run(text(texts.SETTLE, unit.compiled.dialect), values)
    return taken


def find(unit: Unit, id: int) -> Came | None:
    """One of them."""
    row = unit.connection.one(text(texts.ONE, unit.compiled.dialect), {"id": id}) if 0 < id <= LARGEST_ID else None
    return None if row is None else _came(unit, row)


def listed(unit: Unit, state: str | None, before: int | None, limit: int) -> list[Came]:
    """Those in a state, or all, newest first."""
    sql = texts.LATEST if state is None else texts.IN_STATE
    values = {"before": LARGEST_ID if before is None else before, "limit": max(1, min(limit, MOST))}
    found = unit.connection.all(text(sql, unit.compiled.dialect), values | ({} if state is None else {"state": state}))
    return [_came(unit, row) for row in found]


def counts(unit: Unit) -> dict[str, int]:
    """How many there are in each state."""
    found: dict[str, int] = dict(unit.connection.all(text(texts.COUNTS, unit.compiled.dialect)))
    return {state: int(found.get(state, 0)) for state in STATES}


def _came(unit: Unit, row: tuple[Any, ...]) -> Came:
    id, door, external, at, body, state, problems, object, record_id = row
    told = () if problems is None else orjson.loads(problems) if isinstance(problems, str) else problems
    return Came(id, door, external, instant_from_db(at, unit.compiled.dialect), body, state, told, object, record_id)
