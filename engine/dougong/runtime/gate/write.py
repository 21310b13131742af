"""The story of a write: grant → coerce → defaults, formulas, numbers → rules → pipeline → scope → row, history → triggers.

Every refusal of one write is gathered and raised together as `Refused`; nothing is written before all rules have been asked. Form, API,
Python, import and triggers come through here and nowhere else.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from dougong.derive.moves import StageRules
from dougong.refusals import Refused
from dougong.runtime.approvals import leaving, locks, moved
from dougong.runtime.due import keeping as dues
from dougong.runtime.gate import holding, scope, stages, store, triggers
from dougong.runtime.gate.coerce import coerce
from dougong.runtime.gate.complete import compute, fill_defaults, number
from dougong.runtime.gate.discreet import told
from dougong.runtime.gate.draft import Draft
from dougong.runtime.gate.links import against_deletion
from dougong.runtime.gate.validate import validate
from dougong.runtime.gates import support
from dougong.runtime.people import proposed, todos, under_way
from dougong.runtime.unit import Unit


def create(unit: Unit, object_name: str, values: Mapping[str, Any], *, titles: bool = False, form: str | None = None) -> Draft:
    """Make a record; the draft that comes back holds its id, its row and the warnings."""
    draft = prepare(unit, object_name, values, titles=titles)
    if draft.refusals:
        raise Refused(told(draft, draft.refusals))
    draft.form = form
    store.insert(draft)
    _answered(draft)
    triggers.run(draft)
    return draft


def place(unit: Unit, object_name: str, values: Mapping[str, Any]) -> Draft:
    """Put a record there as if it had always been: every rule is asked, nothing is set off. The given of scenarios."""
    draft = prepare(unit, object_name, values, titles=True)
    if draft.refusals:
        raise Refused(told(draft, draft.refusals))
    store.insert(draft)
    return draft


def prepare(unit: Unit, object_name: str, values: Mapping[str, Any], *, titles: bool = False) -> Draft:
    """A new record taken through every rule, but not written."""
    draft = begin(unit, object_name, values, titles=titles)
    if draft.rules.numbered:
        number([draft])
    judge(draft)
    return draft


def begin(unit: Unit, object_name: str, values: Mapping[str, Any], *, titles: bool = False) -> Draft:
    """A new record with its grant found and its values read."""
    rules = unit.compiled.rules(object_name)
    rights = scope.granted(unit, rules, "create")
    draft = Draft(unit, rules, None, values)
    stages.place_new(draft, may_import=unit.actor.is_system or bool(unit.access.rights(object_name, "import")))
    coerce(draft, rights.clear, titles=titles)
    fill_defaults(draft)
    holding.settle(draft)
    return draft


def judge(draft: Draft) -> None:
    """Whatever speaks against a new record whose values are read."""
    compute(draft)
    validate(draft)
    stages.gate(draft)
    scope.after(draft, "create", draft.given)


def update(
    unit: Unit,
    object_name: str,
    record_id: int,
    values: Mapping[str, Any],
    version: int | None = None,
    *,
    pool: str | None = None,
    form: str | None = None,
    kept: Mapping[str, Any] | None = None,
) -> Draft:
    """Change fields of a record, its stage among them; a write that changes nothing leaves no trace. `pool`: where it goes with that;
    `kept`: values of fields that the engine keeps; `form`: the one that was submitted."""
    draft = prepare_update(unit, object_name, record_id, values, version, pool, kept)
    if draft.refusals:
        raise Refused(told(draft, draft.refusals))
    draft.form = form
    dues.foresee(draft)
    changed = draft.changed()
    if changed:
        store.update(draft, changed)
        for track in draft.moved:
            stages.clear_todos(draft, track)
            proposed.overtaken(unit, object_name, record_id, track.pipeline)
        if draft.moves:
            moved.after(draft)
        leaving.after(draft, changed)
        under_way.after(draft, changed)
        _answered(draft)
        triggers.run(draft)
    return draft


def _answered(draft: Draft) -> None:
    """A form was submitted: whoever was asked for it, about a record that this one points to, has done so."""
    if draft.form is not None:
        links = [(rule.target, draft.row[rule.name]) for rule in draft.rules.links]
        todos.clear_asked(draft.unit, draft.form, [(target, id) for target, id in links if target is not None and id is not None])


def prepare_update(
    unit: Unit,
    object_name: str,
    record_id: int,
    values: Mapping[str, Any],
    version: int | None = None,
    pool: str | None = None,
    kept: Mapping[str, Any] | None = None,
) -> Draft:
    """A changed record taken through every rule, but not written."""
    rules = unit.compiled.rules(object_name)
    moving = [track for track in rules.tracks if values.get(track.field) is not None]
    has_stage = bool(moving)
    old = scope.load(unit, rules, record_id, "move" if has_stage else "update")
    scope.not_stale(unit, old, version, rules)
    draft = Draft(unit, rules, old, values)
    for track in moving:
        scope.granted(unit, rules, "move", track.pipeline)
        stages.choose(draft, track, values[track.field])
    demanded = stages.demanded(draft)
    plain = values.keys() - {"stage", *(track.field for track in rules.tracks), *demanded}
    rights = unit.access.rights(object_name, "update")
    if not rights and (plain or not has_stage):
        raise scope.no_grant(rules, "update")
    coerce(draft, rights.clear.union(demanded))
    holding.settle(draft, pool)
    draft.row.update(kept or {})
    compute(draft)
    validate(draft)
    stages.gate(draft)
    locks.against_change(draft)
    _within_rows(draft, plain & draft.given, moving)
    if not draft.refusals:
        support.foresee(draft)
    return draft


def _within_rows(draft: Draft, plain: set[str], moving: Sequence[StageRules]) -> None:
    """A move asks about the row as it is; its own rules say where it may go. An update asks before and after."""
    for track in moving:
        scope.before(draft, "move", (), track.pipeline)
    if plain or not moving:
        scope.before(draft, "update", plain)
        scope.after(draft, "update", plain)


def delete(unit: Unit, object_name: str, record_id: int, version: int | None = None) -> None:
    """Delete a record, unless others link to it."""
    rules = unit.compiled.rules(object_name)
    scope.granted(unit, rules, "delete")
    old = scope.load(unit, rules, record_id, "delete")
    scope.not_stale(unit, old, version, rules)
    draft = Draft(unit, rules, old, {})
    scope.before(draft, "delete", ())
    against_deletion(draft)
    locks.against_deletion(draft)
    if draft.refusals:
        raise Refused(told(draft, draft.refusals))
    store.delete(draft)
    todos.clear_record(unit, object_name, record_id)
    proposed.overtaken(unit, object_name, record_id)
    triggers.run(draft, is_deletion=True)
