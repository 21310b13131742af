"""Step 8: what the write sets off, in declared order, in the same transaction and through the same gate, as the system.

`me` in a trigger's expressions is the person whose write it was. Chains are followed to a depth of `MAX_DEPTH`; a longer one is a loop and
refuses the whole transaction with the triggers named.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dougong.derive.triggers import ActionRule, EventRule, TriggerRule
from dougong.model.flow import AssignAction, CreateAction, SetAction, TodoAction
from dougong.refusals import refuse
from dougong.runtime import refusals as codes
from dougong.runtime.actor import Cause, system_for
from dougong.runtime.gate import recipients
from dougong.runtime.gate.draft import Draft
from dougong.runtime.unit import Lens, Row, Unit

MAX_DEPTH = 10


@dataclass(frozen=True, slots=True)
class Writes:
    """The gate itself, for the writes that triggers make."""

    create: Callable[[Unit, str, Mapping[str, Any]], object]
    update: Callable[[Unit, str, int, Mapping[str, Any]], object]


def run(draft: Draft, writes: Writes, *, is_deletion: bool = False) -> None:
    """Fire the triggers that wait for what this draft did."""
    for rule in waiting(draft, is_deletion=is_deletion):
        fire(draft, rule, writes)


def waiting(draft: Draft, *, is_deletion: bool = False) -> list[TriggerRule]:
    """The triggers whose events happened, in declared order."""
    index = draft.rules.triggers
    kinds = ("deleted",) if is_deletion else ("created", "entered") if draft.old is None else ("changed", "entered", "left")
    found = {rule.order: rule for kind in kinds for rule in index[kind]}
    if not found:
        return []
    changed = frozenset() if draft.old is None else frozenset(draft.changed())
    return [found[n] for n in sorted(found) if any(_happened(draft, e, kinds, changed) for e in found[n].events)]


def _happened(draft: Draft, rule: EventRule, kinds: tuple[str, ...], changed: frozenset[str]) -> bool:
    event, row, old = rule.event, draft.row, draft.old
    if event.kind not in kinds:
        return False
    if event.kind == "entered":
        return bool(row["stage"] == event.stage and (old is None or draft.is_move))
    if event.kind == "left":
        return bool(draft.is_move and old is not None and old["stage"] == event.stage)
    if event.kind != "changed" or event.field is None:
        return True
    if event.field not in changed or old is None:
        return False
    context = draft.context
    return (rule.from_value is None or old[event.field] == rule.from_value(row, context)) and (
        rule.to_value is None or row[event.field] == rule.to_value(row, context)
    )


def fire(draft: Draft, rule: TriggerRule, writes: Writes) -> None:
    """One trigger on the record as it is by now."""
    unit, record_id = draft.unit, draft.row["id"]
    row = unit.row(draft.rules.name, record_id) or draft.row
    lens = unit.context(draft.old)
    if rule.when is not None and rule.when(row, lens) is not True:
        return
    if len(unit.chain) >= MAX_DEPTH:
        unit.is_spoiled = True
        raise refuse(codes.TRIGGER_LOOP, clause=rule.clause, loop=_loop([*(name for name, _ in unit.chain), rule.name]))
    actor, cause, chain = unit.actor, unit.cause, unit.chain
    unit.chain = (*chain, (rule.name, record_id))
    unit.act(system_for(actor), Cause("trigger", rule.name, cause.happened_at))
    try:
        for action in rule.actions:
            row = unit.row(draft.rules.name, record_id) or draft.row
            if action.when is None or action.when(row, lens) is True:
                act(unit, writes, draft, action, row, lens)
    except Exception:
        unit.is_spoiled = True
        raise
    finally:
        unit.chain = chain
        unit.act(actor, cause)


def act(unit: Unit, writes: Writes, draft: Draft, rule: ActionRule, row: Row, lens: Lens) -> None:
    """One action of a trigger about `row`."""
    name, record_id = draft.rules.name, row["id"]
    match rule.action:
        case SetAction():
            writes.update(unit, name, record_id, {n: program(row, lens) for n, program in rule.values})
        case CreateAction():
            named = Row(draft.rules, unit, {name: record_id, **row})  # the record goes by its object's name, too
            writes.create(unit, rule.action.object, {n: program(named, lens) for n, program in rule.values})
        case AssignAction():
            chosen = recipients.assignee(unit, name, rule, row)
            if chosen is not None:
                writes.update(unit, name, record_id, {rule.action.field: chosen})
        case TodoAction():
            _todo(unit, name, rule, row, lens)


def _todo(unit: Unit, object_name: str, rule: ActionRule, row: Row, lens: Lens) -> None:
    assert rule.text is not None
    zh, en = rule.text(row, lens)
    for user_id in recipients.people(unit, rule, row, lens):
        values: dict[str, Any] = {
            "for_user": user_id,
            "object": object_name,
            "record_id": row["id"],
            "text": zh,
            "text_en": en if en != zh else None,
            "created_at": unit.driver_now,
            "trigger": unit.cause.id,
        }
        unit.connection.run(unit.compiled.statements.todo, values)


def _loop(names: list[str]) -> str:
    """The shortest end of the chain that repeats itself, as `a → b → a`."""
    last = names[-1]
    back = next((i for i in range(len(names) - 2, -1, -1) if names[i] == last), 0)
    return " → ".join(names[back:])
