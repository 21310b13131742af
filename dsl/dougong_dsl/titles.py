"""A title in the reader's language."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Title:
    """What a person sees for a name; a language without words of its own falls back to the other one."""

    zh: str
    en: str

    @classmethod
    def same(cls, text: str) -> "Title":
        """One text for both languages."""
        return cls(text, text)

    def text(self, language: str) -> str:
        """The words in `language` (`zh` or `en`)."""
        return self.zh if language == "zh" else self.en
