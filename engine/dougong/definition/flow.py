"""Pipelines and triggers as they may be written."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from dougong_dsl.places import Source
from dougong_dsl.sentences import clauses, moments
from dougong_dsl.sentences.written import Word, Written
from pydantic import Field as Key

from dougong.definition.actions import ActionList
from dougong.definition.deadlines import DeadlineEntry
from dougong.definition.durations import DurationEntry
from dougong.definition.gates import GateDefinition
from dougong.definition.mistakes import Spoken, wrong_value
from dougong.definition.part import Part
from dougong.definition.splits import SplitDefinition
from dougong.definition.values import Each, Flag, Formula, Message, Names, OrLine, Scalar, Text, TitleText, Whole, one_of, read_text

NOW = ("created", "changed", "deleted", "entered", "left")
OF_TIME = ("before", "after", "overdue", "stays", "without", "had", "every")
OF_DOORS = ("message", "submitted", "received")


def read_period(value: Written) -> Word:
    """A weekday, or a unit of time with or without an amount: `monday`, `day`, `15 minutes`."""
    word = read_text(value)
    _, problems = moments.moment(Source.inline(f"every {word}"))
    if problems:
        raise wrong_value(word, (" monday、day 或 `15 minutes` 这样的周期", "a period such as monday, day or `15 minutes`"))
    return word


class StageDefinition(Part):
    """One stage of a pipeline."""

    label: ClassVar[Spoken] = ("阶段", "a stage")

    title: TitleText | None = None
    kind: Annotated[str, one_of("open", "waiting", "won", "lost", "done")] = "open"
    start: Flag = False
    to_enter: GateDefinition | None = None
    to_leave: GateDefinition | None = None
    overdue: DeadlineEntry | None = None
    review: DeadlineEntry | None = None
    on_enter: ActionList = ()
    on_leave: ActionList = ()
    on_overdue: ActionList = ()
    owner: Names = ()
    standard: Message | None = None
    was: Text | None = None


class MoveDefinition(Part):
    """A way from some stages to another."""

    label: ClassVar[Spoken] = ("流转", "a move")

    from_: Names = Key(alias="from")
    to: Text
    title: TitleText | None = None
    by: Names = ()
    when: Text | None = None
    asks: Names = ()


class PipelineDefinition(Part):
    """The stages of an object's records and the moves between them."""

    label: ClassVar[Spoken] = ("流程", "a pipeline")
    later: ClassVar[Mapping[str, Spoken]] = {
        "required_path": ("必经路径 required_path", "required paths"),
    }

    of: Text
    field: Text | None = None
    under: Text | None = None
    title: TitleText | None = None
    splits: SplitDefinition | None = None
    stages: Annotated[dict[Text, StageDefinition], Each(StageDefinition.label)]
    moves: Annotated[
        tuple[Annotated[MoveDefinition, OrLine(lambda word: clauses.move(word.source), clauses.MOVE.example)], ...],
        Each(MoveDefinition.label),
    ] = ()
    journey: Flag = False
    moved: Annotated[dict[Text, Formula], Each(("阶段的去向", "where a stage's records go"))] = Key(default={})


class EventDefinition(Part):
    """What a trigger waits for."""

    label: ClassVar[Spoken] = ("触发时机", "an event")

    of: Text | None = None
    event: Annotated[Text, one_of(*NOW, *OF_TIME, *OF_DOORS, *moments.OUTCOMES)]
    field: Text | None = None
    from_: Text | None = Key(default=None, alias="from")
    to: Text | None = None
    stage: Text | None = None
    span: DurationEntry | None = None
    what: Text | None = None
    times: Whole | None = None
    every: Annotated[tuple[Annotated[Word, Scalar(read_period, {"type": "string"})], ...], Each(("周期", "a period"))] | None = None
    on: Text | None = None
    at: Text | None = None
    cron: Text | None = None
    channel: Text | None = None
    contains: Names | None = None
    form: Text | None = None
    webhook: Text | None = None
    approval: Text | None = None


class TriggerDefinition(Part):
    """Actions that follow an event."""

    label: ClassVar[Spoken] = ("触发器", "a trigger")
    title: TitleText | None = None
    was: Text | None = None
    on: Annotated[
        tuple[Annotated[EventDefinition, OrLine(lambda word: clauses.event(word.source), clauses.EVENT.example)], ...],
        Each(EventDefinition.label),
    ]
    each: Text | None = None
    when: Text | None = None
    as_: Annotated[Text, one_of("system", "actor")] | None = Key(default=None, alias="as")
    do: ActionList
