"""The names in one expression: the expression language's own parser, and what each word means in the app's world.

Unlike the checker this goes on after a mistake, for an editor asks while the expression is being typed.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, cast

from dougong_dsl.expression import syntax
from dougong_dsl.expression.functions import ALIASES
from dougong_dsl.expression.parser import parse
from dougong_dsl.places import Source

from dougong.definition.builtin import USER
from dougong.names.symbols import Kind, Member, Occurrence, Room, Symbol, World

_NAMED: Mapping[str, Kind] = {"stage": "stage", "approval": "approval", "calendar": "calendar"}
NAMING: Mapping[str, tuple[Kind | None, ...]] = {
    name: tuple(_NAMED.get(p.accepts) for p in f.parameters)
    for name, f in ALIASES.items()
    if any(p.accepts in _NAMED for p in f.parameters)
} | {"INROLE": ("role",), "HOURSINSTATE": ("calendar", "calendar")}
"""Functions some of whose arguments are names: what each parameter takes, None for a value. HOURSINSTATE may leave its first out."""
OF_OBJECTS = frozenset(name for name, f in ALIASES.items() if any(p.accepts == "object" for p in f.parameters))
_FACTS = ("today", "now", "true", "false", "null")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a piece of an expression stands for: a record or list of `object`, a value out of `room`; `rows` is the object of its list."""

    object: str | None = None
    room: Room | None = None
    rows: str | None = None


NOTHING = Meaning()


@dataclass(frozen=True, slots=True)
class Around:
    """Where an expression stands: the object of its record, further names and their objects, what its result is put into.

    `symbols` are what further names stand for that are not called after their objects: the records of a scenario.
    """

    object: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    result: Room | None = None
    symbols: Mapping[str, Symbol] = field(default_factory=dict)


def occurrences(world: World, source: Source, around: Around) -> list[Occurrence]:
    """Every name in an expression that the world knows; nothing when it cannot be parsed."""
    tree = _tree(source.text)
    if tree is None:
        return []
    binder = _Binder(world, source, around)
    binder.visit(tree, around.result)
    return binder.found


def meaning(world: World, text: str, around: Around, frames: Iterable[str] = ()) -> Meaning:
    """What a path such as `customer.owner` stands for; `frames` are the objects of the list functions around it, outermost first."""
    tree = _tree(text)
    if tree is None:
        return NOTHING
    binder = _Binder(world, Source.inline(text), around)
    binder.frames += list(frames)
    return binder.visit(tree, None)


@lru_cache(maxsize=20_000)
def _tree(text: str) -> syntax.Node | None:
    return parse(Source.inline(text))[0]


class _Binder:
    def __init__(self, world: World, source: Source, around: Around) -> None:
        self.world = world
        self.source = source
        self.around = around
        self.frames = [around.object]
        self.found: list[Occurrence] = []

    def visit(self, node: syntax.Node, hint: Room | None) -> Meaning:
        reader = cast("Callable[[Any, Room | None], Meaning] | None", getattr(self, f"_{type(node).__name__.lower()}", None))
        if reader is not None:
            return reader(node, hint)
        for child in syntax.children(node):
            self.visit(child, None)
        return NOTHING

    def _note(self, symbol: Symbol, start: int, end: int, is_name: bool = True) -> None:
        if self.source.text[start : start + 1] == "`":
            start, end = start + 1, end - 1
        self.found.append(Occurrence(symbol, self.source.at(start, end - start), is_name=is_name))

    def _member(self, node: syntax.Member, hint: Room | None) -> Meaning:
        base = self._row(node.base)
        found = self.world.member(base.object, node.name) if base.object else None
        stage = self.world.in_room(base.room, node.name) if base.room is not None and base.room.kind == "stage" else None
        if stage is not None:  # `quality_stage.passed`
            self._note(stage[0], node.name_start, node.end, stage[1])
        if found is None:
            return NOTHING
        self._note(found[0].symbol, node.name_start, node.end, found[1])
        return _of(found[0], base.rows)

    def _row(self, node: syntax.Node) -> Meaning:
        """The record before a dot; `old`, `PARENT` and `THIS` are only there."""
        word = node.text.lower() if isinstance(node, syntax.Name) and not node.quoted else ""
        if word == "parent" and len(self.frames) > 1:
            return Meaning(self.frames[-2])
        if word in ("old", "this") and self._known(word) is None:
            return Meaning(self.frames[0])
        return self.visit(node, None)

    def _known(self, word: str) -> tuple[Member, bool] | None:
        found = [self.world.member(frame, word) for frame in reversed(self.frames)]
        return next((f for f in found if f is not None and f[1]), next((f for f in found if f is not None), None))

    def _name(self, node: syntax.Name, hint: Room | None) -> Meaning:
        found = self._known(node.text)
        if found is not None and found[1]:
            self._note(found[0].symbol, node.start, node.end)
            return _of(found[0], None)
        if node.text in self.around.names:
            target = self.around.names[node.text]
            self._note(self.around.symbols.get(node.text, Symbol("object", target)), node.start, node.end, self._is_its_name(node.text))
            return Meaning(target)
        if node.text.lower() == "me":
            return Meaning(USER)
        if node.text.lower() in _FACTS:
            return NOTHING
        if found is not None:
            self._note(found[0].symbol, node.start, node.end, is_name=False)
            return _of(found[0], None)
        return self._option(node.text, node.start, node.end, hint)

    def _is_its_name(self, word: str) -> bool:
        """Whether a further name is what its symbol is called; `created` is not."""
        return word in self.around.symbols or word == self.around.names[word]

    def _option(self, word: str, start: int, end: int, hint: Room | None) -> Meaning:
        """An option of the other side; failing that a stage of the record at hand."""
        for room in (hint, *self._stages()):
            found = self.world.in_room(room, word) if room is not None else None
            if found is not None:
                self._note(found[0], start, end, found[1])
                return Meaning(room=room)
        return NOTHING

    def _literal(self, node: syntax.Literal, hint: Room | None) -> Meaning:
        if hint is not None and isinstance(node.value, str):
            self._option_text(node, node.value, hint)
        return NOTHING

    def _option_text(self, node: syntax.Literal, text: str, hint: Room) -> None:
        found = self.world.in_room(hint, text)
        if found is not None and node.end - node.start == len(text) + 2:
            self._note(found[0], node.start + 1, node.end - 1, found[1])

    def _items(self, node: syntax.Items, hint: Room | None) -> Meaning:
        for item in node.items:
            self.visit(item, hint)
        return NOTHING

    def _binary(self, node: syntax.Binary, hint: Room | None) -> Meaning:
        if isinstance(node.left, syntax.Name) and self._known(node.left.text) is None:
            right = self.visit(node.right, None)
            self.visit(node.left, right.room)
        else:
            left = self.visit(node.left, None)
            self.visit(node.right, left.room)
        return NOTHING

    def _call(self, node: syntax.Call, hint: Room | None) -> Meaning:
        """A list in front opens its rows for the other arguments; a choice in front gives them its options."""
        if not node.arguments:
            return NOTHING
        naming = NAMING.get(node.function.upper())
        if naming is not None:
            for number, each in enumerate(node.arguments):
                self._argument(each, naming, naming[min(number, len(naming) - 1)])
            return NOTHING
        first, *rest = node.arguments
        found = self._first(first, hint, node.function.upper() in OF_OBJECTS)
        inner = [] if found.rows is None else [found.rows]
        self.frames += inner
        results = [self.visit(each, found.room or hint) for each in rest]
        if node.where is not None:
            self.visit(node.where, None)
        del self.frames[len(self.frames) - len(inner) :]
        if node.function.upper() in ("IF", "IFS") and results:
            return results[0]
        return replace(found, rows=None)

    def _argument(self, node: syntax.Node, naming: tuple[Kind | None, ...], kind: Kind | None) -> None:
        """A value, or a name of the kind that the function takes here or in another place: it may leave the first of two out."""
        text = node.text if isinstance(node, syntax.Name) else node.value if isinstance(node, syntax.Literal) else None
        kinds = dict.fromkeys(k for k in (kind, *naming) if k is not None) if kind is not None else {}
        rooms = [room for k in kinds for room in (self._stages() if k == "stage" else [Room(k)])]
        room = next((each for each in rooms if isinstance(text, str) and self.world.in_room(each, text) is not None), None)
        found = self.world.in_room(room, text) if room is not None and isinstance(text, str) else None
        if isinstance(node, syntax.Name) and found is not None:
            self._note(found[0], node.start, node.end, found[1])
        else:
            self.visit(node, room)

    def _stages(self) -> list[Room]:
        """The rooms of the stages of all records at hand, the innermost first."""
        return [room for frame in reversed(self.frames) for room in self.world.stage_rooms(frame)]

    def _first(self, node: syntax.Node, hint: Room | None, names_object: bool) -> Meaning:
        """The first argument; an object's name stands for all its records."""
        is_free = isinstance(node, syntax.Name) and (names_object or self._known(node.text) is None)
        if is_free and isinstance(node, syntax.Name) and Symbol("object", node.text) in self.world.declared:
            self._note(Symbol("object", node.text), node.start, node.end)
            return Meaning(node.text, rows=node.text)
        return self.visit(node, hint)


def _of(member: Member, rows: str | None) -> Meaning:
    return Meaning(member.target, member.room, member.target if member.is_list else rows)
