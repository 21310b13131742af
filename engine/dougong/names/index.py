"""Where every name of an app is declared and used, with exact ranges: a pure function of the texts, broken ones included."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dougong_dsl.sentences.written import Entries

from dougong.names import written
from dougong.names.declarations import world
from dougong.names.symbols import Declared, Occurrence, Symbol, World
from dougong.names.uses import uses
from dougong.read.templates import is_template, with_templates


@dataclass(frozen=True, slots=True)
class Index:
    """All names of an app. `by_line` holds the occurrences of each (file, line), by column."""

    world: World
    by_symbol: Mapping[Symbol, tuple[Occurrence, ...]]
    by_line: Mapping[tuple[str, int], tuple[Occurrence, ...]]

    def at(self, file: str, line: int, column: int) -> Occurrence | None:
        """The name that covers a column, or ends just before it (all from 1, in code points)."""
        there = self.by_line.get((file, line), ())
        after = bisect_right([o.place.column for o in there], column)
        for occurrence in reversed(there[:after]):
            if occurrence.place.column <= column <= occurrence.place.column + occurrence.place.length:
                return occurrence
        return None

    def of(self, symbol: Symbol) -> tuple[Occurrence, ...]:
        """Every place of a name, by place."""
        return self.by_symbol.get(symbol, ())


def declared(files: Mapping[str, str], blocks: Sequence[Entries] = ()) -> World:
    """What an app's texts and the building blocks it uses declare; enough to offer names, and much quicker than the whole index."""
    return world([*blocks, *definitions(files)])


def index(files: Mapping[str, str], known: World, blocks: Sequence[Entries] = ()) -> Index:
    """The index of an app's texts and of the building blocks it uses, in the world that they declare."""
    read = [*blocks, *definitions(files)]
    found = [_declared(d) for d in known.declared.values()] + uses(known, read)
    by_symbol: dict[Symbol, dict[object, Occurrence]] = {}
    by_line: dict[tuple[str, int], dict[object, Occurrence]] = {}
    for occurrence in found:
        place = occurrence.place
        by_symbol.setdefault(occurrence.symbol, {}).setdefault(place, occurrence)
        by_line.setdefault((place.file, place.line), {}).setdefault(place, occurrence)
    return Index(
        known,
        {symbol: tuple(sorted(each.values(), key=lambda o: o.place)) for symbol, each in by_symbol.items()},
        {line: tuple(sorted(each.values(), key=lambda o: o.place)) for line, each in by_line.items()},
    )


def definitions(files: Mapping[str, str]) -> list[Entries]:
    """The mappings of all files that can be read, with templates in their places."""
    read = [entries for name, text in files.items() if not is_template(name) and (entries := written.file(name, text)) is not None]
    return [with_templates(entries, files)[0] for entries in read]


def _declared(found: Declared) -> Occurrence:
    return Occurrence(found.symbol, found.word.place, declares=True)
