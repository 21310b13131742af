"""Written values: text, mappings and lists that know their place, whether they came from YAML or from a sentence.

`Word`, `Entries` and `Items` are a `str`, a `dict` and a `list`, so that code which does not care for places can ignore them.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Self

from dougong_dsl.places import Place, Source

Plain = str | int | Decimal | bool | None


class Word(str):
    """One written scalar. The `str` is its text; `value` is what YAML 1.2 reads it as (`3`, `true`, null …)."""

    source: Source
    value: Plain

    def __new__(cls, source: Source, value: Plain | type[str] = str) -> Self:
        """A word over `source`; without `value` it is text."""
        word = super().__new__(cls, source.text)
        word.source = source
        word.value = source.text if isinstance(value, type) else value
        return word

    @classmethod
    def inserted(cls, text: str, place: Place, value: Plain | type[str] = str) -> "Word":
        """A word that nobody wrote but that a sentence stands for; it points to `place`."""
        return cls(Source(text, place, tuple((place.line, place.column) for _ in text)), value)

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.source.place


class Entries(dict[Word, Any]):
    """A mapping as written, in its order."""

    place: Place

    def __init__(self, place: Place, items: Mapping[Word, Any] | Iterable[tuple[Word, Any]] = ()) -> None:
        super().__init__(items)
        self.place = place


class Items(list[Any]):
    """A list as written."""

    place: Place

    def __init__(self, place: Place, items: Iterable[Any] = ()) -> None:
        super().__init__(items)
        self.place = place


Written = Word | Entries | Items
