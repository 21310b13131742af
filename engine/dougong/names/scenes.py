"""Names in scenarios: the people and records that a story speaks of, and the objects, fields, options, stages, views, pools and approvals in it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from dougong_dsl.places import Source
from dougong_dsl.sentences import scenes
from dougong_dsl.sentences.scenes import Said
from dougong_dsl.sentences.written import Entries, Items, Word, Written

from dougong.definition.builtin import USER
from dougong.names import expressions, written
from dougong.names.changes import altered
from dougong.names.expressions import Around
from dougong.names.symbols import Declared, Kind, Occurrence, Symbol, World

_MAKES = ("record", "create")
CAST = ""  # the owner of the people and records that every scenario has


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the scenario `story` (`CAST` for the cast), with what stands behind its colon."""

    story: str
    said: Said
    value: Written | None


def lines(file: Entries) -> Iterator[Line]:
    """Every line of a file's cast and scenarios that can be read."""
    yield from _lines(CAST, written.get(file, "cast"))
    for name, scenario in written.pairs(written.get(file, "scenarios")):
        for key in ("given", "steps"):
            yield from _lines(str(name), written.get(scenario, key))
    for change in altered(file):
        if change.section == "scenarios":
            for key in ("given", "steps"):
                yield from _lines(str(change.name), written.get(change.value, key))
    for path, value in written.pairs(written.get(file, "change")):
        if path.partition(".")[0] == "cast":
            yield from _lines(CAST, value)


def named(line: Line) -> Iterator[tuple[Kind, Word, str]]:
    """The people and records that a line brings in: kind, name, object (empty: that of the parts of the line's record)."""
    names = line.said.names
    if line.said.kind == "user":
        yield "person", names[0], USER
    elif line.said.kind in _MAKES and len(names) == 2:
        yield "record", names[1], str(names[0])
    elif line.said.kind == "split":
        yield from (("record", name, "") for name, _ in written.pairs(line.value) if name != names[0])


def parts_of(declared: Mapping[Symbol, Declared], objects_of: Mapping[Symbol, str], owner: str) -> str:
    """The object of the parts that records of an object are split into; empty when they are not."""
    pipelines = (found for symbol, found in declared.items() if symbol.kind == "pipeline" and objects_of.get(symbol) == owner)
    names = (written.word(written.get(written.get(found.value, "splits"), "into")) for found in pipelines)
    return next((str(name) for name in names if name is not None), "")


def uses_in_scenes(world: World, files: Iterable[Entries]) -> Iterator[Occurrence]:
    """Every use in `cast` and `scenarios`."""
    for file in files:
        for line in lines(file):
            yield from _Line(world, line.story).uses(line)
        for name, scenario in written.pairs(written.get(file, "scenarios")):
            actor = written.word(written.get(scenario, "as"))
            yield from _Line(world, str(name)).person(actor)


def _lines(story: str, value: Written | None) -> Iterator[Line]:
    for line in written.each(value):
        pairs = [(line, None)] if isinstance(line, Word) else [pair for pair in written.pairs(line) if pair[0] != "refused"]
        for head, behind in pairs[:1]:
            said = _said(head.source)
            if said is not None:
                yield Line(story, said, behind)


@lru_cache(maxsize=20_000)
def _said(source: Source) -> Said | None:
    return scenes.scene(source)[0]


@lru_cache(maxsize=20_000)
def _expected(source: Source) -> Said | None:
    return scenes.expectation(source)[0]


class _Line:
    def __init__(self, world: World, story: str) -> None:
        self.world = world
        self.story = story

    def uses(self, line: Line) -> Iterator[Occurrence]:
        """The names in a line and behind its colon."""
        said, names = line.said, line.said.names
        yield from self.note("form", said.form)
        if said.kind == "user":
            yield from self.values(USER, line.value)
        elif said.kind in (*_MAKES, "import"):
            yield from self.note("object", names[0])
            for row in line.value if isinstance(line.value, Items) else [line.value]:
                yield from self.values(str(names[0]), row)
        elif said.kind == "split":
            yield from self.split(line)
        elif said.kind in ("do", "undo"):
            yield from self.record(names[1])
        elif said.kind == "expect" and not names:
            yield from self.expectation(written.word(line.value))
        elif said.kind == "as":
            yield from self.person(written.word(line.value))
        elif said.kind in ("message", "webhook"):
            yield from self.note("channel" if said.kind == "message" else "webhook", names[0])
            for name in names[1:]:
                yield from self.either(name)
        elif said.kind in ("ask", "handover", "stands", "transfer"):
            yield from self.record(names[0] if said.kind == "transfer" else said.about)
            for name in names[1:] if said.kind == "transfer" else names:
                yield from self.person(name)
        else:
            yield from self.record(said.about)
            yield from self.about(line)

    def about(self, line: Line) -> Iterator[Occurrence]:
        """A line that begins with one record."""
        names = line.said.names
        owner = self.object_of(names[0]) if names else ""
        yield from self.record(names[0] if names else None)
        if line.said.kind == "move":
            yield from self.stage(owner, names[1])
        elif line.said.kind == "submit":
            yield from self.note("approval", written.word(line.value))
        elif line.said.kind == "expect":
            yield from self.condition(owner, written.word(line.value))
        if isinstance(line.value, Entries):
            yield from self.values(owner, line.value)

    def split(self, line: Line) -> Iterator[Occurrence]:
        """Named or unnamed parts; one under the record's own name changes the record."""
        whole = line.said.names[0]
        yield from self.record(whole)
        owner = self.object_of(whole)
        parts = parts_of(self.world.declared, self.world.objects_of, owner)
        rows = written.pairs(line.value) if isinstance(line.value, Entries) else [(None, row) for row in written.each(line.value)]
        for name, row in rows:
            yield from self.record(name)
            yield from self.values(owner if name == whole else parts, row)

    def expectation(self, text: Word | None) -> Iterator[Occurrence]:
        """`todo for li.wei about d1`, `hot lists d1`, `3 ticket where …`."""
        said = None if text is None else _expected(text.source)
        if said is None:
            return
        names = said.names
        yield from self.record(said.about)
        if said.kind in ("todo", "message", "mail", "asked"):
            yield from self.person(names[0])
        elif said.kind == "may":
            yield from self.person(names[0])
            yield from self.record(names[1])
            yield from self.stage(self.object_of(names[1]), names[2] if len(names) > 2 else None)
        elif said.kind in ("sent", "called"):
            yield from self.note("channel" if said.kind == "sent" else "connector", names[0])
            for name in names[1:]:
                yield from self.either(name)
        elif said.kind == "lists":
            yield from self.note("view", names[0])
            for name in names[1:]:
                yield from self.record(name)
        elif said.kind == "records":
            yield from self.note("object", names[0])
            yield from self.condition(str(names[0]), said.condition)
        elif names:
            yield from self.record(names[0])
            yield from self.other(said.kind, self.object_of(names[0]), names[1] if len(names) > 1 else None)

    def other(self, kind: str, owner: str, name: Word | None) -> Iterator[Occurrence]:
        """What is said of one record: its stage, its pool, whose it is, the view that colours it."""
        if kind == "stage":
            yield from self.stage(owner, name)
        elif kind == "belongs":
            yield from self.person(name)
        elif kind in ("pool", "coloured"):
            yield from self.note("pool" if kind == "pool" else "view", name)

    def values(self, owner: str, row: Written | None) -> Iterator[Occurrence]:
        """Fields with their values: options, stages, people, records."""
        for name, value in written.pairs(row):
            member = self.world.members.get(owner, {}).get(str(name))
            if member is None:
                continue
            yield Occurrence(member.symbol, name.place)
            for word in written.words(value):
                if member.room is not None:
                    yield from self.note(member.room.kind, word, member.room.owner)
                elif member.target == USER:
                    yield from self.person(word)
                elif member.target is not None:
                    yield from self.record(word)

    def condition(self, owner: str, text: Word | None) -> Iterator[Occurrence]:
        """A condition on a record, in which the others may be named."""
        if text is not None:
            symbols = {n: s for n, s in self.known().items() if s in self.world.objects_of}
            names = {name: self.world.objects_of[symbol] for name, symbol in symbols.items()}
            yield from expressions.occurrences(self.world, text.source, Around(owner, names, symbols=symbols))

    def known(self) -> Mapping[str, Symbol]:
        """The records of the cast and of this story."""
        return {d.name: d for story in dict.fromkeys((CAST, self.story)) for d in self.world.stories.get(story, ())}

    def record(self, word: Word | None) -> Iterator[Occurrence]:
        symbol = self.found("record", word)
        if symbol is not None and word is not None:
            yield Occurrence(symbol, word.place)

    def person(self, word: Word | None) -> Iterator[Occurrence]:
        symbol = self.found("person", word)
        if symbol is not None and word is not None:
            yield Occurrence(symbol, word.place)

    def either(self, word: Word) -> Iterator[Occurrence]:
        """Somebody who is written to: a person, or the record of somebody outside."""
        yield from self.person(word) if self.found("person", word) is not None else self.record(word)

    def found(self, kind: Kind, word: Word | None) -> Symbol | None:
        """A person or record of this story, or of the cast."""
        symbols = [Symbol(kind, str(word), story) for story in (self.story, CAST)]
        return next((symbol for symbol in symbols if symbol in self.world.declared), None)

    def object_of(self, word: Word) -> str:
        """The object of a record; empty when there is none of that name."""
        symbol = self.found("record", word)
        return "" if symbol is None else self.world.objects_of.get(symbol, "")

    def stage(self, owner: str, word: Word | None) -> Iterator[Occurrence]:
        """A stage of one of an object's pipelines; the pipeline's field may stand before it."""
        rooms = self.world.stage_rooms(owner)
        if word is not None and "." in word:
            dot = word.index(".")
            field, word = Word(word.source.part(0, dot)), Word(word.source.part(dot + 1, len(word)))
            member = self.world.member(owner, str(field))
            if member is not None:
                yield Occurrence(member[0].symbol, field.place)
            rooms = [room for room in rooms if room.owner == f"{owner}.{field}"] or rooms
        for room in rooms:
            if word is not None and Symbol("stage", str(word), room.owner) in self.world.declared:
                yield Occurrence(Symbol("stage", str(word), room.owner), word.place)
                return

    def note(self, kind: Kind, word: Word | None, owner: str = "") -> Iterator[Occurrence]:
        if word is not None and (symbol := Symbol(kind, str(word), owner)) in self.world.declared:
            yield Occurrence(symbol, word.place)
