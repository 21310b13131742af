"""Which files make an app, and what is told about those that cannot be read."""

from pathlib import Path

import pytest
from dougong.pipeline import read_app
from dougong.read import files
from dougong.read.files import load_files, merge_files


def told(path: Path) -> list[str]:
    return [f"{d.place} {d.code.code} {d.message('en')}" for d in read_app(path).diagnostics]


def test_an_app_is_every_yaml_file_at_any_depth(tmp_path: Path) -> None:
    wanted = ["a.yaml", "b/c.yml", "b/demo/d.yaml"]
    for name in (*wanted, "demo/users.yaml", ".git/x.yaml", "b/.hidden/y.yaml", "notes.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x: 1\n")
    loaded, diagnostics = load_files(tmp_path)
    assert (list(loaded), diagnostics) == (wanted, [])


def test_a_single_file_and_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "app.yaml"
    path.write_bytes("\ufeffapp: a\r\nobjects: 3\r\n".encode())
    assert load_files(path) == ({"app.yaml": "app: a\nobjects: 3\n"}, [])


def test_what_cannot_be_read(tmp_path: Path) -> None:
    assert told(tmp_path / "no.yaml") == [f"{'no.yaml'}:1:1 T101 Cannot read this: there is no such file or folder"]
    assert told(tmp_path) == [f"{tmp_path}:1:1 T115 There is no .yaml file in this folder"]
    (tmp_path / "gone.yaml").symlink_to(tmp_path / "nowhere")
    assert told(tmp_path) == ["gone.yaml:1:1 T101 Cannot read this: there is no such file or folder"]


def test_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_FILE_BYTES", 10)
    (tmp_path / "a.yaml").write_text("app: something\n")
    assert told(tmp_path) == ["a.yaml:1:1 T103 Too large: > 10 B, the limit is 10 B"]
    monkeypatch.setattr(files, "MAX_FILES", 0)
    assert [line.split()[1] for line in told(tmp_path)] == ["T103"]


def test_utf_16(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes("app: a\n".encode("utf-16"))
    assert told(tmp_path) == ["a.yaml:1:1 T102 The file is not in UTF-8, it looks like UTF-16"]


def test_sections_of_several_files_are_one() -> None:
    merged, diagnostics, is_whole = merge_files({"a.yaml": "app: x\nobjects: {a: 1}\n", "b.yaml": "objects: {b: 2}\n"})
    assert (merged, diagnostics, is_whole) == ({"app": "x", "objects": {"a": "1", "b": "2"}}, [], True)


def test_the_same_name_in_two_files() -> None:
    _, diagnostics, _ = merge_files({"a.yaml": "app: x\nobjects: {a: 1}\n", "b.yaml": "app: y\nobjects:\n  a: 2\n"})
    assert [(str(d.place), d.message("en"), str(d.related[0].place)) for d in diagnostics] == [
        ("b.yaml:1:1", "`app` is defined twice in app", "a.yaml:1:1"),
        ("b.yaml:3:3", "`a` is defined twice in objects", "a.yaml:2:11"),
    ]


def test_after_a_broken_file_nobody_complains_of_missing_names() -> None:
    built = read_app({"a.yaml": "app: x\nobjects: {a: {fields: {b: link c}}}\n", "c.yaml": "objects: {c: {fields: [\n"})
    assert [f"{d.place} {d.code.code}" for d in built.diagnostics] == ["c.yaml:2:1 T105"]
