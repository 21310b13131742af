"""A prefix for every name that some texts declare: building blocks that are used under a name of their own.

Only words change; each letter keeps its place in the file it came from, and so does what a diagnostic points to.
"""

from bisect import bisect_left
from collections.abc import Sequence

from dougong_dsl.places import Place, Source
from dougong_dsl.sentences.written import Entries, Items, Word, Written

from dougong.definition.builtin import TEAM, USER
from dougong.names import written
from dougong.names.changes import altered
from dougong.names.declarations import BESIDE_SCORES, world
from dougong.names.symbols import SECTIONS, Symbol, World
from dougong.names.uses import uses

_TOP = frozenset(SECTIONS.values())
_SECTIONS = (*SECTIONS, "scores")
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
    ours = _ours(known, bare)
    names = [o.place for o in uses(known, bare) if o.is_name and o.symbol in ours]
    names += [d.word.place for symbol, d in known.declared.items() if symbol in ours]
    for place in (*names, *_declared(bare), *_former(bare), *_changed_scores(bare)):
        found.setdefault((place.file, place.line), {})[place.column] = place.length
    return found


def _ours(known: World, parts: Sequence[Entries]) -> set[Symbol]:
    """The names that get the prefix. Scores are fields too, with others beside them."""
    found = {symbol for symbol in known.declared if _is_ours(symbol)}
    for name, value in _all(parts, "scores"):
        owner = str(written.word(written.get(value, "of")) or "")
        found |= {Symbol("field", f"{name}{beside}", owner) for beside in ("", *BESIDE_SCORES)}
    for _, value in _all(parts, "channels"):  # they name a field of several objects at once: it stays for all of them
        shared = [str(written.word(written.get(value, key))) for key in ("to", "consent", "opt_out")]
        found -= {Symbol("field", name, owner) for name in shared for owner in _EVERYBODYS}
    return found


def _is_ours(symbol: Symbol) -> bool:
    if symbol.kind in ("field", "reverse"):
        return symbol.owner in _EVERYBODYS
    return symbol.kind in _TOP and symbol.name not in _EVERYBODYS


def _all(parts: Sequence[Entries], section: str) -> list[tuple[Word, Written]]:
    return [pair for part in parts for pair in written.pairs(written.get(part, section))]


def _declared(parts: Sequence[Entries]) -> list[Place]:
    """Every declaration, also the second one of a name: it is to clash with the first as it did without the prefix."""
    return [name.place for section in _SECTIONS for name, _ in _all(parts, section) if name not in _EVERYBODYS]


def _former(parts: Sequence[Entries]) -> list[Place]:
    """The former names, in `was`, of all that gets the prefix."""
    found = []
    for section in _SECTIONS:
        for name, value in _all(parts, section):
            below = written.pairs(written.get(value, "fields")) if name in _EVERYBODYS else [(name, value)]
            words = [written.word(written.get(each, "was")) for _, each in below]
            found += [word.place for word in words if word is not None]
    return found


def _changed_scores(parts: Sequence[Entries]) -> list[Place]:
    """Scores in paths under `change`, where they are told apart from fields."""
    scores = {str(name) for name, _ in _all(parts, "scores")}
    return [each.name.place for part in parts for each in altered(part) if each.section == "scores" and each.name in scores]


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
