"""Texts with values in them."""

from dataclasses import dataclass

from dougong_dsl.expression import Expression
from dougong_dsl.places import Place


@dataclass(frozen=True, slots=True)
class Template:
    """A text with `{{ expression }}` in it: plain pieces and expressions in turn. `en` is the English wording when it differs."""

    parts: tuple[str | Expression, ...]
    place: Place
    en: tuple[str | Expression, ...] | None = None

    def parts_in(self, language: str) -> tuple[str | Expression, ...]:
        """The pieces in `language` (`zh` or `en`)."""
        return self.parts if language == "zh" or self.en is None else self.en
