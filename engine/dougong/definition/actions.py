"""Actions as they may be written: one part for each kind, and the list of them that triggers, stages and approvals share."""

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar

from dougong_dsl.diagnostics import Diagnostic
from dougong_dsl.sentences.written import Entries, Word, Written
from pydantic import Field as Key
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic_core import core_schema

from dougong.definition.durations import DurationEntry
from dougong.definition.mistakes import Collector, Spoken
from dougong.definition.part import Part
from dougong.definition.values import Each, Flag, Formula, Message, Names, OrLine, SomeNames, Text, one_of


class CreateDefinition(Part):
    """A record to be made."""

    label: ClassVar[Spoken] = ("动作 create", "the action create")

    of: Text
    set: dict[Text, Formula] = Key(default_factory=dict)


class UpdateDefinition(Part):
    """Records to be changed: those that a link or a list of the record leads to."""

    label: ClassVar[Spoken] = ("动作 update", "the action update")

    of: Text
    where: Text | None = None
    set: dict[Text, Formula]


class MoveActionDefinition(Part):
    """A stage to move the record to."""

    label: ClassVar[Spoken] = ("动作 move", "the action move")

    to: Text
    set: dict[Text, Formula] = Key(default_factory=dict)


class ProposeDefinition(Part):
    """A stage to propose for the record."""

    label: ClassVar[Spoken] = ("动作 propose_move", "the action propose_move")

    to: Text
    for_: Names = Key(default=(), alias="for")
    text: Message | None = None
    automatic: Formula | None = None


class AssignDefinition(Part):
    """A user to be put into a field: a named one, or one of several."""

    label: ClassVar[Spoken] = ("动作 assign", "the action assign")

    field: Text
    to: Text | None = None
    from_: Text | None = Key(default=None, alias="from")
    by: Text | None = None
    floor: Text | None = None
    capacity: Formula | None = None
    else_: Text | None = Key(default=None, alias="else")


class TagDefinition(Part):
    """Options to be added to a field of many choices, or taken from it."""

    label: ClassVar[Spoken] = ("动作 tag", "the action tag")

    field: Text | None = None
    add: Names = ()
    remove: Names = ()


class ScoreActionDefinition(Part):
    """Points to be given to the record for good: `{lead_score: +10, because: …}` is `{score: lead_score, points: +10, because: …}`."""

    label: ClassVar[Spoken] = ("动作 score", "the action score")

    score: Text
    points: Formula
    because: Message

    @classmethod
    def prepare(cls, data: Entries, found: Collector) -> dict[Word, Any]:
        """The key that is none of the others names the score."""
        named = [key for key in data if key not in cls.keys()]  # noqa: SIM118  # a class method, not a dict's
        if len(named) != 1 or "score" in data or "points" in data:
            return super().prepare(data, found)
        pairs = [(key, value) for key, value in data.items() if key != named[0]]
        extra = [(Word.inserted("score", named[0].place), named[0]), (Word.inserted("points", named[0].place), data[named[0]])]
        return super().prepare(Entries(data.place, [*pairs, *extra]), found)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        long = handler.resolve_ref_schema(handler(schema))
        because = long["properties"]["because"]
        number = {"type": ["string", "number"]}
        short = {"type": "object", "properties": {"because": because}, "required": ["because"], "minProperties": 2, "maxProperties": 2}
        return {"anyOf": [long, {**short, "additionalProperties": number}]}


class TodoDefinition(Part):
    """A to-do for somebody."""

    label: ClassVar[Spoken] = ("动作 todo", "the action todo")

    for_: SomeNames = Key(alias="for")
    text: Message
    claim: Flag = False
    done_by: Annotated[Text, one_of("leaving", "person")] | None = None
    due: Formula | None = None


class SurveyDefinition(Part):
    """A form that somebody is asked to fill in about the record."""

    label: ClassVar[Spoken] = ("动作 survey", "the action survey")

    form: Text
    for_: SomeNames = Key(alias="for")
    text: Message | None = None
    within: DurationEntry | None = None
    once: DurationEntry | None = None
    claim: Flag = False


class NotifyDefinition(Part):
    """A message to somebody."""

    label: ClassVar[Spoken] = ("动作 notify", "the action notify")

    to: SomeNames
    text: Message
    via: Names = ()


class DocumentActionDefinition(Part):
    """A document to be made of the record."""

    label: ClassVar[Spoken] = ("动作 document", "the action document")

    name: Text
    into: Text | None = None
    to: Names = ()
    text: Message | None = None
    as_: Text | None = Key(default=None, alias="as")


class CallDefinition(Part):
    """Something to be told to another system."""

    label: ClassVar[Spoken] = ("动作 call", "the action call")

    connector: Text
    path: Text
    body: dict[Text, Formula] = Key(default_factory=dict)
    method: Annotated[Text, one_of("POST", "PUT", "PATCH", "DELETE")] | None = None


class StartDefinition(Part):
    """An approval of the record, or a pipeline that runs under it."""

    label: ClassVar[Spoken] = ("动作 start", "the action start")

    name: Text
    with_: dict[Text, Formula] | None = Key(default=None, alias="with")
    again: Flag | None = None


def start_line(word: Word) -> tuple[Entries | None, list[Diagnostic]]:
    """`start: contract` is `start: {name: contract}`, `document: quote` is `document: {name: quote}`."""
    return Entries(word.place, {Word.inserted("name", word.place): word}), []


def stage_line(word: Word) -> tuple[Entries | None, list[Diagnostic]]:
    """`move: won` is `move: {to: won}`."""
    return Entries(word.place, {Word.inserted("to", word.place): word}), []


class Following(Each):
    """On the actions that follow an action: read like the list that they stand in, without pydantic's own recursion, which would run the
    reading of a part twice."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.with_info_plain_validator_function(self._read)

    def __get_pydantic_json_schema__(self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {}  # `json_schema` puts the actions themselves in its place

    def _read(self, value: Written, info: ValidationInfo) -> tuple[Any, ...]:
        def each(items: Iterable[Any], location: str | int | None = None, /) -> tuple[Any, ...]:
            return tuple(ActionDefinition.model_validate(item, context=info.context) for item in items)

        return self._items(value, each, info)


class ActionDefinition(Part):
    """One action: one of the kinds, and what belongs to all of them."""

    label: ClassVar[Spoken] = ("动作", "an action")
    kinds: ClassVar[tuple[str, ...]] = (
        "set",
        "create",
        "update",
        "move",
        "propose_move",
        "assign",
        "tag",
        "score",
        "start",
        "recycle",
        "todo",
        "survey",
        "notify",
        "document",
        "call",
    )

    set: dict[Text, Formula] | None = None
    create: CreateDefinition | None = None
    update: UpdateDefinition | None = None
    move: Annotated[MoveActionDefinition, OrLine(stage_line, "won")] | None = None
    propose_move: Annotated[ProposeDefinition, OrLine(stage_line, "quote")] | None = None
    assign: AssignDefinition | None = None
    tag: TagDefinition | None = None
    score: ScoreActionDefinition | None = None
    start: Annotated[StartDefinition, OrLine(start_line, "contract")] | None = None
    recycle: Text | None = None
    todo: TodoDefinition | None = None
    survey: SurveyDefinition | None = None
    notify: NotifyDefinition | None = None
    document: Annotated[DocumentActionDefinition, OrLine(start_line, "quote")] | None = None
    call: CallDefinition | None = None
    when: Text | None = None
    then: Annotated[tuple["ActionDefinition", ...], Following(label)] = ()
    must: Flag | None = None
    as_: Annotated[Text, one_of("system", "actor")] | None = Key(default=None, alias="as")

    def given(self) -> list[str]:
        """The kinds of action that are written; there should be one."""
        return [key for key in self.kinds if getattr(self, key) is not None]


ActionDefinition.model_rebuild()
ActionList = Annotated[tuple[ActionDefinition, ...], Each(ActionDefinition.label)]
