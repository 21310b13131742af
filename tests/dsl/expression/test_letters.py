"""UPPER and LOWER of every code point, the same on every backend, and one letter for one letter."""

import sys

import pytest
from dougong_dsl.expression import check, letters
from dougong_dsl.places import Source

from tests.dsl.expression.backends import Everywhere, Rows
from tests.dsl.expression.world import SCOPE

EVERY = [chr(at) for at in range(1, sys.maxunicode + 1) if not 0xD800 <= at < 0xE000]
CHUNK = 20_000


def test_every_backend_changes_every_letter_alike(everywhere: Everywhere) -> None:
    checked = [check(Source.inline(text), SCOPE)[0] for text in ("UPPER(name)", "LOWER(name)")]
    expressions = [each for each in checked if each is not None]
    cased = [letter for letter in EVERY if letters.upper(letter) != letter or letters.lower(letter) != letter]
    texts = ["".join(EVERY[at : at + CHUNK]) for at in range(0, len(EVERY), CHUNK)]
    differing: list[str] = []
    for text in texts:
        rows: Rows = {"deal": [{"id": 1, "name": text}]}
        everywhere.fill(rows)
        differing += everywhere.differences(expressions, rows)
    rows = {"deal": [{"id": number, "name": letter} for number, letter in enumerate(cased, 1)]}
    everywhere.fill(rows)
    differing += everywhere.differences(expressions, rows)
    assert [line[:80] for line in differing] == []


@pytest.mark.parametrize(
    ("text", "capitals", "small"),
    [
        ("straßeé", "STRAßEÉ", "straßeé"),
        ("İstanbul ıI", "İSTANBUL II", "istanbul ıi"),
        ("ΟΔΥΣΣΕΥΣ ς", "ΟΔΥΣΣΕΥΣ Σ", "οδυσσευσ ς"),
        ("ᏣᎳᎩ ꭰ", "ᏣᎳᎩ Ꭰ", "ꮳꮃꭹ ꭰ"),
        ("ǅ ǆ", "Ǆ Ǆ", "ǆ ǆ"),
        ("ａＢ苏州😀", "ＡＢ苏州😀", "ａｂ苏州😀"),
        ("ŉ ﬁ ᾀ", "ŉ ﬁ ᾈ", "ŉ ﬁ ᾀ"),
    ],
)
def test_the_letters_that_languages_disagree_about(text: str, capitals: str, small: str) -> None:
    assert (letters.upper(text), letters.lower(text)) == (capitals, small)


def test_a_text_keeps_its_length() -> None:
    assert all(len(letters.upper(letter)) == len(letters.lower(letter)) == 1 for letter in EVERY)
