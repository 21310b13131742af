"""Building blocks and templates on the search path, and the ones that an app's files bring along.

A package is an app folder: `NAME/` or `NAME@VERSION/` in a folder of the search path, or a template that comes with Dougong. Its texts
travel with the app's own under `.uses/NAME/`, so that a release is whole without any folder.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dougong_dsl.diagnostics import Diagnostic
from dougong_dsl.sentences.written import Entries, Word

from dougong.compose.builtin import builtin
from dougong.compose.versions import fits, parse
from dougong.read import templates
from dougong.read.files import load_files, merge_files

CARRIED = templates.CARRIED
DEFAULT_VERSION = "0.1.0"


@dataclass(frozen=True, slots=True)
class Use:
    """One entry of `uses`: a name, the version wanted (empty: any), and what all its names get in front (empty: nothing)."""

    name: str
    wanted: str
    word: Word
    alias: str = ""


@dataclass(frozen=True, slots=True)
class Package:
    """A building block: its texts by the path they travel under, what they say, and whether they could be read to the end.

    Under an `alias` its texts are as its author wrote them, and `merged` has the names that it gets in the app.
    """

    name: str
    version: str
    files: Mapping[str, str]
    merged: Entries
    diagnostics: tuple[Diagnostic, ...]
    is_whole: bool
    alias: str = ""

    @property
    def called(self) -> str:
        """What this copy of the block is called: as in `uses`, without the version."""
        return f"{self.alias}: {self.name}" if self.alias else self.name

    def __str__(self) -> str:
        return f"{self.called}@{self.version}"


class Library:
    """Where packages are looked for: first among the texts that came with the app, then in the folders, then in Dougong itself."""

    def __init__(self, files: Mapping[str, str], folders: Sequence[Path] = ()) -> None:
        self._files = files
        self._folders = folders

    def find(self, name: str, wanted: str) -> tuple[Package | None, list[str]]:
        """The highest version that fits, and all versions that were found."""
        found = list(self._versions(name))
        fitting = [package for package in found if fits(package.version, wanted)]
        return max(fitting, key=lambda p: parse(p.version), default=None), sorted({p.version for p in found}, key=parse)

    def names(self) -> list[str]:
        """Every package that there is."""
        carried = {path.split("/")[1] for path in self._files if path.startswith(CARRIED)}
        around = {folder.name.partition("@")[0] for base in self._folders if base.is_dir() for folder in base.iterdir() if _is_app(folder)}
        return sorted(carried | around | set(builtin()))

    def _versions(self, name: str) -> Iterator[Package]:
        start = f"{CARRIED}{name}/"
        carried = {path: text for path, text in self._files.items() if path.startswith(start)}
        if carried:
            yield _package(name, carried, [])
            return
        folders = [folder for base in self._folders for folder in (base / name, *sorted(base.glob(f"{name}@*"))) if _is_app(folder)]
        own = builtin().get(name)
        for folder in folders or ([own] if own else []):
            texts, problems = load_files(folder)
            yield _package(name, {start + path: text for path, text in texts.items()}, problems)


def entry(entries: Entries, key: str) -> tuple[Word, Word | Entries | None]:
    """A key of a mapping as written, with its value; the value is None when the key is not there or is a list."""
    return next(
        ((k, v) for k, v in entries.items() if k == key and isinstance(v, Word | Entries)), (Word.inserted(key, entries.place), None)
    )


def _package(name: str, files: Mapping[str, str], problems: list[Diagnostic]) -> Package:
    merged, found, is_whole = merge_files(files)
    merged = templates.with_templates(merged, files)[0]  # what is not there may be replaced by the app; it is told of in the end
    version = entry(merged, "version")[1]
    text = str(version) if isinstance(version, Word) and version.value is not None else DEFAULT_VERSION
    return Package(name, text, files, merged, (*problems, *found), is_whole and not problems)


def _is_app(folder: Path) -> bool:
    return folder.is_dir() and any(folder.glob("*.y*ml"))
