"""Where a key of the composed app comes from: its value, the place it was written, and every change on the way."""

from collections.abc import Sequence
from dataclasses import dataclass

from dougong_dsl.diagnostics import nearest
from dougong_dsl.places import Place
from dougong_dsl.sentences.written import Entries, Items, Word, Written

from dougong.compose.change import WHOLE, Change, long_form
from dougong.compose.composed import Composed
from dougong.definition.shape import LEAF, Keyed, Listed, Named, Shape
from dougong.names.changes import segments


@dataclass(frozen=True, slots=True)
class Origin:
    """`value` and the place of its key; `changes` made to it, to what it stands in or to what stands in it, in their order.

    `value` is None for a key that a change removed.
    """

    path: str
    value: Written | None
    place: Place
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """There is no such key: how far the path leads, and the nearest key there."""

    path: str
    known: str
    nearest: str | None


def why(composed: Composed, path: str, file: str = "") -> Origin | Unknown:
    """Where the key at a dotted path comes from."""
    steps = segments(Word.inserted(path, Place(file, 1, 1)))
    value: Written = composed.merged
    shape: Shape = WHOLE
    place = value.place
    names = tuple(map(str, steps))
    changes = tuple(each for each in composed.changes if _touches(each.path, names))
    for at, step in enumerate(steps):
        found, below = _step(value, shape, step)
        if found is None:
            gone = next((each for each in changes if each.path == names[: len(each.path)] and each.after is None), None)
            if gone is not None:
                return Origin(path, None, gone.place, changes)
            known = list(map(str, value)) if isinstance(value, Entries) else []
            return Unknown(path, ".".join(names[:at]), nearest(step, known))
        place, value, shape = found[0], long_form(found[1], below), below
    return Origin(path, value, place, changes)


def _step(value: Written, shape: Shape, step: Word) -> tuple[tuple[Place, Written] | None, Shape]:
    """The place and value below a key (or the number of an item, from 1), and its shape."""
    if isinstance(value, Entries):
        key = next((each for each in value if each == step), None)
        below = shape.item if isinstance(shape, Named) else shape.keys.get(step, LEAF) if isinstance(shape, Keyed) else LEAF
        return (None if key is None else (key.place, value[key])), below
    if isinstance(value, Items) and step.isdecimal() and 0 < int(step) <= len(value):
        item: Written = value[int(step) - 1]
        return (item.place, item), shape.item if isinstance(shape, Listed) else LEAF
    return None, LEAF


def _touches(changed: Sequence[str], asked: Sequence[str]) -> bool:
    """Whether one path leads to the other's value, or through it."""
    shorter = min(len(changed), len(asked))
    return changed[:shorter] == asked[:shorter]
