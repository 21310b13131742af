"""Where a list of actions stands: the record they are about, and what their expressions may name."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypedDict

from dougong_dsl.codes import flow as codes
from dougong_dsl.expression import Expression, Scope
from dougong_dsl.expression.types import Record, Type
from dougong_dsl.places import Place
from dougong_dsl.sentences.written import Word

from dougong.definition.actions import ActionDefinition
from dougong.definition.app import AppDefinition
from dougong.model.actions import Action
from dougong.model.drafts import Draft, DraftField, DraftObject
from dougong.model.flow import Pipeline

CREATED = "created"


class Common(TypedDict):
    """What every action has."""

    place: Place
    when: Expression | None
    then: tuple[Action, ...]
    must: bool
    by_actor: bool


@dataclass(frozen=True, slots=True)
class Ground:
    """`scope` is that of the record's expressions; `is_gone`: the record was deleted; `by_clock`: nobody acts, time does."""

    draft: Draft
    definition: AppDefinition
    owner: DraftObject
    scope: Scope
    by_actor: bool = False
    is_gone: bool = False
    by_clock: bool = False

    @property
    def has_no_record(self) -> bool:
        """Whether the actions are about something that came in, and about no record of the app."""
        return self.owner.name in self.draft.received

    def after(self, written: ActionDefinition, key: str) -> "Ground":
        """Where the actions stand that follow one: after `create`, or the `start` of a pipeline, the new record is called `created`."""
        made: str | None = written.create.of if written.create is not None else None
        if key == "start" and written.start is not None:
            made = next((p.object for p in self.startable() if p.name == written.start.name), None)
        if made is None or str(made) not in self.draft.objects:
            return self
        names = {**self.scope.names, CREATED: Record(str(made))}
        return replace(self, scope=replace(self.scope, names=names))

    def startable(self) -> list[Pipeline]:
        """The pipelines that run under the record's object."""
        pipelines = (pipeline for owner in self.draft.objects.values() for pipeline in owner.pipelines)
        return [each for each in pipelines if self._leads_here(each)]

    def _leads_here(self, pipeline: Pipeline) -> bool:
        field = None if pipeline.under is None else self.draft.objects[pipeline.object].fields.get(pipeline.under)
        return field is not None and field.type is not None and field.type.target == self.owner.name

    def acts_as(self, word: Word) -> bool:
        """Whether `as:` names the actor; the clock is none."""
        if word == "actor" and self.by_clock:
            self.draft.report(codes.NO_ACTOR.at(word.place))
            return False
        return word == "actor"

    def named(self, object_name: str | None) -> Scope:
        """The scope of expressions about a record of another object: this record goes by its object's name."""
        names: Mapping[str, Type] = {str(self.owner.name): Record(str(self.owner.name)), **self.scope.names}
        has_old = self.scope.has_old and object_name == self.scope.object
        return self.draft.scope(object_name, names=names, has_old=has_old)

    def values(self, target: DraftObject, written: Mapping[Word, Word], scope: Scope) -> dict[str, Expression]:
        """What the engine puts into fields: expressions of the fields' types."""
        found = {}
        for name, text in written.items():
            field = self.writable(target, name)
            if field is not None and field.type is not None:
                expression = self.draft.expression(text, scope, field.type.type)
                if expression is not None:
                    found[str(name)] = expression
        return found

    def writable(self, target: DraftObject, name: Word) -> DraftField | None:
        """A field that may be given a value."""
        field = self.draft.field(target, name)
        if field is not None and field.built is not None and not field.built.is_writable:
            self.draft.report(codes.NO_GATE_FIELD.at(name.place, name=str(name)))
            return None
        return field
