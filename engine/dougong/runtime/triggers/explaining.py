"""Why a trigger fired on a record, or did not: its event or its moment, its condition with the values it saw, what its actions did.

The condition is judged on the record as the event left it, so that the answer is about that event and not about today. What the person who
asks may not read is not told.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from dougong.derive.triggers import EventRule, TriggerRule
from dougong.model.flow import OF_WRITES
from dougong.runtime.gate import explain
from dougong.runtime.gate.draft import Draft
from dougong.runtime.gate.triggers import spoken
from dougong.runtime.triggers import asking, doors, moments, occurrences
from dougong.runtime.triggers.log import trigger_log
from dougong.runtime.triggers.occurrences import Write
from dougong.runtime.triggers.told import Entry, Explanation, Pair, Step
from dougong.runtime.unit import Row, Unit


def explain_trigger(unit: Unit, trigger: str, object: str, id: int) -> Explanation:
    """The whole answer; `Refused` R430, R431, R404 for who may not ask, or about what there is not."""
    asking.only_admins(unit)
    rule = asking.rule_named(unit, object, trigger)
    row = asking.record(unit, object, id)
    fired = trigger_log(unit, object, id, trigger, limit=1).entries
    write = _last(unit, rule, object, row)
    steps: list[Step] = [
        *_events(unit, rule, object, row, write),
        *moments.steps(unit, rule, object, row),
        *doors.steps(unit, rule, object, row),
    ]
    has_happened = any(step.holds for step in steps if step.about != "condition")
    if rule.trigger.when is not None:
        steps.append(_condition(unit, rule, object, write.row if write else row, write))
    steps += _fired(unit, fired)
    return Explanation(trigger, object, id, bool(fired), _verdict(unit, steps, fired, has_happened=has_happened), tuple(steps))


def _last(unit: Unit, rule: TriggerRule, object_name: str, row: Row) -> Write | None:
    """The last write that was one of the trigger's events."""
    events = [e for e in rule.events if e.event.kind in OF_WRITES]
    found = occurrences.writes(unit, object_name, row) if events else ()
    return next((w for w in found if any(occurrences.is_meant(unit, e, w) for e in events)), None)


def _events(unit: Unit, rule: TriggerRule, object_name: str, row: Row, last: Write | None) -> Iterator[Step]:
    for each in rule.events:
        if each.event.kind not in OF_WRITES:
            continue
        said, clause = spoken(each.event), f"{each.event.place.file}:{each.event.place.line}"
        if last is not None and occurrences.is_meant(unit, each, last):
            at = _time(unit, last.at)
            yield Step("event", True, (f"“{said}”最近一次发生在 {at}", f"“{said}” last happened at {at}"), clause)
        else:
            zh, en = _missing(unit, each, object_name, row)
            yield Step("event", False, (f"“{said}”没有发生过{zh}", f"“{said}” has not happened{en}"), clause)


def _missing(unit: Unit, rule: EventRule, object_name: str, row: Row) -> Pair:
    """What would have to be for the event to happen."""
    event = rule.event
    rules = unit.compiled.rules(object_name)
    track = next((t for t in rules.tracks if t.field == event.column), None)
    if event.stage is not None and track is not None:
        now, wanted = (track.stages[s].title for s in (row[track.field] or track.start, event.stage))
        if event.kind == "entered":
            return (
                f"：记录现在在“{now.zh}”，移到“{wanted.zh}”时才算",
                f": the record is in “{now.en}”; it counts when it moves to “{wanted.en}”",
            )
        return (
            f"：记录现在在“{now.zh}”，离开“{wanted.zh}”时才算",
            f": the record is in “{now.en}”; it counts when it leaves “{wanted.en}”",
        )
    if event.field is not None:
        zh, en = _near(unit, rule, object_name, row)
        title = rules.known[event.field].title if event.field in rules.known else None
        named = (title.zh, title.en) if title else (event.field, event.field)
        return (f"：“{named[0]}”变成符合的值时才算{zh}", f": it counts when “{named[1]}” changes as written{en}")
    return "", ""


def _near(unit: Unit, rule: EventRule, object_name: str, row: Row) -> Pair:
    """The last change of the field, which was not the one that is waited for."""
    found = ((w, occurrences.nearly(rule, w)) for w in occurrences.writes(unit, object_name, row))
    write, pair = next(((w, p) for w, p in found if p is not None), (None, None))
    if write is None or pair is None:
        return "；它还没有改动过", "; it has never been changed"
    before, after = ("-" if v is None else str(v) for v in (pair["from"], pair["to"]))
    return f"；最近一次是从 {before} 到 {after}", f"; the last change was from {before} to {after}"


def _condition(unit: Unit, rule: TriggerRule, object_name: str, row: Row, write: Write | None) -> Step:
    """Whether the condition held on the record as its event left it, or holds now."""
    when = rule.trigger.when
    assert when is not None and rule.when is not None
    draft = Draft(unit, unit.compiled.rules(object_name), write.old if write and write.old else row, {})
    draft.row = row
    clause = f"{when.source.place.file}:{when.source.place.line}"
    then = ("那时", "then") if write else ("现在", "now")
    if rule.when(row, draft.context) is True:
        return Step("condition", True, (f"条件{then[0]}成立", f"its condition holds {then[1]}"), clause)
    zh, en = explain.condition(draft, when, row)
    return Step("condition", False, (f"条件{then[0]}不成立，需要{zh}", f"its condition does not hold {then[1]}: it needs {en}"), clause)


def _fired(unit: Unit, fired: Sequence[Entry]) -> Iterator[Step]:
    for entry in fired:
        at = _time(unit, entry.at)
        if entry.refused is not None:
            zh, en = ("；".join(r["zh"] for r in entry.refused), "; ".join(r["en"] for r in entry.refused))
            yield Step("firing", False, (f"{at} 触发了，但被拒绝：{zh}", f"it fired at {at} and was refused: {en}"))
        else:
            yield Step("firing", True, (f"最近一次触发在 {at}", f"it last fired at {at}"))
        for did in entry.did:
            yield _did(did)


def _did(did: Mapping[str, Any]) -> Step:
    words = {
        "done": ("做了", "done"),
        "nothing": ("没有要做的", "nothing to do"),
        "skipped": ("条件不成立，跳过", "skipped, its condition did not hold"),
    }
    zh, en = words.get(str(did["outcome"]), ("被拒绝", "refused"))
    refusals = did.get("refusals") or ()
    zh += "".join(f"：{r['zh']}" for r in refusals)
    en += "".join(f": {r['en']}" for r in refusals)
    return Step("action", did["outcome"] == "done", (f"{did['action']}：{zh}", f"{did['action']}: {en}"), str(did["clause"]))


def _verdict(unit: Unit, steps: Sequence[Step], fired: Sequence[Entry], *, has_happened: bool) -> Pair:
    if fired:
        at = _time(unit, fired[0].at)
        return f"触发过，最近一次在 {at}", f"It has fired, last at {at}"
    if not has_happened and any(moments.is_lapsed(s) for s in steps):
        return (
            "没有触发：填上日期时它已经过去，过去的不再做",
            "It has not fired: its date had passed when it was filled in, and what has passed is not done",
        )
    if not has_happened:
        return "没有触发：它等的事情还没有发生", "It has not fired: what it waits for has not happened"
    if any(s.about == "condition" and s.holds is False for s in steps):
        return "没有触发：事情发生了，但条件不成立", "It has not fired: it happened, but the condition did not hold"
    return (
        "没有触发：事情发生时这条规则还没有，或者记录是直接放进去的",
        "It has not fired: when it happened the rule was not there yet, or the record was put there directly",
    )


def _time(unit: Unit, instant: datetime) -> str:
    return instant.astimezone(unit.reading.zone).strftime("%Y-%m-%d %H:%M:%S")
