"""Chinese texts are punctuated in Chinese: no ASCII comma, colon or bracket beside a Chinese character, but in code between back-quotes."""

import re
from collections.abc import Iterator

import pytest
from dougong.definition.key_help import KEY_HELP
from dougong.fields.registry import FIELD_TYPES
from dougong_dsl.codes import CATALOGUE
from dougong_dsl.expression.functions import FUNCTIONS
from dougong_dsl.expression.operator_help import OPERATORS

from scripts.reference import refusal_codes
from tests.source import ROOT

HALF = re.compile(r"(?<=[\u3400-\u9fff“”（）])[,;:()!?]|[,;:()!?](?=[\u3400-\u9fff“”（）])")


def texts() -> Iterator[tuple[str, str]]:
    """Every Chinese text of the tables, and what it is of."""
    for code in CATALOGUE.values():
        yield from ((code.code, code.zh), (code.code, code.hint_zh))
    yield from ((function.name, function.zh) for function in FUNCTIONS.values())
    yield from ((str(key), help[0]) for key, help in KEY_HELP.items())
    yield from ((each.word, each.zh) for each in OPERATORS)
    yield from ((code.code, code.zh) for code in refusal_codes())
    yield from ((kind.key, kind.title.zh) for kind in FIELD_TYPES.values())


def half_width(text: str) -> list[str]:
    """The signs that ought to be full-width, with what stands around them."""
    bare = re.sub(r"`[^`]*`|\{\w*\}", "x", text)
    return [bare[max(0, found.start() - 6) : found.end() + 6] for found in HALF.finditer(bare)]


def test_the_tables_are_punctuated_in_chinese() -> None:
    assert [(name, found) for name, text in texts() for found in half_width(text)] == []


@pytest.mark.parametrize("name", ["language.md", "guide-ops.md", "composition.md", "fmt.md"])
def test_the_pages_are_punctuated_in_chinese(name: str) -> None:
    text = re.sub(r"^```.*?^```$", "", (ROOT / "docs" / name).read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"\]\([^)]*\)|`[^`\n]*`|<!--.*?-->", "x", text)
    assert [found for line in text.split("\n") for found in half_width(line)] == []
