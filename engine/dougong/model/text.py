"""Texts with values in them."""

from dataclasses import dataclass

from dougong_dsl.expression import Expression
from dougong_dsl.places import Place


@dataclass(frozen=True, slots=True)
class Template:
    """A text with `{{ expression }}` in it: plain pieces and expressions in turn."""

    parts: tuple[str | Expression, ...]
    place: Place
