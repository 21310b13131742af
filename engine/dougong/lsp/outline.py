"""What is in a file, as a tree: objects with their fields, pipelines with their stages, and the rest."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dougong_dsl.places import Place
from dougong_dsl.sentences.written import Word, Written

from dougong.names import written
from dougong.names.symbols import SECTIONS, Kind

_BELOW: Mapping[str, tuple[str, Kind]] = {"objects": ("fields", "field"), "pipelines": ("stages", "stage")}


@dataclass(frozen=True, slots=True)
class Entry:
    """A name with what belongs to it; `last` is the last place of its value."""

    name: str
    kind: Kind
    detail: str
    place: Place
    last: Place
    inner: tuple["Entry", ...] = ()


def outline(name: str, text: str) -> list[Entry]:
    """The tree of a file."""
    file = written.file(name, text)
    found: list[Entry] = []
    for section, kind in SECTIONS.items():
        below = _BELOW.get(section)
        for word, value in written.pairs(written.get(file, section)):
            inner = [_entry(w, v, below[1]) for w, v in written.pairs(written.get(value, below[0]))] if below else []
            found.append(_entry(word, value, kind, tuple(inner)))
    return sorted(found, key=lambda entry: entry.place)


def _entry(word: Word, value: Written, kind: Kind, inner: tuple[Entry, ...] = ()) -> Entry:
    long = written.field(value) if kind == "field" else value
    titles = written.titles(written.get(long, "title"))
    last = max((p for p in _places(value) if p.file == word.place.file), default=word.place)
    return Entry(str(word), kind, titles[0] if titles else "", word.place, max(last, word.place), inner)


def _places(value: Written) -> Iterator[Place]:
    if isinstance(value, Word):
        last = value.source.at(max(0, len(value) - 1))
        yield last if value else value.place
    elif isinstance(value, list):
        for each in value:
            yield from _places(each)
    else:
        for key, each in value.items():
            yield key.place
            yield from _places(each)
