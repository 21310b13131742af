"""Damaged definitions: the reader never breaks, and whatever gives no app says why."""

from pathlib import Path

from dougong.pipeline import read_app
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.model.test_resolve import APP

LINES = APP.strip().split("\n")
SCRAPS = [
    "",
    "x",
    "3",
    "null",
    "[]",
    "{}",
    "a: b",
    "- x",
    "true",
    '"',
    "= a",
    "text",
    "(",
    "客户",
    "deal",
    "- - -",
    "&a *a",
    "stage",
    "{{",
    "\t",
    "# x",
]


def damaged(line: str, start: int, length: int, scrap: str) -> str:
    start %= len(line) + 1
    return line[:start] + scrap + line[start + length :]


EDITS = st.lists(
    st.tuples(st.integers(0, len(LINES) - 1), st.integers(0, 200), st.integers(0, 30), st.sampled_from(SCRAPS)), min_size=1, max_size=4
)


@settings(max_examples=250, deadline=None)
@given(EDITS)
def test_damaged_texts(edits: list[tuple[int, int, int, str]]) -> None:
    lines = list(LINES)
    for number, start, length, scrap in edits:
        lines[number] = damaged(lines[number], start, length, scrap)
    built = read_app({"app.yaml": "\n".join(lines)})
    assert (built.app is None) == any(d.is_error for d in built.diagnostics)
    for found in built.diagnostics:
        for language in ("zh", "en"):
            assert found.message(language) + found.hint(language)
        assert 1 <= found.place.line <= len(lines) + 1, found


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, len(LINES) - 1), max_size=8))
def test_missing_lines(missing: list[int]) -> None:
    built = read_app({"app.yaml": "\n".join(line for n, line in enumerate(LINES) if n not in missing)})
    assert (built.app is None) == any(d.is_error for d in built.diagnostics)


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    assert [d.code.code for d in read_app(tmp_path / "nowhere").diagnostics] == ["T101"]
