"""Every expression of an app, with where it stands: what coverage watches and mutation changes."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from dougong_dsl.expression import Expression

from dougong.model.app import App
from dougong.model.scenarios import Scenario


def expressions(app: App) -> list[Expression]:
    """All expressions of the definition but those of its scenarios, each once, by place."""
    found: dict[int, Expression] = {}
    for each in _inside(app, set()):
        found[id(each)] = each
    return sorted(found.values(), key=lambda e: e.source.place)


def _inside(value: Any, seen: set[int]) -> Iterator[Expression]:
    if id(value) in seen or isinstance(value, str | Scenario):
        return
    seen.add(id(value))
    if isinstance(value, Expression):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _inside(each, seen)
    elif isinstance(value, tuple | list):
        for each in value:
            yield from _inside(each, seen)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _inside(getattr(value, field.name), seen)
