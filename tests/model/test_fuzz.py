"""Damaged definitions: the reader never breaks, and whatever gives no app says why."""

import re
from pathlib import Path

from dougong.pipeline import read_app
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.wrong_and_right import examples
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


@settings(max_examples=150, deadline=None)
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


EXAMPLES = [(str(each), dict(each.files)) for each in examples()]
TOKEN = re.compile(r"""[\w.]+|"[^"\n]*"|'[^'\n]*'|[^\s\w]""")
TYPED = (
    *SCRAPS, "after 3 days", "30 seconds", "1 year", "2 working weeks", "0 days", "9" * 25 + " days", "role r", "owner.manager", "me", "now + 3 days",
    "9999-12-31", "09:00-25:00", "mon-fri", "周一", "2026-02-30", "2026-02-01..2026-01-01", "off", "-1", "1e999", "snapshot", "escalate", "any of role r",
    "2 of role r", "least loaded", "twice in a row", "without update", "every 0 days", "0 0 31 2 *", "60 25 * * *", "expect", "approved", "passed(x)", "💥", "\u202e", "\x00",
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(EXAMPLES),
    st.lists(st.tuples(st.integers(0), st.one_of(st.sampled_from(TYPED), st.integers(0))), min_size=1, max_size=3),
)
def test_damaged_examples(example: tuple[str, dict[str, str]], edits: list[tuple[int, str | int]]) -> None:
    """Any word of any example of any diagnostic, in whose place another word stands, of the same text or from elsewhere."""
    _, files = example
    name, text = next(iter(files.items()))
    for number, typed in edits:
        words = list(TOKEN.finditer(text))
        at = words[number % len(words)]
        text = text[: at.start()] + (typed if isinstance(typed, str) else words[typed % len(words)].group()) + text[at.end() :]
    built = read_app({**files, name: text})
    assert (built.app is None) == any(d.is_error for d in built.diagnostics)
    for found in built.diagnostics:
        assert all(found.message(language) + found.hint(language) for language in ("zh", "en"))
