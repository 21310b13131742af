"""Before a unit of work is committed: do the parts of every whole that was touched add up, and is a whole that has ended all done?

Not after each row, so that one request may change several parts. The whole is locked first, so that two that change parts at the same time
wait for each other here.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from dougong.derive.splits import SplitRule
from dougong.refusals import Refusal, Refused
from dougong.runtime.owed import Owed
from dougong.runtime.read.titles import titles
from dougong.runtime.read.view import as_record
from dougong.runtime.splits import refusals as codes
from dougong.runtime.unit import Row, Unit

MUST = {"all": ("必须都已完成", "every"), "any": ("至少要有一个已完成", "at least one")}


def settle(unit: Unit) -> None:
    """`Refused` R380, R381, R384 when the unit of work may not be committed as it is."""
    if not unit.owed:
        return
    found = [refusal for _, refusals in unsettled(unit) for refusal in refusals]
    if found:
        raise Refused(found)
    unit.owed.clear()


def unsettled(unit: Unit) -> list[tuple[set[tuple[str, int]], list[Refusal]]]:
    """What speaks against the commit, whole by whole, each with the records (object, id) that have touched it."""
    found = []
    wholes: dict[tuple[str, int, str], list[Owed]] = {}
    for owed in unit.owed:
        wholes.setdefault(owed.to, []).append(owed)
    for (whole, record_id, pipeline), all_owed in sorted(wholes.items()):
        rule = next(r for r in unit.compiled.rules(whole).splits if r.pipeline.name == pipeline)
        row = unit.locked_whole(whole, record_id)
        if row is None:
            continue
        unit.forget_children(rule.part)  # somebody else may have been faster, until the lock was had
        parts = unit.children(rule.part, rule.link, record_id)
        refusals = _sums(unit, rule, row, parts) if parts and any(owed.sums for owed in all_owed) else []
        if parts and any(owed.end for owed in all_owed) and rule.is_closed(row) and not is_enough(rule, parts):
            refusals.append(_ended(unit, rule, row))
        if refusals:
            found.append(({owed.record for owed in all_owed}, refusals))
    return found


def is_enough(rule: SplitRule, parts: Sequence[Row]) -> bool:
    """Whether as many parts are done as the whole needs to close; one without parts is not split."""
    done = [rule.is_done(part) for part in parts]
    return not parts or rule.closing is None or (all(done) if rule.closing == "all" else any(done))


def total(rows: Iterable[Mapping[str, Any]], name: str) -> Any:
    """The exact sum; what is blank counts as nothing."""
    return sum((row[name] for row in rows if row[name] is not None), start=Decimal(0))


def _sums(unit: Unit, rule: SplitRule, row: Row, parts: Sequence[Row]) -> list[Refusal]:
    return [
        _differs(unit, rule, row, parts, name, found)
        for name in rule.sums
        if (found := total(parts, name)) != (row[name] if row[name] is not None else 0)
    ]


def _differs(unit: Unit, rule: SplitRule, row: Row, parts: Sequence[Row], name: str, found: Any) -> Refusal:
    """Both numbers and the difference for who may read all of them."""
    rules = unit.compiled.rules(rule.whole)
    if not is_open(unit, rule.whole, [row], name) or not is_open(unit, rule.part, parts, name):
        return Refusal(codes.SUMS_DIFFER_UNSEEN, {"object": rules.spoken}, None, rule.clause)
    kind = rules.fields[name].field.type
    whole = row[name] if row[name] is not None else Decimal(0)
    gap = kind.format(abs(whole - found), unit.reading)
    params = {
        "object": rules.spoken,
        "record": titles(unit, rule.whole, [row["id"]]).get(row["id"], f"#{row['id']}"),
        "title": rules.fields[name].spoken,
        "total": kind.format(whole, unit.reading),
        "sum": kind.format(found, unit.reading),
        "gap": (f"还差 {gap}", f"{gap} is missing") if whole > found else (f"多出 {gap}", f"{gap} too much"),
    }
    return Refusal(codes.SUMS_DIFFER, params, name, rule.clause)


def is_open(unit: Unit, object_name: str, rows: Sequence[Row], name: str) -> bool:
    """Whether the actor may read a field of all these records, unmasked."""
    rules = unit.compiled.rules(object_name)
    masked = unit.access.reads(object_name).masked
    return all(name in as_record(unit, rules, row) for row in rows) and name not in masked


def _ended(unit: Unit, rule: SplitRule, row: Row) -> Refusal:
    named = titles(unit, rule.whole, [row["id"]]).get(row["id"])
    params = {
        "object": unit.compiled.rules(rule.whole).spoken,
        "record": ("", "") if named is None else (f"“{named}”", f" “{named}”"),
        "part": unit.compiled.rules(rule.part).spoken,
        "must": MUST[rule.closing or "all"],
    }
    return Refusal(codes.WHOLE_CLOSED, params, None, rule.clause)
