"""The names in one expression: the expression language's own parser, and what each word means in the app's world.

Unlike the checker this goes on after a mistake, for an editor asks while the expression is being typed.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, cast

from dougong_dsl.expression import syntax
from dougong_dsl.expression.functions import FUNCTIONS
from dougong_dsl.expression.parser import parse
from dougong_dsl.places import Source

from dougong.definition.builtin import USER
from dougong.names.symbols import Member, Occurrence, Room, Symbol, World

OF_APPROVALS = frozenset(f.name for f in FUNCTIONS.values() if any(p.accepts == "approval" for p in f.parameters))
CALENDAR_AT = {f.name: at for f in FUNCTIONS.values() for at, p in enumerate(f.parameters) if p.accepts == "calendar"}
OF_STAGES = frozenset(f.name for f in FUNCTIONS.values() if any(p.accepts == "stage" for p in f.parameters))
"""Functions whose arguments are stages."""
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
    """Where an expression stands: the object of its record, further names and their objects, what its result is put into."""

    object: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    result: Room | None = None


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
            self._note(Symbol("object", target), node.start, node.end)
            return Meaning(target)
        if node.text.lower() == "me":
            return Meaning(USER)
        if node.text.lower() in _FACTS:
            return NOTHING
        if found is not None:
            self._note(found[0].symbol, node.start, node.end, is_name=False)
            return _of(found[0], None)
        return self._option(node.text, node.start, node.end, hint)

    def _option(self, word: str, start: int, end: int, hint: Room | None) -> Meaning:
        """An option of the other side; failing that a stage of the record at hand."""
        for room in (hint, *(Room("stage", frame) for frame in reversed(self.frames))):
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
        if node.function.upper() in OF_STAGES:
            for each in node.arguments:
                self._stage(each)
            return NOTHING
        if node.function.upper() in OF_APPROVALS:
            self._named(node.arguments[0], Room("approval"))
            return NOTHING
        if node.function.upper() in CALENDAR_AT:
            self._working(node, CALENDAR_AT[node.function.upper()])
            return NOTHING
        first, *rest = node.arguments
        found = self._first(first, hint)
        inner = [] if found.rows is None else [found.rows]
        self.frames += inner
        results = [self.visit(each, found.room or hint) for each in rest]
        if node.where is not None:
            self.visit(node.where, None)
        del self.frames[len(self.frames) - len(inner) :]
        if node.function.upper() in ("IF", "IFS") and results:
            return results[0]
        return replace(found, rows=None)

    def _working(self, node: syntax.Call, position: int) -> None:
        """Dates, and the name of a calendar where one may stand."""
        for each in node.arguments[:position]:
            self.visit(each, None)
        for each in node.arguments[position:]:
            self._named(each, Room("calendar"))

    def _named(self, node: syntax.Node, room: Room) -> None:
        """One of the names of a room, whatever else carries it."""
        if isinstance(node, syntax.Name):
            self._option(node.text, node.start, node.end, room)
        else:
            self.visit(node, room)

    def _stage(self, node: syntax.Node) -> None:
        """A stage as an argument: of the innermost record that has a pipeline, whatever else carries its name."""
        word = node.text if isinstance(node, syntax.Name) else node.value if isinstance(node, syntax.Literal) else None
        rooms = [Room("stage", frame) for frame in reversed(self.frames)]
        room = next((each for each in rooms if isinstance(word, str) and self.world.in_room(each, word) is not None), None)
        if room is not None and isinstance(node, syntax.Name):
            self._option(node.text, node.start, node.end, room)
        elif room is not None and isinstance(node, syntax.Literal):
            self._literal(node, room)
        elif isinstance(node, syntax.Member):
            self._along(node)
        elif isinstance(node, syntax.Name) and self._known(node.text) is not None:  # the field of a further pipeline
            self.visit(node, None)
        else:
            self._named(node, Room("calendar"))

    def _along(self, node: syntax.Member) -> None:
        """`quality_stage.passed`: a stage of one of several pipelines."""
        room = self.visit(node.base, None).room
        found = None if room is None else self.world.in_room(room, node.name)
        if found is not None:
            self._note(found[0], node.name_start, node.end, found[1])

    def _first(self, node: syntax.Node, hint: Room | None) -> Meaning:
        """The first argument; an object's name stands for all its records."""
        if isinstance(node, syntax.Name) and self._known(node.text) is None and Symbol("object", node.text) in self.world.declared:
            self._note(Symbol("object", node.text), node.start, node.end)
            return Meaning(node.text, rows=node.text)
        return self.visit(node, hint)


def _of(member: Member, rows: str | None) -> Meaning:
    return Meaning(member.target, member.room, member.target if member.is_list else rows)
