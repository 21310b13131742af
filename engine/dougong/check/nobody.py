"""Checks over what time sets off: nobody acts then, so `me` is blank, and what asks for it is never true and reaches nobody."""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet

from dougong_dsl.codes import lints as codes
from dougong_dsl.diagnostics import Diagnostic
from dougong_dsl.expression import Expression

from dougong.check.conditions import place_of
from dougong.model.actions import Action, Recipient
from dougong.model.app import App
from dougong.model.flow import Pipeline, Trigger

Unsound = AbstractSet[tuple[str, str]]


def nobody_acts(app: App, unsound: Unsound) -> Iterator[Diagnostic]:
    """Whatever asks for `me` where only time can set it off."""
    for trigger in app.triggers.values():
        if ("triggers", trigger.name) not in unsound and all(event.moment is not None for event in trigger.events):
            yield from _told(_of_trigger(trigger))
    for owner in app.objects.values():
        for pipeline in owner.pipelines:
            if ("pipelines", pipeline.name) not in unsound:
                yield from _told(_of_deadlines(pipeline))


def _told(expressions: Iterable[Expression | None]) -> Iterator[Diagnostic]:
    for each in expressions:
        if each is not None and each.asks_user:
            yield codes.NOBODY_ACTS.at(place_of(each))


def _of_trigger(trigger: Trigger) -> Iterator[Expression | None]:
    yield trigger.when
    for event in trigger.events:
        yield None if event.moment is None else event.moment.where
    yield from _of_actions(trigger.actions)


def _of_deadlines(pipeline: Pipeline) -> Iterator[Expression | None]:
    for stage in pipeline.stages.values():
        yield from _of_actions(stage.on_overdue)
        for deadline in (stage.overdue, stage.review):
            if deadline is not None:
                yield from _of_actions(deadline.actions)
                for later in deadline.then:
                    yield from _of_actions(later.actions)


def _of_actions(actions: Iterable[Action]) -> Iterator[Expression | None]:
    for action in actions:
        yield action.when
        yield from action.expressions()
        recipients: tuple[Recipient, ...] = getattr(action, "recipients", ())
        for each in recipients:
            yield from (each.user, each.team_path)
        yield from _of_actions(action.then)


NOBODY_CHECKS = (nobody_acts,)
