"""Who is away and who acts for them. A substitute who is away too is followed to theirs; a circle ends where it would close."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from dougong.database.instants import instant_from_db
from dougong.refusals import refuse
from dougong.runtime.people import refusals as codes
from dougong.runtime.people.texts import (
    ABSENCES,
    ADD_ABSENCE,
    AWAY,
    END_ABSENCE,
    ONE_ABSENCE,
    WHO_IS_AWAY,
    text,
)
from dougong.runtime.unit import Unit


@dataclass(frozen=True, slots=True)
class Absence:
    """`user` is away from `from_at` until before `until_at`; `delegate` acts."""

    id: int
    user: int
    from_at: datetime
    until_at: datetime
    delegate: int


def substitute_of(unit: Unit, user_id: int, at: datetime) -> int:
    """Who acts for a user at an instant: the user, or the first on the chain of substitutes who is there and active.

    When the chain leads in a circle or ends at somebody who left, it is the user after all: nothing may be lost.
    """
    active = {u["id"] for u in unit.users()}
    seen, current = {user_id}, user_id
    while True:
        row = unit.connection.one(
            text(AWAY, unit.compiled.dialect), {"user_id": current, "at": unit.compiled.statements.instant(at.astimezone(UTC))}
        )
        if row is None:
            return current
        current = int(row[0])
        if current in seen or current not in active:
            return user_id
        seen.add(current)


def stands_in_for(unit: Unit, user_id: int, at: datetime) -> list[int]:
    """Those who are away at an instant and for whom the user acts, by id."""
    values = {"at": unit.compiled.statements.instant(at.astimezone(UTC))}
    away = [r[0] for r in unit.connection.all(text(WHO_IS_AWAY, unit.compiled.dialect), values)]
    return [u for u in away if u != user_id and substitute_of(unit, u, at) == user_id]


def set_absence(unit: Unit, user_id: int, from_at: datetime, until_at: datetime, delegate: int) -> int:
    """Note that a user is away; the absence's id. By the person or an administrator: `Refused` R416, R417."""
    _may_set(unit, user_id)
    if until_at <= from_at or delegate == user_id or delegate not in {u["id"] for u in unit.users()}:
        raise refuse(codes.BAD_ABSENCE)
    instant = unit.compiled.statements.instant
    values: Mapping[str, Any] = {
        "user_id": user_id,
        "from_at": instant(from_at.astimezone(UTC)),
        "until_at": instant(until_at.astimezone(UTC)),
        "delegate": delegate,
        "now": unit.driver_now,
        "by": unit.actor.id,
    }
    row = unit.connection.one(text(ADD_ABSENCE, unit.compiled.dialect), values)
    assert row is not None  # RETURNING always gives a row
    return int(row[0])


def end_absence(unit: Unit, absence_id: int) -> None:
    """Take an absence back. `Refused` R416."""
    dialect = unit.compiled.dialect
    row = unit.connection.one(text(ONE_ABSENCE, dialect), {"id": absence_id})
    _may_set(unit, None if row is None else row[0])
    unit.connection.run(text(END_ABSENCE, dialect), {"id": absence_id})


def absences(unit: Unit, user_id: int) -> list[Absence]:
    """A user's absences that are not over, in the order in which they begin."""
    dialect = unit.compiled.dialect
    rows = unit.connection.all(text(ABSENCES, dialect), {"user_id": user_id, "now": unit.driver_now})
    return [Absence(r[0], r[1], instant_from_db(r[2], dialect), instant_from_db(r[3], dialect), r[4]) for r in rows]


def is_admin(unit: Unit) -> bool:
    """Whether the actor may manage users."""
    roles = unit.compiled.app.roles
    return unit.actor.is_system or any(roles[name].is_admin for name in unit.actor.roles if name in roles)


def _may_set(unit: Unit, user_id: int | None) -> None:
    if user_id is None or not (is_admin(unit) or unit.actor.id == user_id):
        raise refuse(codes.NOT_YOUR_ABSENCE)
