"""Decision tables and pools as they may be written."""

from typing import Annotated, ClassVar

from dougong_dsl.sentences import clauses
from pydantic import Field as Key

from dougong.definition.durations import DurationEntry
from dougong.definition.flow import EventDefinition
from dougong.definition.mistakes import Spoken
from dougong.definition.part import Part
from dougong.definition.values import Each, Flag, Names, OrLine, SomeNames, Text, TitleText, Whole

BLANK = ("blank", "空")
"""What a cell of a decision table says of a field that nobody has filled in."""


class TableRowDefinition(Part):
    """One row of a decision table: what must be true of which fields, and who gets the record then."""

    label: ClassVar[Spoken] = ("决策表的一行", "a row of a decision table")

    when: dict[Text, Names] = Key(default_factory=dict)
    then: Text


class DecisionTableDefinition(Part):
    """Rows that together say of every record who gets it."""

    label: ClassVar[Spoken] = ("决策表", "a decision table")

    of: Text
    title: TitleText | None = None
    first: Flag = False
    rows: Annotated[tuple[TableRowDefinition, ...], Each(TableRowDefinition.label)]


class PoolDefinition(Part):
    """Records that nobody has: who may claim them, and what comes back."""

    label: ClassVar[Spoken] = ("公海", "a pool")

    of: Text
    title: TitleText | None = None
    field: Text | None = None
    by: SomeNames
    where: Text | None = None
    shows: Names = ()
    open: Whole | None = None
    per_day: Whole | None = None
    views_per_day: Whole | None = None
    again: DurationEntry | None = None
    recycle: Annotated[
        tuple[Annotated[EventDefinition, OrLine(lambda word: clauses.event(word.source), clauses.EVENT.example)], ...],
        Each(EventDefinition.label),
    ] = Key(default=())
    unless: Text | None = None
    protect: DurationEntry | None = None
    warn: DurationEntry | None = None
    rest: DurationEntry | None = None
