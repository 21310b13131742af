"""`change:` as the parts that it alters: each dotted path spread out to a mapping, so that names in it are found like everywhere else."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dougong_dsl.sentences.written import Entries, Word, Written

from dougong.names import written

_SEGMENT = re.compile(r"`[^`]+`|[^.`]+")
REMOVED = "removed"
_LISTED = ("+", "-")


@dataclass(frozen=True, slots=True)
class Altered:
    """One change: its section, the name there, the names on the way below it, and what it writes as that part would hold it."""

    section: str
    name: Word
    path: tuple[Word, ...]
    value: Entries


def altered(file: Entries) -> Iterator[Altered]:
    """Every change of a part by name; `objects.+: {…}` brings new parts, one after the other."""
    for key, value in written.pairs(written.get(file, "change")):
        section, *path = segments(key) or [key]
        if not path:
            continue
        name, *rest = path
        if name in _LISTED:
            yield from (Altered(str(section), each, (), below) for each, below in written.pairs(value) if isinstance(below, Entries))
        else:
            yield Altered(str(section), name, tuple(word for word in rest if word not in _LISTED), _spread(rest, value, key))


def segments(key: Word) -> list[Word]:
    """The keys of a dotted path, each with its place; a key with a dot in it stands in backquotes."""
    found = []
    for each in _SEGMENT.finditer(key):
        inside = 1 if each[0].startswith("`") else 0
        found.append(Word(key.source.part(each.start() + inside, each.end() - inside)))
    return found


def _spread(path: list[Word], value: Written, key: Word) -> Entries:
    """`a.b: x` as `{a: {b: x}}`; the sign of a list stands for its place, and what is taken away holds nothing."""
    there: Written = Entries(key.place) if isinstance(value, Word) and value == REMOVED else value
    for word in reversed(path):
        if word not in _LISTED:
            there = Entries(key.place, {word: there})
    return there if isinstance(there, Entries) else Entries(key.place)
