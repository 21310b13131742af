"""Deadlines of stages and the moments that triggers wait for: amounts, calendars, fields and lists bound."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import time

from dougong_dsl.codes import dues as due_codes
from dougong_dsl.codes import flow as codes
from dougong_dsl.codes import names as name_codes
from dougong_dsl.diagnostics import nearest
from dougong_dsl.expression.types import Boolean, Date, DateTime, Record, Text
from dougong_dsl.places import Place, Source
from dougong_dsl.recurrence import Cron, Recurrence
from dougong_dsl.sentences import moments
from dougong_dsl.sentences.written import Word
from dougong_dsl.working import Amount

from dougong.definition.app import AppDefinition
from dougong.definition.deadlines import DeadlineDefinition
from dougong.definition.flow import EventDefinition
from dougong.model.actions import Action, Recipient, TodoAction
from dougong.model.drafts import USER, Draft, DraftField, DraftObject
from dougong.model.due_fields import has_deadlines
from dougong.model.dues import Deadline, Escalation, Moment
from dougong.model.flow import Event, Stage
from dougong.model.resolve_actions import Ground, resolve_actions
from dougong.model.resolve_amounts import amount_of
from dougong.model.stage_names import find_stage, pipeline_in
from dougong.model.text import Template

MOMENTS = frozenset(("before", "after", "overdue", "stays", "without", "had", "every"))
_NEEDED: dict[str, tuple[str, ...]] = {
    "before": ("of", "field", "span"),
    "after": ("of", "field", "span"),
    "overdue": ("of",),
    "stays": ("of", "stage", "span"),
    "without": ("of", "what", "span"),
    "had": ("of", "what", "field", "times"),
}
_UPDATE = ("update", "更新")
_EACH = re.compile(r"\s*(\w+)(?:\s+where\s+(.+?))?\s*", re.DOTALL)
_TIME = re.compile(r"\s*([01]?\d|2[0-3]):([0-5]\d)\s*")
Problem = tuple[str, str]


def resolve_deadlines(draft: Draft, definition: AppDefinition) -> None:
    """Give every stage its deadlines; the actions need pipelines that are whole otherwise."""
    for name, each in definition.pipelines.items():
        owner = draft.objects.get(each.of)
        pipeline = None if owner is None else owner.at(name)
        if owner is None or pipeline is None:
            continue
        if not any(stage.overdue or stage.review or stage.on_overdue for stage in each.stages.values()):
            continue
        with draft.part("pipelines", str(name), is_sound=True):
            stages = dict(pipeline.stages)
            for stage, written in each.stages.items():
                found = stages[stage]
                if written.on_overdue and written.overdue is None:
                    draft.report(due_codes.NO_DEADLINE.at(stage.place, stage=str(stage)))
                stages[stage] = replace(
                    found,
                    overdue=_deadline(draft, definition, owner, found, written.overdue, "overdue"),
                    review=_deadline(draft, definition, owner, found, written.review, "review"),
                    on_overdue=resolve_actions(_ground(draft, definition, owner), written.on_overdue),
                )
            owner.put(replace(pipeline, stages=stages))


def _ground(draft: Draft, definition: AppDefinition, owner: DraftObject) -> Ground:
    return Ground(draft, definition, owner, draft.scope(str(owner.name)), by_clock=True)


def _deadline(
    draft: Draft, definition: AppDefinition, owner: DraftObject, stage: Stage, written: DeadlineDefinition | None, kind: str
) -> Deadline | None:
    if written is None:
        return None
    if kind == "review" and stage.kind != "waiting":
        draft.report(due_codes.REVIEW_OF_WAITING.at(written.place, stage=stage.name))
        return None
    if not stage.is_open:
        draft.report(due_codes.DEADLINE_OF_CLOSED.at(written.place, stage=stage.name))
        return None
    ground = _ground(draft, definition, owner)
    if written.after is None and written.on is None:
        if written.is_sound:
            draft.report(name_codes.MISSING_KEY.at(written.place, part=DeadlineDefinition.label, key="after"))
        return None
    amount = Amount(0, "days") if written.after is None else amount_of(draft, written.after, is_wait=True)
    field = None if written.on is None else _date(draft, owner, written.on)
    if written.on is not None and field is None:
        return None
    actions = resolve_actions(ground, written.do)
    then = [
        Escalation(found, resolve_actions(ground, each.do), each.place)
        for each in written.then
        if (found := amount_of(draft, each.after)) is not None
    ]
    named = chosen = None
    if written.calendar is not None:
        if str(written.calendar) in definition.calendars:
            named = str(written.calendar)
        elif re.fullmatch(r"\s*\w+\s*", written.calendar):
            known = list(definition.calendars)
            near = nearest(written.calendar, known)
            expected = (
                f"已有的日历（{'、'.join(known) or '还没有'}）或 owner.calendar",
                f"a calendar ({', '.join(known) or 'there is none'}) or a path such as owner.calendar",
            )
            draft.report(
                name_codes.WRONG_VALUE.at(
                    written.calendar.place, key="`calendar`", value=str(written.calendar), expected=expected, nearest=near
                )
            )
        else:
            chosen = draft.expression(written.calendar, ground.scope, Text())
    if amount is None:
        return None
    if kind == "review" and not actions:
        actions = _reminder(draft, owner, stage, written.place)
    return Deadline("overdue" if kind == "overdue" else "review", amount, written.place, actions, tuple(then), named, chosen, field)


def _date(draft: Draft, owner: DraftObject, name: Word) -> str | None:
    """A stored date that a stage may last until."""
    found = draft.field(owner, name)
    if found is None or found.type is None:
        return None
    if not isinstance(found.type.type, Date | DateTime) or not _is_stored(found):
        expected = ("存下来的日期字段", "a stored field that holds a date")
        draft.report(name_codes.WRONG_VALUE.at(name.place, key="`on`", value=str(name), expected=expected, nearest=None))
        return None
    return str(name)


def _reminder(draft: Draft, owner: DraftObject, stage: Stage, place: Place) -> tuple[Action, ...]:
    """A waiting stage wakes by itself: a to-do for the record's owner, or for who made it."""
    name = "owner" if "owner" in owner.fields else "created_by"
    path = Word(Source.inline(name, place.file))
    who = draft.expression(path, draft.scope(str(owner.name)), Record(USER))
    if who is None:
        return ()
    text = Template((f"“{stage.title.zh}”到了复查时间",), place, (f"Time to look again: “{stage.title.en}”",))
    return (TodoAction(place=place, recipients=(Recipient(user=who),), text=text),)


def read_moment(draft: Draft, definition: AppDefinition, written: EventDefinition, each: Word | None) -> Event | None:
    """An event of time; None when something about it is wrong."""
    kind = str(written.event)
    missing = [key for key in _NEEDED.get(kind, ()) if getattr(written, key) is None]
    for key in missing:
        draft.report(name_codes.MISSING_KEY.at(written.place, part=EventDefinition.label, key=key))
    if missing:
        return None
    reader = _Moment(draft, definition, written)
    if kind == "every":
        return reader.every(each)
    assert written.of is not None
    owner = draft.object(written.of)
    moment = None if owner is None else getattr(reader, kind)(owner)
    return None if moment is None else Event(moment.kind, moment.object, moment.place, moment=moment)


class _Moment:
    """Reads one event of time."""

    def __init__(self, draft: Draft, definition: AppDefinition, written: EventDefinition) -> None:
        self.draft, self.definition, self.written = draft, definition, written
        self.place = written.place

    def before(self, owner: DraftObject) -> Moment | None:
        return self._relative(owner, "before")

    def after(self, owner: DraftObject) -> Moment | None:
        return self._relative(owner, "after")

    def _relative(self, owner: DraftObject, kind: str) -> Moment | None:
        name, amount, at = self.written.field, self._span(), self._at()
        assert name is not None
        if name in ("created_at", *(p.since for p in owner.pipelines)) and name in owner.members:
            return Moment("before" if kind == "before" else "after", str(owner.name), self.place, amount, str(name), recurrence=at)
        field = self.draft.field(owner, name)
        if field is None or field.type is None or amount is None:
            return None
        if not isinstance(field.type.type, Date | DateTime):
            self._wrong(name.place, f"{owner.name}.{name}", ("要写一个日期字段", "needs a field that holds a date"))
            return None
        if not _is_stored(field):
            self._wrong(name.place, f"{owner.name}.{name}", _NOT_STORED)
            return None
        return Moment("before" if kind == "before" else "after", str(owner.name), self.place, amount, str(name), recurrence=at)

    def overdue(self, owner: DraftObject) -> Moment | None:
        """Of the pipeline that is named, else of the main one, else of the only one that has deadlines."""
        field = self.written.field
        if not owner.pipelines:
            self.draft.report(codes.NO_PIPELINE.at(self.place, object=str(owner.name)))
            return None
        meant = None if field is None else pipeline_in(self.draft, owner, field)
        if field is not None and meant is None:
            return None
        timed = [p for p in owner.pipelines if has_deadlines(owner, p) and meant in (None, p)]
        if not timed:
            problem = ("需要流程里至少一个阶段有 overdue 时限", "needs a stage with a deadline (`overdue:`) in the pipeline")
            self._wrong(self.place, f"{owner.name}{'' if field is None else f'.{field}'} overdue", problem)
            return None
        if len(timed) > 1 and not timed[0].is_main:
            known = ", ".join(f"{owner.name}.{p.field} overdue" for p in timed)
            self._wrong(self.place, f"{owner.name} overdue", (f"要写明是哪一条流程：{known}", f"must say of which pipeline: {known}"))
            return None
        return Moment("overdue", str(owner.name), self.place, column=timed[0].field)

    def stays(self, owner: DraftObject) -> Moment | None:
        assert self.written.stage is not None
        amount = self._span()
        found = find_stage(self.draft, owner, self.written.stage, self.written.field, place=self.place)
        if found is None or amount is None:
            return None
        pipeline, stage = found
        return Moment("stays", str(owner.name), self.place, amount, stage=stage, column=pipeline.field)

    def without(self, owner: DraftObject) -> Moment | None:
        what, amount = self.written.what, self._span()
        assert what is not None
        if amount is None:
            return None
        if what in _UPDATE:
            return Moment("without", str(owner.name), self.place, amount)
        field = owner.fields.get(what)
        if field is not None:
            if not _is_stored(field):
                self._wrong(what.place, f"{owner.name} without {what}", _NOT_STORED)
                return None
            return Moment("without", str(owner.name), self.place, amount, field=str(what))
        through = self._through(owner, what)
        return None if through is None else Moment("without", str(owner.name), self.place, amount, child=through[0], through=through[1])

    def had(self, owner: DraftObject) -> Moment | None:
        what, name, times = self.written.what, self.written.field, self.written.times
        assert what is not None and name is not None and times is not None
        through = self._through(owner, what)
        if through is None:
            return None
        child = self.draft.objects[through[0]]
        field = self.draft.field(child, name)
        if field is None or field.type is None:
            return None
        if not isinstance(field.type.type, Boolean) or not _is_stored(field):
            problem = ("要写一个存下来的是否字段", "needs a yes/no field that is stored")
            self._wrong(name.place, f"{child.name}.{name}", problem)
            return None
        if not 2 <= int(times) <= 100:
            self._wrong(self.place, f"{owner.name} had {what}.{name}", ("次数要在 2 到 100 之间", "needs a number of times from 2 to 100"))
            return None
        return Moment("had", str(owner.name), self.place, child=through[0], through=through[1], field=str(name), times=int(times))

    def every(self, each: Word | None) -> Event | None:
        """`every …`: the records come from `each:`."""
        found = _EACH.fullmatch(each) if each is not None else None
        recurrence = self._recurrence()
        if each is None or found is None:
            self._wrong(self.place, "every …", ("要用 each: 写明对哪些记录", "needs `each:`, which says for which records"))
            return None
        owner = self.draft.object(Word(each.source.part(found.start(1), found.end(1))))
        where = Word(each.source.part(found.start(2), found.end(2))) if found[2] else None
        if owner is None or recurrence is None:
            return None
        condition = self.draft.expression(where, self.draft.scope(str(owner.name)), Boolean())
        if where is not None and condition is None:
            return None
        moment = Moment("every", str(owner.name), self.place, recurrence=recurrence, where=condition)
        return Event("every", str(owner.name), self.place, moment=moment)

    def _through(self, owner: DraftObject, what: Word) -> tuple[str, str] | None:
        """The object and the link of the records that `what` names: a list of the record, or an object that has one link here."""
        reverse = owner.reverses.get(what)
        if reverse is not None:
            return reverse.child, reverse.through
        child = self.draft.objects.get(what)
        if child is None:
            if what not in self.draft.broken:
                near = nearest(what, [*owner.fields, *owner.reverses, *self.draft.objects])
                self.draft.report(name_codes.UNKNOWN_FIELD.at(what.place, object=str(owner.name), name=str(what), nearest=near))
            return None
        links = [str(f.name) for f in child.fields.values() if f.type is not None and f.type.target == owner.name and _is_stored(f)]
        if len(links) == 1:
            return str(child.name), links[0]
        lists = ", ".join(r.name for r in owner.reverses.values() if r.child == child.name)
        problem = (
            (f"里 {child.name} 没有指向 {owner.name} 的关联", f"is about {child.name}, which has no link to {owner.name}")
            if not links
            else (
                f"里 {child.name} 有几个关联指向 {owner.name}，请写列表名（{lists or '用 as 起名'}）",
                f"is about {child.name}, which has several links to {owner.name}: name the list ({lists or 'give it a name with `as`'})",
            )
        )
        self._wrong(what.place, str(what), problem)
        return None

    def _span(self) -> Amount | None:
        is_wait = str(self.written.event) not in ("before", "after")
        return None if self.written.span is None else amount_of(self.draft, self.written.span, is_wait=is_wait)

    def _at(self) -> Recurrence | None:
        at = self._time()
        return None if at is None else Recurrence(at=at)

    def _time(self) -> time | None:
        if self.written.at is None:
            return None
        found = _TIME.fullmatch(self.written.at)
        if found is None:
            self._wrong(self.written.at.place, str(self.written.at), ("不是 09:00 这样的时刻", "is no time of day such as 09:00"))
            return None
        return time(int(found[1]), int(found[2]))

    def _recurrence(self) -> Recurrence | None:
        written = self.written
        if (written.every is None) == (written.cron is None):
            self.draft.report(name_codes.MISSING_KEY.at(self.place, part=EventDefinition.label, key="every"))
            return None
        try:
            if written.cron is not None:
                return Recurrence(cron=Cron.read(written.cron))
            return self._period(written.every or ())
        except ValueError:
            problem = ("不是能重复的时间", "is nothing that repeats")
            text = str(written.cron) if written.cron is not None else "every " + ", ".join(written.every or ())
            self._wrong(self.place, text, problem)
            return None

    def _period(self, words: Iterable[Word]) -> Recurrence:
        names = [moments.english(str(word).strip()) for word in words]
        at = self._time() or time(0)
        if all(name in moments.WEEKDAYS for name in names):
            return Recurrence("weeks", weekdays=frozenset(map(moments.WEEKDAYS.index, names)), at=at)
        if len(names) != 1:
            raise ValueError(names)
        parts = names[0].removeprefix("个").split()
        count = int(parts.pop(0)) if parts[0].isdecimal() else 1
        text = " ".join(parts).removeprefix("个")
        working = text.startswith(("working ", "工作"))
        unit = text.removeprefix("working ").removeprefix("工作").removeprefix("个").strip()
        day = int(self.written.on) if self.written.on is not None else 1
        found = Recurrence(moments.english(unit), count, working, day=day, at=at)
        if found.unit not in moments.UNITS or (self.written.on is not None and found.unit != "months"):
            raise ValueError(names)
        return found

    def _wrong(self, place: Place, event: str, problem: Problem) -> None:
        self.draft.report(codes.EVENT_SHAPE.at(place, event=event, problem=problem))


_NOT_STORED: Problem = (
    "要写存下来的字段，读取时才计算的字段不会变更",
    "needs a field that is stored; one that is worked out when read never changes by itself",
)


def _is_stored(field: DraftField) -> bool:
    return field.built is None or field.built.is_stored
