"""Parts of the language that are read and checked whole, and refused for now: scores."""

import re
from typing import Annotated, ClassVar

from dougong_dsl.sentences import steps
from dougong_dsl.sentences.written import Word, Written

from dougong.definition.mistakes import Spoken, wrong_value
from dougong.definition.part import Part
from dougong.definition.values import Each, OrLine, Scalar, Text, TitleText, Whole, read_text

_BAND = re.compile(r"\s*(([<>]=?)\s*-?\d+|-?\d+\s*\.\.\s*-?\d+)\s*")


def read_band(value: Written) -> Word:
    """`>= 60`, `< 30` or `30..60`."""
    word = read_text(value)
    if not _BAND.fullmatch(word):
        raise wrong_value(word, (" `>= 60`、`< 30` 或 `30..60` 的写法", "`>= 60`, `< 30` or `30..60`"))
    return word


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
