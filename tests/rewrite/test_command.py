"""`dougong fmt` from the outside: what it writes, what it only shows, how it ends."""

from pathlib import Path

import pytest
from dougong.cli.command import run

APP = "app: a\nobjects: {thing: {fields: {name: text   required}}}\nroles: {r: {may: 'read,create thing'}}\n"
TIDY = "app: a\nobjects: {thing: {fields: {name: text required}}}\nroles: {r: {may: 'read, create thing'}}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "app.yaml").write_text(APP, encoding="utf-8")
    return tmp_path


def text(folder: Path) -> str:
    return (folder / "app.yaml").read_text(encoding="utf-8")


def test_it_writes_and_is_done(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["fmt", str(folder), "--lang", "en"]) == 0
    assert text(folder) == TIDY
    assert run(["fmt", str(folder), "--lang", "en", "--check"]) == 0
    assert capsys.readouterr().out.splitlines() == ["Rewrote 1 files: app.yaml", "Nothing to change in 1 files"]


def test_check_and_diff_write_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["fmt", str(folder), "--check", "--lang", "zh"]) == 1
    assert capsys.readouterr().out == "要改 1 个文件：app.yaml\n"
    assert run(["fmt", str(folder), "--diff", "--lang", "en"]) == 0
    out = capsys.readouterr().out
    assert "-roles: {r: {may: 'read,create thing'}}\n" in out and "+roles: {r: {may: 'read, create thing'}}\n" in out
    assert text(folder) == APP


def test_a_definition_with_mistakes_is_left_alone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "app.yaml").write_text(APP.replace("read,", "reed,"), encoding="utf-8")
    assert run(["fmt", str(folder), "--lang", "en"]) == 1
    assert "T410" in capsys.readouterr().out


def test_only_the_own_files_are_written(tmp_path: Path) -> None:
    (tmp_path / "app.yaml").write_text("app: a\nuses: [customers]\nchange: {objects.customer.fields.tier.default: b}\n", encoding="utf-8")
    assert run(["fmt", str(tmp_path), "--long"]) == 0
    assert [path.name for path in tmp_path.rglob("*")] == ["app.yaml"]


def test_long_and_short_exclude_each_other(folder: Path) -> None:
    assert run(["fmt", str(folder), "--long", "--short"]) == 2
