"""Names in scenarios: objects of records, the fields they are given, the stages that they move to or are expected in."""

import re
from collections.abc import Iterable, Iterator, Mapping

from dougong_dsl.sentences.written import Entries, Word, Written

from dougong.names import written
from dougong.names.symbols import Occurrence, Symbol, World

_MADE = re.compile(r"\s*(?:(?:create|import(?:\s+\d+)?|新建|导入(?:\s*\d+)?)\s+)?(\w+)(?:\s+(\w+))?\s*")
_ABOUT = re.compile(r"\s*(?:update|expect|修改|应该)\s+(\w+)\s*")
_STAGE = re.compile(r"(\w+)\s+(?:to|in|到|在)\s+(\w+)")


def uses_in_scenes(world: World, files: Iterable[Entries]) -> Iterator[Occurrence]:
    """Every use in `cast` and `scenarios`; records of the cast are known in every scenario."""
    there = list(files)
    cast = [line for file in there for line in _lines(written.get(file, "cast"))]
    known = _records(world, cast, {})
    yield from _read(world, cast, known)
    for file in there:
        for _, scenario in written.pairs(written.get(file, "scenarios")):
            lines = [line for key in ("given", "steps") for line in _lines(written.get(scenario, key))]
            yield from _read(world, lines, _records(world, lines, known))


def _lines(value: Written | None) -> Iterator[tuple[Word, Written | None]]:
    """What is written before and after the colon of each line."""
    for line in written.each(value):
        if isinstance(line, Word):
            yield line, None
        elif (first := next(iter(written.pairs(line)), None)) is not None:
            yield first


def _records(world: World, lines: Iterable[tuple[Word, Written | None]], known: Mapping[str, str]) -> dict[str, str]:
    """Name of a record → its object."""
    found = dict(known)
    for head, _ in lines:
        made = _MADE.fullmatch(head)
        if made is not None and made[2] is not None and Symbol("object", made[1]) in world.declared:
            found[made[2]] = made[1]
    return found


def _read(world: World, lines: Iterable[tuple[Word, Written | None]], records: Mapping[str, str]) -> Iterator[Occurrence]:
    for head, value in lines:
        owner = ""
        if (made := _MADE.fullmatch(head)) is not None and Symbol("object", made[1]) in world.declared:
            owner = made[1]
            yield Occurrence(Symbol("object", owner), head.source.part(made.start(1), made.end(1)).place)
        elif (about := _ABOUT.fullmatch(head)) is not None:
            owner = records.get(about[1], "")
        for text in [each for each in (head, value) if isinstance(each, Word)]:
            for at in _STAGE.finditer(text):
                symbol = Symbol("stage", at[2], records.get(at[1], ""))
                if symbol in world.declared:
                    owner = owner or symbol.owner
                    yield Occurrence(symbol, text.source.part(at.start(2), at.end(2)).place)
        for name, _ in written.pairs(value):
            member = world.members.get(owner, {}).get(name)
            if member is not None:
                yield Occurrence(member.symbol, name.place)
