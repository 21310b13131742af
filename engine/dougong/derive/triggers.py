"""Triggers, ready to run: an index from what happened to the triggers that wait for it, in declared order."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dougong_dsl.expression import Expression

from dougong.derive.moves import clause
from dougong.derive.programs import Program, TextProgram
from dougong.model.app import App
from dougong.model.flow import Action, AssignAction, CreateAction, Event, SetAction, TodoAction, Trigger

Compile = Callable[[Expression], Program]


@dataclass(frozen=True, slots=True)
class ActionRule:
    """One action with its expressions compiled; which of the parts are filled depends on the kind of action."""

    action: Action
    when: Program | None
    values: tuple[tuple[str, Program], ...] = ()
    text: TextProgram | None = None
    recipients: tuple[tuple[Program | None, str | None, str | None], ...] = ()  # (user, role, login)
    candidates: Program | None = None


@dataclass(frozen=True, slots=True)
class EventRule:
    """One event of one trigger."""

    event: Event
    from_value: Program | None
    to_value: Program | None


@dataclass(frozen=True, slots=True)
class TriggerRule:
    """One trigger as its object's writes see it; `order` is its place in the definition."""

    name: str
    order: int
    trigger: Trigger
    events: tuple[EventRule, ...]
    when: Program | None
    actions: tuple[ActionRule, ...]
    clause: str


def trigger_rules(app: App, object_name: str, compile: Compile, template: Callable[[Any], TextProgram]) -> tuple[TriggerRule, ...]:
    """The triggers that wait for something of this object, in declared order."""
    found = []
    for order, trigger in enumerate(app.triggers.values()):
        events = tuple(_event(e, compile) for e in trigger.events if e.object == object_name)
        if events:
            actions = tuple(_action(a, compile, template) for a in trigger.actions)
            when = compile(trigger.when) if trigger.when else None
            found.append(TriggerRule(trigger.name, order, trigger, events, when, actions, clause(trigger.place)))
    return tuple(found)


def by_kind(rules: tuple[TriggerRule, ...]) -> Mapping[str, tuple[TriggerRule, ...]]:
    """The triggers by kind of event."""
    kinds = ("created", "changed", "deleted", "entered", "left")
    return {kind: tuple(r for r in rules if any(e.event.kind == kind for e in r.events)) for kind in kinds}


def _event(event: Event, compile: Compile) -> EventRule:
    return EventRule(event, compile(event.from_value) if event.from_value else None, compile(event.to_value) if event.to_value else None)


def _action(action: Action, compile: Compile, template: Callable[[Any], TextProgram]) -> ActionRule:
    when = compile(action.when) if action.when else None
    match action:
        case SetAction() | CreateAction():
            return ActionRule(action, when, tuple((name, compile(e)) for name, e in action.values.items()))
        case TodoAction():
            recipients = tuple((compile(r.user) if r.user else None, r.role, r.login) for r in action.recipients)
            return ActionRule(action, when, text=template(action.text), recipients=recipients)
        case AssignAction():
            return ActionRule(action, when, candidates=compile(action.candidates) if action.candidates else None)
