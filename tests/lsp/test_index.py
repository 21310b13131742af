"""The index against a brute-force reading: every place shows its name, every word of an app that can be found is found, and it is quick."""

import re
import time

import pytest
from dougong.lsp.index import Index, declared, index
from dougong.lsp.positions import column, position
from dougong.lsp.symbols import Symbol
from dougong.lsp.written import file
from dougong.read.files import load_files
from hypothesis import given, settings
from hypothesis import strategies as st
from lsprotocol.types import PositionEncodingKind

from tests.model.big_app import big_app
from tests.packs.packs import PACKS, Pack


def read(files: dict[str, str]) -> Index:
    return index(files, declared(files))


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.name)
def test_every_place_shows_its_name(pack: Pack) -> None:
    files, _ = load_files(pack.folder)
    found = read(files)
    shown = {
        (symbol.name, files[o.place.file].split("\n")[o.place.line - 1][o.place.column - 1 :][: o.place.length])
        for symbol, places in found.by_symbol.items()
        for o in places
        if o.is_name
    }
    assert [pair for pair in shown if pair[0] != pair[1]] == []


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.name)
def test_every_mention_of_an_object_is_found(pack: Pack) -> None:
    """Objects whose name is nothing else: each word of that name outside of notes, quoted texts and demo data is an occurrence."""
    files, _ = load_files(pack.folder)
    found = read(files)
    others = {s.name for s in found.by_symbol if s.kind != "object"} | {"user"}  # also a type
    for symbol in [s for s in found.by_symbol if s.kind == "object" and s.name not in others]:
        mentioned = set()
        for name, text in files.items():
            for number, line in enumerate(text.split("\n"), 1):
                bare = re.sub(r'(: )?"[^"]*[A-Z\u4e00-\u9fff][^"]*"|#.*|(zh|en|title|icon): [^,}]*', lambda m: " " * len(m[0]), line)
                mentioned |= {(name, number) for m in re.finditer(rf"(?<![\w.]){symbol.name}(?![\w@]|: [^{{\n])", bare) if m}
        assert mentioned - {(o.place.file, o.place.line) for o in found.of(symbol)} == set(), symbol


def test_a_large_app_is_indexed_while_one_types() -> None:
    files = big_app(100)
    read(files)
    name = next(iter(files))
    start = time.process_time()
    declared({**files, name: files[name] + "\n# one more line\n"})
    assert time.process_time() - start < 1
    assert len(read(files).by_symbol) > 3000


@settings(deadline=None, max_examples=150)
@given(st.text(alphabet="ab 客户😀𠮷é\u0301", max_size=12), st.integers(0, 14))
def test_columns_and_characters_are_each_others_opposite(line: str, number: int) -> None:
    at = min(number, len(line)) + 1
    for encoding, size in (
        (PositionEncodingKind.Utf16, "utf-16-le"),
        (PositionEncodingKind.Utf8, "utf-8"),
        (PositionEncodingKind.Utf32, "utf-32-le"),
    ):
        character = position([line], 1, at, encoding).character
        width = {"utf-16-le": 2, "utf-8": 1, "utf-32-le": 4}[size]
        assert character == len(line[: at - 1].encode(size)) // width
        assert column(line, character, encoding) == at


@settings(deadline=None, max_examples=100)
@given(st.text(alphabet="ab:{}[]\"'\n -,#客", max_size=60))
def test_any_text_is_read_as_far_as_it_goes(text: str) -> None:
    whole = "objects: {deal: {fields: {name: text}}}\n"
    found = read({"x.yaml": whole + text, "y.yaml": "roles: {r: {may: [read deal]}}"})
    known = file("x.yaml", whole + text)
    assert ("objects" in (known or {})) == bool(found.of(Symbol("object", "deal")))
