"""What must be there before a stage is entered or left, as it may be written: fields, actions done by a person, evidence."""

from typing import Annotated, ClassVar

from dougong.definition.durations import DurationEntry
from dougong.definition.mistakes import Spoken
from dougong.definition.part import Part
from dougong.definition.values import Each, Flag, Formula, Names, Text, TitleText


class GateActionDefinition(Part):
    """Something a person does and ticks off."""

    label: ClassVar[Spoken] = ("阶段动作", "an action of a stage")

    id: Text
    title: TitleText | None = None
    by: Names = ()
    where: Flag = False


class EvidenceDefinition(Part):
    """A file that has to lie in a field of the record."""

    label: ClassVar[Spoken] = ("阶段凭证", "evidence of a stage")

    file: Text
    accept: Names = ()
    newer_than: DurationEntry | None = None
    version: Formula | None = None


class GateDefinition(Part):
    """What must be there before a stage is entered or left."""

    label: ClassVar[Spoken] = ("阶段条件", "a condition of a stage")

    @classmethod
    def shape(cls) -> Spoken:
        """Who writes an expression here means a move's `when`."""
        zh, en = super().shape()
        return f"{zh}；要成立的条件写在流转里：`a -> b when …`", f"{en}; a condition belongs to the move: `a -> b when …`"

    fields: Names = ()
    actions: Annotated[tuple[GateActionDefinition, ...], Each(GateActionDefinition.label)] = ()
    evidence: Annotated[tuple[EvidenceDefinition, ...], Each(EvidenceDefinition.label)] = ()
    exceptions_by: Names = ()
