"""Checks over triggers: none sets itself off for ever.

What stages do on entering and leaving takes part like triggers of their own: a chain may lead through both.
"""

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from itertools import pairwise

from dougong_dsl.codes import flow as codes
from dougong_dsl.diagnostics import Code, Diagnostic, Related

from dougong.model.actions import Action, CreateAction, MoveAction, SetAction, StartRecordAction
from dougong.model.app import App
from dougong.model.flow import Event, Trigger
from dougong.model.stage_triggers import stage_triggers

Unsound = AbstractSet[tuple[str, str]]


def endless_sets(app: App, unsound: Unsound) -> Iterator[Diagnostic]:
    """Triggers that, without any condition, change a field they wait for to something reckoned from the fields they change."""
    yield from _loops(app, unsound, _sets, codes.SET_LOOP)


def endless_creates(app: App, unsound: Unsound) -> Iterator[Diagnostic]:
    """Triggers that, without any condition, create records whose creation sets them off."""
    yield from _loops(app, unsound, _creates, codes.CREATE_LOOP)


def endless_moves(app: App, unsound: Unsound) -> Iterator[Diagnostic]:
    """Triggers and stages that, without any condition, move a record round and round."""
    yield from _loops(app, unsound, _moves, codes.MOVE_LOOP)


def _loops(app: App, unsound: Unsound, leads: Callable[[Trigger, Trigger], bool], code: Code) -> Iterator[Diagnostic]:
    """One diagnostic for each circle of triggers, at the trigger declared first."""
    triggers = {t.name: t for t in _sound(app, unsound) if t.when is None}
    follows = {t.name: [u.name for u in triggers.values() if leads(t, u)] for t in triggers.values()}
    reported: set[str] = set()
    for trigger in triggers.values():
        chain = None if trigger.name in reported else _circle(trigger.name, follows)
        if chain:
            reported.update(chain)
            links = pairwise(chain)
            related = [Related(triggers[one].place, f"`{one}` 触发 `{two}`", f"`{one}` sets off `{two}`") for one, two in links]
            yield code.at(trigger.place, related=related, chain=" → ".join(chain))


def _sound(app: App, unsound: Unsound) -> Iterator[Trigger]:
    yield from (t for t in app.triggers.values() if ("triggers", t.name) not in unsound)
    for owner in app.objects.values():
        for pipeline in owner.pipelines:
            if ("pipelines", pipeline.name) not in unsound:
                yield from stage_triggers(pipeline)


def _circle(start: str, follows: Mapping[str, list[str]]) -> list[str] | None:
    """The shortest way from a trigger back to itself."""
    paths = [[start]]
    seen: set[str] = set()
    for path in paths:
        for following in follows[path[-1]]:
            if following == start:
                return [*path, start]
            if following not in seen:
                seen.add(following)
                paths.append([*path, following])
    return None


def _always(actions: tuple[Action, ...]) -> Iterator[Action]:
    """The actions that are done whenever the trigger fires."""
    for action in actions:
        if action.when is None:
            yield action
            yield from _always(action.then)


def _sets(first: Trigger, second: Trigger) -> bool:
    """Whether `first` changes a field that `second` waits for, to a value that moves with what `second` sets."""
    if first.events[0].object != second.events[0].object:
        return False
    moving = {name for action in _always(second.actions) if isinstance(action, SetAction) for name in action.values}
    for action in _always(first.actions):
        for name, value in action.values.items() if isinstance(action, SetAction) else ():
            if any(_waits(event, name) for event in second.events) and any(path[0] in moving for path in value.uses if path):
                return True
    return False


def _waits(event: Event, name: str) -> bool:
    return event.kind == "changed" and event.field in (None, name) and event.from_value is None and event.to_value is None


def _creates(first: Trigger, second: Trigger) -> bool:
    """Whether `first` creates records that set `second` off."""
    always = _always(first.actions)
    made = {a.object for a in always if isinstance(a, CreateAction) or (isinstance(a, StartRecordAction) and a.again)}
    return any(event.kind == "created" and event.object in made for event in second.events)


def _moves(first: Trigger, second: Trigger) -> bool:
    """Whether `first` moves records to a stage whose entering sets `second` off, and nothing but that does."""
    reached = {(action.column, action.stage) for action in _always(first.actions) if isinstance(action, MoveAction)}
    same = first.events[0].object == second.events[0].object
    return (
        same
        and all(event.kind == "entered" for event in first.events)
        and any(e.kind == "entered" and (e.column, e.stage) in reached for e in second.events)
    )


TRIGGER_CHECKS = (endless_sets, endless_creates, endless_moves)
