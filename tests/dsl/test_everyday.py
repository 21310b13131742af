"""Who does not know the language's word is told it: everyday Chinese, words of spreadsheets and of other tools."""

import pytest
from dougong_dsl.diagnostics import nearest
from dougong_dsl.everyday import meant

KEYS = ("of", "title", "where", "columns", "order")


@pytest.mark.parametrize(
    ("written", "candidates", "word"),
    [
        ("文字", ("text", "integer"), "text"),
        ("Dropdown", ("text", "choice"), "choice"),
        ("排序", KEYS, "order"),
        ("sort", KEYS, "order"),
        ("名称", KEYS, "title"),
        ("我", ("owner", "me"), "me"),
        ("求和", ("SUM", "COUNT"), "SUM"),
        ("任何", ("won", "any open"), "any open"),
        ("zzz", KEYS, None),
    ],
)
def test_everyday_words_are_understood_where_they_fit(written: str, candidates: tuple[str, ...], word: str | None) -> None:
    assert nearest(written, candidates) == word


def test_a_name_of_the_app_comes_first() -> None:
    assert nearest("状态", ["stages", "状态"]) == "状态"


def test_a_word_that_fits_nowhere_is_left_to_likeness() -> None:
    assert meant("文字", KEYS) is None
    assert nearest("colums", KEYS) == "columns"
