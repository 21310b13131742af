"""Text as it comes in, made storable: NFC, no control characters, no stray spaces at the ends.

Shared by every type whose value is text, and by those that read text before they make something else of it.
"""

import unicodedata
from typing import Any

from dougong.fields.refusals import BAD_CHARACTER, NOT_TEXT, TOO_LONG
from dougong.refusals import Refusal

BLANKS = " \t\n\r\v\f\x85\xa0\u2028\u2029\u3000\ufeff\u200b"  # what str.strip removes, and the invisible ones of chat programs
LINE_ENDS = str.maketrans({"\r": "\n", "\v": "\n", "\f": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n"})
KEPT_CONTROLS = frozenset("\t\n\r\v\f\x85")


def read_text(raw: Any, max_length: int, *, lines: bool = False) -> tuple[str | None, Refusal | None]:
    """The clean text of `raw`, None for nothing; `lines` keeps line ends, otherwise they become spaces.

    Numbers are taken as their digits: a spreadsheet keeps phone numbers and codes as numbers.
    """
    if raw is None:
        return None, None
    text = raw if isinstance(raw, str) else _digits(raw)
    if text is None:
        return None, Refusal(NOT_TEXT, {"kind": kind_of(raw)})
    if not text.isprintable():
        bad = _bad_character(text)
        if bad is not None:
            return None, bad
        text = text.replace("\r\n", "\n").translate(LINE_ENDS)
        if not lines:
            text = text.replace("\n", " ").replace("\t", " ")
    text = text.strip(BLANKS)
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    if len(text) > max_length:
        return None, Refusal(TOO_LONG, {"max": max_length, "length": len(text)})
    return text or None, None


def kind_of(raw: Any) -> tuple[str, str]:
    """What a wrong raw value is, in Chinese and English."""
    if isinstance(raw, bool):
        return "是/否", "yes or no"
    if isinstance(raw, int | float):
        return "数字", "a number"
    if isinstance(raw, list | tuple | set | frozenset):
        return "一组值", "a list"
    return "别的内容", "something else"


def shown(raw: Any) -> str:
    """A raw value in a sentence: short, and without anything that breaks the line."""
    text = raw if isinstance(raw, str) else str(raw)
    text = "".join(c if c.isprintable() else " " for c in text[:80]).strip()
    return text if len(text) <= 40 else text[:39] + "…"


def _digits(raw: Any) -> str | None:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return None
    if isinstance(raw, int):
        return str(raw) if raw.bit_length() <= 256 else None
    return str(int(raw)) if raw.is_integer() and abs(raw) < 1e15 else repr(raw)


def _bad_character(text: str) -> Refusal | None:
    for position, character in enumerate(text, 1):
        if unicodedata.category(character) in ("Cc", "Cs") and character not in KEPT_CONTROLS:
            return Refusal(BAD_CHARACTER, {"position": position, "character": f"U+{ord(character):04X}"})
    return None
