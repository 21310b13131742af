"""Whatever lies where a definition should be: every command says what is wrong and where, none breaks, none takes long."""

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from dougong.cli.command import run

GOOD = "app: a\nobjects: {deal: {fields: {name: text, amount: money}}}\n"
BOMB = "app: a\nx0: &x0 [a, a, a, a, a, a, a, a, a]\n" + "".join(f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 9)}]\n" for n in range(1, 12))

Make = Callable[[Path], Path]


def file(content: bytes | str, name: str = "app.yaml") -> Make:
    """A folder with one file."""

    def make(base: Path) -> Path:
        (base / name).write_bytes(content.encode() if isinstance(content, str) else content)
        return base

    return make


def alone(content: bytes | str, name: str = "app.yaml") -> Make:
    """The file itself."""
    return lambda base: file(content, name)(base) / name


def fifo(base: Path) -> Path:
    os.mkfifo(base / "app.yaml")
    return base


def loop(base: Path) -> Path:
    (base / "app.yaml").symlink_to(base / "app.yaml")
    return base


def nowhere(base: Path) -> Path:
    (base / "app.yaml").symlink_to(base / "gone.yaml")
    return base


def folder_called_like_a_file(base: Path) -> Path:
    (base / "app.yaml").mkdir()
    return base


def too_many(base: Path) -> Path:
    for number in range(21):
        (base / f"f{number}.yaml").touch()
    return base


def two_of_a_name(base: Path) -> Path:
    (base / "a.yaml").write_text(GOOD)
    (base / "b.yaml").write_text(GOOD)
    return base


WRONG: Mapping[str, Make] = {
    "an empty folder": lambda base: base,
    "nothing there": lambda base: base / "gone",
    "an empty file": file(""),
    "a comment only": file("# nothing yet\n"),
    "a binary file": file(bytes(range(256)) * 40),
    "a picture": file(b"\x89PNG\r\n\x1a\n" + bytes(200)),
    "a zip": alone(b"PK\x03\x04" + bytes(60), "app.zip"),
    "zeros": file(bytes(5000)),
    "GBK": file("app: 客户\nobjects: {客户: {fields: {名称: text}}}\n".encode("gbk")),
    "UTF-16": file(GOOD.encode("utf-16")),
    "a lone surrogate": file(b"app: \xed\xa0\x80\n"),
    "a control sign": file("app: a\x07b\n"),
    "tabs": file("app: a\nobjects:\n\tdeal:\n\t\tfields: {name: text}\n"),
    "a list": file("- app: a\n"),
    "a text": file("just a sentence\n"),
    "a number": file("42\n"),
    "two documents": file(GOOD + "---\n" + GOOD),
    "a tag": file("app: !!python/object/apply:os.system [ls]\n"),
    "a bomb": file(BOMB),
    "an anchor that holds itself": file("app: &a [*a]\n"),
    "an unknown anchor": file("app: *b\n"),
    "a hundred levels": file("app: " + "[" * 100 + "]" * 100 + "\n"),
    "very many levels": file("app: " + "{a: " * 20_000 + "}" * 20_000 + "\n"),
    "too large": file("app: a # " + "x" * 2_000_001),
    "one very long line": file("app: a\nobjects: {deal: {fields: {n: integer = " + "1 + " * 60_000 + "1}}}\n"),
    "very many brackets": file("app: a\nobjects: {deal: {fields: {n: 'integer = " + "(" * 50_000 + "'}}}\n"),
    "an open bracket": file("app: a\nobjects: {deal: {fields: {name: text\n"),
    "an open quote": file('app: "a\nobjects: {}\n'),
    "a key twice": file("app: a\n" + "objects: {}\n" * 2),
    "a mapping as a key": file("? {a: 1}\n: 2\n"),
    "unknown keys": file("ap: a\nobject: {}\n"),
    "no objects": file("app: a\nobjects: {}\n"),
    "objects as a list": file("app: a\nobjects: [deal]\n"),
    "nothing behind a key": file("app:\nobjects:\n"),
    "a wrong name": file("app: a\nobjects: {'1 x': {fields: {name: text}}}\n"),
    "a wrong type": file("app: a\nobjects: {deal: {fields: {name: txt}}}\n"),
    "a wrong formula": file("app: a\nobjects: {deal: {fields: {name: text, n: integer = nmae + 1}}}\n"),
    "a missing block": file("app: a\nuses: [nothing_of_the_kind]\n"),
    "one name in two files": two_of_a_name,
    "a pipe": fifo,
    "a link to itself": loop,
    "a link to nothing": nowhere,
    "a folder called like a file": folder_called_like_a_file,
    "too many files": too_many,
}
COMMANDS = {
    "check": ["check", "APP"],
    "check as json": ["check", "APP", "--format", "json"],
    "why": ["check", "APP", "--show", "model", "--why", "objects.deal"],
    "fmt": ["fmt", "APP"],
    "plan": ["plan", "APP", "--db", "DB"],
    "apply": ["apply", "APP", "--db", "DB", "--yes"],
    "test": ["test", "APP"],
    "eval": ["eval", "amount + 1", "--of", "deal", "--app", "APP"],
    "explain": ["explain", "APP", "--record", "deal/1", "--db", "DB"],
    "import": ["import", "APP", "deal", "CSV", "--db", "DB"],
}


@pytest.mark.parametrize("make", WRONG.values(), ids=WRONG)
def test_what_is_no_definition_is_told_with_its_place(
    make: Make, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dougong.read.files.MAX_FILES", 20)
    base = tmp_path / "app"
    base.mkdir()
    app = make(base)
    before = {path: path.stat().st_size for path in base.rglob("*") if path.is_file()}
    (tmp_path / "rows.csv").write_text("name\nx\n")
    given = {"APP": str(app), "DB": f"sqlite:///{tmp_path / 'x.db'}", "CSV": str(tmp_path / "rows.csv")}
    for name, line in COMMANDS.items():
        code = run([given.get(word, word) for word in line] + ["--lang", "en"])
        told = capfd.readouterr()
        said = told.out + told.err
        assert (name, code) == (name, 1), said
        assert "Traceback" not in said and "Something went wrong inside" not in said
        assert any(place in said for place in (".yaml:", '"file": ', str(app), "app.zip:", "There is no database")), (name, said)
        assert not re.search("[\x00-\x08\x0b-\x1f]", said) and max(map(len, said.split("\n"))) < 2_000, (name, said[:2000])
    assert {path: path.stat().st_size for path in base.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + GOOD.encode(),
        GOOD.replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode(),
        GOOD.rstrip().encode(),
        (GOOD + "\n" * 500).encode(),
        ("%YAML 1.2\n---\n" + GOOD + "...\n").encode(),
    ],
    ids=["a BOM", "Windows", "both", "no line end", "many line ends", "YAML's own frame"],
)
def test_what_editors_make_of_a_definition_is_still_one(content: bytes, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    app = file(content)(tmp_path)
    for line in (["check", str(app)], ["plan", str(app), "--db", "sqlite:///:memory:"], ["fmt", str(app)], ["check", str(app)]):
        assert run([*line, "--lang", "en"]) == 0, capfd.readouterr()


def test_a_folder_that_may_not_be_read_is_told(tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests may read everything, so the refusal of the system is played."""
    file(GOOD)(tmp_path)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    for where in ("os.scandir", "pathlib.Path.open"):
        with monkeypatch.context() as patched:
            patched.setattr(where, refuse)
            code = run(["check", str(tmp_path), "--lang", "en"])
        said = "".join(capfd.readouterr())
        assert code == 1 and "no permission" in said and str(tmp_path.name) in said or "app.yaml:1:1" in said


def test_what_is_no_table_is_told(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "app").mkdir()
    app = file(GOOD)(tmp_path / "app")
    database = f"sqlite:///{tmp_path / 'x.db'}"
    assert run(["apply", str(app), "--db", database, "--yes"]) == 0
    for name in ("rows.csv", "rows.xlsx", "rows.txt"):
        for content in (b"", bytes(300), "\u540d".encode("gbk"), b"PK\x03\x04" + bytes(50), b"name\n" + b'"' * 99):
            (tmp_path / name).write_bytes(content)
            code = run(["import", str(app), "deal", str(tmp_path / name), "--db", database, "--lang", "en"])
            said = "".join(capfd.readouterr())
            assert code == 1 and "Something went wrong inside" not in said and "Traceback" not in said, (name, content, said)


@pytest.mark.parametrize("text", ["(" * 5000, "1 +" * 5000 + "1", "'" * 99, "\x00", "if(" * 900, "😀 = ", "a" * 100_000, "not " * 3000 + "true", ""], ids=lambda t: repr(t[:8]))  # fmt: skip
def test_what_is_no_expression_is_told(text: str, capfd: pytest.CaptureFixture[str]) -> None:
    code = run(["eval", "--lang", "en", "--", text])
    said = "".join(capfd.readouterr())
    assert code in (0, 1) and "Something went wrong inside" not in said and "Traceback" not in said, said
