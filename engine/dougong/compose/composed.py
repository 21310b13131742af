"""The whole of composition: an app's own files → one mapping over everything that it stands on, changed as it and its packages say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from dougong_dsl.codes import composition as codes
from dougong_dsl.diagnostics import Diagnostic, Related
from dougong_dsl.sentences.written import Entries, Word

from dougong.compose.change import Change, change
from dougong.compose.packages import CARRIED, Library, Package
from dougong.compose.unite import Gathered, gather, texts, unite


@dataclass(frozen=True, slots=True)
class Composed:
    """`merged`: every section, changes made. `files`: the packages' texts by the path they travel under. `is_whole`: all could be read."""

    merged: Entries
    packages: tuple[Package, ...]
    changes: tuple[Change, ...]
    files: Mapping[str, str]
    diagnostics: tuple[Diagnostic, ...]
    is_whole: bool


def compose(own: Entries, files: Mapping[str, str], folders: Sequence[Path] = ()) -> Composed:
    """Put an app together. `files` may carry packages already (under `.uses/`); `folders` are looked through before the built-in ones."""
    if not any(key in ("uses", "change") for key in own):
        return Composed(own, (), (), {}, (), True)
    gathered = gather(own, Library(files, folders))
    merged, diagnostics = unite(gathered, own)
    diagnostics = gathered.diagnostics + diagnostics
    packages = tuple(gathered.packages.values())
    is_whole = not diagnostics and all(package.is_whole for package in packages)
    merged, changes, found = _changed(merged, gathered, own)
    if is_whole:  # else what a change is about may stand in what could not be found, read or united
        diagnostics += found
    return Composed(merged, packages, tuple(changes), texts(packages), tuple(diagnostics), is_whole)


def blamed(diagnostics: list[Diagnostic], composed: Composed) -> list[Diagnostic]:
    """What is wrong because a change took a name away, with the place of that change."""
    gone = {each.path[-1]: each for each in composed.changes if each.after is None and isinstance(each.before, Word | Entries)}
    if not gone:
        return diagnostics
    found = []
    for each in diagnostics:
        change = gone.get(str(each.params.get("name")))
        related = [Related(change.place, "在这里去掉的", "taken out here")] if change is not None else []
        found.append(replace(each, related=(*each.related, *related)))
    return found


def own_files(files: Mapping[str, str]) -> dict[str, str]:
    """An app's files without those of the packages that travel with them."""
    return {path: text for path, text in files.items() if not path.startswith(CARRIED)}


def _changed(merged: Entries, gathered: Gathered, own: Entries) -> tuple[Entries, list[Change], list[Diagnostic]]:
    """First what packages change in each other, in the order in which they build on each other, then what the app changes."""
    made: list[Change] = []
    diagnostics: list[Diagnostic] = []
    for name, part in (*((p.called, p.merged) for p in gathered.packages.values()), ("", own)):
        changes = next((value for key, value in part.items() if key == "change"), None)
        if isinstance(changes, Entries):
            merged, done, problems = change(merged, changes, name)
            made += done
            diagnostics += problems
    return merged, made, diagnostics + _conflicts(made, gathered)


def _conflicts(made: Sequence[Change], gathered: Gathered) -> list[Diagnostic]:
    """Two packages that change one value, neither building on the other, when the app does not say what it shall be."""
    settled = {each.path for each in made if not each.by}
    first: dict[tuple[str, ...], Change] = {}
    found = []
    for each in made:
        if not each.by or each.path in settled or each.before is None:
            continue
        other = first.setdefault(each.path, each)
        if other.by != each.by and other.by not in gathered.below[each.by]:
            related = [Related(other.place, "一处在这里", "one is here"), Related(each.place, "另一处在这里", "the other is here")]
            place = gathered.through[each.by].place
            found.append(codes.CHANGED_TWICE.at(place, related=related, path=".".join(each.path), first=other.by, second=each.by))
        first[each.path] = each
    return found
