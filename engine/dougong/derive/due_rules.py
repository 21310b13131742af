"""The due rules of an app's objects, from deadlines of stages and from triggers that wait for a moment."""

from collections.abc import Iterator
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
from dougong.model.dues import Deadline, Moment
from dougong.model.flow import Event, Pipeline, Stage, Trigger, former_stages
from dougong.model.stage_triggers import stage_rule


@dataclass(frozen=True, slots=True)
class ObjectDues:
    """What falls due of one object: `deadlines` give the `due_at` of its pipelines, `own` are the rules about its records, `schedules` repeat
    for them.

    `others` are rules about records of other objects that its records move; `chosen` are the objects whose deadlines run on a calendar that
    fields of its records choose (a user's, a team's), with these fields.
    """

    deadlines: tuple[StageRule, ...]
    own: tuple[DueRule, ...]
    schedules: tuple[ScheduleRule, ...]
    others: tuple[DueRule, ...]
    chosen: tuple[tuple[str, frozenset[str]], ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing about the object happens by time."""
        return not (self.own or self.others or self.schedules or self.deadlines or self.chosen)


def object_dues(app: App, target: Object, compile: Compile = compile_program) -> ObjectDues:
    """Every rule that a write of one object concerns."""
    maker = _Maker(app, target, compile)
    found = list(maker.rules())
    return ObjectDues(
        tuple(maker.deadline(pipeline) for pipeline in target.pipelines if pipeline.overdue in target.fields),
        tuple(r for r in found if not isinstance(r, ScheduleRule)),
        tuple(r for r in found if isinstance(r, ScheduleRule)),
        tuple(_moved_by(app, target, compile)),
        tuple((name, fields) for name in app.objects if (fields := frozenset(_chosen_by(app, target, app.objects[name])))),
    )


def _chosen_by(app: App, target: Object, owner: Object) -> Iterator[str]:
    """The fields of `target` over which deadlines of `owner` come to their calendar: `calendar` of users for `owner.calendar`."""
    for stage in (stage for pipeline in owner.pipelines for stage in pipeline.stages.values()):
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

    def deadline(self, pipeline: Pipeline) -> StageRule:
        """The rule that gives `due_at` of a pipeline with deadlines."""
        timed = {n: (s, s.overdue) for n, s in pipeline.stages.items() if s.overdue is not None}
        return StageRule(
            key=pipeline.field,
            object=self.target.name,
            clause=clause(pipeline.place),
            needs=_cells(pipeline).union(*(_needs(d) for _, d in timed.values())),
            pipeline=pipeline,
            clocks={n: self._clock(pipeline, s, d, (d.amount,)) for n, (s, d) in timed.items()},
            kind="overdue",
        )

    def rules(self) -> Iterator[DueRule]:
        """Rules that something follows from, in declared order: stages, then triggers."""
        for pipeline in self.target.pipelines:
            for stage in pipeline.stages.values():
                for deadline in (stage.overdue, stage.review):
                    if deadline is not None:
                        yield from self._steps(pipeline, stage, deadline)
        for trigger in self.app.triggers.values():
            for position, event in enumerate(trigger.events):
                if event.moment is not None and event.object == self.target.name:
                    yield self.moment(trigger, trigger_rule(trigger, 0, self.compile), position, event.moment)
        yield from pool_rules(self.app, self.target, self.compile, self.moment)

    def _steps(self, pipeline: Pipeline, stage: Stage, deadline: Deadline) -> Iterator[StageRule]:
        """The deadline itself and what follows from it later."""
        first = (*deadline.actions, *(stage.on_overdue if deadline.kind == "overdue" else ()))
        steps = [(deadline.amount, first), *((e.amount, e.actions) for e in deadline.then)]
        amounts: tuple[Amount, ...] = ()
        for number, (amount, actions) in enumerate(steps):
            amounts = (*amounts, amount)
            if not actions:
                continue
            key = stage_rule(pipeline, stage, deadline.kind) + (f":{number}" if number else "")
            kind = deadline.kind if number == 0 or deadline.kind == "review" else "escalation"
            yield StageRule(
                key=key,
                object=self.target.name,
                clause=clause(deadline.place),
                event=f"{self.target.name} {_SAID[deadline.kind]} in {pipeline.qualified(stage.name)}",
                needs=_cells(pipeline) | _needs(deadline),
                amounts=amounts,
                fires=self._fires(key, pipeline, stage, deadline, actions),
                pipeline=pipeline,
                clocks={stage.name: self._clock(pipeline, stage, deadline, amounts)},
                kind=kind,
            )

    def _fires(self, key: str, pipeline: Pipeline, stage: Stage, deadline: Deadline, actions: tuple[Action, ...]) -> TriggerRule:
        zh, en = ("超期", "is overdue") if deadline.kind == "overdue" else ("到了复查时间", "is due for review")
        title = Title(f"“{stage.title.zh}”{zh}", f"“{stage.title.en}” {en}")
        event = Event("overdue", self.target.name, deadline.place, stage=stage.name, column=pipeline.field)
        return trigger_rule(Trigger(key, title, (event,), actions, deadline.place), 0, self.compile)

    def _clock(self, pipeline: Pipeline, stage: Stage, deadline: Deadline | None, amounts: tuple[Amount, ...]) -> StageClock:
        calendars = self.calendars
        planned = None if deadline is None else deadline.field
        if deadline is not None and (deadline.calendar is not None or deadline.calendar_of is not None):
            choose = None if deadline.calendar_of is None else self.compile(deadline.calendar_of)
            said = None if deadline.calendar_of is None else deadline.calendar_of.source.text
            calendars = Calendars(self.app.calendars, self.app.calendar, deadline.calendar, choose, said)
        return StageClock(pipeline, stage.name, amounts, calendars, pipeline.waiting, dict(former_stages(pipeline)), planned)

    def _pipeline(self, moment: Moment) -> Pipeline:
        return next(p for p in self.target.pipelines if p.field == moment.column)

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
                found = self.deadline(self._pipeline(moment))
                return StageRule(**common, needs=found.needs, pipeline=found.pipeline, clocks=found.clocks, kind="overdue")
            case "stays":
                assert moment.stage is not None
                pipeline = self._pipeline(moment)
                clock = self._clock(pipeline, pipeline.stages[moment.stage], None, common["amounts"])
                return StageRule(**common, needs=_cells(pipeline), pipeline=pipeline, clocks={moment.stage: clock}, kind="stays")
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


_SAID = {"overdue": "overdue", "review": "due for review"}


def _cells(pipeline: Pipeline) -> frozenset[str]:
    return frozenset((pipeline.field, pipeline.since))


def _needs(deadline: Deadline) -> frozenset[str]:
    found = deadline.calendar_of
    planned = frozenset() if deadline.field is None else frozenset((deadline.field,))
    return planned if found is None else planned | {path[0] for path in found.uses}


def said(moment: Moment) -> str:
    """A moment as a trigger says it: `customer without visit for 30 days`."""
    amount = "" if moment.amount is None else moment.amount.words()[1]
    match moment.kind:
        case "every":
            return "" if moment.recurrence is None else moment.recurrence.words()
        case "before" | "after":
            return f"{amount} {moment.kind} {moment.object}.{moment.field}"
        case "stays":
            stage = moment.stage if moment.column == "stage" else f"{moment.column}.{moment.stage}"
            return f"{moment.object} in {stage} for {amount}"
        case "without":
            return f"{moment.object} without {moment.child or moment.field or 'update'} for {amount}"
        case "had":
            return f"{moment.object} had {moment.child}.{moment.field} {moment.times} times in a row"
    return f"{moment.object}{'' if moment.column == 'stage' else f'.{moment.column}'} {moment.kind}"
