"""How a command speaks: Chinese or English, text or JSON; and how it ends: exit codes."""

import json
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

FINE, MISTAKE, WRONG_USAGE, FAULT = 0, 1, 2, 3
Language = Literal["zh", "en"]


class Format(StrEnum):
    """What `--format` may be."""

    TEXT = "text"
    JSON = "json"


class Lang(StrEnum):
    """What `--lang` may be."""

    ZH = "zh"
    EN = "en"


class Mistake(Exception):
    """The command cannot go on for a reason that the person can mend: one sentence, exit code 1 (or 2 for a wrong use)."""

    def __init__(self, zh: str, en: str, exit_code: int = MISTAKE) -> None:
        super().__init__(en)
        self.zh, self.en, self.exit_code = zh, en, exit_code

    def text(self, language: Language) -> str:
        """The sentence."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Speech:
    """Language and format of one run of a command."""

    language: Language
    is_json: bool

    @classmethod
    def of(cls, language: Lang | None, format: Format = Format.TEXT) -> "Speech":
        """The speech that options and environment ask for."""
        return cls(language.value if language else spoken_here(), format is Format.JSON)

    def say(self, zh: str, en: str) -> None:
        """One line for a person; silent when the output is JSON."""
        if not self.is_json:
            print(zh if self.language == "zh" else en, flush=True)

    def note(self, zh: str, en: str) -> None:
        """One line beside the output, on the error stream, in either format."""
        print(zh if self.language == "zh" else en, file=sys.stderr, flush=True)

    def give(self, value: Any) -> None:
        """The result for a program; silent when the output is text."""
        if self.is_json:
            print(json.dumps(value, ensure_ascii=False, indent=2, default=str), flush=True)

    def table(self, rows: Iterable[Iterable[Any]]) -> None:
        """Columns for a person, two blanks between them; Chinese characters count as two."""
        if self.is_json:
            return
        texts = [["" if cell is None else str(cell) for cell in row] for row in rows]
        widths = [max(map(width, column)) for column in zip(*texts, strict=True)] if texts else []
        for row in texts:
            print("  ".join(cell + " " * (w - width(cell)) for cell, w in zip(row, widths, strict=True)).rstrip())


def spoken_here() -> Language:
    """The language of DOUGONG_LANG, else of the locale; English when neither says Chinese."""
    names = ("DOUGONG_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    found = next((value for name in names if (value := os.environ.get(name))), "")
    return "zh" if found.lower().startswith("zh") else "en"


def width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(2 if "\u1100" <= c <= "\u115f" or "\u2e80" <= c <= "\uffe6" and not "\uff61" <= c <= "\uffdc" else 1 for c in text)
