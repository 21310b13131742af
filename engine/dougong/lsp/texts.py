"""One state of one app's texts, and every question an editor asks about it, answered in code points."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from dougong_dsl.diagnostics import Diagnostic
from dougong_dsl.places import Place
from dougong_dsl.sentences.written import Entries

from dougong.compose.builtin import builtin
from dougong.compose.packages import CARRIED, Library, Package
from dougong.compose.unite import gather, texts
from dougong.lsp import help as helping
from dougong.lsp.help import Language
from dougong.lsp.offer import Offer
from dougong.lsp.offers import Offers
from dougong.lsp.rename import Edit, rename
from dougong.lsp.spot import Spot, spot
from dougong.names.documents import by_template
from dougong.names.index import Index, declared, definitions, index
from dougong.names.symbols import Occurrence, Symbol, World
from dougong.pipeline import read_app
from dougong.read.templates import is_template

_WORD = re.compile(r"\w+")
_LOGIN = re.compile(r"[\w@-]+[.@-][\w.@-]*$")


@dataclass(frozen=True)
class Texts:
    """The files of an app below `base`, by path. `unread` are the files that could not be read from the disk."""

    base: Path
    files: Mapping[str, str]
    unread: tuple[Diagnostic, ...] = ()
    folders: tuple[Path, ...] = ()

    @cached_property
    def _packages(self) -> list[Package]:
        """The building blocks that the app uses, with the names that they get here."""
        library = Library(self.files, self.folders)
        return [package for entries in definitions(self.files) for package in gather(entries, library).packages.values()]

    @cached_property
    def used(self) -> Mapping[str, str]:
        """The texts of the building blocks that the app uses, by the path they travel under."""
        return texts(self._packages)

    @cached_property
    def world(self) -> World:
        """Every name that is declared."""
        return declared(self.files, self._blocks)

    @cached_property
    def index(self) -> Index:
        """Every name and where it stands."""
        return index(self.files, self.world, self._blocks)

    @property
    def _blocks(self) -> list[Entries]:
        return [package.merged for package in self._packages]

    def path(self, file: str) -> Path:
        """Where a file lies on the disk."""
        if not file.startswith(CARRIED):
            return self.base / file
        name, _, rest = file.removeprefix(CARRIED).partition("/")
        around = [each for base in self.folders for each in (base / name, *sorted(base.glob(f"{name}@*")))]
        own = builtin().get(name)
        found = [each / rest for each in (*around, *([own] if own else [])) if (each / rest).is_file()]
        return next((p for p in found if p.read_text("utf-8") == self.used.get(file)), next(iter(found), self.base / file))

    def name(self, path: Path) -> str:
        """A file's name among these."""
        return path.relative_to(self.base).as_posix() if path.is_relative_to(self.base) else path.as_posix()

    def lines(self, file: str) -> list[str]:
        """The lines of a file."""
        return (self.files.get(file) or self.used.get(file, "")).split("\n")

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """All that `dougong check` says."""
        return (*self.unread, *read_app(self.files, self.folders).diagnostics)

    def occurrence(self, file: str, line: int, column: int) -> Occurrence | None:
        """The name at a place."""
        return self.index.at(file, line, column)

    def places(self, symbol: Symbol, *, with_declaration: bool = True) -> list[Place]:
        """Where a name stands."""
        return [o.place for o in self.index.of(symbol) if with_declaration or not o.declares]

    def declaration(self, symbol: Symbol) -> Place | None:
        """Where a name is declared."""
        return next((o.place for o in self.index.of(symbol) if o.declares), None)

    def renamed(self, symbol: Symbol, new: str) -> list[Edit]:
        """What a new name changes; raises `CannotRename`."""
        return rename(self.index, self.files, symbol, new)

    def hover(self, file: str, line: int, column: int, language: Language) -> tuple[Place, str] | None:
        """Help on the word at a place, as Markdown, and the word's own place."""
        found = self.occurrence(file, line, column)
        if found is not None:
            return found.place, helping.about(self.index, found.symbol, language)
        lines = self.lines(file)
        text = lines[line - 1] if line <= len(lines) else ""
        for word in _WORD.finditer(text):
            if word.start() < column <= word.end() + 1:
                at = (line, word.start() + 1)
                told = helping.about_word(word[0], text[: word.start()], text[word.end() :], lines, at, language)
                return None if told is None else (Place(file, line, word.start() + 1, len(word[0])), told)
        return None

    def _spot(self, file: str, line: int, column: int) -> Spot:
        """Where the cursor stands; in a template's own file it is in the text of its document."""
        lines = self.lines(file)
        if not is_template(file):
            return spot(lines, line, column)
        of = {name: document for entries in definitions(self.files) for name, document in by_template(entries).items()}
        text = "\n".join([*lines[: line - 1], lines[line - 1][: column - 1] if line <= len(lines) else ""])
        return Spot(("documents", of.get(file, ""), "template"), text, False)

    def offers(self, file: str, line: int, column: int, language: Language) -> tuple[int, list[Offer]]:
        """What may be written at a place, and the column where the word being typed begins."""
        lines = self.lines(file)
        head = lines[line - 1][: column - 1] if line <= len(lines) else ""
        word = re.search(r"\w*$", head)
        packages = tuple(Library(self.files, self.folders).names())
        found = Offers(self.world, language, packages).at(self._spot(file, line, column))
        distinct = {(o.label, o.kind): o for o in reversed(found)}
        start = word.start() if word else column - 1
        whole = _LOGIN.search(head)
        if whole is not None and whole[0] and any(o.label.startswith(whole[0]) for o in found):
            start = whole.start()  # a login or a record's name, with what stands before its dot
        return start + 1, list(reversed(distinct.values()))
