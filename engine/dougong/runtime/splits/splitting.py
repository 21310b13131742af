"""Splitting a record in one go: its parts are made, changed and taken away through the gate until they are the ones that are given."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from dougong.derive.splits import SplitRule
from dougong.refusals import Refusal, Refused, refuse
from dougong.runtime.gate import preview, scope, write
from dougong.runtime.gate.draft import Draft
from dougong.runtime.splits import refusals as codes
from dougong.runtime.splits.settling import is_open, total
from dougong.runtime.unit import Row, Unit

Part = Mapping[str, Any]


def rule_of(unit: Unit, object_name: str, into: str | None) -> SplitRule:
    """The split of an object's records; `Refused` R385, R386 when there is none, or several and none is named."""
    rules = unit.compiled.rules(object_name)
    found = [rule for rule in rules.splits if into in (None, rule.part)]
    if not found:
        raise refuse(codes.NO_SPLITS, object=rules.spoken)
    if len(found) > 1 and len({rule.part for rule in found}) > 1:
        known = [unit.compiled.rules(rule.part).spoken for rule in found]
        names = ("、".join(zh for zh, _ in known), ", ".join(en for _, en in known))
        raise refuse(codes.WHICH_SPLIT, object=rules.spoken, known=names)
    return found[0]


def split(
    unit: Unit,
    object_name: str,
    record_id: int,
    parts: Sequence[Part],
    values: Mapping[str, Any],
    *,
    into: str | None,
    version: int | None,
) -> list[Draft]:
    """Make the parts of a record those that are given, in one piece; the drafts in the order of `parts`.

    One with an `id` is changed, one without is new; a part that the actor sees and that is not given is deleted, one that the actor may not
    see stays. `values` are changes of the record itself. A summed field that exactly one of the parts leaves blank gets what is left of the
    record's. A refusal of a part has the field `parts.<index>.<field>`.
    """
    rule = rule_of(unit, object_name, into)
    preview.seen(unit, object_name, record_id)
    with unit.savepoint():
        there = _locked(unit, rule, record_id, version)
        if values:
            write.update(unit, object_name, record_id, values)
        seen = {row["id"]: row for row in there if unit.matching(rule.part, "read", row)}
        kept = _kept(unit, rule, parts, seen)
        for part_id in sorted(seen.keys() - kept):
            write.delete(unit, rule.part, part_id)
        whole = unit.row(object_name, record_id)
        assert whole is not None
        if len(seen) == len(there):
            parts = with_rest(unit, rule, whole, parts, seen)
        return _written(unit, rule, record_id, parts)


def with_rest(unit: Unit, rule: SplitRule, whole: Row, parts: Sequence[Part], seen: Mapping[int, Row]) -> list[dict[str, Any]]:
    """The parts, each sum that exactly one of them leaves blank filled with what is left; nothing when the others are more than all."""
    found = [dict(part) for part in parts]
    for name in rule.sums:
        if not is_open(unit, rule.whole, [whole], name) or not is_open(unit, rule.part, list(seen.values()), name):
            continue
        amounts = [_amount(unit, rule, part, name, seen) for part in found]
        blank = [index for index, amount in enumerate(amounts) if amount is None]
        if len(blank) == 1 and whole[name] is not None:
            rest = whole[name] - total([{name: a} for a in amounts], name)
            if rest == 0 or (rest > 0) == (whole[name] > 0):
                found[blank[0]][name] = rest
    return found


def _amount(unit: Unit, rule: SplitRule, part: Part, name: str, seen: Mapping[int, Row]) -> Any:
    """What a given part says of a sum; what cannot be read counts as nothing here: the gate refuses it."""
    row = seen.get(part.get("id", 0))
    if name not in part and row is not None:
        return row[name] if row[name] is not None else Decimal(0)
    if part.get(name) in (None, ""):
        return None
    value, refusal = unit.compiled.rules(rule.part).fields[name].parse(part[name], unit.reading)
    return Decimal(0) if refusal is not None else value


def _locked(unit: Unit, rule: SplitRule, record_id: int, version: int | None) -> Sequence[Row]:
    """The parts that there are, then the whole: in the order in which a change of a part takes them, so that nobody waits in a circle."""
    for row in unit.children(rule.part, rule.link, record_id):
        unit.locked(rule.part, row["id"])
    whole = unit.locked_whole(rule.whole, record_id)
    if whole is not None:
        scope.not_stale(unit, whole, version, unit.compiled.rules(rule.whole))
    unit.forget_children(rule.part)
    return unit.children(rule.part, rule.link, record_id)


def _kept(unit: Unit, rule: SplitRule, parts: Sequence[Part], seen: Mapping[int, Row]) -> set[int]:
    """The parts that stay; `Refused` R387 for a number that is none of them, or stands there twice."""
    kept: set[int] = set()
    for index, part in enumerate(parts):
        number = part.get("id")
        if number is None:
            continue
        if not isinstance(number, int) or isinstance(number, bool) or number not in seen or number in kept:
            spoken = unit.compiled.rules(rule.part).spoken
            raise refuse(codes.NO_SUCH_PART, field=f"parts.{index}.id", id=str(number)[:40], part=spoken)
        kept.add(number)
    return kept


def _written(unit: Unit, rule: SplitRule, record_id: int, parts: Sequence[Part]) -> list[Draft]:
    drafts, found = [], []
    for index, part in enumerate(parts):
        values = {name: value for name, value in part.items() if name != "id"} | {rule.link: record_id}
        try:
            number = part.get("id")
            if number is None:
                drafts.append(write.create(unit, rule.part, values))
            else:
                drafts.append(write.update(unit, rule.part, number, {n: v for n, v in values.items() if n != rule.link}))
        except Refused as refused:
            found += [Refusal(r.code, r.params, f"parts.{index}.{r.field or ''}".rstrip("."), r.clause) for r in refused.refusals]
    if found:
        raise Refused(found)
    return drafts
