"""What stands where in a definition: parts with keys, names chosen by the author, lists, sentences.

Read off the pydantic models, so that whoever walks over written values (composition, `dougong fmt`) knows a place without a list of
its own. `shape_of(AppDefinition)` is the whole language.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from dougong.definition.part import Part
from dougong.definition.values import OrLine


@dataclass(frozen=True)
class Leaf:
    """A value of its own kind."""


@dataclass(frozen=True)
class Named:
    """A mapping whose keys are the author's names."""

    item: "Shape"


@dataclass(frozen=True)
class Listed:
    """A list; a single item may stand without brackets."""

    item: "Shape"


@dataclass(frozen=True)
class Keyed:
    """A part of the language with its keys; `line` reads the sentence that may stand for it."""

    part: type[Part]
    line: OrLine | None = None

    @property
    def keys(self) -> Mapping[str, "Shape"]:
        """The shape below each key."""
        return _keys(self.part)


Shape = Leaf | Named | Listed | Keyed
LEAF = Leaf()


def shape_of(annotation: Any) -> Shape:
    """The shape that a type annotation of a definition stands for."""
    line: OrLine | None = None
    while get_origin(annotation) in (Annotated, Union, UnionType):
        if get_origin(annotation) is Annotated:
            annotation, *notes = get_args(annotation)
            line = next((note for note in notes if isinstance(note, OrLine)), line)
        else:
            some = [each for each in get_args(annotation) if each is not NoneType]
            if len(some) != 1:
                return LEAF
            annotation = some[0]
    if get_origin(annotation) is dict:
        return Named(shape_of(get_args(annotation)[1]))
    if get_origin(annotation) is tuple:
        item = shape_of(get_args(annotation)[0])
        return LEAF if item == LEAF else Listed(item)
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return Keyed(annotation, line)
    return LEAF


@cache
def _keys(part: type[Part]) -> Mapping[str, Shape]:
    return {field.alias or name: shape_of(field.annotation) for name, field in part.model_fields.items()}
