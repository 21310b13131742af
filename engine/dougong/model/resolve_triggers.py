"""Triggers and what stages do: their events bound to objects, fields and stages, their actions by `resolve_actions`."""

from dataclasses import replace
from typing import Literal

from dougong_dsl.codes import flow as codes
from dougong_dsl.codes import names as name_codes
from dougong_dsl.codes.approvals import UNKNOWN_APPROVAL
from dougong_dsl.diagnostics import nearest
from dougong_dsl.expression.types import Boolean
from dougong_dsl.places import Place
from dougong_dsl.sentences.written import Word
from dougong_dsl.titles import Title

from dougong.definition.app import AppDefinition
from dougong.definition.flow import EventDefinition, StageDefinition, TriggerDefinition
from dougong.model import names
from dougong.model.approvals import OUTCOMES
from dougong.model.drafts import Draft, DraftObject
from dougong.model.flow import OF_WRITES, Event, Stage, Trigger
from dougong.model.resolve_actions import Ground, resolve_actions
from dougong.model.resolve_doors import DOORS, names_of, read_door
from dougong.model.resolve_dues import MOMENTS, read_moment
from dougong.model.resolve_objects import check_renames
from dougong.model.stage_names import find_stage


def resolve_triggers(draft: Draft, definition: AppDefinition) -> dict[str, Trigger]:
    """Every sound trigger."""
    triggers = {}
    check_renames(draft, ((each.was, definition.triggers) for each in definition.triggers.values()))
    for name, each in definition.triggers.items():
        with draft.part("triggers", str(name), each.is_sound):
            draft.report(*names.check_name(name))
            found = _Trigger(draft, definition, name, each).read()
        if found is not None:
            triggers[str(name)] = found
    return triggers


def resolve_stage_actions(draft: Draft, definition: AppDefinition) -> None:
    """What stages do when records enter and leave them."""
    for name, each in definition.pipelines.items():
        owner = draft.objects.get(each.of)
        pipeline = None if owner is None else owner.at(name)
        if owner is None or pipeline is None:
            continue
        if not any(stage.on_enter or stage.on_leave for stage in each.stages.values()):
            continue
        with draft.part("pipelines", str(name), is_sound=True):
            ground = Ground(draft, definition, owner, draft.scope(str(owner.name), has_old=True))
            acting = {str(word): _acting(ground, pipeline.stages[word], stage) for word, stage in each.stages.items()}
            owner.put(replace(pipeline, stages=acting))


def _acting(ground: Ground, stage: Stage, written: StageDefinition) -> Stage:
    return replace(stage, on_enter=resolve_actions(ground, written.on_enter), on_leave=resolve_actions(ground, written.on_leave))


class _Trigger:
    def __init__(self, draft: Draft, definition: AppDefinition, name: Word, written: TriggerDefinition) -> None:
        self.draft = draft
        self.definition = definition
        self.name = name
        self.written = written

    def read(self) -> Trigger | None:
        reader = Events(self.draft, self.definition, self.written.each)
        events = [event for each in self.written.on if (event := reader.read(each)) is not None]
        if not events:
            return None
        owner = self.draft.objects.get(events[0].object) or self.draft.received[events[0].object]
        for event in events[1:]:
            if event.object != owner.name:
                reader.shape(
                    event.place,
                    event.object,
                    ("和前面的不是同一个对象，请分成两个触发器", "is of another object than the first; write two triggers"),
                )
                return None
        has_old = all(event.kind in ("changed", "entered", "left") for event in events)
        scope = self.draft.scope(str(owner.name), names=names_of(events), has_old=has_old)
        when = self.draft.expression(self.written.when, scope, Boolean())
        ground = Ground(
            self.draft,
            self.definition,
            owner,
            scope,
            is_gone=any(event.kind == "deleted" for event in events),
            by_clock=any(event.kind not in OF_WRITES for event in events),
        )
        by_actor = self.written.as_ is not None and ground.acts_as(self.written.as_)
        actions = resolve_actions(replace(ground, by_actor=by_actor), self.written.do)
        title = self.written.title or Title.same(str(self.name))
        was = None if self.written.was is None else str(self.written.was)
        return Trigger(str(self.name), title, tuple(events), actions, self.name.place, when, was)


class Events:
    """Events bound to what they are about; `each` is what a trigger is done for, where it repeats."""

    def __init__(self, draft: Draft, definition: AppDefinition, each: Word | None = None) -> None:
        self.draft = draft
        self.definition = definition
        self.each = each

    def shape(self, place: Place, event: str, problem: tuple[str, str]) -> None:
        """Report an event that cannot be."""
        self.draft.report(codes.EVENT_SHAPE.at(place, event=event, problem=problem))

    def read(self, written: EventDefinition) -> Event | None:
        """One event; None when something is wrong with it."""
        kind = written.event
        if kind in MOMENTS:
            return read_moment(self.draft, self.definition, written, self.each)
        if kind in OUTCOMES:
            return self._outcome(written)
        if kind in DOORS:
            return read_door(self.draft, self.definition, written)
        if written.of is None:
            self.draft.report(name_codes.MISSING_KEY.at(written.place, part=EventDefinition.label, key="of"))
            return None
        owner = self.draft.object(written.of)
        if owner is None:
            return None
        name = str(owner.name)
        is_of_stage = kind in ("entered", "left")
        extra = (written.field and not is_of_stage) or written.from_ or written.to
        if is_of_stage != (written.stage is not None) or (kind != "changed" and extra):
            problem = ("只能带阶段（entered、left）或字段(changed)", "takes a stage (entered, left) or a field (changed) and nothing else")
            self.shape(written.place, f"{name} {kind}", problem)
            return None
        if written.stage is not None:
            found = find_stage(self.draft, owner, written.stage, written.field, place=written.of.place)
            if found is None:
                return None
            pipeline, stage = found
            what: Literal["entered", "left"] = "entered" if kind == "entered" else "left"
            return Event(what, name, written.place, stage=stage, column=pipeline.field)
        if written.field is None:
            plain = {"created": "created", "changed": "changed", "deleted": "deleted"}
            return Event(plain[kind], name, written.place)  # type: ignore[arg-type]  # one of the three, see above
        return self._change(written, owner, written.field)

    def _outcome(self, written: EventDefinition) -> Event | None:
        """`approval contract approved`."""
        name, known = written.approval, self.definition.approvals
        if name is None:
            self.draft.report(name_codes.MISSING_KEY.at(written.place, part=EventDefinition.label, key="approval"))
            return None
        found = known.get(name)
        if found is None:
            near = nearest(name, known)
            self.draft.report(UNKNOWN_APPROVAL.at(name.place, name=str(name), known=", ".join(known), nearest=near))
            return None
        owner = self.draft.object(found.of)
        if owner is None:
            return None
        return Event(str(written.event), str(owner.name), written.place, approval=str(name))  # type: ignore[arg-type]  # one of OUTCOMES

    def _change(self, written: EventDefinition, owner: DraftObject, name: Word) -> Event | None:
        """`X.field changed from a to b`; the stage may stand for a field."""
        member = owner.members.get(name) if name == "stage" else None
        field = None if member else self.draft.field(owner, name)
        kind = member.type if member else field.type.type if field and field.type else None
        if kind is None:
            return None
        if field is not None and field.built is not None and not field.built.is_stored:
            problem = ("字段在读取时才计算，不会“变更”", "names a field that is worked out when read and so never changes by itself")
            self.shape(name.place, f"{owner.name}.{name} changed", problem)
            return None
        scope = self.draft.scope(None)
        before, after = (self.draft.expression(word, scope, kind) for word in (written.from_, written.to))
        return Event("changed", str(owner.name), written.place, str(name), before, after)
