"""Documents bound to their objects: the template taken apart, its expressions typed, its loops checked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from dougong_dsl.codes import documents as codes
from dougong_dsl.codes import names as name_codes
from dougong_dsl.diagnostics import nearest
from dougong_dsl.expression import Scope
from dougong_dsl.expression.types import Boolean, Record
from dougong_dsl.sentences.written import Word
from dougong_dsl.titles import Title
from pydantic import ValidationError

from dougong.definition.app import AppDefinition
from dougong.definition.documents import DocumentDefinition
from dougong.fields.autonumber import AutonumberOptions
from dougong.fields.base import OptionsError
from dougong.model.documents import Document, Loop, Number, Piece, Pieces, When
from dougong.model.drafts import Draft, DraftObject
from dougong.model.names import check_case

_TAG = re.compile(r"\{\{(?P<gap>.*?)\}\}|\{%(?P<tag>.*?)%\}", re.DOTALL)
_FOR = re.compile(r"\s*for\s+(?P<name>\w+)\s+in\s+(?P<list>\w+)\s*")
_IF = re.compile(r"\s*if\s+(?P<condition>\S.*?)\s*", re.DOTALL)
_NUMBER = re.compile(r"\s*document\s*\.\s*number\s*")
_ENDS = {"for": "endfor", "if": "endif"}


def resolve_documents(draft: Draft, definition: AppDefinition) -> dict[str, Document]:
    """Every document whose object is there."""
    draft.report(*check_case(definition.documents))
    found = {}
    for name, written in definition.documents.items():
        owner = draft.object(written.of)
        for word in written.as_:
            _check_form(draft, word)
        if owner is not None:
            number = None if written.number is None else _number(draft, written.number)
            title = written.title or Title.same(str(name))
            template = _Template(draft, owner, name, written)
            found[str(name)] = Document(str(name), str(owner.name), title, template.read(), name.place, number)
    return found


def _check_form(draft: Draft, word: Word) -> None:
    if word in ("pdf", "docx"):
        draft.report(name_codes.LATER.at(word.place, what=(f"{word} 格式的文档", f"documents as {word}")))
    elif word != "html":
        expected = (" html", "html")
        draft.report(name_codes.WRONG_VALUE.at(word.place, key="`as`", value=str(word), expected=expected))


def _number(draft: Draft, word: Word) -> AutonumberOptions | None:
    try:
        return AutonumberOptions(pattern=str(word))
    except OptionsError as error:
        problem = (error.zh, error.en)
    except ValidationError:
        problem = ("编号格式最多 60 个字", "a number pattern has at most 60 characters")
    draft.report(name_codes.WRONG_OPTION.at(word.place, key="`number`", problem=problem))
    return None


@dataclass(frozen=True, slots=True)
class _Found:
    """A gap or tag; `start` and `end` are where it stands in the template."""

    word: Word
    is_gap: bool
    start: int
    end: int


class _Template:
    def __init__(self, draft: Draft, owner: DraftObject, name: Word, written: DocumentDefinition) -> None:
        self.draft, self.owner, self.name, self.written = draft, owner, name, written
        self.text = written.template
        self.at = 0
        self.tags = self._tags()

    def read(self) -> Pieces:
        """The whole template."""
        return self._pieces(self.draft.scope(str(self.owner.name)), None)

    def _tags(self) -> Iterator[_Found]:
        for match in _TAG.finditer(self.text):
            which = "gap" if match["gap"] is not None else "tag"
            yield _Found(Word(self.text.source.part(match.start(which), match.end(which))), which == "gap", match.start(), match.end())

    def _pieces(self, scope: Scope, opened: tuple[str, Word] | None) -> Pieces:
        """What stands before the tag that ends what was `opened`; None: the end of the text."""
        found: list[Piece] = []
        for tag in self.tags:
            self._plain(found, tag.start)
            self.at = tag.end
            if tag.is_gap:
                found += self._gap(tag.word, scope)
            elif opened is not None and tag.word.strip() == _ENDS[opened[0]]:
                return tuple(found)
            else:
                found += self._block(tag.word, scope)
        if opened is not None:
            end = _ENDS[opened[0]]
            self._wrong(opened[1], (f"没有对应的 {end}", f"there is no {end} for it"))
        self._plain(found, len(self.text))
        return tuple(found)

    def _plain(self, found: list[Piece], end: int) -> None:
        text = self.text[self.at : end]
        self.at = max(self.at, end)
        if "{{" in text:
            self.draft.report(name_codes.TEMPLATE_OPEN.at(self.text.source.at(end - len(text) + text.index("{{"), 2)))
        if "{%" in text:
            place = self.text.source.at(end - len(text) + text.index("{%"), 2)
            self.draft.report(codes.WRONG_TAG.at(place, tag="{%", problem=("没有对应的 %}", "it is not closed by %}")))
        if text:
            found.append(str(text))

    def _gap(self, word: Word, scope: Scope) -> list[Piece]:
        if _NUMBER.fullmatch(word):
            if self.written.number is None:
                self.draft.report(codes.NO_NUMBER.at(word.place, name=str(self.name)))
            return [Number()]
        expression = self.draft.expression(word, scope, None)
        return [] if expression is None else [expression]

    def _block(self, word: Word, scope: Scope) -> list[Piece]:
        loop, when = _FOR.fullmatch(word), _IF.fullmatch(word)
        if when is not None:
            condition = self.draft.expression(Word(word.source.part(when.start(1), when.end(1))), scope, Boolean())
            pieces = self._pieces(scope, ("if", word))
            return [] if condition is None else [When(condition, pieces)]
        if loop is None:
            self._wrong(word, ("不认识，或放错了位置", "it is not known, or not in its place"))
            return []
        name, source = (Word(word.source.part(loop.start(part), loop.end(part))) for part in ("name", "list"))
        reverse = self.owner.reverses.get(source)
        if reverse is None:
            known = list(self.owner.reverses)
            owner, near = str(self.owner.name), nearest(source, known)
            self.draft.report(
                codes.NOT_A_LIST.at(source.place, object=owner, name=str(source), known=", ".join(known) or "-", nearest=near)
            )
            return self._skipped(word, scope)
        if name in self.owner.fields or name in scope.names or name in self.owner.reverses:
            self._wrong(name, (f"`{name}` 已经有别的意思", f"`{name}` means something else already"))
            return self._skipped(word, scope)
        inner = replace(scope, names={**scope.names, str(name): Record(reverse.child)})
        return [Loop(str(name), reverse.child, reverse.through, self._pieces(inner, ("for", word)))]

    def _skipped(self, word: Word, scope: Scope) -> list[Piece]:
        """Nothing: what stands inside a loop that is wrong is read past, without complaints about its names."""
        before = len(self.draft.diagnostics)
        self._pieces(scope, ("for", word))
        del self.draft.diagnostics[before:]
        return []

    def _wrong(self, word: Word, problem: tuple[str, str]) -> None:
        self.draft.report(codes.WRONG_TAG.at(word.place, tag=f"{{% {word.strip()} %}}", problem=problem))
