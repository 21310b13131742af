"""Diagnostics for other programs: SARIF 2.1.0 for code scanners, and the lines that GitHub turns into marks on a change."""

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from dougong_dsl.diagnostics import Code, Diagnostic, Severity
from dougong_dsl.places import Place

from dougong import __version__
from dougong.cli.speech import Language

SARIF_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
GITHUB_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def as_sarif(diagnostics: Iterable[Diagnostic], app: Path, language: Language) -> str:
    """A SARIF log of one run (OASIS SARIF 2.1.0); paths are relative to where the command runs, columns count code points."""
    found = list(diagnostics)
    rules = sorted({d.code.code: d.code for d in found}.values(), key=lambda code: code.code)
    index = {code.code: number for number, code in enumerate(rules)}
    driver = {"name": "dougong", "version": __version__, "rules": [_rule(code, language) for code in rules]}
    results = [_result(d, index[d.code.code], app, language) for d in found]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2)


def _rule(code: Code, language: Language) -> Mapping[str, Any]:
    return {
        "id": code.code,
        "shortDescription": {"text": code.zh if language == "zh" else code.en},
        "defaultConfiguration": {"level": SARIF_LEVELS[code.severity]},
    }


def _result(found: Diagnostic, rule: int, app: Path, language: Language) -> Mapping[str, Any]:
    related = [{**_location(r.place, app), "message": {"text": r.zh if language == "zh" else r.en}} for r in found.related]
    return {
        "ruleId": found.code.code,
        "ruleIndex": rule,
        "level": SARIF_LEVELS[found.severity],
        "message": {"text": _sentence(found, language)},
        "locations": [_location(found.place, app)],
        **({"relatedLocations": related} if related else {}),
    }


def _location(place: Place, app: Path) -> dict[str, Any]:
    region = {"startLine": place.line, "startColumn": place.column, "endColumn": place.column + place.length}
    return {"physicalLocation": {"artifactLocation": {"uri": quote(_path(place, app))}, "region": region}}


def as_github(diagnostics: Iterable[Diagnostic], app: Path, language: Language) -> str:
    """One workflow command a line: `::error file=…,line=…,col=…,endColumn=…,title=T205::…`; related places stand in the text."""
    lines = []
    for found in diagnostics:
        place = found.place
        where = f"file={_property(_path(place, app))},line={place.line},col={place.column},endColumn={place.column + place.length}"
        related = "".join(f"\n{_path(r.place, app)}:{r.place.line}: {r.zh if language == 'zh' else r.en}" for r in found.related)
        lines.append(f"::{GITHUB_COMMANDS[found.severity]} {where},title={found.code.code}::{_data(_sentence(found, language) + related)}")
    return "\n".join(lines)


def _sentence(found: Diagnostic, language: Language) -> str:
    return f"{found.message(language)}\n{found.hint(language)}".strip()


def _path(place: Place, app: Path) -> str:
    """A file as seen from where the command runs."""
    return (app / place.file if app.is_dir() else app).as_posix()


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


MACHINES: Mapping[str, Callable[[Iterable[Diagnostic], Path, Language], str]] = {"sarif": as_sarif, "github": as_github}
