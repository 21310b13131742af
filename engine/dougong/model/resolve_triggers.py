"""Triggers: events and actions bound to objects, fields, stages and users."""

import re

from dougong_dsl.codes import flow as codes
from dougong_dsl.codes import names as name_codes
from dougong_dsl.expression import Expression, Scope
from dougong_dsl.expression.types import Boolean, Record
from dougong_dsl.places import Place
from dougong_dsl.sentences.written import Word
from dougong_dsl.titles import Title

from dougong.definition.app import AppDefinition
from dougong.definition.flow import ActionDefinition, AssignDefinition, CreateDefinition, EventDefinition, TodoDefinition, TriggerDefinition
from dougong.model import names
from dougong.model.drafts import USER, Draft, DraftField, DraftObject
from dougong.model.flow import Action, AssignAction, CreateAction, Event, Recipient, SetAction, TodoAction, Trigger
from dougong.model.resolve_flow import known_roles, known_stage
from dougong.model.resolve_later import MOMENTS, refuse_moment

_FROM_USERS = re.compile(r"\s*user\s+where\s+(.+?)\s*", re.DOTALL)
_ADDRESSED = re.compile(r"\s*(role|user)\s+([\w.@-]+)\s*")
LEAST_LOADED = "least loaded"
When = Expression | None


def resolve_triggers(draft: Draft, definition: AppDefinition) -> dict[str, Trigger]:
    """Every sound trigger."""
    triggers = {}
    for name, each in definition.triggers.items():
        with draft.part("triggers", str(name), each.is_sound):
            draft.report(*names.check_name(name))
            found = _Trigger(draft, definition, name, each).read()
        if found is not None:
            triggers[str(name)] = found
    return triggers


class _Trigger:
    def __init__(self, draft: Draft, definition: AppDefinition, name: Word, written: TriggerDefinition) -> None:
        self.draft = draft
        self.definition = definition
        self.name = name
        self.written = written

    def read(self) -> Trigger | None:
        events = [event for each in self.written.on if (event := self._event(each)) is not None]
        if not events:
            return None
        owner = self.draft.objects[events[0].object]
        for event in events[1:]:
            if event.object != owner.name:
                self._shape(
                    event.place,
                    event.object,
                    ("和前面的不是同一个对象，请分成两个触发器", "is of another object than the first; write two triggers"),
                )
                return None
        has_old = all(event.kind in ("changed", "entered", "left") for event in events)
        scope = self.draft.scope(str(owner.name), has_old=has_old)
        when = self.draft.expression(self.written.when, scope, Boolean())
        actions = [action for each in self.written.do if (action := self._action(each, owner, scope)) is not None]
        title = self.written.title or Title.same(str(self.name))
        return Trigger(str(self.name), title, tuple(events), tuple(actions), self.name.place, when)

    def _shape(self, place: Place, event: str, problem: tuple[str, str]) -> None:
        self.draft.report(codes.EVENT_SHAPE.at(place, event=event, problem=problem))

    def _event(self, written: EventDefinition) -> Event | None:
        kind = written.event
        if kind in MOMENTS:
            refuse_moment(self.draft, self.definition, written)
            return None
        if written.of is None:
            self.draft.report(name_codes.MISSING_KEY.at(written.place, part=EventDefinition.label, key="of"))
            return None
        owner = self.draft.object(written.of)
        if owner is None:
            return None
        name = str(owner.name)
        is_of_stage = kind in ("entered", "left")
        if is_of_stage != (written.stage is not None) or (kind != "changed" and (written.field or written.from_ or written.to)):
            problem = ("只能带阶段（entered、left）或字段(changed)", "takes a stage (entered, left) or a field (changed) and nothing else")
            self._shape(written.place, f"{name} {kind}", problem)
            return None
        if written.stage is not None:
            if owner.pipeline is None:
                self.draft.report(codes.NO_PIPELINE.at(written.of.place, object=name))
                return None
            if not known_stage(self.draft, owner.pipeline, written.stage):
                return None
            return Event("entered" if kind == "entered" else "left", name, written.place, stage=str(written.stage))
        if written.field is None:
            plain = {"created": "created", "changed": "changed", "deleted": "deleted"}
            return Event(plain[kind], name, written.place)  # type: ignore[arg-type]  # one of the three, see above
        return self._change(written, owner, written.field)

    def _change(self, written: EventDefinition, owner: DraftObject, name: Word) -> Event | None:
        """`X.field changed from a to b`; the stage may stand for a field."""
        member = owner.members.get(name) if name == "stage" else None
        field = None if member else self.draft.field(owner, name)
        kind = member.type if member else field.type.type if field and field.type else None
        if kind is None:
            return None
        if field is not None and field.built is not None and not field.built.is_stored:
            problem = ("字段在读取时才计算，不会“变更”", "names a field that is worked out when read and so never changes by itself")
            self._shape(name.place, f"{owner.name}.{name} changed", problem)
            return None
        scope = self.draft.scope(None)
        before, after = (self.draft.expression(word, scope, kind) for word in (written.from_, written.to))
        return Event("changed", str(owner.name), written.place, str(name), before, after)

    def _action(self, written: ActionDefinition, owner: DraftObject, scope: Scope) -> Action | None:
        given = [key for key in ("set", "create", "assign", "todo") if getattr(written, key) is not None]
        if len(given) != 1:
            if written.is_sound:
                self.draft.report(codes.ONE_ACTION.at(written.place))
            return None
        when = self.draft.expression(written.when, scope, Boolean())
        if written.set is not None:
            return SetAction(self._values(owner, written.set, scope), written.place, when)
        if written.create is not None:
            return self._create(written.create, written.place, owner, scope, when)
        if written.assign is not None:
            return self._assign(written.assign, written.place, owner, when)
        assert written.todo is not None
        return self._todo(written.todo, written.place, scope, when)

    def _values(self, target: DraftObject, values: dict[Word, Word], scope: Scope) -> dict[str, Expression]:
        """What the engine puts into fields: expressions of the fields' types."""
        found = {}
        for name, text in values.items():
            field = self._writable(target, name)
            if field is not None and field.type is not None:
                expression = self.draft.expression(text, scope, field.type.type)
                if expression is not None:
                    found[str(name)] = expression
        return found

    def _writable(self, target: DraftObject, name: Word) -> DraftField | None:
        field = self.draft.field(target, name)
        if field is not None and field.built is not None and not field.built.is_writable:
            self.draft.report(codes.NO_GATE_FIELD.at(name.place, name=str(name)))
            return None
        return field

    def _create(self, create: CreateDefinition, place: Place, owner: DraftObject, scope: Scope, when: When) -> Action | None:
        target = self.draft.object(create.of)
        if target is None:
            return None
        named = self.draft.scope(scope.object, names={str(owner.name): Record(str(owner.name))}, has_old=scope.has_old)
        return CreateAction(str(target.name), self._values(target, create.set, named), place, when)

    def _assign(self, assign: AssignDefinition, place: Place, owner: DraftObject, when: When) -> Action | None:
        field = self._writable(owner, assign.field)
        if field is None:
            return None
        if field.type is None or field.type.target != USER:
            self.draft.report(codes.NOT_A_USER_FIELD.at(assign.field.place, name=str(assign.field)))
            return None
        if (assign.to is None) == (assign.from_ is None):
            self.draft.report(codes.ASSIGN_WHOM.at(assign.place))
            return None
        if assign.to is not None:
            return AssignAction(str(field.name), place, login=str(assign.to), when=when)
        assert assign.from_ is not None
        if assign.by is not None and " ".join(assign.by.split()) != LEAST_LOADED:
            what = (f"分配方式 {assign.by}，目前只有 {LEAST_LOADED}", f"assigning by {assign.by}; for now there is `{LEAST_LOADED}`")
            self.draft.report(name_codes.LATER.at(assign.by.place, what=what))
        return self._candidates(assign.from_, field, place, owner, when)

    def _candidates(self, text: Word, field: DraftField, place: Place, owner: DraftObject, when: When) -> Action | None:
        found = _FROM_USERS.fullmatch(text)
        if found is None:
            self.draft.report(codes.ASSIGN_FROM.at(text.place))
            return None
        rule = Word(text.source.part(found.start(1), found.end(1)))
        scope = self.draft.scope(USER, names={str(owner.name): Record(str(owner.name))})
        candidates = self.draft.expression(rule, scope, Boolean())
        return AssignAction(str(field.name), place, candidates=candidates, when=when)

    def _todo(self, todo: TodoDefinition, place: Place, scope: Scope, when: When) -> Action:
        recipients = [r for word in todo.for_ if (r := self._recipient(word, scope)) is not None]
        return TodoAction(tuple(recipients), self.draft.template(todo.text, scope), place, when)

    def _recipient(self, word: Word, scope: Scope) -> Recipient | None:
        """`role sales`, `user li.wei`, or an expression that gives a user."""
        found = _ADDRESSED.fullmatch(word)
        if found is None:
            expression = self.draft.expression(word, scope, Record(USER))
            return None if expression is None else Recipient(user=expression)
        name = Word(word.source.part(found.start(2), found.end(2)))
        if found[1] == "user":
            return Recipient(login=str(name))
        known = known_roles(self.draft, self.definition, [name])
        return Recipient(role=known[0]) if known else None
