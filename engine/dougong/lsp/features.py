"""Every request the server answers, one function each, and the server that has them all."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from dougong.lsp import positions
from dougong.lsp.help import Language
from dougong.lsp.offer import Offer, OfferKind
from dougong.lsp.outline import Entry, outline
from dougong.lsp.rename import CannotRename, Edit
from dougong.lsp.server import Server, guarded, path_of, uri_of
from dougong.lsp.texts import Texts
from dougong.names.symbols import Kind

_ITEMS: dict[OfferKind, types.CompletionItemKind] = {
    "key": types.CompletionItemKind.Property,
    "type": types.CompletionItemKind.TypeParameter,
    "word": types.CompletionItemKind.Keyword,
    "object": types.CompletionItemKind.Class,
    "field": types.CompletionItemKind.Field,
    "option": types.CompletionItemKind.EnumMember,
    "function": types.CompletionItemKind.Function,
    "role": types.CompletionItemKind.Interface,
    "other": types.CompletionItemKind.Reference,
}
_SYMBOLS: dict[Kind, types.SymbolKind] = {
    "object": types.SymbolKind.Class,
    "field": types.SymbolKind.Field,
    "list": types.SymbolKind.Enum,
    "pipeline": types.SymbolKind.Event,
    "stage": types.SymbolKind.EnumMember,
    "trigger": types.SymbolKind.Function,
    "role": types.SymbolKind.Interface,
    "form": types.SymbolKind.Struct,
    "view": types.SymbolKind.Array,
    "approval": types.SymbolKind.Event,
    "calendar": types.SymbolKind.Namespace,
    "pool": types.SymbolKind.Array,
    "table": types.SymbolKind.Array,
    "channel": types.SymbolKind.Interface,
    "webhook": types.SymbolKind.Interface,
    "connector": types.SymbolKind.Interface,
    "document": types.SymbolKind.File,
    "scenario": types.SymbolKind.Method,
}
_KEEPS = "keeps-data"


def serve(language: Language | None, folders: Sequence[Path] = ()) -> None:
    """Talk to an editor over standard input and output until it leaves. Building blocks are looked for in `folders` too."""
    logging.getLogger("pygls").setLevel(
        logging.CRITICAL
    )  # refusals go to the editor as answers; an error stream full of traces helps nobody
    build(language, folders).start_io()


def build(language: Language | None, folders: Sequence[Path] = ()) -> Server:
    """A server with all its features."""
    server = Server(language, folders)
    for method, work in _FEATURES.items():
        options = (types.CompletionOptions(trigger_characters=list(".({,")),) if method == types.TEXT_DOCUMENT_COMPLETION else ()
        options_of = {types.TEXT_DOCUMENT_RENAME: (types.RenameOptions(prepare_provider=True),)}
        server.feature(method, *options_of.get(method, options))(work)
    return server


def initialize(server: Server, params: types.InitializeParams) -> None:
    """Take the editor's language."""
    server.speak(params.locale)


@guarded
def opened(server: Server, params: types.DidOpenTextDocumentParams) -> None:
    """A file was opened."""
    server.changed(params.text_document.uri, params.text_document.text)


@guarded
def changed(server: Server, params: types.DidChangeTextDocumentParams) -> None:
    """Something was typed; the whole text comes along."""
    for change in params.content_changes:
        server.changed(params.text_document.uri, change.text)


@guarded
def closed(server: Server, params: types.DidCloseTextDocumentParams) -> None:
    """A file was closed: from now on the disk counts."""
    server.changed(params.text_document.uri, None)


@guarded
def saved(server: Server, params: types.DidSaveTextDocumentParams) -> None:
    """A file was saved."""
    server.check_soon(path_of(params.text_document.uri))


@guarded
def files_changed(server: Server, params: types.DidChangeWatchedFilesParams) -> None:
    """Files changed on the disk."""
    for change in params.changes:
        server.check_soon(path_of(change.uri))


@guarded
def completion(server: Server, params: types.CompletionParams) -> types.CompletionList:
    """What may be written here."""
    there, file, line, column = server.where(params)
    start, offers = there.offers(file, line, column, server.language)
    lines = there.lines(file)
    span = types.Range(positions.position(lines, line, start, server.encoding), params.position)
    typed = lines[line - 1][start - 1 : column - 1] if line <= len(lines) else ""
    items = [_item(offer, number, span) for number, offer in enumerate(offers)]
    return types.CompletionList(is_incomplete=not typed.isascii(), items=items)  # Chinese words of functions are found by what is typed


def _item(offer: Offer, number: int, span: types.Range) -> types.CompletionItem:
    return types.CompletionItem(
        offer.label,
        kind=_ITEMS[offer.kind],
        detail=offer.detail or None,
        documentation=types.MarkupContent(types.MarkupKind.Markdown, offer.help) if offer.help else None,
        sort_text=f"{number:05}",
        filter_text=offer.match or offer.label,
        text_edit=types.TextEdit(span, offer.text or offer.label),
    )


@guarded
def hover(server: Server, params: types.HoverParams) -> types.Hover | None:
    """Help on a word."""
    there, file, line, column = server.where(params)
    found = there.hover(file, line, column, server.language)
    if found is None:
        return None
    place, text = found
    return types.Hover(
        types.MarkupContent(types.MarkupKind.Markdown, text), positions.span(there.lines(place.file), place, server.encoding)
    )


@guarded
def definition(server: Server, params: types.DefinitionParams) -> types.Location | None:
    """Where a name is declared."""
    there, file, line, column = server.where(params)
    found = there.occurrence(file, line, column)
    place = there.declaration(found.symbol) if found is not None else None
    return None if place is None else server.location(there, place)


@guarded
def references(server: Server, params: types.ReferenceParams) -> list[types.Location] | None:
    """Every place of a name."""
    there, file, line, column = server.where(params)
    found = there.occurrence(file, line, column)
    if found is None:
        return None
    places = there.places(found.symbol, with_declaration=params.context.include_declaration)
    return [server.location(there, place) for place in places]


@guarded
def prepare_rename(server: Server, params: types.PrepareRenameParams) -> types.PrepareRenamePlaceholder | None:
    """Whether what stands here can be renamed."""
    there, file, line, column = server.where(params)
    found = there.occurrence(file, line, column)
    if found is None or there.declaration(found.symbol) is None or not found.is_name:
        return None
    span = positions.span(there.lines(found.place.file), found.place, server.encoding)
    return types.PrepareRenamePlaceholder(span, found.symbol.name)


@guarded
def rename(server: Server, params: types.RenameParams) -> types.WorkspaceEdit | None:
    """A new name, in every file; with the former name noted where data depend on it."""
    there, file, line, column = server.where(params)
    found = there.occurrence(file, line, column)
    if found is None:
        return None
    try:
        edits = there.renamed(found.symbol, params.new_name)
    except CannotRename as problem:
        raise JsonRpcInvalidParams(problem.zh if server.language == "zh" else problem.en) from None
    return _edits(server, there, edits)


def _edits(server: Server, there: Texts, edits: list[Edit]) -> types.WorkspaceEdit:
    """With an editor that can ask, the former name is a change of its own that a person may leave out."""
    ability = server.client_capabilities.workspace
    can_ask = bool(ability and ability.workspace_edit and ability.workspace_edit.change_annotation_support)
    by_file: dict[str, list[Any]] = {}
    for edit in edits:
        lines = there.lines(edit.file)
        span = types.Range(*(positions.position(lines, *end, server.encoding) for end in (edit.start, edit.end)))
        is_asked = can_ask and edit.keeps_data
        change = types.AnnotatedTextEdit(_KEEPS, span, edit.text) if is_asked else types.TextEdit(span, edit.text)
        by_file.setdefault(uri_of(there.base / edit.file), []).append(change)
    if not can_ask:
        return types.WorkspaceEdit(changes=by_file)
    words = ("记下旧名字，数据不丢", "note the former name: the data are kept")
    label = words[server.language == "en"]
    changes = [types.TextDocumentEdit(types.OptionalVersionedTextDocumentIdentifier(uri), some) for uri, some in by_file.items()]
    return types.WorkspaceEdit(
        document_changes=changes, change_annotations={_KEEPS: types.ChangeAnnotation(label, needs_confirmation=True)}
    )


@guarded
def document_symbols(server: Server, params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
    """What is in a file."""
    path = path_of(params.text_document.uri)
    there = server.texts_of(path)
    file = there.name(path)
    return [_symbol(_Lines(there.lines(file), server.encoding), entry) for entry in outline(file, there.files.get(file, ""))]


@dataclass(frozen=True, slots=True)
class _Lines:
    lines: list[str]
    encoding: str


def _symbol(text: _Lines, entry: Entry) -> types.DocumentSymbol:
    name = positions.span(text.lines, entry.place, text.encoding)
    end = positions.span(text.lines, entry.last, text.encoding).end
    inner = [_symbol(text, each) for each in entry.inner]
    last = max([name.end, end, *(each.range.end for each in inner)], key=lambda p: (p.line, p.character))
    return types.DocumentSymbol(entry.name, _SYMBOLS[entry.kind], types.Range(name.start, last), name, entry.detail or None, children=inner)


_FEATURES = {
    types.INITIALIZE: initialize,
    types.TEXT_DOCUMENT_DID_OPEN: opened,
    types.TEXT_DOCUMENT_DID_CHANGE: changed,
    types.TEXT_DOCUMENT_DID_CLOSE: closed,
    types.TEXT_DOCUMENT_DID_SAVE: saved,
    types.WORKSPACE_DID_CHANGE_WATCHED_FILES: files_changed,
    types.TEXT_DOCUMENT_COMPLETION: completion,
    types.TEXT_DOCUMENT_HOVER: hover,
    types.TEXT_DOCUMENT_DEFINITION: definition,
    types.TEXT_DOCUMENT_REFERENCES: references,
    types.TEXT_DOCUMENT_PREPARE_RENAME: prepare_rename,
    types.TEXT_DOCUMENT_RENAME: rename,
    types.TEXT_DOCUMENT_DOCUMENT_SYMBOL: document_symbols,
}
