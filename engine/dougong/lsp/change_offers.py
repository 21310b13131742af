"""What may be written as a path under `change:`: the sections, the names in them, the keys and names below."""

from collections.abc import Iterator, Sequence

from dougong_dsl.places import Source
from dougong_dsl.sentences.written import Word

from dougong.definition.app import AppDefinition
from dougong.definition.key_help import key_help
from dougong.definition.shape import Keyed, Listed, Named, Shape, shape_of
from dougong.lsp.offer import Offer
from dougong.names.changes import room_of_stages, segments
from dougong.names.symbols import SECTIONS, Room, Symbol, World

_SIGNS = {"+": ("添加", "add"), "-": ("去掉", "take away")}


def path_offers(world: World, text: str, language: str) -> Iterator[Offer]:
    """The next key of a dotted path that is being typed."""
    path = [str(step) for step in segments(Word(Source.inline(text.rpartition(".")[0])))]
    shape = shape_below(path)
    for name in names_below(world, path):
        yield Offer(name, "other")
    if isinstance(shape, Keyed) and shape.part is not None:
        for key in shape.keys:
            words = key_help(shape.part.__name__, key)
            if path or key in SECTIONS:
                yield Offer(key, "key", words[language == "en"] if words else "")
    if path and isinstance(shape, Named | Listed):
        yield from (Offer(sign, "word", told[language == "en"]) for sign, told in _SIGNS.items())


def shape_below(path: Sequence[str]) -> Shape | None:
    """What the language has at a path of keys and names."""
    found: Shape | None = shape_of(AppDefinition)
    for step in path:
        found = found.keys.get(step) if isinstance(found, Keyed) else found.item if isinstance(found, Named | Listed) else None
    return found


def names_below(world: World, path: Sequence[str]) -> list[str]:
    """The names that are declared at a path."""
    if not path or path[0] not in SECTIONS:
        return []
    kind = SECTIONS[path[0]]
    if len(path) == 1:
        return [found.symbol.name for found in world.names(Room(kind))]
    name = path[1]
    if path[0] == "lists":
        return [found.symbol.name for found in world.names(Room("option", f"@{name}"))]
    if path[0] == "objects" and path[2:] == ["fields"]:
        return [found.symbol.name for found in world.names(Room("field", name))]
    if path[0] == "objects" and len(path) == 5 and path[4] == "options":
        return [found.symbol.name for found in world.names(Room("option", f"{name}.{path[3]}"))]
    pipeline = world.declared.get(Symbol(kind, name))
    if path[0] == "pipelines" and path[2:] == ["stages"] and pipeline is not None:
        room = Room("stage", room_of_stages(world.objects_of.get(pipeline.symbol, ""), pipeline.value))
        return [found.symbol.name for found in world.names(room)]
    return []
