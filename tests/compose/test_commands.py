"""Composition from the command line: where packages are looked for, and what `--why` says."""

import json
from pathlib import Path

import pytest
from dougong.cli.command import run

from tests.compose.apps import OUR_CRM

PACKAGES = Path(__file__).parent.parent / "errors" / "packages"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "app.yaml").write_text(OUR_CRM, encoding="utf-8")
    return tmp_path


def why(folder: Path, capsys: pytest.CaptureFixture[str], key: str, *more: str) -> str:
    capsys.readouterr()
    assert run(["check", str(folder), "--show", "model", "--why", key, *more]) == 0
    return capsys.readouterr().out


def test_why_says_the_value_the_place_and_the_change(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = why(folder, capsys, "pipelines.lead_flow.stages.contacted.title", "--lang", "en").splitlines()
    assert found == [
        "pipelines.lead_flow.stages.contacted.title: {zh: 已打电话, en: Called}",
        "  written at app.yaml:9:40 (this app)",
        (
            "  this app changed pipelines.lead_flow.stages.contacted.title at app.yaml:9:3: "
            "{zh: 已联系, en: Contacted} → {zh: 已打电话, en: Called}"
        ),
    ]
    assert "（积木 customers）" in why(folder, capsys, "objects.customer.fields.name", "--lang", "zh")
    told = json.loads(why(folder, capsys, "objects.customer.fields.fax", "--format", "json"))
    assert (told["value"], told["changes"][0]["after"]) == (None, None)


def test_why_knows_the_nearest_key(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", str(folder), "--show", "model", "--why", "objects.customer.fields.nane", "--lang", "en"]) == 1
    assert capsys.readouterr().err == "objects.customer.fields.nane is not written; did you mean “name”?\n"
    assert run(["check", str(folder), "--why", "objects"]) == 2


def test_packages_are_found_in_the_folders_that_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "app.yaml").write_text("app: a\nuses: [stall]\nroles: {r: {admin: true, may: [read stall]}}\n", encoding="utf-8")
    database = f"sqlite:///{tmp_path / 'a.db'}"
    assert run(["check", str(tmp_path), "--lang", "en"]) == 1
    assert "T801" in capsys.readouterr().out
    assert run(["apply", str(tmp_path), "--db", database, "--path", str(PACKAGES), "--lang", "en"]) == 0
    assert "Applied as release 1" in capsys.readouterr().out
    monkeypatch.setenv("DOUGONG_PATH", str(PACKAGES))
    assert run(["plan", str(tmp_path), "--db", database, "--lang", "en"]) == 0
    assert "Nothing changes" in capsys.readouterr().out
