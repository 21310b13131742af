"""The protocol: an editor's requests become questions to `Texts`, the answers become the protocol's values.

Diagnostics are worked out in a thread, a moment after the last change, over all files of the app with unsaved texts in them.
"""

import asyncio
import functools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from dougong_dsl.diagnostics import Diagnostic, Severity
from dougong_dsl.places import Place
from lsprotocol import types
from pygls import uris
from pygls.lsp.server import LanguageServer

from dougong import __version__
from dougong.lsp import positions
from dougong.lsp.folder import root_of, texts
from dougong.lsp.help import Language
from dougong.lsp.texts import Texts

PAUSE = 0.15  # seconds of silence before a check
_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}
Answer = TypeVar("Answer")


class Server(LanguageServer):
    """The state of one conversation: what is open in the editor, which language it wants, what was last said about each file."""

    def __init__(self, language: Language | None, folders: Sequence[Path] = ()) -> None:
        super().__init__("dougong", __version__, text_document_sync_kind=types.TextDocumentSyncKind.Full)
        self.fixed = language
        self.folders = tuple(folders)
        self.language: Language = language or "zh"
        self.opened: dict[Path, str] = {}
        self.kept: dict[Path, Texts] = {}
        self.waiting: dict[Path, asyncio.TimerHandle] = {}
        self.rounds: dict[Path, int] = {}
        self.told: dict[Path, set[Path]] = {}

    @property
    def encoding(self) -> str:
        """The code units that the editor counts in."""
        return str(self.workspace.position_encoding or types.PositionEncodingKind.Utf16)

    @property
    def workspaces(self) -> list[Path]:
        """The folders that the editor has open."""
        uris = [*self.workspace.folders, *([self.workspace.root_uri] if self.workspace.root_uri else [])]
        return [path_of(uri) for uri in uris]

    def speak(self, locale: str | None) -> None:
        """Take the editor's language, unless the command line chose one."""
        if self.fixed is None and locale:
            self.language = "zh" if locale.lower().startswith("zh") else "en"

    def texts_of(self, path: Path) -> Texts:
        """The app that a file belongs to, as it stands now."""
        root = root_of(path, self.opened, self.workspaces)
        files, problems = texts(root, self.opened)
        base = root if root.is_dir() else root.parent
        kept = self.kept.get(root)
        if kept is None or kept.files != files or kept.unread != tuple(problems):
            kept = self.kept[root] = Texts(base, files, tuple(problems), self.folders)
        return kept

    def changed(self, uri: str, text: str | None) -> None:
        """A file's text in the editor is another now, or it was closed (None)."""
        path = path_of(uri)
        if text is None:
            self.opened.pop(path, None)
        else:
            self.opened[path] = text.replace("\r\n", "\n").removeprefix("\ufeff")
        self.check_soon(path)

    def check_soon(self, path: Path) -> None:
        """Check the app of a file when nothing more is typed for a moment."""
        root = root_of(path, self.opened, self.workspaces)
        if root in self.waiting:
            self.waiting[root].cancel()
        self.rounds[root] = self.rounds.get(root, 0) + 1
        loop = asyncio.get_running_loop()
        self.waiting[root] = loop.call_later(PAUSE, lambda: loop.create_task(self.check(root, path, self.rounds[root])))

    async def check(self, root: Path, path: Path, round: int) -> None:
        """Work out the diagnostics of an app and tell them, file by file; files without any are told so."""
        try:
            there = self.texts_of(path)
            found = await asyncio.get_running_loop().run_in_executor(None, there.diagnostics)
        except Exception as problem:  # noqa: BLE001 - the next change is another chance; a dead server is none
            self.window_log_message(types.LogMessageParams(types.MessageType.Error, f"check: {type(problem).__name__}: {problem}"))
            return
        if self.rounds.get(root) != round:
            return
        by_file: dict[Path, list[Diagnostic]] = {there.base / name: [] for name in there.files}
        for each in found:
            by_file.setdefault(there.path(each.place.file), []).append(each)
        for file in self.told.get(root, set()) - set(by_file):
            by_file[file] = []
        for file, some in by_file.items():
            told = [self._diagnostic(there, each) for each in some]
            self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri_of(file), told))
        self.told[root] = {file for file, some in by_file.items() if some}

    def _diagnostic(self, there: Texts, found: Diagnostic) -> types.Diagnostic:
        hint = found.hint(self.language)
        related = [
            types.DiagnosticRelatedInformation(self.location(there, each.place), each.zh if self.language == "zh" else each.en)
            for each in found.related
        ]
        return types.Diagnostic(
            positions.span(there.lines(found.place.file), found.place, self.encoding),
            message=found.message(self.language) + (f"\n{hint}" if hint else ""),
            severity=_SEVERITIES[found.severity],
            code=found.code.code,
            source="dougong",
            related_information=related or None,
        )

    def location(self, there: Texts, place: Place) -> types.Location:
        """A place as the protocol's location."""
        return types.Location(uri_of(there.path(place.file)), positions.span(there.lines(place.file), place, self.encoding))

    def where(self, params: Any) -> tuple[Texts, str, int, int]:
        """The app, file, line and column that a request speaks of."""
        path = path_of(params.text_document.uri)
        there = self.texts_of(path)
        file = there.name(path)
        lines = there.lines(file)
        line = params.position.line + 1
        text = lines[line - 1] if line <= len(lines) else ""
        return there, file, line, positions.column(text, params.position.character, self.encoding)


def path_of(uri: str) -> Path:
    """The file of a URI; a document that is not a file gets a name of its own."""
    return Path(uris.to_fs_path(uri) or f"/{uri.rpartition(':')[2]}")


def uri_of(path: Path) -> str:
    """The URI of a file."""
    return uris.from_fs_path(str(path)) or path.as_uri()


def guarded(work: Callable[[Server, Any], Answer]) -> Callable[[Server, Any], Answer | None]:
    """A request that cannot be answered is answered with nothing, and a line in the editor's log; never with a trace."""

    @functools.wraps(work)
    def answer(server: Server, params: Any) -> Answer | None:
        try:
            return work(server, params)
        except (ArithmeticError, AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError) as problem:
            told = f"{work.__name__}: {type(problem).__name__}: {problem}"
            server.window_log_message(types.LogMessageParams(types.MessageType.Error, told))
            return None

    return answer
