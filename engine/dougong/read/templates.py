"""Templates of documents in files of their own: their text takes the place of the name under `template:`.

A name is meant as seen from the file that it stands in. What is read keeps the places of the template's own file.
"""

import posixpath
import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import overload

from dougong_dsl.codes import documents as codes
from dougong_dsl.diagnostics import Diagnostic, nearest
from dougong_dsl.places import Place, Source
from dougong_dsl.sentences.written import Entries, Word

TEMPLATES = (".html", ".htm")
CARRIED = ".uses/"  # below it lie the texts of packages, each in a folder of its name
_FILE = re.compile(r"[^<>{}\n]*[^<>{}\n\s.]\.[A-Za-z][A-Za-z0-9]{1,4}")


class Lines(Sequence[tuple[int, int]]):
    """(line, column) of every character of a text, worked out when somebody asks: most of a template is never pointed at."""

    def __init__(self, text: str) -> None:
        self._length = len(text)
        self._starts = list(accumulate((len(line) + 1 for line in text.split("\n")), initial=0))

    @overload
    def __getitem__(self, index: int) -> tuple[int, int]: ...
    @overload
    def __getitem__(self, index: slice) -> list[tuple[int, int]]: ...
    def __getitem__(self, index: int | slice) -> tuple[int, int] | list[tuple[int, int]]:
        if isinstance(index, slice):
            return [self._at(each) for each in range(*index.indices(self._length))]
        return self._at(range(self._length)[index])

    def __len__(self) -> int:
        return self._length

    def _at(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


def is_template(name: str) -> bool:
    """Whether a file is a template by its name, and no definition."""
    return name.endswith(TEMPLATES)


def with_templates(merged: Entries, files: Mapping[str, str]) -> tuple[Entries, list[Diagnostic]]:
    """The sections with the texts of templates in place of their files' names, as far as they are among `files`."""
    documents = next((part for key, part in merged.items() if key == "documents"), None)
    if not isinstance(documents, Entries):
        return merged, []
    diagnostics: list[Diagnostic] = []
    filled = Entries(documents.place)
    for name, document in documents.items():
        filled[name] = _filled(document, files, diagnostics) if isinstance(document, Entries) else document
    whole = Entries(merged.place, merged)
    whole[next(key for key in merged if key == "documents")] = filled
    return whole, diagnostics


def templates_of(merged: Entries) -> frozenset[str]:
    """The files whose texts stand in the documents."""
    documents = next((part for key, part in merged.items() if key == "documents"), None)
    words = (_template(each) for each in documents.values()) if isinstance(documents, Entries) else ()
    return frozenset(word.place.file for word in words if word is not None and is_template(word.place.file))


def _template(document: object) -> Word | None:
    found = next((value for key, value in document.items() if key == "template"), None) if isinstance(document, Entries) else None
    return found if isinstance(found, Word) else None


def _filled(document: Entries, files: Mapping[str, str], diagnostics: list[Diagnostic]) -> Entries:
    """A document with its template's text."""
    word = _template(document)
    if word is None or is_template(word.place.file) or _FILE.fullmatch(word.strip()) is None:
        return document
    path, problem = _path(word, files)
    if problem is not None:
        diagnostics.append(problem)
        return document
    text = files[path]
    source = Source(text, Place(path, 1, 1, max(1, len(text.partition("\n")[0]))), Lines(text))
    return Entries(document.place, ((key, Word(source) if value is word else value) for key, value in document.items()))


def _path(word: Word, files: Mapping[str, str]) -> tuple[str, Diagnostic | None]:
    """Which of the files a name means."""
    written = word.strip()
    here = word.place.file
    top = "/".join(here.split("/")[:2]) + "/" if here.startswith(CARRIED) else ""
    path = posixpath.normpath(posixpath.join(posixpath.dirname(here), written.replace("\\", "/")))
    if written.startswith(("/", "\\")) or path.startswith("../") or not path.startswith(top):
        return "", codes.TEMPLATE_OUTSIDE.at(word.place, name=written)
    if not is_template(written):
        return "", codes.TEMPLATE_KIND.at(word.place, name=written)
    if path in files:
        return path, None
    base = posixpath.dirname(here)
    known = sorted(posixpath.relpath(each, base or ".") for each in files if is_template(each) and each.startswith(top))
    if not top:
        known = [each for each in known if CARRIED not in each]
    return "", codes.NO_TEMPLATE.at(word.place, name=written, known=", ".join(known) or "-", nearest=nearest(written, known))
