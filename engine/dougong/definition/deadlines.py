"""How long a record may stay in a stage, and what follows when it does, as it may be written."""

from typing import Annotated, ClassVar

from dougong_dsl.sentences import moments
from pydantic import Field as Key

from dougong.definition.actions import ActionList
from dougong.definition.durations import DurationEntry
from dougong.definition.mistakes import Spoken
from dougong.definition.part import Part
from dougong.definition.values import Each, OrLine, Text


class EscalationDefinition(Part):
    """What follows when a deadline has passed some time ago."""

    label: ClassVar[Spoken] = ("超期升级", "an escalation")

    after: DurationEntry
    do: ActionList


class DeadlineDefinition(Part):
    """How long a stage may last, or until which date, on which calendar, and what follows."""

    label: ClassVar[Spoken] = ("时限", "a deadline")

    after: DurationEntry | None = None
    on: Text | None = None
    calendar: Text | None = None
    do: ActionList = ()
    then: Annotated[tuple[EscalationDefinition, ...], Each(EscalationDefinition.label)] = Key(default=())


DeadlineEntry = Annotated[DeadlineDefinition, OrLine(lambda word: moments.deadline(word.source), moments.DEADLINE.example)]
