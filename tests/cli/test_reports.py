"""`dougong check --format`: what other programs read."""

import json
from pathlib import Path

import pytest
from dougong.cli.command import run
from jsonschema import validate

TEXT = """app: shop
objects:
  deal:
    fields: {name: text, amount: money}
    checks:
      - {rule: amount > 5, message: "50%, at least"}
      - {rule: amount < 3, message: No}
roles: {sales: {may: [read deal, read deals]}}
"""
_TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}
_REGION = {
    "type": "object",
    "required": ["startLine", "startColumn", "endColumn"],
    "additionalProperties": False,
    "properties": {name: {"type": "integer", "minimum": 1} for name in ("startLine", "startColumn", "endColumn")},
}
_LOCATION = {
    "type": "object",
    "required": ["physicalLocation"],
    "properties": {
        "message": _TEXT,
        "physicalLocation": {
            "type": "object",
            "required": ["artifactLocation", "region"],
            "properties": {
                "artifactLocation": {"type": "object", "required": ["uri"], "properties": {"uri": {"type": "string"}}},
                "region": _REGION,
            },
        },
    },
}
_LEVEL = {"enum": ["none", "note", "warning", "error"]}
_RULE = {"type": "object", "required": ["id", "shortDescription"], "properties": {"id": {"type": "string"}, "shortDescription": _TEXT}}
_DRIVER = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}, "rules": {"type": "array", "items": _RULE}}}
_RESULT = {
    "type": "object",
    "required": ["ruleId", "ruleIndex", "level", "message", "locations"],
    "properties": {
        "ruleId": {"type": "string"},
        "ruleIndex": {"type": "integer", "minimum": 0},
        "level": _LEVEL,
        "message": _TEXT,
        "locations": {"type": "array", "items": _LOCATION, "minItems": 1},
        "relatedLocations": {"type": "array", "items": _LOCATION},
    },
}
# the parts of the schema of SARIF 2.1.0 (OASIS) that a log of diagnostics has
SARIF = {
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["tool", "results"],
                "properties": {
                    "tool": {"type": "object", "required": ["driver"], "properties": {"driver": _DRIVER}},
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "results": {"type": "array", "items": _RESULT},
                },
            },
        },
    },
}


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = Path("my shop")
    folder.mkdir()
    (folder / "a.yaml").write_text(TEXT, encoding="utf-8")
    return folder


def test_sarif(app: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", str(app), "--format", "sarif", "--lang", "en"]) == 1
    log = json.loads(capsys.readouterr().out)
    validate(log, SARIF)
    results = log["runs"][0]["results"]
    rules = log["runs"][0]["tool"]["driver"]["rules"]
    assert [(r["ruleId"], r["level"]) for r in results] == [("T537", "warning"), ("T205", "error")]
    assert [rules[r["ruleIndex"]]["id"] for r in results] == ["T537", "T205"]
    where = results[0]["locations"][0]["physicalLocation"]
    assert where == {"artifactLocation": {"uri": "my%20shop/a.yaml"}, "region": {"startLine": 7, "startColumn": 16, "endColumn": 26}}
    assert results[0]["relatedLocations"][0]["physicalLocation"]["region"]["startLine"] == 6


def test_github(app: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", str(app), "--format", "github", "--lang", "en"]) == 1
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("::warning file=my shop/a.yaml,line=7,col=16,endColumn=26,title=T537::This check and an earlier one contradict")
    assert first.endswith("%0Amy shop/a.yaml:6: the check it contradicts")
    assert second.startswith("::error file=my shop/a.yaml,line=8,")
    assert "Did you mean `deal`?" in second


def test_related_places_are_shown_to_people_and_programs(app: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["check", str(app), "--lang", "zh"])
    assert "  a.yaml:6:16: 和它矛盾的检查" in capsys.readouterr().out.splitlines()
    run(["check", str(app), "--format", "json"])
    assert json.loads(capsys.readouterr().out)["diagnostics"][0]["related"][0]["line"] == 6


def test_notes_are_shown_when_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "app: x\nobjects: {o: {title: {zh: 物, en: Thing}, fields: {note: {type: text, title: 备注}}}}\nroles: {r: {may: read o}}\n"
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    assert run(["check", str(tmp_path), "--lang", "en"]) == 0
    assert "T704" not in capsys.readouterr().out
    assert run(["check", str(tmp_path), "--all", "--lang", "en"]) == 0
    assert "T704" in capsys.readouterr().out


@pytest.mark.parametrize("report", ["sarif", "github"])
def test_a_stage_is_not_shown_to_machines(report: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", str(tmp_path), "--format", report, "--show", "model", "--lang", "en"]) == 2
    assert "--show goes with no --format sarif and github" in capsys.readouterr().err
