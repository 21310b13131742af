"""The story of a definition, in one place: read → compose → define → resolve → check.

Every stage makes a new value and says what is wrong with what it was given; nothing here touches a database.
"""

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from dougong_dsl.codes.names import MISSING_KEY
from dougong_dsl.codes.reading import DATE_IS_COMMENT
from dougong_dsl.diagnostics import Diagnostic, has_errors

from dougong.check import check_app
from dougong.check.silence import silenced
from dougong.compose.composed import Composed, blamed, compose, own_files
from dougong.compose.packages import CARRIED
from dougong.definition.app import define
from dougong.model.app import App
from dougong.model.memory import Memory
from dougong.model.past import Pasts
from dougong.model.resolve import resolve
from dougong.read.files import load_files, merge_files
from dougong.read.templates import is_template, templates_of, with_templates


@dataclass(frozen=True, slots=True)
class Built:
    """What became of an app's files. `app` is there only when no diagnostic is an error; `diagnostics` stand in the order of their places.

    `files` holds the app's texts and, under `.uses/`, those of the packages it stands on; `composed` is None when nothing could be read.
    """

    app: App | None
    diagnostics: tuple[Diagnostic, ...]
    files: Mapping[str, str]
    composed: Composed | None = None


def read_app(
    source: str | Path | Mapping[str, str], folders: Sequence[Path] = (), memory: Memory | None = None, pasts: Pasts | None = None
) -> Built:
    """Read and check an app: a folder, a single file, or texts by path (what a release keeps). Never raises for an author's mistake.

    Packages that it uses are looked for among its texts, in `folders`, and among those that come with Dougong. With a
    `memory`, which is filled on the way, the next build of the app takes over what has not changed. `pasts`: what earlier releases called things.
    """
    with undisturbed():
        return _read(source, folders, memory or Memory(), pasts)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Without the garbage collector: what a build makes lives on, and looking through it again and again takes half the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _read(source: str | Path | Mapping[str, str], folders: Sequence[Path], memory: Memory, pasts: Pasts | None) -> Built:
    files, diagnostics = (dict(source), list[Diagnostic]()) if isinstance(source, Mapping) else load_files(Path(source))
    if diagnostics:
        return _built(None, diagnostics, files)
    merged, found, is_whole = merge_files(own_files(files), memory.files)
    diagnostics += found
    if not merged and not is_whole:
        return _built(None, diagnostics, files)
    composed = compose(merged, files, folders)
    files = {**own_files(files), **composed.files}
    diagnostics += composed.diagnostics
    filled, found = with_templates(composed.merged, files)
    composed, used = replace(composed, merged=filled), templates_of(filled)
    diagnostics += found
    files = {name: text for name, text in files.items() if not is_template(name) or name in used}
    definition, found, broken = define(composed.merged, memory.parts)
    diagnostics += (
        found if is_whole and composed.is_whole else [d for d in found if d.code is not MISSING_KEY]
    )  # it may stand where nothing could be read
    if definition is None or not (is_whole and composed.is_whole):  # names may stand in the part that could not be read
        return _built(None, diagnostics, files, composed)
    resolved = resolve(definition, files, broken, memory, pasts)
    diagnostics += resolved.diagnostics
    diagnostics += check_app(resolved.app, unsound=resolved.unsound, is_sound=not has_errors(diagnostics), verdicts=memory.verdicts)
    return _built(resolved.app, blamed(diagnostics, composed), files, composed)


def _built(app: App | None, diagnostics: list[Diagnostic], files: Mapping[str, str], composed: Composed | None = None) -> Built:
    """Diagnostics by place, each once; an app only without errors."""
    cut = {(d.place.file, d.place.line) for d in diagnostics if d.code is DATE_IS_COMMENT}  # the rest of such a line is no news
    told = [d for d in diagnostics if d.code is DATE_IS_COMMENT or (d.place.file, d.place.line) not in cut]
    told = [d for d in told if not (d.code.code.startswith("T7") and d.place.file.startswith(CARRIED))]  # no lints on what others wrote
    distinct = {(d.place, d.code.code, d.message("en")): d for d in silenced(told, files)}
    ordered = tuple(sorted(distinct.values(), key=lambda d: (d.place, d.code.code)))
    return Built(None if has_errors(ordered) else app, ordered, files, composed)
