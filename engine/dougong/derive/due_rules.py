"""The due rules of an app's objects, from deadlines of stages and from triggers that wait for a moment."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from dougong_dsl.titles import Title
from dougong_dsl.working import Amount

from dougong.derive.dues import Calendars, DateRule, DueRule, ScheduleRule, SilenceRule, StageClock, StageRule, StreakRule
from dougong.derive.moves import clause
from dougong.derive.pool_dues import pool_rules
from dougong.derive.programs import compile_program
from dougong.derive.triggers import Compile, TriggerRule, trigger_rule
from dougong.model.actions import Action
from dougong.model.app import App, Object
from dougong.model.due_fields import OVERDUE
from dougong.model.dues import Deadline, Moment
from dougong.model.flow import Event, Stage, Trigger

_STAGE = frozenset(("stage", "stage_since"))


@dataclass(frozen=True, slots=True)
class ObjectDues:
    """What falls due of one object: `deadline` gives its `due_at`, `own` are the rules about its records, `schedules` repeat for them.

    `others` are rules about records of other objects that its records move; `chosen` are the objects whose deadlines run on a calendar that
    fields of its records choose (a user's, a team's), with these fields.
    """

    deadline: StageRule | None
    own: tuple[DueRule, ...]
    schedules: tuple[ScheduleRule, ...]
    others: tuple[DueRule, ...]
    chosen: tuple[tuple[str, frozenset[str]], ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing about the object happens by time."""
        return not (self.own or self.others or self.schedules or self.deadline or self.chosen)


def object_dues(app: App, target: Object, compile: Compile = compile_program) -> ObjectDues:
    """Every rule that a write of one object concerns."""
    maker = _Maker(app, target, compile)
    found = list(maker.rules())
    return ObjectDues(
        maker.deadline(),
        tuple(r for r in found if not isinstance(r, ScheduleRule)),
        tuple(r for r in found if isinstance(r, ScheduleRule)),
        tuple(_moved_by(app, target, compile)),
        tuple((name, fields) for name in app.objects if (fields := frozenset(_chosen_by(app, target, app.objects[name])))),
    )


def _chosen_by(app: App, target: Object, owner: Object) -> Iterator[str]:
    """The fields of `target` over which deadlines of `owner` come to their calendar: `calendar` of users for `owner.calendar`."""
    for stage in owner.pipeline.stages.values() if owner.pipeline else ():
        for deadline in (stage.overdue, stage.review):
            for path in deadline.calendar_of.uses if deadline is not None and deadline.calendar_of is not None else ():
                yield from _fields_of(app, target, owner, path)


def _fields_of(app: App, target: Object, owner: Object, path: tuple[str, ...]) -> Iterator[str]:
    """What a path reads of `target` behind a link."""
    here: Object | None = owner
    for hops, name in enumerate(path):
        if here is None or name not in here.fields:
            return
        if hops and here.name == target.name:
            yield name
        here = app.objects.get(here.fields[name].type.target or "")


def _moved_by(app: App, child: Object, compile: Compile) -> Iterator[DueRule]:
    """Rules about records of whatever object that records of `child` move."""
    for trigger in app.triggers.values():
        for position, event in enumerate(trigger.events):
            if event.moment is not None and event.moment.child == child.name:
                fires = trigger_rule(trigger, 0, compile)
                yield _Maker(app, app.objects[event.object], compile).moment(trigger, fires, position, event.moment)
    for owner in dict.fromkeys(pool.object for pool in app.pools.values()):
        maker = _Maker(app, app.objects[owner], compile)
        yield from (rule for rule in pool_rules(app, maker.target, compile, maker.moment) if rule.child == child.name)


class _Maker:
    def __init__(self, app: App, target: Object, compile: Compile) -> None:
        self.app, self.target, self.compile = app, target, compile
        self.calendars = Calendars(app.calendars, app.calendar)
        stages = target.pipeline.stages.values() if target.pipeline else ()
        self.stages: Mapping[str, Stage] = {s.name: s for s in stages}
        self.waiting = frozenset(s.name for s in stages if s.kind == "waiting")
        self.former = {s.was: s.name for s in stages if s.was is not None and s.was not in self.stages}

    def deadline(self) -> StageRule | None:
        """The rule that gives `due_at`; None for an object without deadlines."""
        if OVERDUE not in self.target.fields or self.target.pipeline is None:
            return None
        deadlines = [s.overdue for s in self.stages.values() if s.overdue is not None]
        return StageRule(
            key="stage",
            object=self.target.name,
            clause=clause(self.target.pipeline.place),
            needs=_STAGE.union(*(_needs(d) for d in deadlines)),
            clocks={n: self._clock(s, s.overdue, (s.overdue.amount,)) for n, s in self.stages.items() if s.overdue is not None},
            kind="overdue",
        )

    def rules(self) -> Iterator[DueRule]:
        """Rules that something follows from, in declared order: stages, then triggers."""
        for stage in self.stages.values():
            for deadline in (stage.overdue, stage.review):
                if deadline is not None:
                    yield from self._steps(stage, deadline)
        for trigger in self.app.triggers.values():
            for position, event in enumerate(trigger.events):
                if event.moment is not None and event.object == self.target.name:
                    yield self.moment(trigger, trigger_rule(trigger, 0, self.compile), position, event.moment)
        yield from pool_rules(self.app, self.target, self.compile, self.moment)

    def _steps(self, stage: Stage, deadline: Deadline) -> Iterator[StageRule]:
        """The deadline itself and what follows from it later."""
        first = (*deadline.actions, *(stage.on_overdue if deadline.kind == "overdue" else ()))
        steps = [(deadline.amount, first), *((e.amount, e.actions) for e in deadline.then)]
        amounts: tuple[Amount, ...] = ()
        for number, (amount, actions) in enumerate(steps):
            amounts = (*amounts, amount)
            if not actions:
                continue
            key = f"stage:{stage.name}:{deadline.kind}" + (f":{number}" if number else "")
            kind = deadline.kind if number == 0 or deadline.kind == "review" else "escalation"
            yield StageRule(
                key=key,
                object=self.target.name,
                clause=clause(deadline.place),
                event=f"{self.target.name} {'overdue' if deadline.kind == 'overdue' else 'due for review'} in {stage.name}",
                needs=_STAGE | _needs(deadline),
                amounts=amounts,
                fires=self._fires(key, stage, deadline, actions),
                clocks={stage.name: self._clock(stage, deadline, amounts)},
                kind=kind,
            )

    def _fires(self, key: str, stage: Stage, deadline: Deadline, actions: tuple[Action, ...]) -> TriggerRule:
        zh, en = ("超期", "is overdue") if deadline.kind == "overdue" else ("到了复查时间", "is due for review")
        title = Title(f"“{stage.title.zh}”{zh}", f"“{stage.title.en}” {en}")
        event = Event("overdue", self.target.name, deadline.place, stage=stage.name)
        return trigger_rule(Trigger(key, title, (event,), actions, deadline.place), 0, self.compile)

    def _clock(self, stage: Stage, deadline: Deadline | None, amounts: tuple[Amount, ...]) -> StageClock:
        calendars = self.calendars
        if deadline is not None and (deadline.calendar is not None or deadline.calendar_of is not None):
            choose = None if deadline.calendar_of is None else self.compile(deadline.calendar_of)
            said = None if deadline.calendar_of is None else deadline.calendar_of.source.text
            calendars = Calendars(self.app.calendars, self.app.calendar, deadline.calendar, choose, said)
        return StageClock(self.target.name, stage.name, amounts, calendars, self.waiting, self.former)

    def moment(self, trigger: Trigger, fires: TriggerRule, position: int, moment: Moment) -> DueRule:
        """The rule of one event of a trigger."""
        common: dict[str, Any] = {
            "key": f"{'schedule' if moment.kind == 'every' else 'trigger'}:{trigger.name}:{position}",
            "object": self.target.name,
            "clause": clause(moment.place),
            "event": said(moment),
            "fires": fires,
            "amounts": () if moment.amount is None else (moment.amount,),
        }
        match moment.kind:
            case "every":
                assert moment.recurrence is not None
                return ScheduleRule(**common, recurrence=moment.recurrence, calendar=self.app.calendar, where=moment.where)
            case "overdue":
                found = self.deadline()
                assert found is not None
                return StageRule(**common, needs=found.needs, clocks=found.clocks, kind="overdue")
            case "stays":
                assert moment.stage is not None
                clock = self._clock(self.stages[moment.stage], None, common["amounts"])
                return StageRule(**common, needs=_STAGE, clocks={moment.stage: clock}, kind="stays")
            case "before" | "after":
                assert moment.field is not None
                sign, at = -1 if moment.kind == "before" else 1, None if moment.recurrence is None else moment.recurrence.at
                needs = frozenset((moment.field,))
                return DateRule(**common, field=moment.field, needs=needs, sign=sign, at=at, calendars=self.calendars)
            case "without":
                return self._silence(common, moment)
        assert moment.child is not None and moment.through is not None and moment.field is not None
        return StreakRule(**common, child=moment.child, through=moment.through, field=moment.field, times=moment.times)

    def _silence(self, common: dict[str, Any], moment: Moment) -> SilenceRule:
        needs = frozenset((moment.field,)) if moment.field is not None else frozenset[str]()
        where: dict[str, Any] = {"child": moment.child, "through": moment.through, "field": moment.field}
        what: Literal["update", "field", "records"] = "update"
        if moment.child is not None or moment.field is not None:
            what = "field" if moment.child is None else "records"
        return SilenceRule(**common, **where, needs=needs, what=what, calendars=self.calendars)


def _needs(deadline: Deadline) -> frozenset[str]:
    found = deadline.calendar_of
    return frozenset() if found is None else frozenset(path[0] for path in found.uses)


def said(moment: Moment) -> str:
    """A moment as a trigger says it: `customer without visit for 30 days`."""
    amount = "" if moment.amount is None else moment.amount.words()[1]
    match moment.kind:
        case "before" | "after":
            return f"{amount} {moment.kind} {moment.object}.{moment.field}"
        case "stays":
            return f"{moment.object} in {moment.stage} for {amount}"
        case "without":
            return f"{moment.object} without {moment.child or moment.field or 'update'} for {amount}"
        case "had":
            return f"{moment.object} had {moment.child}.{moment.field} {moment.times} times in a row"
    return f"{moment.object} {moment.kind}"
