"""`change:` as the parts that it alters: each dotted path spread out to a mapping, so that names in it are found like everywhere else."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dougong_dsl.sentences.written import Entries, Items, Word, Written

from dougong.names import written
from dougong.names.symbols import SECTIONS, Kind, Occurrence, Symbol, World

_SEGMENT = re.compile(r"`[^`]+`|[^.`]+")
REMOVED, STAGE = "removed", "stage"
_LISTED = ("+", "-")


@dataclass(frozen=True, slots=True)
class Altered:
    """One change: its section, the name there, the names on the way below it, and what it writes as that part would hold it."""

    section: str
    name: Word
    path: tuple[Word, ...]
    value: Written


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


def _spread(path: list[Word], value: Written, key: Word) -> Written:
    """`a.b: x` as `{a: {b: x}}`; the sign of a list stands for its place, and what is taken away holds nothing."""
    there: Written = Entries(key.place) if isinstance(value, Word) and value == REMOVED else value
    for word in reversed(path):
        if word not in _LISTED:
            there = Entries(key.place, {word: there})
    return there if isinstance(there, Entries | Items) else Entries(key.place)


def way(world: World, change: Altered) -> Iterator[Occurrence]:
    """The names on the path of a change: the part, and what of it is altered."""
    section, name, path = change.section, str(change.name), [*change.path, *[None] * 4]
    below: list[tuple[Kind, Word | None, str]] = []
    if section == "scores":
        owner = world.scores.get(name, "")
        below = [("field", change.name, owner)]
        below += [("option", path[1], f"{owner}.{name}_band")] if path[0] == "bands" else []
    elif section in SECTIONS:
        below = [(SECTIONS[section], change.name, "")]
    if section == "objects" and path[0] == "fields":
        below.append(("field", path[1], name))
        below += [("option", path[3], f"{name}.{path[1]}")] if path[2] == "options" else []
    elif section == "pipelines" and path[0] == "stages":
        below.append(("stage", path[1], stages_of(world, change)))
    elif section == "lists":
        below.append(("option", path[0], f"@{name}"))
    for kind, word, owner in below:
        symbol = Symbol(kind, str(word), owner)
        if word is not None and (symbol in world.declared or kind == "field" and symbol.name in world.members.get(owner, {})):
            yield Occurrence(symbol, word.place)


def object_of(world: World, change: Altered) -> str:
    """The object that the changed part is, or is of; empty for none."""
    name, kind = str(change.name), SECTIONS.get(change.section)
    if change.section in ("objects", "scores"):
        return name if change.section == "objects" else world.scores.get(name, "")
    return "" if kind is None else world.objects_of.get(Symbol(kind, name), "")


def stages_of(world: World, change: Altered) -> str:
    """The room of the stages of a changed pipeline."""
    there = world.declared.get(Symbol("pipeline", str(change.name)))
    return room_of_stages(object_of(world, change), there.value if there is not None else change.value)


def room_of_stages(object_name: str, pipeline: Written | None) -> str:
    """The owner of a pipeline's stages: its object, of a further pipeline with the field that holds the stage."""
    field = written.word(written.get(pipeline, "field"))
    return object_name if field is None or field == STAGE else f"{object_name}.{field}"
