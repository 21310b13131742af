"""Checks over triggers: none sets itself off for ever."""

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from itertools import pairwise

from dougong_dsl.codes import flow as codes
from dougong_dsl.diagnostics import Code, Diagnostic, Related

from dougong.model.app import App
from dougong.model.flow import CreateAction, SetAction, Trigger

Unsound = AbstractSet[tuple[str, str]]


def endless_sets(app: App, unsound: Unsound) -> Iterator[Diagnostic]:
    """Triggers that, without any condition, change a field they wait for to something reckoned from the fields they change."""
    yield from _loops(app, unsound, _sets, codes.SET_LOOP)


def endless_creates(app: App, unsound: Unsound) -> Iterator[Diagnostic]:
    """Triggers that, without any condition, create records whose creation sets them off."""
    yield from _loops(app, unsound, _creates, codes.CREATE_LOOP)


def _loops(app: App, unsound: Unsound, leads: Callable[[Trigger, Trigger], bool], code: Code) -> Iterator[Diagnostic]:
    """One diagnostic for each circle of triggers, at the trigger declared first."""
    triggers = [t for t in app.triggers.values() if ("triggers", t.name) not in unsound and t.when is None]
    follows = {t.name: [u.name for u in triggers if leads(t, u)] for t in triggers}
    reported: set[str] = set()
    for trigger in triggers:
        chain = None if trigger.name in reported else _circle(trigger.name, follows)
        if chain:
            reported.update(chain)
            links = pairwise(chain)
            related = [Related(app.triggers[one].place, f"`{one}` 触发 `{two}`", f"`{one}` sets off `{two}`") for one, two in links]
            yield code.at(trigger.place, related=related, chain=" → ".join(chain))


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


def _sets(first: Trigger, second: Trigger) -> bool:
    """Whether `first` changes a field that `second` waits for, to a value that moves with what `second` sets."""
    moving = {name for action in second.actions if isinstance(action, SetAction) for name in action.values}
    for action in first.actions:
        if not isinstance(action, SetAction) or action.when is not None or first.events[0].object != second.events[0].object:
            continue
        for name, value in action.values.items():
            waits = any(
                e.kind == "changed" and e.field in (None, name) and e.from_value is None and e.to_value is None for e in second.events
            )
            if waits and any(path[0] in moving for path in value.uses if path):
                return True
    return False


def _creates(first: Trigger, second: Trigger) -> bool:
    """Whether `first` creates records that set `second` off."""
    made = {action.object for action in first.actions if isinstance(action, CreateAction) and action.when is None}
    return any(event.kind == "created" and event.object in made for event in second.events)


TRIGGER_CHECKS = (endless_sets, endless_creates)
