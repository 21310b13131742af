"""Rows of `dg_points`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, bindparam, insert, select

from dougong.database.instants import instant_from_db
from dougong.database.text import Text, compile_text
from dougong.model.scores import Score
from dougong.runtime.unit import Unit

COLUMNS = ("object", "record_id", "score", "points", "because", "because_en", "trigger", "actor", "at")


@dataclass(frozen=True, slots=True)
class Given:
    """Points that an action gave; `because` in Chinese and English."""

    score: str
    points: int
    because: tuple[str, str]
    trigger: str
    at: datetime


def add(unit: Unit, score: Score, record_id: int, points: int, because: tuple[str, str], trigger: str) -> None:
    """Note points."""
    zh, en = because
    values = (score.object, record_id, score.name, points, zh, None if en == zh else en, trigger, unit.actor.id, unit.driver_now)
    text = _text(unit, "add", lambda log: insert(log).values({name: bindparam(name) for name in COLUMNS}))
    unit.connection.run(text, dict(zip(COLUMNS, values, strict=True)))


def of_record(unit: Unit, object_name: str, record_id: int) -> list[Given]:
    """Everything that a record was given, oldest first."""

    def make(log: Table) -> Any:
        mine = (log.c.object == bindparam("p_object"), log.c.record_id == bindparam("p_record"))
        return select(log.c.score, log.c.points, log.c.because, log.c.because_en, log.c.trigger, log.c.at).where(*mine).order_by(log.c.id)

    found = unit.connection.all(_text(unit, "of record", make), {"p_object": object_name, "p_record": record_id})
    dialect = unit.compiled.dialect
    return [Given(s, int(n), (zh, zh if en is None else en), by, instant_from_db(at, dialect)) for s, n, zh, en, by, at in found]


def _text(unit: Unit, name: str, make: Callable[[Table], Any]) -> Text:
    compiled = unit.compiled
    found: Text = compiled.question(("points", name), lambda: compile_text(make(compiled.tables.engine.points), compiled.dialect))
    return found
