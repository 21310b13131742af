"""Ticking off actions, withdrawing them, and granting exceptions: each by whoever may, on a record that is held meanwhile."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from dougong.derive.rules import ObjectRules
from dougong.model.flow import Pipeline, Stage
from dougong.model.gates import Gate, GateAction
from dougong.refusals import refuse
from dougong.runtime import refusals as general
from dougong.runtime.gate import scope
from dougong.runtime.gates import refusals as codes
from dougong.runtime.gates import rows, support
from dougong.runtime.unit import Row, Unit

LONGEST = 500  # characters of a place's name


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something was done: a name, degrees of latitude and longitude, or both."""

    name: str | None = None
    latitude: float | None = None
    longitude: float | None = None


def do(unit: Unit, object_name: str, record_id: int, action: str, place: Any = None) -> None:
    """Tick an action off. `Refused` R404, R315–R319."""
    rules, row, wanted = _begin(unit, object_name, record_id, action)
    spot = read_spot(place)
    if wanted.needs_place and spot is None:
        raise refuse(codes.PLACE_NEEDED, title=_title(wanted))
    if action in rows.done(unit, object_name, record_id):
        raise refuse(codes.DONE_ALREADY, title=_title(wanted))
    values = {
        **rows.common(unit, object_name, record_id),
        "action": action,
        "done_at": unit.driver_now,
        "done_by": unit.actor.id,
        "place": None if spot is None else spot.name,
        "latitude": None if spot is None or spot.latitude is None else round(spot.latitude * rows.MICRO),
        "longitude": None if spot is None or spot.longitude is None else round(spot.longitude * rows.MICRO),
    }
    unit.connection.run(rows.texts(unit).do, values)
    support.renew(unit, rules, row)


def undo(unit: Unit, object_name: str, record_id: int, action: str) -> None:
    """Withdraw an action: what stood open by it is unsupported from now on. `Refused` R404, R315, R316, R320."""
    rules, row, wanted = _begin(unit, object_name, record_id, action)
    values = {"dg_object": object_name, "dg_record_id": record_id, "dg_action": action, "at": unit.driver_now, "by": unit.actor.id}
    if unit.connection.run(rows.texts(unit).undo, values) == 0:
        raise refuse(codes.NOT_DONE, title=_title(wanted))
    support.renew(unit, rules, row)


def except_gate(unit: Unit, object_name: str, record_id: int, stage: str, item: str, reason: str, until: datetime) -> None:
    """Let a record pass a stage's gates without an item until an instant. `Refused` R404, R301, R321–R324."""
    rules = unit.compiled.rules(object_name)
    row = scope.load(unit, rules, record_id, "move")
    pipeline, found, gates = _gates(rules, stage, item)
    title = (found.title.zh, found.title.en)
    if not may_except(unit, gates):
        raise refuse(codes.NO_EXCEPTIONS, stage=title, clause=f"{found.place.file}:{found.place.line}")
    if not reason.strip():
        raise refuse(codes.REASON_NEEDED)
    ends = (until if until.tzinfo is not None else until.replace(tzinfo=unit.reading.zone)).astimezone(UTC)
    if ends <= unit.now:
        raise refuse(codes.ENDED_ALREADY)
    values = {
        **rows.common(unit, object_name, record_id),
        "pipeline": pipeline.name,
        "stage": found.name,
        "item": item,
        "reason": reason.strip(),
        "until_at": unit.compiled.statements.instant(ends),
        "granted_at": unit.driver_now,
        "granted_by": unit.actor.id,
    }
    unit.connection.run(rows.texts(unit).grant, values)
    support.renew(unit, rules, row)


def read_spot(place: Any) -> Spot | None:
    """A place from a name, (latitude, longitude), a `Spot`, or a mapping of name, latitude and longitude. `Refused` R318."""
    if place is None or isinstance(place, Spot):
        found = place
    elif isinstance(place, str):
        found = Spot(place)
    elif isinstance(place, Mapping) and place.keys() <= {"name", "latitude", "longitude"}:
        found = Spot(place.get("name"), place.get("latitude"), place.get("longitude"))
    elif isinstance(place, list | tuple) and len(place) == 2:
        found = Spot(None, *place)
    else:
        raise refuse(codes.WRONG_PLACE)
    if found is None:
        return None
    if not _is_on_earth(found) or not (found.name is None or (isinstance(found.name, str) and len(found.name) <= LONGEST)):
        raise refuse(codes.WRONG_PLACE)
    name = found.name.strip() if found.name else ""
    return Spot(name or None, found.latitude, found.longitude) if name or found.latitude is not None else None


def _is_on_earth(spot: Spot) -> bool:
    degrees = (spot.latitude, spot.longitude)
    if degrees == (None, None):
        return True
    if not all(isinstance(d, int | float) and not isinstance(d, bool) for d in degrees):
        return False
    return -90 <= float(spot.latitude or 0) <= 90 and -180 <= float(spot.longitude or 0) <= 180


def _begin(unit: Unit, object_name: str, record_id: int, action: str) -> tuple[ObjectRules, Row, GateAction]:
    """The record, held, and the action, when the actor may do it: by role, or by the right to change or move the record."""
    rules = unit.compiled.rules(object_name)
    row = scope.load(unit, rules, record_id, "move")
    wanted = rules.actions.get(action)
    if wanted is None:
        raise refuse(codes.NO_SUCH_ACTION, object=rules.spoken, name=action[:40])
    if not may_do(unit, rules, row, wanted):
        if wanted.roles:
            titles = [unit.compiled.app.roles[r].title for r in wanted.roles]
            names = ("、".join(t.zh for t in titles), ", ".join(t.en for t in titles))
            raise refuse(codes.NOT_YOUR_ACTION, title=_title(wanted), roles=names, clause=f"{wanted.place.file}:{wanted.place.line}")
        raise scope.no_grant(rules, "update")
    return rules, row, wanted


def may_do(unit: Unit, rules: ObjectRules, row: Row, action: GateAction) -> bool:
    """Whether the actor may tick an action off, or withdraw it: by role, or by the right to change or move the record."""
    if unit.actor.is_system:
        return True
    if action.roles:
        return not set(action.roles).isdisjoint(unit.actor.roles)
    return bool(unit.matching(rules.name, "update", row) or unit.matching(rules.name, "move", row))


def may_except(unit: Unit, gates: Iterable[Gate]) -> bool:
    """Whether the actor may grant exceptions from one of these gates."""
    may = {role for gate in gates for role in gate.exceptions_by}
    return bool(may) and (unit.actor.is_system or not may.isdisjoint(unit.actor.roles))


def _gates(rules: ObjectRules, name: str, item: str) -> tuple[Pipeline, Stage, list[Gate]]:
    """The stage in whichever pipeline asks for the item there, and those of its gates that do; `quality_stage.passed` says which pipeline."""
    field, _, plain = name.rpartition(".")
    having = [(track.pipeline, track.stages[plain]) for track in rules.tracks if plain in track.stages and field in ("", track.field)]
    if not having:
        raise refuse(general.NO_SUCH_STAGE, field="stage", stage=name[:40])
    for pipeline, stage in having:
        gates = [gate for gate in (stage.to_enter, stage.to_leave) if item in gate.items]
        if gates:
            return pipeline, stage, gates
    title = having[0][1].title
    raise refuse(codes.NO_SUCH_ITEM, stage=(title.zh, title.en), item=item[:40])


def _title(action: GateAction) -> tuple[str, str]:
    return (action.title.zh, action.title.en)
