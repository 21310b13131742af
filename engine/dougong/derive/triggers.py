"""Triggers, ready to run: an index from what happened to the triggers that wait for it, in declared order.

What stages do stands before the triggers: a record has left and entered before anybody else hears of it. The parts of an action are
compiled when they are first needed (`Compiled.program`), so a kind of action needs nothing here.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from dougong_dsl.expression import Expression

from dougong.derive.moves import clause
from dougong.derive.programs import Program
from dougong.model.actions import Action
from dougong.model.app import App
from dougong.model.flow import OF_WRITES, Event, Trigger
from dougong.model.stage_triggers import stage_triggers

Compile = Callable[[Expression], Program]


@dataclass(frozen=True, slots=True)
class ActionRule:
    """One action with its condition compiled, and those that follow it."""

    action: Action
    when: Program | None
    then: tuple["ActionRule", ...]
    clause: str


@dataclass(frozen=True, slots=True)
class EventRule:
    """One event of one trigger."""

    event: Event
    from_value: Program | None
    to_value: Program | None


@dataclass(frozen=True, slots=True)
class TriggerRule:
    """One trigger as its object's writes see it; `order` is its place in the definition, stages before all triggers."""

    name: str
    order: int
    trigger: Trigger
    events: tuple[EventRule, ...]
    when: Program | None
    actions: tuple[ActionRule, ...]
    clause: str


def trigger_rules(app: App, object_name: str, compile: Compile) -> tuple[TriggerRule, ...]:
    """What waits for something of this object: its stages, its approvals, then the triggers in declared order."""
    owner = app.objects[object_name]
    stages = [trigger for pipeline in owner.pipelines for trigger in stage_triggers(pipeline)]
    approvals = [t for a in app.approvals.values() if a.object == object_name for t in a.triggers()]
    own = [t for t in app.triggers.values() if any(e.object == object_name for e in t.events)]
    return tuple(
        trigger_rule(trigger, order - len(stages) - len(approvals), compile) for order, trigger in enumerate((*stages, *approvals, *own))
    )


def trigger_rule(trigger: Trigger, order: int, compile: Compile) -> TriggerRule:
    """One trigger, ready to run."""
    events = tuple(_event(e, compile) for e in trigger.events)
    when = compile(trigger.when) if trigger.when else None
    return TriggerRule(trigger.name, order, trigger, events, when, action_rules(trigger.actions, compile), clause(trigger.place))


def action_rules(actions: Iterable[Action], compile: Compile) -> tuple[ActionRule, ...]:
    """A list of actions, ready to run."""
    return tuple(ActionRule(a, compile(a.when) if a.when else None, action_rules(a.then, compile), clause(a.place)) for a in actions)


def by_kind(rules: tuple[TriggerRule, ...]) -> Mapping[str, tuple[TriggerRule, ...]]:
    """The triggers by kind of event, as far as a write is the event."""
    return {kind: tuple(r for r in rules if any(e.event.kind == kind for e in r.events)) for kind in OF_WRITES}


def _event(event: Event, compile: Compile) -> EventRule:
    return EventRule(event, compile(event.from_value) if event.from_value else None, compile(event.to_value) if event.to_value else None)
