"""An app's folder or single file → its texts, and those texts → one mapping of the app's sections.

Beside the definitions an app may have templates of documents: HTML files.
"""

import os
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from dougong_dsl.codes import reading as codes
from dougong_dsl.diagnostics import Diagnostic, Related
from dougong_dsl.places import Place
from dougong_dsl.sentences.written import Entries, Word, Written

from dougong.read.templates import TEMPLATES, is_template
from dougong.read.yaml import kind_of, read_yaml

MAX_FILE_BYTES = 2_000_000
MAX_FILES = 5_000
SUFFIXES = (".yaml", ".yml")
Kept = dict[str, tuple[str, Written | None, list[Diagnostic]]]  # name → text, value, problems
SAMPLE_DATA = "demo"  # a top-level folder that holds sample records, not definitions


def load_files(app: Path) -> tuple[dict[str, str], list[Diagnostic]]:
    """The texts of an app by path relative to its folder (for a single file: its name).

    HTML files that no definition mentions are there for what they are worth: those that cannot be read are left out.
    """
    try:
        paths = _paths(app, SUFFIXES) if app.is_dir() else {} if is_template(app.name) else {app.name: app}
    except OSError as error:
        return {}, [_unreadable(str(app), error)]
    if not paths:
        return {}, [codes.NO_FILES.at(Place(str(app), 1, 1))]
    if len(paths) > MAX_FILES:
        return {}, [codes.TOO_LARGE.at(Place(str(app), 1, 1), found=f"{len(paths)} × .yaml", limit=f"{MAX_FILES} × .yaml")]
    files: dict[str, str] = {}
    diagnostics: list[Diagnostic] = []
    for name, path in paths.items():
        text, problem = _load(name, path)
        if problem is None:
            files[name] = text
        else:
            diagnostics.append(problem)
    if any(".htm" in text for text in files.values()):
        found, problems = _load_templates(app, files)
        return {**files, **found}, diagnostics + problems
    return files, diagnostics


def merge_files(files: Mapping[str, str], kept: Kept | None = None) -> tuple[Entries, list[Diagnostic], bool]:
    """All files' top-level keys in one mapping; the flag tells whether every file could be read to its end.

    `kept` holds what was read before, by file: a text that is the same is not read again.
    """
    merged = Entries(Place(next(iter(files), "app.yaml"), 1, 1))
    diagnostics: list[Diagnostic] = []
    files = {name: text for name, text in files.items() if not is_template(name)}
    is_whole = bool(files)
    for name, text in files.items():
        value, problems = _read_once(name, text, {} if kept is None else kept)
        diagnostics.extend(problems)
        if isinstance(value, Entries):
            for key, part in value.items():
                diagnostics.extend(_merge(merged, key, part))
            continue
        is_whole = False
        if not problems:
            diagnostics.append(_not_a_mapping(name, value))
    return merged, diagnostics, is_whole


def _read_once(name: str, text: str, kept: Kept) -> tuple[Written | None, list[Diagnostic]]:
    known = kept.get(name)
    if known is None or known[0] != text:
        known = kept[name] = (text, *read_yaml(name, text))
    return known[1], known[2]


def _merge(merged: Entries, key: Word, part: Written) -> list[Diagnostic]:
    """Add one top-level key; two mappings are united, anything else may be there only once."""
    if key not in merged:
        merged[key] = Entries(part.place, part) if isinstance(part, Entries) else part
        return []
    before = merged[key]
    first = next(k for k in merged if k == key)
    if not (isinstance(before, Entries) and isinstance(part, Entries)) or key == "title":
        return [_twice(key, first, "app")]
    diagnostics = []
    for name, value in part.items():
        if name in before:
            diagnostics.append(_twice(name, next(k for k in before if k == name), str(key)))
        else:
            before[name] = value
    return diagnostics


def _twice(name: Word, first: Word, section: str) -> Diagnostic:
    related = [Related(first.place, "第一次定义在这里", "first defined here")]
    return codes.DEFINED_TWICE.at(name.place, related=related, name=str(name), section=section)


def _not_a_mapping(name: str, value: Written | None) -> Diagnostic:
    if value is None or (isinstance(value, Word) and value.value is None):
        return codes.EMPTY.at(Place(name, 1, 1))
    return codes.NOT_A_MAPPING.at(value.place, found=kind_of(value))


def _load_templates(app: Path, definitions: Mapping[str, str]) -> tuple[dict[str, str], list[Diagnostic]]:
    """The HTML files of an app: those below its folder, those beside its single file."""
    try:
        beside = [] if app.is_dir() else sorted(each for each in app.parent.iterdir() if is_template(each.name))
        paths = _paths(app, TEMPLATES) if app.is_dir() else {each.name: each for each in beside}
    except OSError as error:
        return {}, [_unreadable(str(app.parent), error)]
    files: dict[str, str] = {}
    diagnostics: list[Diagnostic] = []
    for name, path in paths.items():
        text, problem = _load(name, path)
        if problem is None:
            files[name] = text
        elif any(path.name in each for each in definitions.values()):
            diagnostics.append(problem)
    return files, diagnostics


def _paths(folder: Path, endings: tuple[str, ...]) -> dict[str, Path]:
    """Every file below the folder with one of the endings, in a stable order; hidden folders and the sample data are left out."""
    found: dict[str, Path] = {}
    for base, folders, names in os.walk(folder, onerror=_give_up):
        relative = PurePosixPath(Path(base).relative_to(folder).as_posix())
        is_top = Path(base) == folder
        folders[:] = sorted(f for f in folders if not f.startswith(".") and not (is_top and f == SAMPLE_DATA))
        for name in sorted(names):
            if name.endswith(endings) and not name.startswith("."):
                found[(relative / name).as_posix()] = Path(base) / name
    return found


def _give_up(error: OSError) -> None:
    raise error


def _load(name: str, path: Path) -> tuple[str, Diagnostic | None]:
    try:
        if path.exists() and not path.is_file():
            raise OSError("not a regular file")
        with path.open("rb") as file:
            raw = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        return "", _unreadable(name, error)
    if len(raw) > MAX_FILE_BYTES:
        return "", codes.TOO_LARGE.at(Place(name, 1, 1), found=f"> {MAX_FILE_BYTES} B", limit=f"{MAX_FILE_BYTES} B")
    return _decode(name, raw)


def _decode(name: str, raw: bytes) -> tuple[str, Diagnostic | None]:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "", codes.NOT_UTF8.at(Place(name, 1, 1), guess=("，看起来是 UTF-16", ", it looks like UTF-16"))
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n"), None
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8", "ignore")
        place = Place(name, before.count("\n") + 1, len(before) - before.rfind("\n"))
    try:
        raw.decode("gb18030")
        return "", codes.NOT_UTF8.at(place, guess=("，看起来是 GBK", ", it looks like GBK"))
    except UnicodeDecodeError:
        return "", codes.NOT_UTF8.at(place, guess=("", ""))


def _unreadable(name: str, error: OSError) -> Diagnostic:
    return codes.UNREADABLE.at(Place(name, 1, 1), reason=why_unreadable(error))


def why_unreadable(error: OSError) -> tuple[str, str]:
    """Why a file could not be read, in both languages."""
    reasons = {
        FileNotFoundError: ("找不到这个文件或文件夹", "there is no such file or folder"),
        IsADirectoryError: ("这是一个文件夹", "it is a folder"),
        NotADirectoryError: ("路径中间的一段不是文件夹", "a part of its path is no folder"),
        PermissionError: ("没有读取权限", "no permission to read it"),
    }
    return reasons.get(type(error), ("系统读取时出错", f"the system says {error.strerror or error}"))
