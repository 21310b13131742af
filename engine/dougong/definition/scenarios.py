"""Scenarios as they may be written: who and what is there, what happens, what must come of it."""

import re
from dataclasses import dataclass
from typing import Annotated, ClassVar

from dougong_dsl.codes import scenarios as codes
from dougong_dsl.places import Place
from dougong_dsl.sentences.scenes import Said, scene
from dougong_dsl.sentences.written import Entries, Word, Written
from pydantic import Field as Key

from dougong.definition.mistakes import Mistake, Spoken
from dougong.definition.part import Part
from dougong.definition.values import Each, Scalar, Text, TitleText

_REFUSED = re.compile(r"""\s*(?:refused|被拒绝)(?:\s+(?:because|因为)\s*["'\u201c]?(.*?)["'\u201d]?)?\s*""", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Step:
    """One line with what stands behind its colon. `refused` is a part of the reason it must be refused with; empty for any reason."""

    said: Said
    value: Written | None
    place: Place
    refused: Word | None = None


def read_step(value: Written) -> Step:
    """`move d1 to won`, or `{update d1: {…}, refused: reason}`."""
    if isinstance(value, Word):
        return Step(_sentence(value), None, value.place)
    if not isinstance(value, Entries):
        raise Mistake(codes.ONE_LINE.at(value.place))
    lines = [key for key in value if key != "refused"]
    if len(lines) != 1:
        raise Mistake(codes.ONE_LINE.at(lines[1].place if lines else value.place))
    refused = next((text for key, text in value.items() if key == "refused"), None)
    if refused is not None and not isinstance(refused, Word):
        raise Mistake(codes.ONE_LINE.at(refused.place))
    (line,) = lines
    behind = value[line]
    if isinstance(behind, Word) and behind.value is None:
        behind = None
    reason = _REFUSED.fullmatch(behind) if isinstance(behind, Word) and refused is None else None
    if reason is not None:
        refused, behind = Word(behind.source.part(reason.start(1), reason.end(1)) if reason[1] else behind.source.part(0, 0)), None
    return Step(_sentence(line), behind, line.place, refused)


def _sentence(line: Word) -> Said:
    said, problems = scene(line.source)
    if said is None:
        raise Mistake(*problems)
    return said


StepLine = Annotated[Step, Scalar(read_step, {"anyOf": [{"type": "string"}, {"type": "object", "minProperties": 1, "maxProperties": 2}]})]
_LINE: Spoken = ("场景步骤", "a step of a scenario")


class ScenarioDefinition(Part):
    """A story of the app that must come true."""

    label: ClassVar[Spoken] = ("场景", "a scenario")

    title: TitleText | None = None
    as_: Text | None = Key(default=None, alias="as")
    at: Text | None = None
    given: Annotated[tuple[StepLine, ...], Each(_LINE, may_be_empty=True)] = ()
    steps: Annotated[tuple[StepLine, ...], Each(_LINE)]
