"""UPPER and LOWER: one letter for one letter, by a table of our own, so that every backend gives the same answer.

`ß` stays, for it has no single capital; the Greek sigma at the end of a word is like any other; no language is special.
"""

from collections.abc import Mapping

from dougong_dsl.expression.letters_table import LOWER, UPPER


def _table(runs: str) -> Mapping[int, int]:
    """Code point → code point, from runs of `first last step shift`."""
    found: dict[int, int] = {}
    for run in runs.split(";"):
        first, last, step, shift = (int(number, 16) for number in run.split())
        found.update({at: at + shift for at in range(first, last + 1, step)})
    return found


CAPITALS = _table(UPPER)
SMALL = _table(LOWER)


def upper(text: str) -> str:
    """The text in capitals, as long as it was."""
    return text.upper() if text.isascii() else text.translate(CAPITALS)


def lower(text: str) -> str:
    """The text in small letters, as long as it was."""
    return text.lower() if text.isascii() else text.translate(SMALL)
