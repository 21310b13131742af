"""Scores as they may be written: points for what is true of a record, and what so many points are called."""

import re
from typing import Annotated, ClassVar

from dougong_dsl.sentences import steps
from dougong_dsl.sentences.written import Word, Written
from pydantic import Field as Key

from dougong.definition.mistakes import Spoken, wrong_value
from dougong.definition.part import Part
from dougong.definition.values import Each, OrLine, Scalar, Text, TitleText, Whole, read_text

BAND = re.compile(r"\s*(?:(?P<sign>[<>]=?)\s*(?P<bound>-?\d{1,9})|(?P<low>-?\d{1,9})\s*\.\.\s*(?P<high>-?\d{1,9}))\s*")


def read_band(value: Written) -> Word:
    """`>= 60`, `< 30` or `30..60`."""
    word = read_text(value)
    if not BAND.fullmatch(word):
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
    was: Text | None = None
    rules: Annotated[
        tuple[Annotated[ScoreRuleDefinition, OrLine(lambda word: steps.score(word.source), steps.SCORE.example)], ...],
        Each(ScoreRuleDefinition.label),
    ]
    bands: Annotated[dict[Text, Annotated[Word, Scalar(read_band, {"type": "string"})]], Each(("等级", "a band"))] = Key(
        default_factory=dict
    )
