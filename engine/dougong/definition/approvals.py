"""Approvals as they may be written."""

from typing import Annotated, ClassVar

from dougong_dsl.sentences import clauses, steps
from pydantic import Field as Key

from dougong.definition.actions import ActionList
from dougong.definition.durations import DurationEntry
from dougong.definition.flow import EventDefinition
from dougong.definition.mistakes import Spoken
from dougong.definition.part import Part
from dougong.definition.values import Each, Flag, Message, Names, OrLine, Text, TitleText, one_of

ELSE = ("escalate", "approve", "reject")
SAME_PERSON = ("other", "counts", "again")
WHEN_LEFT = ("withdraw", "continue")


class StepDefinition(Part):
    """One step of an approval."""

    label: ClassVar[Spoken] = ("审批步骤", "an approval step")

    by: Text
    within: DurationEntry | None = None
    else_: Annotated[Text, one_of(*ELSE)] | None = Key(default=None, alias="else")
    when: Text | None = None


StepEntry = Annotated[StepDefinition, OrLine(lambda word: steps.step(word.source), steps.STEP.example)]


class ApprovalDefinition(Part):
    """An approval: people who must agree, one step after the other."""

    label: ClassVar[Spoken] = ("审批", "an approval")

    of: Text
    title: TitleText | None = None
    text: Message | None = None
    start: Annotated[EventDefinition, OrLine(lambda word: clauses.event(word.source), clauses.EVENT.example)] | None = None
    when: Text | None = None
    lock: Names = ()
    reads: Annotated[Text, one_of("live", "snapshot")] | None = None
    same_person: Annotated[Text, one_of(*SAME_PERSON)] | None = None
    own: Flag = False
    when_left: Annotated[Text, one_of(*WHEN_LEFT)] | None = None
    steps: Annotated[tuple[dict[Text, StepEntry], ...], Each(StepDefinition.label)]
    on_approved: ActionList = ()
    on_rejected: ActionList = ()
    on_returned: ActionList = ()
    on_withdrawn: ActionList = ()
