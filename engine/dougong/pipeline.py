"""The story of a definition, in one place: read → define → resolve → check.

Every stage makes a new value and says what is wrong with what it was given; nothing here touches a database.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dougong_dsl.codes.reading import DATE_IS_COMMENT
from dougong_dsl.diagnostics import Diagnostic, has_errors

from dougong.check import check_app
from dougong.definition.app import define
from dougong.model.app import App
from dougong.model.resolve import resolve
from dougong.read.files import load_files, merge_files


@dataclass(frozen=True, slots=True)
class Built:
    """What became of an app's files. `app` is there only when no diagnostic is an error; `diagnostics` stand in the order of their places."""

    app: App | None
    diagnostics: tuple[Diagnostic, ...]
    files: Mapping[str, str]


def read_app(source: str | Path | Mapping[str, str]) -> Built:
    """Read and check an app: a folder, a single file, or texts by path (what a release keeps). Never raises for an author's mistake."""
    files, diagnostics = (dict(source), list[Diagnostic]()) if isinstance(source, Mapping) else load_files(Path(source))
    if diagnostics:
        return _built(None, diagnostics, files)
    merged, found, is_whole = merge_files(files)
    diagnostics += found
    if not merged and not is_whole:
        return _built(None, diagnostics, files)
    definition, found, broken = define(merged)
    diagnostics += found
    if definition is None or not is_whole:  # names may stand in the part that could not be read
        return _built(None, diagnostics, files)
    resolved = resolve(definition, files, broken)
    diagnostics += resolved.diagnostics
    diagnostics += check_app(resolved.app, unsound=resolved.unsound, is_sound=not has_errors(diagnostics))
    return _built(resolved.app, diagnostics, files)


def _built(app: App | None, diagnostics: list[Diagnostic], files: Mapping[str, str]) -> Built:
    """Diagnostics by place, each once; an app only without errors."""
    cut = {(d.place.file, d.place.line) for d in diagnostics if d.code is DATE_IS_COMMENT}  # the rest of such a line is no news
    told = [d for d in diagnostics if d.code is DATE_IS_COMMENT or (d.place.file, d.place.line) not in cut]
    distinct = {(d.place, d.code.code, d.message("en")): d for d in told}
    ordered = tuple(sorted(distinct.values(), key=lambda d: (d.place, d.code.code)))
    return Built(None if has_errors(ordered) else app, ordered, files)
