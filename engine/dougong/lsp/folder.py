"""Which files are one app, and their texts: those on the disk, with what an editor holds unsaved in place of them."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from dougong_dsl.diagnostics import Diagnostic

from dougong.read.files import SUFFIXES, load_files
from dougong.read.templates import TEMPLATES

_APP = re.compile(r"^app\s*:", re.MULTILINE)


def root_of(path: Path, opened: Mapping[Path, str], workspaces: Sequence[Path]) -> Path:
    """The app a file belongs to: the nearest folder above it where a file has `app:`; failing that the file alone.

    What lies above the editor's workspaces is nobody's business: a definition in somebody's home folder makes no app of the home.
    """
    if not _APP.search(opened.get(path, "")):
        for folder in path.parents:
            if folder != path.parent and not any(folder.is_relative_to(each) for each in workspaces):
                break
            if folder.is_dir() and any(_APP.search(_text(each, opened)) for each in _definitions(folder)):
                return folder
        return path
    return path.parent


def texts(root: Path, opened: Mapping[Path, str]) -> tuple[dict[str, str], list[Diagnostic]]:
    """The texts of an app by path below its root (POSIX), and which files could not be read."""
    files, problems = load_files(root) if root.exists() else ({}, [])
    base = root if root.is_dir() else root.parent
    for path, text in opened.items():
        if path == root or (root.is_dir() and path.is_relative_to(root) and path.suffix in (*SUFFIXES, *TEMPLATES)):
            name = path.relative_to(base).as_posix()
            if name in files or not path.exists():
                files[name] = text
    problems = [p for p in problems if p.place.file not in files and Path(p.place.file) != root]
    return dict(sorted(files.items())), problems


def _definitions(folder: Path) -> list[Path]:
    try:
        return [each for each in folder.iterdir() if each.suffix in SUFFIXES and each.is_file()]
    except OSError:
        return []


def _text(path: Path, opened: Mapping[Path, str]) -> str:
    if path in opened:
        return opened[path]
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
