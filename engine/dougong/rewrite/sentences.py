"""Each part of the language that has a sentence: its long form as plain data → the sentence, proven by reading it again."""

from collections.abc import Callable, Mapping
from typing import Any

from dougong_dsl.places import Source
from dougong_dsl.sentences import printing
from dougong_dsl.sentences.written import Entries, Items, Word, Written

from dougong.definition.approvals import StepDefinition
from dougong.definition.deadlines import DeadlineDefinition
from dougong.definition.durations import DurationDefinition
from dougong.definition.fields import FieldDefinition, plain, words_of
from dougong.definition.flow import EventDefinition, MoveDefinition
from dougong.definition.part import Part
from dougong.definition.rights import GrantDefinition
from dougong.definition.scores import ScoreRuleDefinition
from dougong.definition.shape import Keyed

_LISTS = frozenset(("from", "by", "asks", "may", "fields", "mask", "hide"))  # names that may stand without brackets
_PRINTERS: Mapping[type[Part], Callable[[printing.Long], str | None]] = {
    FieldDefinition: lambda long: printing.field_text(long, words_of(str(long["type"])) if "type" in long else None),
    MoveDefinition: printing.move_text,
    GrantDefinition: printing.grant_text,
    EventDefinition: printing.event_text,
    StepDefinition: printing.step_text,
    ScoreRuleDefinition: printing.score_text,
    DurationDefinition: printing.duration_text,
    DeadlineDefinition: printing.deadline_text,
}


def sentence(long: Mapping[str, Any], shape: Keyed) -> str | None:
    """The sentence for a long form; None when the part has none or the sentence would say something else."""
    printer = _PRINTERS.get(shape.part)
    if printer is None or shape.line is None:
        return None
    attempts = [long, printing.with_bracket(long)] if "default" in long and shape.part is FieldDefinition else [long]
    wanted = _settled(long, shape)
    for each in attempts:
        text = printer(each)
        if text and _read(text, shape) in (wanted, _settled(each, shape)):
            return text
    return None


def _read(text: str, shape: Keyed) -> Any:
    assert shape.line is not None
    found, _ = shape.line.read(Word(Source.inline(text)))
    return None if found is None else _settled(plain(found), shape)


def in_order(long: Entries) -> Entries:
    """A sentence's long form with its keys in the order in which the sentence says them."""
    return Entries(long.place, sorted(long.items(), key=lambda item: (item[0].place.line, item[0].place.column)))


def _settled(long: Any, shape: Keyed) -> Any:
    """What two ways of writing the same have in common."""
    if not isinstance(long, Mapping):
        return long
    found = {}
    for key, value in long.items():
        if value is False or (key == "default" and shape.part is FieldDefinition):
            value = _bare(value) if isinstance(value, str) else None
        if key == "title":
            value = printing.titles(value)
        if key == "options":
            value = printing.options_text(value)
        if value is not None:
            found[key] = (
                printing.names(value) if key in _LISTS and shape.part is not EventDefinition and not _is_of_choice(key, shape) else value
            )
    return found


def _is_of_choice(key: str, shape: Keyed) -> bool:
    return key == "from" and shape.part is FieldDefinition


def _bare(text: str) -> str:
    """An expression without the brackets that only keep it together."""
    return text[1:-1] if text.startswith("(") and text.endswith(")") else text


def replaced(value: Written, canonical: Callable[[Word], str]) -> Any:
    """Written values as plain data, with every text put through `canonical`."""
    if isinstance(value, Entries):
        return {str(key): replaced(each, canonical) for key, each in value.items()}
    if isinstance(value, Items):
        return [replaced(each, canonical) for each in value]
    if isinstance(value, Word):
        return value.value if value.value is None or isinstance(value.value, bool) else canonical(value)
    return plain(value)
