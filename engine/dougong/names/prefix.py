"""A prefix for every name that some texts declare: building blocks that are used under a name of their own.

Only words change; each letter keeps its place in the file it came from, and so does what a diagnostic points to.
"""

from bisect import bisect_left
from collections.abc import Sequence

from dougong_dsl.places import Place, Source
from dougong_dsl.sentences.written import Entries, Items, Word, Written

from dougong.definition.builtin import TEAM, USER
from dougong.names import written
from dougong.names.declarations import world
from dougong.names.symbols import SECTIONS, Symbol
from dougong.names.uses import uses

_TOP = frozenset(SECTIONS.values())
_EVERYBODYS = (USER, TEAM)  # objects that are there once, however many blocks add to them
_STAYS = ("cast", "scenarios", "app", "version", "title")

Spots = dict[tuple[str, int], dict[int, int]]
"""(file, line) → column → length of the names that get the prefix."""


def prefixed(parts: Sequence[Entries], prefix: str) -> list[Entries]:
    """The same with `prefix` before the names of all that they declare: what stands at the top of a section, and what they add to users and teams.

    `cast` and `scenarios` are left out: they are tests of the block as it is.
    """
    spots = _spots(parts)
    return [_Prefix(spots, prefix).top(part) for part in parts]


def _spots(parts: Sequence[Entries]) -> Spots:
    bare = [Entries(part.place, ((key, value) for key, value in part.items() if key not in _STAYS)) for part in parts]
    known = world(bare)
    found: Spots = {}
    names = [o.place for o in uses(known, bare) if o.is_name and o.symbol in known.declared and _is_ours(o.symbol)]
    names += [d.word.place for symbol, d in known.declared.items() if _is_ours(symbol)]
    names += _declared_twice(bare)
    for place in (*names, *_former(bare)):
        found.setdefault((place.file, place.line), {})[place.column] = place.length
    return found


def _is_ours(symbol: Symbol) -> bool:
    if symbol.kind in ("field", "reverse"):
        return symbol.owner in _EVERYBODYS
    return symbol.kind in _TOP and symbol.name not in _EVERYBODYS


def _declared_twice(parts: Sequence[Entries]) -> list[Place]:
    """Of two declarations of one name the index knows the first; the second is to clash with it as it did without the prefix."""
    names = [name for part in parts for section in SECTIONS for name, _ in written.pairs(written.get(part, section))]
    return [name.place for name in names if name not in _EVERYBODYS]


def _former(parts: Sequence[Entries]) -> list[Place]:
    """The former names, in `was`, of objects and of what is added to users and teams."""
    found = []
    for part in parts:
        for name, value in written.pairs(written.get(part, "objects")):
            below = written.pairs(written.get(value, "fields")) if name in _EVERYBODYS else [(name, value)]
            words = [written.word(written.get(each, "was")) for _, each in below]
            found += [word.place for word in words if word is not None]
    return found


class _Prefix:
    def __init__(self, spots: Spots, prefix: str) -> None:
        self.spots = spots
        self.columns = {line: sorted(columns) for line, columns in spots.items()}
        self.prefix = prefix

    def top(self, part: Entries) -> Entries:
        """A block's sections."""
        return Entries(part.place, ((key, self.value(value)) for key, value in part.items() if key not in _STAYS[:2]))

    def value(self, value: Written) -> Written:
        """A copy with the prefix at every spot."""
        if isinstance(value, Word):
            return self.word(value)
        if isinstance(value, Items):
            return Items(value.place, [self.value(each) for each in value])
        return Entries(value.place, [(self.word(key), self.value(each)) for key, each in value.items()])

    def word(self, word: Word) -> Word:
        starts = self.starts(word)
        if not starts:
            return word
        letters, places, at = "", list[tuple[int, int]](), 0
        positions = word.source.positions or [(word.place.line, word.place.column + number) for number in range(len(word))]
        for start in starts:
            letters += word[at:start] + self.prefix
            places += [*positions[at:start], *[positions[start]] * len(self.prefix)]
            at = start
        return Word(Source(letters + word[at:], word.place, (*places, *positions[at:])))

    def starts(self, word: Word) -> list[int]:
        """Where in a word the names begin, in order."""
        first, positions = word.place, word.source.positions
        if positions is None:
            columns = self.columns.get((first.file, first.line), [])
            inside = columns[bisect_left(columns, first.column) : bisect_left(columns, first.column + len(word))]
            return [column - first.column for column in inside]
        return [
            at
            for at, (line, column) in enumerate(positions)
            if column in self.spots.get((first.file, line), ()) and (at == 0 or positions[at - 1] != positions[at])
        ]
