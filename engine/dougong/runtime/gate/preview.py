"""The gate without its writes: what a form would become, which moves are open. Nothing is locked and nothing is kept."""

from collections.abc import Iterable, Mapping
from typing import Any

from dougong.derive.moves import MoveRule, StageRules
from dougong.refusals import Refusal, Refused, refuse
from dougong.runtime import refusals as codes
from dougong.runtime.approvals import locks
from dougong.runtime.gate import scope, stages, write
from dougong.runtime.gate.coerce import coerce
from dougong.runtime.gate.complete import compute, fill_defaults
from dougong.runtime.gate.discreet import MISSING, knows, told
from dougong.runtime.gate.draft import Draft
from dougong.runtime.gate.validate import is_demanded, is_shown, validate
from dougong.runtime.read.view import as_record
from dougong.runtime.record import MoveState, Preview
from dougong.runtime.unit import Row, Unit


def preview(unit: Unit, object_name: str, values: Mapping[str, Any], record_id: int | None) -> Preview:
    """Values with defaults and formulas, required and shown fields, and what the rules say, as far as the actor may see it."""
    rules = unit.compiled.rules(object_name)
    old = None if record_id is None else seen(unit, object_name, record_id)
    rights = scope.granted(unit, rules, "create" if old is None else "update")
    draft = Draft(unit, rules, old, values, is_preview=True)
    if old is None:
        stages.place_new(draft, may_import=bool(unit.access.rights(object_name, "import")))
    coerce(draft, rights.clear)
    if old is None:
        fill_defaults(draft)
    compute(draft)
    validate(draft)
    shown = {name for name, rule in rules.fields.items() if is_shown(draft, rule)}
    required = {r.name for r in rules.demanding if r.name in shown and is_demanded(draft, r)}
    readable = _readable(draft)
    return Preview(
        {n: draft.row[n] for n in rules.fields if n in readable or n in draft.given},
        frozenset(required),
        frozenset(shown),
        tuple(told(draft, draft.refusals)),
        tuple(told(draft, draft.warnings)),
    )


def against(unit: Unit, object_name: str, values: Mapping[str, Any], record_id: int | None, wrong: Iterable[str]) -> tuple[Refusal, ...]:
    """Everything that would speak against this write of a row of an import; the fields in `wrong` could not be read and are not asked for."""
    try:
        if record_id is None:
            draft = write.begin(unit, object_name, values, titles=True)
            draft.wrong.update(wrong)
            write.judge(draft)
        else:
            draft = write.prepare_update(unit, object_name, record_id, values)
    except Refused as refused:
        return refused.refusals
    return tuple(told(draft, draft.refusals))


def moves(unit: Unit, object_name: str, record_id: int) -> list[MoveState]:
    """Every move that leaves the record's stage: whether it may be made now, what stands against it, what it asks for.

    It asks for its own fields and for those that its stages demand and that are blank; they do not count against it: they are given with it.
    """
    rules = unit.compiled.rules(object_name)
    old = seen(unit, object_name, record_id)
    return [_state(unit, track, rule, old) for track in rules.tracks for rule in track.leaving.get(stages.stands(track, old), ())]


def _state(unit: Unit, track: StageRules, rule: MoveRule, old: Row) -> MoveState:
    object_name = track.pipeline.object
    rules = unit.compiled.rules(object_name)
    draft = Draft(unit, rules, old, {track.field: rule.target}, is_preview=True)
    refusals: list[Refusal] = []
    try:
        scope.granted(unit, rules, "move", track.pipeline)
        scope.before(draft, "move", (), track.pipeline)
    except Refused as refused:
        refusals += refused.refusals
    stages.begin(draft, track, rule)
    compute(draft)
    validate(draft)
    stages.gate(draft, only=rule)
    locks.against_change(draft)
    missing = [r.field for r in draft.refusals if r.code in MISSING and r.field and rules.fields[r.field].field.is_writable]
    asks = tuple(name for name in dict.fromkeys((*rule.asks, *missing)) if knows(draft, name))
    refusals += [r for r in draft.refusals if r.field not in asks and not _is_open(rule, r, asks)]
    to_fill = tuple(r for r in draft.refusals if r.field in asks or _is_open(rule, r, asks))
    return MoveState(rule.move, rule.target, not refusals, tuple(told(draft, refusals)), asks, track.pipeline.name, track.field, to_fill)


def _is_open(rule: MoveRule, refusal: Refusal, asks: tuple[str, ...]) -> bool:
    """Whether a condition is not met yet because it reads what the person gives with the move."""
    when = rule.move.when
    return refusal.code is codes.MOVE_CONDITION and when is not None and any(path[0] in asks for path in when.uses if path)


def seen(unit: Unit, object_name: str, record_id: int) -> Row:
    """A record that the actor may see; `Refused` R404 otherwise."""
    row = unit.row(object_name, record_id)
    if row is None or not unit.matching(object_name, "read", row):
        raise refuse(codes.NOT_FOUND, object=unit.compiled.rules(object_name).spoken)
    return row


def _readable(draft: Draft) -> frozenset[str]:
    """Fields of the form that the actor may read: as the record is now, or on any row for a new one."""
    unit, name = draft.unit, draft.rules.name
    if draft.old is not None:
        return frozenset(as_record(unit, draft.rules, draft.old)) - unit.access.reads(name).masked
    return unit.access.reads(name).clear
