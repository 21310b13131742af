"""Wrong definitions as files: what is said about each, where, and in which words.

A line with a mistake ends in `# ERROR T204` (or `# WARNING …`, `# INFO …`; several codes in one comment). Where no comment can stand,
the first line is `# EXPECT T106 3:1`. `tests/errors/*.yaml` are whole apps; `tests/errors/codes/` holds short ones, wrong and right, a
file for each code: see `scripts/wrong_and_right.py`.
"""

import re
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest
from dougong.pipeline import Built, read_app
from dougong_dsl import codes
from dougong_dsl.codes import CATALOGUE
from dougong_dsl.diagnostics import Code, Diagnostic, Severity

from scripts import wrong_and_right
from scripts.wrong_and_right import NAME, Example, Pair, examples

ROOT = Path(__file__).parent.parent
FOLDER = Path(__file__).parent / "errors"
FILES = sorted(FOLDER.glob("*.yaml"))
EXAMPLES = examples()
TOLD = wrong_and_right.told()
NOTE = re.compile(r"# (ERROR|WARNING|INFO)((?: T\d{3})+)")
EXPECT = re.compile(r"# EXPECT (T\d{3}) (\d+):(\d+)")
# about files and folders, which no text can show: tests/read
ABOUT_FILES = {"T101", "T103", "T115", "T117"}
# thousands of characters or digits: tests/dsl/expression
ABOUT_SIZE = {"T310", "T312", "T313"}
Told = list[tuple[int, str, str]]

each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
each_example = pytest.mark.parametrize("example", EXAMPLES, ids=str)


def told(diagnostics: Iterable[Diagnostic], text: str) -> Told:
    """What was said, by line: code and severity; notes only where the file announces them."""
    announced = {code for _, code, severity in expected(text) if severity == "info"}
    kept = [d for d in diagnostics if d.severity is not Severity.INFO or d.code.code in announced]
    return sorted((d.place.line, d.code.code, CATALOGUE[d.code.code].severity.value) for d in kept)


def expected(text: str) -> Told:
    """What the comments of a file announce."""
    found = []
    for number, line in enumerate(text.split("\n"), 1):
        for note in NOTE.finditer(line):
            found += [(number, code, note[1].lower()) for code in note[2].split()]
        found += [(int(note[2]), note[1], "error") for note in EXPECT.finditer(line)]
    return sorted(found)


def read(path: Path) -> Built:
    """The app of a file; what it uses lies in `tests/errors/packages`."""
    return read_app(path, [FOLDER / "packages"])


def text_of(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace")


@each_file
def test_each_mistake_is_told_at_its_line(path: Path) -> None:
    built = read(path)
    assert told(built.diagnostics, text_of(path)) == expected(text_of(path))
    assert (built.app is None) == any(severity == "error" for _, _, severity in expected(text_of(path)))


@each_example
def test_each_short_definition(example: Example) -> None:
    """A wrong one is told exactly what it announces, its file's code among it; a right one gives no cause for anything."""
    built = read_app(example.files)
    assert {d.place.file for d in built.diagnostics if d.severity is not Severity.INFO} <= {NAME}
    assert told([d for d in built.diagnostics if d.place.file == NAME], example.text) == expected(example.text)
    assert (example.code in {code for _, code, _ in expected(example.text)}) != example.is_right
    words_are_whole(built)


@each_file
def test_the_words_are_whole_in_both_languages(path: Path) -> None:
    words_are_whole(read(path))


def words_are_whole(built: Built) -> None:
    """Every message is there in Chinese and in English, with no gap left open."""
    for found in built.diagnostics:
        for language in ("zh", "en"):
            words = f"{found.message(language)} {found.hint(language)}"
            assert found.message(language)
            assert not re.search(r"None|``|<object|\('|\{\w*\}(?!`)|  \S", re.sub(r"`[{} …]+`|`\{[^`]*`", "x", words)), words
        assert re.search(r"[\u4e00-\u9fff]", found.message("zh")), found.message("zh")
        quoted = re.sub(r"`[^`]*`|“[^”]*”|\"[^\"]*\"|\S+\.\S+", "", found.message("en"))
        assert not re.search(r"[\u4e00-\u9fff]", quoted), found.message("en")


def test_places_with_columns() -> None:
    for path in FILES:
        for note in EXPECT.finditer(text_of(path)):
            places = [(str(d.place.line), str(d.place.column)) for d in read(path).diagnostics]
            assert (note[2], note[3]) in places, path


def test_no_code_is_given_twice() -> None:
    modules = [import_module(f"dougong_dsl.codes.{module.name}") for module in iter_modules(codes.__path__)]
    given = [value.code for module in modules for value in vars(module).values() if isinstance(value, Code)]
    assert sorted(given) == sorted(CATALOGUE)


def test_every_code_has_a_file() -> None:
    shown = {code for text in (*map(text_of, FILES), *(e.text for e in EXAMPLES)) for _, code, _ in expected(text)}
    wanted = {code for code in CATALOGUE if code[:2] != "T6"} - ABOUT_FILES - ABOUT_SIZE
    assert wanted - shown == set()


def test_there_are_many_wrong_definitions_and_each_code_shown_wrong_is_shown_right() -> None:
    assert len(FILES) + sum(not e.is_right for e in EXAMPLES) >= 150
    assert {e.code for e in EXAMPLES if e.is_right} == {e.code for e in EXAMPLES if not e.is_right}


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


def test_the_catalogue_has_a_wrong_and_a_right_example_for_each_code() -> None:
    short = {e.code for e in EXAMPLES if e.is_right} & {e.code for e in EXAMPLES if not e.is_right}
    longer = {each.code for each in TOLD if each.wrong and each.right}
    assert (short | longer, short & longer) == (set(CATALOGUE), set())


@pytest.mark.parametrize("each", [each for each in TOLD if each.is_app], ids=lambda each: each.code)
def test_whole_apps_of_the_catalogue_are_wrong_and_right(each: Pair) -> None:
    for text, is_wrong in ((each.wrong, True), (each.right, False)):
        found = read_app({"app.yaml": text}, [FOLDER / "packages"]).diagnostics
        assert (each.code in {d.code.code for d in found}) == is_wrong, text
