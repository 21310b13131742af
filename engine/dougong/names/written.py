"""Reading written values without complaint: whatever is not as it should be is simply nothing."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from dougong_dsl.diagnostics import Diagnostic
from dougong_dsl.places import Source
from dougong_dsl.sentences import clauses, steps
from dougong_dsl.sentences.field_line import field_line
from dougong_dsl.sentences.written import Entries, Items, Word, Written

from dougong.definition.fields import words_of
from dougong.fields.registry import FIELD_TYPES
from dougong.read.yaml import read_yaml

_ATTEMPTS = 8
Reader = Callable[[Source], tuple[Entries | None, list[Diagnostic]]]


EACH = re.compile(r"\s*(\w+)(?:\s+where\s+(.+?))?\s*", re.DOTALL)
"""`each:` of a trigger: an object, and perhaps a condition."""


def get(value: Written | None, key: str) -> Written | None:
    """What stands under a key."""
    return next((each for k, each in value.items() if k == key), None) if isinstance(value, Entries) else None


def word(value: Written | None) -> Word | None:
    """A text."""
    return value if isinstance(value, Word) and value.strip() else None


def pairs(value: Written | None) -> Iterator[tuple[Word, Written]]:
    """Keys and values of a mapping."""
    if isinstance(value, Entries):
        yield from value.items()


def each(value: Written | None) -> list[Written]:
    """The items of a list; a single value stands for a list of one."""
    return list(value) if isinstance(value, Items) else [] if value is None else [value]


def words(value: Written | None) -> list[Word]:
    """The texts of a list."""
    return [w for v in each(value) if (w := word(v)) is not None]


def titles(value: Written | None) -> tuple[str, ...]:
    """A title in the languages it has, Chinese first."""
    if isinstance(value, Entries):
        found = [word(get(value, "zh")), word(get(value, "en"))]
        return tuple(str(w) for w in found if w is not None)
    return (str(value),) if isinstance(value, Word) and value else ()


def long(value: Written | None, reader: Reader) -> Entries | None:
    """A mapping, also when it was written as a sentence."""
    if isinstance(value, Word):
        return reader(value.source)[0]
    return value if isinstance(value, Entries) else None


def field(value: Written | None) -> Entries | None:
    """A field as a mapping."""
    return _field(value.source) if isinstance(value, Word) else value if isinstance(value, Entries) else None


@lru_cache(maxsize=50_000)
def _field(source: Source) -> Entries | None:
    """Kept by text and place: while somebody types in one line, all the others are read once."""
    return field_line(source, words_of, lambda: list(FIELD_TYPES))[0]


def move(value: Written | None) -> Entries | None:
    """A move as a mapping."""
    return long(value, clauses.move)


def grant(value: Written | None) -> Entries | None:
    """A grant as a mapping."""
    return long(value, clauses.grant)


def event(value: Written | None) -> Entries | None:
    """An event as a mapping."""
    return long(value, clauses.event)


def step(value: Written | None) -> Entries | None:
    """A step of an approval as a mapping."""
    return long(value, steps.step)


@lru_cache(maxsize=4_000)
def file(name: str, text: str) -> Entries | None:
    """The mapping in a file. Where YAML gives up, brackets and quotes left open on that line are closed, or the line is left out."""
    lines = text.split("\n")
    for _ in range(_ATTEMPTS):
        value, problems = read_yaml(name, "\n".join(lines))
        if isinstance(value, Entries):
            return value
        if not problems or not _mend(lines, problems[-1].place.line):
            return None
    return None


def _mend(lines: list[str], wrong: int) -> bool:
    """Change the line that YAML stumbled over, or the one above, where a bracket was opened; False when there is none."""
    filled = [number for number in range(min(wrong, len(lines))) if lines[number].strip()][-2:]
    for number in reversed(filled):
        closed = _closed(lines[number])
        if closed != lines[number]:
            lines[number] = closed
            return True
    if filled:
        lines[filled[-1]] = ""
    return bool(filled)


def _closed(line: str) -> str:
    """A line with the quotes and flow brackets closed that it leaves open, each before the first end that does not fit it."""
    ends: list[str] = []
    quote, result = "", ""
    for before, char in zip(" " + line, line, strict=False):
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'" and before in " [{,:":
            quote = char
        elif char in "{[":
            ends.append("}" if char == "{" else "]")
        elif char in "}]":
            while ends and ends[-1] != char and char in ends:
                result += ends.pop()
            if ends:
                ends.pop()
        result += char
    return result + quote + "".join(reversed(ends))
