"""Checks over deadlines: nothing has more time than the stage in which it is to be done."""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from datetime import timedelta
from decimal import Decimal

from dougong_dsl.codes import dues as codes
from dougong_dsl.diagnostics import Diagnostic, Related
from dougong_dsl.expression import Expression
from dougong_dsl.expression.typed import Call, Constant, Now, Shift, ShiftMonths, Today, WorkShift
from dougong_dsl.working import Amount

from dougong.check.conditions import place_of
from dougong.model.actions import Action, CreateAction, StartRecordAction, TodoAction
from dougong.model.app import App
from dougong.model.flow import Pipeline, Stage

Unsound = AbstractSet[tuple[str, str]]
_HOURS = {"seconds": 1 / 3600, "minutes": 1 / 60, "hours": 1, "days": 24, "weeks": 7 * 24}
_MONTH = 28, 31  # days, at least and at most
_YEAR = 365, 366


def certainly_longer(first: Amount, second: Amount) -> bool:
    """Whether a time is longer than another, whatever the calendar; False where nobody can say."""
    if first.working == second.working and first.unit == second.unit:
        return first.count > second.count
    if second.working or (first.working and first.unit == "days"):
        return False
    return _hours(first, 0) > _hours(second, 1)  # a working hour takes at least an hour


def _hours(amount: Amount, at_most: int) -> float:
    each = {**_HOURS, "months": _MONTH[at_most] * 24, "years": _YEAR[at_most] * 24}
    return amount.count * each[amount.unit]


def long_todos(app: App, unsound: Unsound) -> Iterator[Diagnostic]:
    """To-dos of a stage that are due only after the stage is overdue."""
    for owner in app.objects.values():
        for pipeline, stage in ((p, s) for p in owner.pipelines for s in p.stages.values()):
            for todo in _todos([*stage.on_enter, *_entering(app, pipeline, stage, unsound)]):
                yield from _told(stage, todo)


def late_reviews(app: App, unsound: Unsound) -> Iterator[Diagnostic]:
    """Waiting stages that are looked at again only after they are overdue."""
    for owner in app.objects.values():
        for stage in (stage for pipeline in owner.pipelines for stage in pipeline.stages.values()):
            if (
                stage.review
                and stage.overdue
                and not (stage.review.field or stage.overdue.field)
                and certainly_longer(stage.review.amount, stage.overdue.amount)
            ):
                related = [Related(stage.overdue.place, "阶段的时限", "the stage's deadline")]
                what = "复查（review）", "The review"
                yield codes.OUTLASTS_DEADLINE.at(stage.review.place, related=related, what=what, stage=stage.name)


def _told(stage: Stage, todo: TodoAction) -> Iterator[Diagnostic]:
    due = None if todo.due is None or (stage.overdue and stage.overdue.field) else _from_now(todo.due)
    if due is not None and todo.due is not None and stage.overdue is not None and certainly_longer(due, stage.overdue.amount):
        related = [Related(stage.overdue.place, "阶段的时限", "the stage's deadline")]
        yield codes.OUTLASTS_DEADLINE.at(place_of(todo.due), related=related, what=("这条待办", "This to-do"), stage=stage.name)


def _entering(app: App, pipeline: Pipeline, stage: Stage, unsound: Unsound) -> Iterator[Action]:
    """What triggers do that wait for nothing but records entering a stage."""
    for trigger in app.triggers.values():
        events = {(event.kind, event.object, event.column, event.stage) for event in trigger.events}
        if ("triggers", trigger.name) not in unsound and events == {("entered", pipeline.object, pipeline.field, stage.name)}:
            yield from trigger.actions


def _todos(actions: Iterable[Action]) -> Iterator[TodoAction]:
    """The to-dos about the record itself."""
    for action in actions:
        if isinstance(action, TodoAction):
            yield action
        if not isinstance(action, CreateAction | StartRecordAction):  # what follows there is about the new record
            yield from _todos(action.then)


def _from_now(due: Expression) -> Amount | None:
    """The time from now that an expression such as `now + 3 days` says; None for any other."""
    match due.root:
        case Call(function="WORKDAY", arguments=(Today(), Constant(value=Decimal() | int() as count), *_)) if count >= 0:
            return Amount(int(count), "days", working=True)
        case WorkShift(base=Now(), days=int() as count, sign=1):
            return Amount(count, "days", working=True)
        case Shift(base=Now() | Today(), amount=Constant(value=timedelta() as time), sign=1) if time >= timedelta():
            return Amount(int(time.total_seconds()), "seconds")
        case Shift(base=Today(), amount=Constant(value=Decimal() | int() as count), sign=1) if count >= 0:
            return Amount(int(count), "days")
        case ShiftMonths(base=Now() | Today(), months=Constant(value=Decimal() | int() as count), sign=1) if count >= 0:
            return Amount(int(count), "months")
    return None


DEADLINE_CHECKS = (long_todos, late_reviews)
