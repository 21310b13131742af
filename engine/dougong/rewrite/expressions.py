"""Every checked expression of an app by the place it stands at, and texts with their expressions in canonical form."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from dougong_dsl.expression import Expression
from dougong_dsl.expression.printer import to_text
from dougong_dsl.places import Place
from dougong_dsl.sentences.written import Word

from dougong.fields.base import FieldType
from dougong.model.app import App

Spot = tuple[str, int, int]  # file, line, column


class Expressions:
    """The expressions of an app, to be found by where they begin."""

    def __init__(self, app: App) -> None:
        self._by_spot: dict[Spot, Expression] = {}
        for each in expressions_of(app):
            spot = _spot(each.source.at(len(each.source.text) - len(each.source.text.lstrip())))
            known = self._by_spot.get(spot)
            if known is None or len(known.source.text) < len(each.source.text):
                self._by_spot[spot] = each

    def canonical(self, word: Word) -> str:
        """The text of a written value with every expression in it as the printer writes it."""
        pieces, at = [], 0
        while at < len(word):
            found = self._by_spot.get(_spot(word.source.at(at)))
            text = found.source.text.strip() if found is not None else ""
            if found is not None and text and word.startswith(text, at):
                pieces.append(to_text(found))
                at += len(text)
            else:
                pieces.append(word[at])
                at += 1
        return "".join(pieces)


def expressions_of(value: Any) -> Iterator[Expression]:
    """Every expression in a value of the model."""
    if isinstance(value, Expression):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from expressions_of(each)
    elif isinstance(value, tuple | list | frozenset):
        for each in value:
            yield from expressions_of(each)
    elif is_dataclass(value) and not isinstance(value, type | Place):
        for each in fields(value):
            yield from expressions_of(getattr(value, each.name))


def summary(value: Any) -> Any:
    """What a model says, without where it was written: two definitions of one summary are the same app."""
    if isinstance(value, Expression):
        return ("expression", to_text(value), repr(value.type))
    if isinstance(value, Place):
        return None
    if isinstance(value, FieldType):
        own = value.options.model_dump(mode="json", exclude_defaults=True)
        return (value.key, {k: v for k, v in own.items() if k != "options"}, [(k, summary(v)) for k, v in value.choices.items()])
    if isinstance(value, Mapping):
        return [(str(key), summary(each)) for key, each in value.items()]
    if isinstance(value, tuple | list):
        return [summary(each) for each in value]
    if isinstance(value, frozenset | set):
        return sorted(map(repr, value))
    if is_dataclass(value) and not isinstance(value, type):
        skipped = ("files",) if isinstance(value, App) else ()
        return [(each.name, summary(getattr(value, each.name))) for each in fields(value) if each.name not in skipped]
    return value


def _spot(place: Place) -> Spot:
    return place.file, place.line, place.column
