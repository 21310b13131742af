"""Step 8: what the write sets off, in declared order, in the same transaction and through the same gate.

`me` in a trigger's expressions is the person whose write it was. Chains are followed to a depth of `MAX_DEPTH`; a longer one is a loop and
refuses the whole transaction with the triggers named. Every firing leaves a line in the trigger log.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dougong.derive.triggers import ActionRule, EventRule, TriggerRule
from dougong.model.flow import Event
from dougong.refusals import Refused, refuse
from dougong.runtime import refusals as codes
from dougong.runtime.firing import Firing
from dougong.runtime.gate import trigger_log
from dougong.runtime.gate.actions import HANDLERS, TOGETHER
from dougong.runtime.gate.actions.task import Outcome, Task
from dougong.runtime.gate.draft import Draft
from dougong.runtime.gate.seen import seen
from dougong.runtime.splits.settling import settle
from dougong.runtime.unit import Row, Unit

MAX_DEPTH = 10
NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Subject:
    """A record that sets a trigger off: as it is by now, and as it was before the write."""

    row: Row
    old: Row | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    names: Mapping[str, int] = field(default_factory=dict)  # what came in beside the record, by the name that expressions know


def run(draft: Draft, *, is_deletion: bool = False) -> None:
    """Fire the triggers that wait for what this draft did."""
    found = waiting(draft, is_deletion=is_deletion)
    for rule, event in found:
        _fire(draft.unit, rule, [Subject(draft.row, draft.old)], spoken(event))
    if found:
        trigger_log.flush(draft.unit)


def run_many(unit: Unit, drafts: Sequence[Draft]) -> None:
    """The same for many new records of one object: trigger by trigger, each over all the records that set it off."""
    found: dict[int, tuple[TriggerRule, str, list[Subject]]] = {}
    for draft in drafts:
        for rule, event in waiting(draft):
            found.setdefault(rule.order, (rule, spoken(event), []))[2].append(Subject(draft.row))
    for order in sorted(found):
        rule, said, subjects = found[order]
        _fire(unit, rule, subjects, said)
    trigger_log.flush(unit)


def fire(
    unit: Unit, rule: TriggerRule, row: Row, *, event: str, values: Mapping[str, Any] = NOTHING, names: Mapping[str, int] = NOTHING
) -> Firing | None:
    """Fire one trigger on one record, whatever it waits for; None when its condition is not true.

    For what happens by time: `event` says in words what happened (`deal overdue`), `values` go into the log beside those that the conditions
    saw. Raises `Refused` when an action is refused that must be done; then the transaction is spoiled (see `attempt`).
    """
    found = _fire(unit, rule, [Subject(row, None, values, names)], event)
    trigger_log.flush(unit)
    return found[0] if found else None


def attempt(
    unit: Unit, rule: TriggerRule, row: Row, *, event: str, values: Mapping[str, Any] = NOTHING, names: Mapping[str, int] = NOTHING
) -> Firing | Refused | None:
    """`fire`, where nobody is there to be refused: a refusal undoes what the trigger did, stands in the log, and comes back."""
    try:
        with unit.savepoint():
            fired = fire(unit, rule, row, event=event, values=values, names=names)
            settle(unit)
            return fired
    except Refused as refused:
        firing = _firing(unit, rule, Subject(row, None, values, names), event)
        trigger_log.note(unit, firing, refused)
        return refused


def rehearse(unit: Unit, rule: TriggerRule, row: Row) -> list[Firing]:
    """Fire a trigger as if its event had happened to the record, without a line in the log: its firing and those it set off.

    Nothing is asked of what was there before: `old` is the record as it is.
    """
    _fire(unit, rule, [Subject(row, row)], "rehearsal")
    return unit.firings


def waiting(draft: Draft, *, is_deletion: bool = False) -> list[tuple[TriggerRule, Event]]:
    """The triggers whose events happened, in declared order, each with the first of its events that did."""
    index = draft.rules.triggers
    kinds = ("deleted",) if is_deletion else ("created", "entered") if draft.old is None else ("changed", "entered", "left")
    kinds = kinds if draft.form is None else (*kinds, "submitted")
    found = {rule.order: rule for kind in kinds for rule in index[kind]}
    if not found:
        return []
    changed = frozenset() if draft.old is None else frozenset(draft.changed())
    happened = ((found[n], next((e.event for e in found[n].events if _happened(draft, e, kinds, changed)), None)) for n in sorted(found))
    return [(rule, event) for rule, event in happened if event is not None]


def _happened(draft: Draft, rule: EventRule, kinds: tuple[str, ...], changed: frozenset[str]) -> bool:
    event, row, old = rule.event, draft.row, draft.old
    if event.kind not in kinds:
        return False
    if event.kind == "submitted":
        return event.form == draft.form
    if event.kind == "entered":
        return bool(row[event.column] == event.stage and (old is None or old[event.column] != event.stage))
    if event.kind == "left":
        return bool(old is not None and old[event.column] == event.stage and row[event.column] != event.stage)
    if event.kind != "changed" or event.field is None:
        return True
    if event.field not in changed or old is None:
        return False
    context = draft.context
    return (rule.from_value is None or old[event.field] == rule.from_value(row, context)) and (
        rule.to_value is None or row[event.field] == rule.to_value(row, context)
    )


def spoken(event: Event) -> str:
    """An event as it is written: `deal created`, `deal.amount changed`, `deal entered won`."""
    if event.kind in _SPOKEN:
        return _SPOKEN[event.kind].format(event)
    field = event.field if event.column == "stage" else event.column
    of = event.object if field is None else f"{event.object}.{field}"
    return f"{of} {event.kind}" if event.stage is None else f"{of} {event.kind} {event.stage}"


_SPOKEN = {"submitted": "form {0.form} submitted", "message": "message on {0.channel}", "received": "webhook {0.webhook} received"}


def _fire(unit: Unit, rule: TriggerRule, subjects: Sequence[Subject], event: str) -> list[Firing]:
    """One trigger on the records as they are by now."""
    owner = rule.trigger.events[0].object
    tasks = []
    for subject in subjects:
        is_brought = owner in unit.brought  # what came in is no record: it is what it was, with the names it goes by
        row = subject.row if is_brought else unit.row(owner, subject.row["id"]) or subject.row
        if subject.names and not is_brought:
            row = Row(unit.compiled.rules(owner), unit, {**subject.names, **row})
        lens = unit.context(subject.old)
        if rule.when is None or rule.when(row, lens) is True:
            firing = _firing(unit, rule, Subject(row, subject.old, subject.values), event)
            tasks.append(Task(unit, firing, owner, row, lens, subject.names))
    if not tasks:
        return []
    if len(unit.chain) >= MAX_DEPTH:
        unit.is_spoiled = True
        raise refuse(codes.TRIGGER_LOOP, clause=rule.clause, loop=_loop([*(name for name, _ in unit.chain), rule.name]))
    unit.firings += [task.firing for task in tasks]
    actor, cause, chain = unit.actor, unit.cause, unit.chain
    try:
        for action in rule.actions:
            _perform(action, tasks)
    except Exception:
        unit.is_spoiled = True
        raise
    finally:
        unit.chain = chain
        unit.act(actor, cause)
    return [task.firing for task in tasks]


def _firing(unit: Unit, rule: TriggerRule, subject: Subject, event: str) -> Firing:
    cause = unit.cause
    owner = rule.trigger.events[0].object
    values = {**subject.values, **seen(unit, rule, subject.row, subject.old)}
    person = unit.person.id
    return Firing(rule.name, owner, subject.row["id"], event, rule.clause, unit.chain, values, person, cause.kind, cause.id)


def _perform(rule: ActionRule, tasks: Sequence[Task]) -> None:
    """One action for every record for which its condition is true, and what follows it."""
    wanted = []
    for task in tasks:
        fresh = task.renewed()
        if rule.when is None or rule.when(fresh.row, fresh.lens) is True:
            wanted.append(fresh)
        else:
            _note(rule, fresh, Outcome("skipped"))
    outcomes = _together(rule, wanted) or [_alone(rule, task) for task in wanted]
    going_on = []
    for task, outcome in zip(wanted, outcomes, strict=True):
        _note(rule, task, outcome)
        if outcome.word == "done":
            going_on.append(task.knowing(outcome.names))
    for following in rule.then if going_on else ():
        _perform(following, going_on)


def _together(rule: ActionRule, tasks: Sequence[Task]) -> list[Outcome] | None:
    """Many records at once, where the kind of action can; None when each has to go alone."""
    handler = TOGETHER.get(rule.action.key)
    if handler is None or len(tasks) < 2 or not rule.action.must:
        return None
    tasks[0].begin(rule.action)
    return handler(rule.action, tasks)


def _alone(rule: ActionRule, task: Task) -> Outcome:
    """One record; what may fail is tried in a savepoint."""
    task.begin(rule.action)
    handler = HANDLERS[rule.action.key]
    if rule.action.must:
        return handler(rule.action, task)
    try:
        with task.unit.savepoint():
            return handler(rule.action, task)
    except Refused as refused:
        return Outcome("refused", {"refusals": trigger_log.told(refused)})


def _note(rule: ActionRule, task: Task, outcome: Outcome) -> None:
    entry = {"action": rule.action.key, "clause": rule.clause, "outcome": outcome.word, **outcome.said}
    if rule.action.by_actor:
        entry["as"] = "actor"
    task.firing.did.append(entry)


def _loop(names: list[str]) -> str:
    """The shortest end of the chain that repeats itself, as `a → b → a`."""
    last = names[-1]
    back = next((i for i in range(len(names) - 2, -1, -1) if names[i] == last), 0)
    return " → ".join(names[back:])
