"""YAML texts become written values: YAML 1.2's rules, exact places, bounds."""

from decimal import Decimal

import pytest
import yaml
from dougong.read.yaml import MAX_DEPTH, read_yaml
from dougong_dsl.sentences.written import Entries, Items, Word, Written
from hypothesis import example, given, settings
from hypothesis import strategies as st


def value_of(text: str) -> Written:
    value, diagnostics = read_yaml("a.yaml", text)
    assert value is not None, diagnostics
    return value


def told(text: str) -> list[str]:
    return [f"{d.place} {d.code.code}" for d in read_yaml("a.yaml", text)[1]]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("Yes", "Yes"),
        ("010", "010"),
        ("10:30", "10:30"),
        ("2026-03-01", "2026-03-01"),
        ("1_000", "1_000"),
        ("0x1f", "0x1f"),
        ("1.2.0", "1.2.0"),
        ("12", 12),
        ("-3", -3),
        ("0", 0),
        ("1.50", Decimal("1.50")),
        ("true", True),
        ("False", False),
        ("~", None),
        ("null", None),
        ('"12"', "12"),
        ("'true'", "true"),
        ("! 12", "12"),
    ],
)
def test_scalars_are_read_by_yaml_1_2(written: str, value: object) -> None:
    word = value_of(f"{written}\n")
    assert isinstance(word, Word)
    assert (word.value, type(word.value)) == (value, type(value))


def test_structure_and_places() -> None:
    value = value_of("app: a\n客户: {名称: 'it''s', 等级: [一, 二]}\n")
    assert isinstance(value, Entries)
    assert value == {"app": "a", "客户": {"名称": "it's", "等级": ["一", "二"]}}
    assert [(str(key), str(key.place)) for key in value] == [("app", "a.yaml:1:1"), ("客户", "a.yaml:2:1")]
    inner = next(entry for key, entry in value.items() if key == "客户")
    levels = next(entry for key, entry in inner.items() if key == "等级")
    assert isinstance(levels, Items)
    assert [str(word.place) for word in levels] == ["a.yaml:2:24", "a.yaml:2:27"]


TEXTS = st.text(st.sampled_from("ab 客户😀'\"\\#:{}[]-,|>&*%\n"), min_size=1, max_size=60)


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.sampled_from(["'", '"', "|", ">"]), st.integers(10, 60))
@example("a  b\n\n  c", ">", 10)
def test_every_character_knows_its_place(text: str, style: str, width: int) -> None:
    written = yaml.dump({"key": text}, Dumper=yaml.SafeDumper, default_style=style, width=width, allow_unicode=True)
    entries = value_of(written)
    assert isinstance(entries, Entries)
    word = next(iter(entries.values()))
    assert word == text
    lines = written.split("\n")
    for offset, char in enumerate(text):
        place = word.source.at(offset)
        found = lines[place.line - 1][place.column - 1 : place.column] if place.line <= len(lines) else ""
        if not char.isspace():
            assert found == char or found == "\\", (written, offset)


def test_a_part_of_an_escaped_text_is_shown_where_it_stands() -> None:
    entries = value_of('k: "中\\u4e2d\\n好 x"\n')
    assert isinstance(entries, Entries)
    word = next(iter(entries.values()))
    assert str(word.source.part(word.index("x"), word.index("x") + 1).place) == "a.yaml:1:16"


def test_the_same_key_twice() -> None:
    _, diagnostics = read_yaml("a.yaml", "a: {x: 1, y: 2, x: 3}\n")
    assert [(str(d.place), d.message("en"), str(d.related[0].place)) for d in diagnostics] == [
        ("a.yaml:1:17", "`x` is written twice in one place", "a.yaml:1:5")
    ]


def test_aliases_share_a_value_and_merge_keys_are_ordinary_keys() -> None:
    assert value_of("a: &x {b: 1}\nc: *x\n") == {"a": {"b": "1"}, "c": {"b": "1"}}
    assert value_of("<<: {b: 1}\n") == {"<<": {"b": "1"}}
    assert told("a: &x [*x]\n") == ["a.yaml:1:8 T116"]


def test_depth_is_bounded_before_anything_is_built() -> None:
    assert told("[" * MAX_DEPTH + "]" * MAX_DEPTH) == []
    assert told("[" * 100_000) == [f"a.yaml:1:{MAX_DEPTH + 1} T109"]


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("a: \n\t-[]{},'\"&*!|>#%@\\?é\x00"), max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    value, diagnostics = read_yaml("a.yaml", text)
    assert value is not None or diagnostics or not text.replace("#", "").strip("\n ") or "#" in text or "%" in text
    for diagnostic in diagnostics:
        assert diagnostic.message("zh")
        assert diagnostic.place.line >= 1
