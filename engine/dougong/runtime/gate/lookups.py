"""Questions that a write asks the database about other records: is this value taken, is there such a record to link to."""

from collections.abc import Sequence

from dougong.derive.rules import FieldRule
from dougong.model.drafts import BUILT_IN
from dougong.runtime.gate.complete import number
from dougong.runtime.gate.draft import Draft
from dougong.runtime.unit import Row, Unit


def is_taken(draft: Draft, name: str) -> bool:
    """Whether another record has this value in a unique field, seen or unseen by the actor."""
    unit, rules = draft.unit, draft.rules
    value = rules.codec.encode_one(name, draft.row[name])
    if draft.taken is not None:
        return value in draft.taken[name]
    params = {"value": value, "dg_key": draft.old["id"] if draft.old is not None else 0}
    return unit.connection.one(unit.compiled.writes(rules.name).taken(name), params) is not None


def link_exists(draft: Draft, rule: FieldRule) -> bool:
    """Whether there is such a record and the actor may see it: both answers must look alike."""
    unit, target, wanted = draft.unit, str(rule.target), draft.row[rule.name]
    row = unit.row(target, wanted) if draft.is_preview else unit.held(target, wanted)
    if row is None:
        return False
    # colleagues and teams may be named by everybody who may write the field; it shows nothing of them
    return target in BUILT_IN or _is_seen(unit, target, row)


def _is_seen(unit: Unit, target: str, row: Row) -> bool:
    seen = unit.seen_links.get((target, row["id"]))
    if seen is None:
        seen = unit.seen_links[(target, row["id"])] = bool(unit.matching(target, "read", row))
    return seen


def look_ahead(unit: Unit, drafts: Sequence[Draft]) -> None:
    """Ask for a whole batch of new records what each of them would ask: numbers, taken values, records linked to."""
    if not drafts:
        return
    rules = drafts[0].rules
    number(drafts)
    taken = {}
    for rule in rules.unique:
        values = {d.row[rule.name] for d in drafts} - {None}
        text = unit.compiled.writes(rules.name).taken_of(rule.name)
        driver = [rules.codec.encode_one(rule.name, v) for v in values]
        taken[rule.name] = {r[0] for r in unit.connection.all(text, {"values": driver})} if driver else set()
    for draft in drafts:
        draft.taken = taken
    for rule in rules.links:
        unit.hold_many(str(rule.target), {d.row[rule.name] for d in drafts if rule.name in d.given} - {None})
