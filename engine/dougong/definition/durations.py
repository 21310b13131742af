"""Lengths of time as they may be written: `72 hours`, `3 working days`."""

from typing import Annotated, ClassVar

from dougong_dsl.sentences import moments

from dougong.definition.mistakes import Spoken
from dougong.definition.part import Part
from dougong.definition.values import Flag, OrLine, Text, Whole, one_of


class DurationDefinition(Part):
    """A length of time."""

    label: ClassVar[Spoken] = ("时长", "a duration")

    amount: Whole
    unit: Annotated[Text, one_of(*moments.UNITS)]
    working: Flag = False


DurationEntry = Annotated[DurationDefinition, OrLine(lambda word: moments.duration(word.source), moments.DURATION.example)]
