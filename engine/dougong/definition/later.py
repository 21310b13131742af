"""Parts of the language that are read and checked whole, and refused for now: durations, deadlines, approvals, scores."""

import re
from collections.abc import Mapping
from typing import Annotated, ClassVar

from dougong_dsl.sentences import moments, steps
from dougong_dsl.sentences.written import Word, Written
from pydantic import Field as Key

from dougong.definition.mistakes import Spoken, wrong_value
from dougong.definition.part import Part
from dougong.definition.values import Each, Flag, OrLine, Scalar, Text, TitleText, Whole, one_of, read_text

_BAND = re.compile(r"\s*(([<>]=?)\s*-?\d+|-?\d+\s*\.\.\s*-?\d+)\s*")


def read_band(value: Written) -> Word:
    """`>= 60`, `< 30` or `30..60`."""
    word = read_text(value)
    if not _BAND.fullmatch(word):
        raise wrong_value(word, (" `>= 60`、`< 30` 或 `30..60` 的写法", "`>= 60`, `< 30` or `30..60`"))
    return word


class DurationDefinition(Part):
    """A length of time."""

    label: ClassVar[Spoken] = ("时长", "a duration")

    amount: Whole
    unit: Annotated[Text, one_of(*moments.UNITS)]
    working: Flag = False


DurationEntry = Annotated[DurationDefinition, OrLine(lambda word: moments.duration(word.source), moments.DURATION.example)]


class DeadlineDefinition(Part):
    """How long a stage may last."""

    label: ClassVar[Spoken] = ("时限", "a deadline")

    after: DurationEntry


DeadlineEntry = Annotated[DeadlineDefinition, OrLine(lambda word: moments.deadline(word.source), moments.DEADLINE.example)]


class StepDefinition(Part):
    """One step of an approval."""

    label: ClassVar[Spoken] = ("审批步骤", "an approval step")

    by: Text
    within: DurationEntry | None = None
    else_: Annotated[Text, one_of("escalate", "approve", "reject")] | None = Key(default=None, alias="else")
    when: Text | None = None


StepEntry = Annotated[StepDefinition, OrLine(lambda word: steps.step(word.source), steps.STEP.example)]


class ApprovalDefinition(Part):
    """Who must agree, one after another."""

    label: ClassVar[Spoken] = ("审批", "an approval")
    later: ClassVar[Mapping[str, Spoken]] = {
        key: ("审批之后的动作", "actions that follow an approval") for key in ("on_approved", "on_rejected", "on_returned")
    }

    of: Text
    title: TitleText | None = None
    start: Text | None = None
    steps: Annotated[tuple[dict[Text, StepEntry], ...], Each(StepDefinition.label)]


class ScoreRuleDefinition(Part):
    """Points for records that fulfil a condition."""

    label: ClassVar[Spoken] = ("评分规则", "a score rule")

    points: Whole
    when: Text
    title: TitleText | None = None


class ScoreDefinition(Part):
    """Points of a record, and what they are called."""

    label: ClassVar[Spoken] = ("评分", "a score")

    of: Text
    title: TitleText | None = None
    rules: Annotated[
        tuple[Annotated[ScoreRuleDefinition, OrLine(lambda word: steps.score(word.source), steps.SCORE.example)], ...],
        Each(ScoreRuleDefinition.label),
    ]
    bands: dict[Text, Annotated[Word, Scalar(read_band, {"type": "string"})]] | None = None
