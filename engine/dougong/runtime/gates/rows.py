"""Rows of `dg_action` and `dg_exception`, and the files that may be evidence."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam, func, insert, select, update

from dougong.database.instants import instant_from_db
from dougong.database.text import Dialect, compile_text
from dougong.derive.tables import Tables
from dougong.runtime.unit import Unit

MICRO = 1_000_000


@dataclass(frozen=True, slots=True)
class Done:
    """An action that stands: when, by whom (a user's id; None: the system), where (a name, degrees)."""

    action: str
    at: datetime
    by: int | None
    place: str | None
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class Excepted:
    """An exception: who let a record pass a stage without an item, why, and until when."""

    pipeline: str
    stage: str
    item: str
    reason: str
    until: datetime
    at: datetime
    by: int | None


@dataclass(frozen=True, slots=True)
class Brought:
    """A file that lies in a field."""

    id: int
    name: str
    at: datetime


class Texts:
    """The statements, made once per release."""

    def __init__(self, tables: Tables, dialect: Dialect) -> None:
        action, exception, file = tables.engine.action, tables.engine.exception, tables.engine.file
        of: dict[str, BindParameter[Any]] = {n: bindparam(n) for n in ("object", "record_id")}
        mine = [action.c[n] == of[n] for n in of]
        stands = action.c.undone_at.is_(None)
        c = action.c
        self.done = compile_text(
            select(c.action, c.done_at, c.done_by, c.place, c.latitude, c.longitude).where(*mine, stands).order_by(c.id), dialect
        )
        self.story = compile_text(
            select(c.action, c.done_at, c.done_by, c.place, c.latitude, c.longitude, c.undone_at, c.undone_by).where(*mine).order_by(c.id),
            dialect,
        )
        self.do = compile_text(insert(action).values({n: bindparam(n) for n in DO}), dialect)
        self.undo = compile_text(
            update(action)
            .values(undone_at=bindparam("at"), undone_by=bindparam("by"))
            .where(*(action.c[n] == bindparam(f"dg_{n}") for n in ("object", "record_id", "action")), stands),
            dialect,
        )
        e = exception.c
        self.excepted = compile_text(
            select(e.pipeline, e.stage, e.item, e.reason, e.until_at, e.granted_at, e.granted_by)
            .where(*(e[n] == of[n] for n in of))
            .order_by(e.id),
            dialect,
        )
        self.grant = compile_text(insert(exception).values({n: bindparam(n) for n in EXCEPT}), dialect)
        f = file.c
        self.files = compile_text(select(f.id, f.name, f.created_at).where(f.id.in_(bindparam("ids", expanding=True))), dialect)
        self.names = compile_text(select(f.name).where(f.object == bindparam("object"), f.field == bindparam("field")), dialect)
        log = tables.engine.stage_log.c
        self.came_from = compile_text(
            select(log.from_stage)
            .where(*(log[n] == of[n] for n in of), func.coalesce(log.pipeline, "") == bindparam("pipeline"))
            .order_by(log.id.desc())
            .limit(1),
            dialect,
        )


DO = ("object", "record_id", "action", "done_at", "done_by", "place", "latitude", "longitude", "release")
EXCEPT = ("object", "record_id", "pipeline", "stage", "item", "reason", "until_at", "granted_at", "granted_by", "release")


def texts(unit: Unit) -> Texts:
    """The statements of the release."""
    compiled = unit.compiled
    return compiled.question(("gates",), lambda: Texts(compiled.tables, compiled.dialect))


def done(unit: Unit, object_name: str, record_id: int | None) -> Mapping[str, Done]:
    """The actions that stand for a record, by name."""
    if record_id is None:
        return {}
    dialect = unit.compiled.dialect
    rows = unit.connection.all(texts(unit).done, {"object": object_name, "record_id": record_id})
    return {r[0]: Done(r[0], instant_from_db(r[1], dialect), r[2], r[3], _degrees(r[4]), _degrees(r[5])) for r in rows}


def all_done(unit: Unit, object_name: str, record_id: int) -> list[tuple[Done, datetime | None, int | None]]:
    """Every action that was ever ticked off for a record, with when and by whom it was withdrawn, in order."""
    dialect = unit.compiled.dialect
    rows = unit.connection.all(texts(unit).story, {"object": object_name, "record_id": record_id})
    return [
        (
            Done(r[0], instant_from_db(r[1], dialect), r[2], r[3], _degrees(r[4]), _degrees(r[5])),
            None if r[6] is None else instant_from_db(r[6], dialect),
            r[7],
        )
        for r in rows
    ]


def _degrees(value: int | None) -> float | None:
    return None if value is None else value / MICRO


def excepted(unit: Unit, object_name: str, record_id: int | None) -> Mapping[tuple[str, str, str], Excepted]:
    """The newest exception of every (pipeline, stage, item) of a record, whether it has ended or not."""
    if record_id is None:
        return {}
    dialect = unit.compiled.dialect
    rows = unit.connection.all(texts(unit).excepted, {"object": object_name, "record_id": record_id})
    found = (Excepted(r[0], r[1], r[2], r[3], instant_from_db(r[4], dialect), instant_from_db(r[5], dialect), r[6]) for r in rows)
    return {(e.pipeline, e.stage, e.item): e for e in found}


def files(unit: Unit, ids: Iterable[int]) -> list[Brought]:
    """Files by id, oldest first."""
    wanted = list(ids)
    rows = unit.connection.all(texts(unit).files, {"ids": wanted}) if wanted else []
    found = (Brought(r[0], r[1], instant_from_db(r[2], unit.compiled.dialect)) for r in rows)
    return sorted(found, key=lambda f: (f.at, f.id))


def names_in(unit: Unit, object_name: str, field: str) -> list[str]:
    """The names of all files that lie, or lay, in a field of any record."""
    return [r[0] for r in unit.connection.all(texts(unit).names, {"object": object_name, "field": field})]


def came_from(unit: Unit, object_name: str, record_id: int, pipeline: str | None = None) -> str | None:
    """The stage that a record left last, in the main pipeline or in another."""
    asked = {"object": object_name, "record_id": record_id, "pipeline": pipeline or ""}
    row = unit.connection.one(texts(unit).came_from, asked)
    return None if row is None else row[0]


def common(unit: Unit, object_name: str, record_id: int) -> dict[str, Any]:
    """What every row tells."""
    return {"object": object_name, "record_id": record_id, "release": unit.compiled.release_id}
