"""The state of one resolution: objects and fields on their way to the frozen model, and what was found wrong.

Only the `resolve_…` modules see drafts; the model that leaves them is frozen.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from dougong_dsl.codes import names as codes
from dougong_dsl.diagnostics import Diagnostic, has_errors, nearest
from dougong_dsl.expression import Expression, check
from dougong_dsl.expression.scope import Member, Scope
from dougong_dsl.expression.types import Type
from dougong_dsl.places import Place
from dougong_dsl.sentences.written import Word
from dougong_dsl.titles import Title

from dougong.definition import builtin
from dougong.definition.fields import FieldDefinition
from dougong.definition.flow import PipelineDefinition
from dougong.definition.objects import ObjectDefinition
from dougong.fields.base import BuildContext, FieldType
from dougong.model.app import Field, Reverse
from dougong.model.channels import Channel, Connector, Webhook
from dougong.model.flow import Pipeline
from dougong.model.memory import AskedSchema, Known, Recall, key_of
from dougong.model.past import NO_PAST, Past, Pasts
from dougong.model.text import Template

_TOKEN = re.compile(r"\w+")
_GAP = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
USER, TEAM = builtin.USER, builtin.TEAM
BUILT_IN = {USER: "dg_user", TEAM: "dg_team"}  # objects that every app has, and their tables


@dataclass(slots=True)
class DraftField:
    """A field whose type may still have to be found from its formula (`type` None)."""

    name: Word
    object: str
    title: Title
    place: Place
    definition: FieldDefinition | None  # None: built in
    type: FieldType | None
    formula: Expression | None = None
    built: Field | None = None
    member: Member | None = None
    former: Field | None = None  # as it was built last from the same definition

    def renew(self) -> None:
        """Forget what hangs on expressions, so that a build of the same definition can go on from here."""
        written = self.definition
        if written is None or not any((written.formula, written.required_when, written.show_when, written.default)):
            return
        self.formula, self.former, self.built = None, self.built, None
        if written.type is None:
            self.type = None


@dataclass(slots=True)
class DraftObject:
    """An object; `pipeline` is there before any expression is read. `approvals`: those of its records, each with its titles."""

    name: Word
    title: Title
    place: Place
    definition: ObjectDefinition | None
    fields: dict[str, DraftField] = field(default_factory=dict)
    reverses: dict[str, Reverse] = field(default_factory=dict)
    retired: set[str] = field(default_factory=set)
    pipeline: Pipeline | None = None
    tracks: dict[str, Pipeline] = field(default_factory=dict)  # further pipelines, by their field
    members: dict[str, Member] = field(default_factory=dict)
    approvals: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def pipelines(self) -> tuple[Pipeline, ...]:
        """All pipelines, the main one first."""
        return (*(() if self.pipeline is None else (self.pipeline,)), *self.tracks.values())

    def at(self, name: Word) -> Pipeline | None:
        """The pipeline that is declared with this very word."""
        return next((p for p in self.pipelines if p.place == name.place and p.name == name), None)

    def put(self, pipeline: Pipeline) -> None:
        """A pipeline that has come further."""
        if pipeline.is_main:
            self.pipeline = pipeline
        else:
            self.tracks[pipeline.field] = pipeline


class Schema:
    """The objects as the expression language sees them."""

    def __init__(self, objects: Mapping[str, DraftObject], received: Mapping[str, DraftObject]) -> None:
        self._objects = objects
        self._received = received

    def members(self, object_name: str) -> Mapping[str, Member]:
        """Fields, reverse references and record facts of an object."""
        found = self._objects.get(object_name) or self._received.get(object_name)
        return found.members if found else {}

    def objects(self) -> list[str]:
        """All object names."""
        return list(self._objects)


class Draft:
    """Everything the `resolve_…` functions share."""

    def __init__(self, context: BuildContext, broken: frozenset[str], pasts: Pasts | None = None) -> None:
        self.context = context
        self.pasts = pasts or {}
        self.objects: dict[str, DraftObject] = {}
        self.received: dict[str, DraftObject] = {}  # what comes in through channels and webhooks: known to expressions alone
        self.schema = Schema(self.objects, self.received)
        self.channels: Mapping[str, Channel] = {}
        self.webhooks: Mapping[str, Webhook] = {}
        self.connectors: Mapping[str, Connector] = {}
        self.diagnostics: list[Diagnostic] = []
        self.unsound: set[tuple[str, str]] = set()  # (section, name) of parts with an error inside
        self.broken = set(broken)  # names that were written but are wrong: nobody is told that they are unknown
        # what the build before this one found out, and what this one leaves to the next
        self.recall: Recall | None = None
        self._scopes: dict[tuple[str | None, bool, bool, bool], Scope] = {}  # those without names of their own
        self.known_fields: dict[int, DraftField] = {}
        self.kept_fields: dict[int, DraftField] = {}
        self.known_pipelines: dict[int, tuple[PipelineDefinition, Pipeline]] = {}
        self.kept_pipelines: dict[int, tuple[PipelineDefinition, Pipeline]] = {}

    def past(self, owner: DraftObject) -> Past:
        """What earlier releases called the object's fields and stages."""
        return self.pasts.get(owner.name, NO_PAST)

    def report(self, *diagnostics: Diagnostic) -> None:
        """Keep diagnostics."""
        self.diagnostics.extend(diagnostics)

    @contextmanager
    def part(self, section: str, name: str, is_sound: bool) -> Iterator[None]:
        """While a named part is resolved: an error found meanwhile, or before (`is_sound` False), makes it unsound."""
        before = len(self.diagnostics)
        yield
        if not is_sound or has_errors(self.diagnostics[before:]):
            self.unsound.add((section, name))

    def scope(
        self, object_name: str | None, *, names: Mapping[str, Type] | None = None, has_old: bool = False, is_default: bool = False
    ) -> Scope:
        """Where an expression about a record of `object_name` stands."""
        key = (object_name, has_old, is_default, self.recall is None)
        if names or key not in self._scopes:
            schema = self.schema if self.recall is None else AskedSchema(self.schema, self.recall)
            about = self.context
            made = Scope(schema, object_name, names or {}, USER, about.currency, has_old, is_default, about.calendar, about.calendars)
            if names:
                return made
            self._scopes[key] = made
        return self._scopes[key]

    def expression(self, word: Word | None, scope: Scope, expected: Type | None, *, infers: bool = False) -> Expression | None:
        """A checked expression, or None. Complaints about a part that already failed are left out. `infers`: it gives a field its type."""
        if word is None:
            return None
        if self.recall is not None:
            return self._recalled(self.recall, word, scope, expected, infers)
        expression, found = check(word.source, scope, expected)
        self._complain(word, found)
        return expression

    def _complain(self, word: Word, found: Sequence[Diagnostic]) -> None:
        if not (has_errors(found) and self.mentions_broken(word)):
            self.report(*found)

    def _recalled(self, recall: Recall, word: Word, scope: Scope, expected: Type | None, infers: bool) -> Expression | None:
        """The same, taken over from the last build when nothing about it has changed."""
        key = key_of(word, scope.object, scope.has_old)
        known = recall.find(key, expected, scope.names)
        if known is None:
            with recall.asking() as asked:
                expression, found = check(word.source, scope, expected)
            if expression is None:
                self._complain(word, found)
                if infers:  # others went on without a type, which a change of what was asked about may bring
                    recall.infers(scope.object, frozenset(asked))
                return None
            known = recall.keep(key, Known(expression, expected, scope.names, frozenset(asked), found))
        self.report(*known.warnings)
        if infers:
            recall.infers(scope.object, known.asked)
        return known.expression

    def mentions_broken(self, text: str) -> bool:
        """Whether a text uses a name that already failed elsewhere."""
        return bool(self.broken) and not self.broken.isdisjoint(_TOKEN.findall(text))

    def template(self, message: tuple[Word, Word], scope: Scope) -> Template:
        """A text with expressions in double braces, in both languages."""
        zh, en = message
        parts = self._parts(zh, scope)
        return Template(parts, zh.place, None if en is zh else self._parts(en, scope))

    def _parts(self, text: Word, scope: Scope) -> tuple[str | Expression, ...]:
        parts: list[str | Expression] = []
        end = 0
        for gap in _GAP.finditer(text):
            parts += [text[end : gap.start()]] if gap.start() > end else []
            expression = self.expression(Word(text.source.part(gap.start(1), gap.end(1))), scope, None)
            parts += [] if expression is None else [expression]
            end = gap.end()
        rest = text[end:]
        if "{{" in rest:
            self.report(codes.TEMPLATE_OPEN.at(text.source.at(end + rest.index("{{"), 2)))
        return (*parts, rest) if rest else tuple(parts)

    def object(self, name: Word) -> DraftObject | None:
        """The object of that name; an unknown one is reported."""
        found = self.objects.get(name)
        if found is None and name not in self.broken:
            known = list(self.objects)
            self.report(codes.UNKNOWN_OBJECT.at(name.place, name=str(name), known=", ".join(known[:20]), nearest=nearest(name, known)))
        return found

    def field(self, owner: DraftObject, name: Word) -> DraftField | None:
        """The field of that name; an unknown one is reported."""
        found = owner.fields.get(name)
        if found is None and name not in self.broken:
            self.report(codes.UNKNOWN_FIELD.at(name.place, object=str(owner.name), name=str(name), nearest=nearest(name, owner.fields)))
        return found

    def fields(self, owner: DraftObject, names: Sequence[Word]) -> list[DraftField]:
        """The fields of those names, unknown ones reported and left out."""
        return [found for name in names if (found := self.field(owner, name)) is not None]
