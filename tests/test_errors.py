"""Wrong definitions as files: what is said about each, where, and in which words.

A line with a mistake ends in `# ERROR T204` (or `# WARNING …`, several codes in one comment). Where no comment can stand,
the first line is `# EXPECT T106 3:1`.
"""

import re
from pathlib import Path

import pytest
from dougong.pipeline import read_app
from dougong_dsl.codes import CATALOGUE
from dougong_dsl.diagnostics import Diagnostic, Severity

ROOT = Path(__file__).parent.parent
FILES = sorted((Path(__file__).parent / "errors").glob("*.yaml"))
NOTE = re.compile(r"# (ERROR|WARNING)((?: T\d{3})+)")
EXPECT = re.compile(r"# EXPECT (T\d{3}) (\d+):(\d+)")
# about files and folders, which no text can show: tests/read
ABOUT_FILES = {"T101", "T103", "T115", "T117"}
# thousands of characters or digits: tests/dsl/expression
ABOUT_SIZE = {"T310", "T312", "T313"}


def told(diagnostics: tuple[Diagnostic, ...]) -> list[tuple[int, str, str]]:
    """What was said, by line: code and severity."""
    return sorted((d.place.line, d.code.code, d.severity.value) for d in diagnostics if d.severity is not Severity.INFO)


def expected(path: Path) -> list[tuple[int, str, str]]:
    """What the comments of a file announce."""
    found = []
    for number, line in enumerate(path.read_bytes().decode("utf-8", "replace").splitlines(), 1):
        for note in NOTE.finditer(line):
            found += [(number, code, note[1].lower()) for code in note[2].split()]
        found += [(int(note[2]), note[1], "error") for note in EXPECT.finditer(line)]
    return sorted(found)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_mistake_is_told_at_its_line(path: Path) -> None:
    built = read_app(path)
    assert told(built.diagnostics) == expected(path)
    assert (built.app is None) == any(severity == "error" for _, _, severity in expected(path))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_words_are_whole_in_both_languages(path: Path) -> None:
    for found in read_app(path).diagnostics:
        for language in ("zh", "en"):
            words = f"{found.message(language)} {found.hint(language)}"
            assert found.message(language)
            assert not re.search(r"None|``|<object|\('|\{\w*\}(?!`)|  \S", re.sub(r"`[{} …]+`", "x", words)), words
        assert re.search(r"[\u4e00-\u9fff]", found.message("zh")), found.message("zh")
        assert not re.search(r"[\u4e00-\u9fff]", re.sub(r"`[^`]*`|“[^”]*”|\"[^\"]*\"|\S+\.\S+", "", found.message("en"))), found.message(
            "en"
        )


def test_places_with_columns() -> None:
    for path in FILES:
        for note in EXPECT.finditer(path.read_bytes().decode("utf-8", "replace")):
            places = [(str(d.place.line), str(d.place.column)) for d in read_app(path).diagnostics]
            assert (note[2], note[3]) in places, path


def test_every_code_has_a_file() -> None:
    shown = {code for path in FILES for _, code, _ in expected(path)}
    wanted = {c for c, code in CATALOGUE.items() if c[:2] != "T6" and code.severity is not Severity.INFO} - ABOUT_FILES - ABOUT_SIZE
    assert wanted - shown == set()


def test_every_code_is_raised_somewhere() -> None:
    sources = [p for folder in ("engine/dougong", "dsl/dougong_dsl") for p in (ROOT / folder).rglob("*.py") if p.parent.name != "codes"]
    text = "\n".join(path.read_text("utf-8") for path in sources if "node_modules" not in path.parts)
    names = {
        (code.code, name)
        for module in (ROOT / "dsl/dougong_dsl/codes").glob("*.py")
        for name, code in vars(__import__(f"dougong_dsl.codes.{module.stem}", fromlist=["*"])).items()
        if module.stem not in ("__init__", "__main__") and name.isupper() and hasattr(code, "code") and code.code[:2] != "T6"
    }
    assert [(code, name) for code, name in sorted(names) if not re.search(rf"\.{name}\b|\b{name}\.at", text)] == []
