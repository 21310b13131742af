"""Templates of documents taken apart: gaps, conditions and loops, with every expression typed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from dougong_dsl.codes import documents as codes
from dougong_dsl.codes import names as name_codes
from dougong_dsl.diagnostics import nearest
from dougong_dsl.expression import Scope
from dougong_dsl.expression.types import Boolean, Record
from dougong_dsl.sentences.written import Word

from dougong.model.documents import Loop, Number, Piece, Pieces, When
from dougong.model.drafts import Draft, DraftObject

_TAG = re.compile(r"\{\{(?P<gap>.*?)\}\}|\{%(?P<tag>.*?)%\}", re.DOTALL)
_FOR = re.compile(r"\s*for\s+(?P<name>\w+)\s+in\s+(?:(?P<of>\w+)\s*\.\s*)?(?P<list>\w+)\s*")
_IF = re.compile(r"\s*if\s+(?P<condition>\S.*?)\s*", re.DOTALL)
_ELIF = re.compile(r"\s*elif\s+(?P<condition>\S.*?)\s*", re.DOTALL)
_ELSE = re.compile(r"\s*else\s*")
_NUMBER = re.compile(r"\s*document\s*\.\s*number\s*")


@dataclass(frozen=True, slots=True)
class _Found:
    """A gap or tag; `start` and `end` are where it stands in the template."""

    word: Word
    is_gap: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Opened:
    """What is being read: the tag that opened it, the tag it has to end with, and what may come before that."""

    tag: Word
    end: str
    between: tuple[re.Pattern[str], ...] = ()


class TemplateReader:
    """Reads one template of a document about `owner` from begin to end; `name` and `is_numbered` are the document's."""

    def __init__(self, draft: Draft, owner: DraftObject, text: Word, name: str, *, is_numbered: bool) -> None:
        self.draft, self.owner, self.text, self.name, self.is_numbered = draft, owner, text, name, is_numbered
        self.at = 0
        self.tags = self._tags()

    def read(self) -> Pieces:
        """The whole template."""
        return self._pieces(self.draft.scope(str(self.owner.name)), None)[0]

    def _tags(self) -> Iterator[_Found]:
        for match in _TAG.finditer(self.text):
            which = "gap" if match["gap"] is not None else "tag"
            yield _Found(_part(self.text, match, which), which == "gap", match.start(), match.end())

    def _pieces(self, scope: Scope, opened: _Opened | None) -> tuple[Pieces, Word | None]:
        """What stands before the tag that ends what was `opened` (None: the end of the text), and that tag."""
        found: list[Piece] = []
        for tag in self.tags:
            self._plain(found, tag.start)
            self.at = tag.end
            if tag.is_gap:
                found += self._gap(tag.word, scope)
            elif opened is not None and (tag.word.strip() == opened.end or any(p.fullmatch(tag.word) for p in opened.between)):
                return tuple(found), tag.word
            else:
                found += self._block(tag.word, scope)
        if opened is not None:
            self._wrong(opened.tag, (f"没有对应的 {opened.end}", f"there is no {opened.end} for it"))
        self._plain(found, len(self.text))
        return tuple(found), None

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
            if not self.is_numbered:
                self.draft.report(codes.NO_NUMBER.at(word.place, name=self.name))
            return [Number()]
        expression = self.draft.expression(word, scope, None)
        return [] if expression is None else [expression]

    def _block(self, word: Word, scope: Scope) -> list[Piece]:
        loop, when = _FOR.fullmatch(word), _IF.fullmatch(word)
        if when is not None:
            return self._when(word, _part(word, when, "condition"), scope)
        if loop is not None:
            return self._loop(word, loop, scope)
        self._wrong(word, ("不认识，或放错了位置", "it is not known, or not in its place"))
        return []

    def _when(self, tag: Word, written: Word, scope: Scope) -> list[Piece]:
        """What follows `if` or `elif`, to the end of it all."""
        condition = self.draft.expression(written, scope, Boolean())
        pieces, end = self._pieces(scope, _Opened(tag, "endif", (_ELIF, _ELSE)))
        otherwise: Pieces = ()
        if end is not None and (again := _ELIF.fullmatch(end)):
            otherwise = tuple(self._when(end, _part(end, again, "condition"), scope))
        elif end is not None and _ELSE.fullmatch(end):
            otherwise = self._pieces(scope, _Opened(end, "endif"))[0]
        return [] if condition is None else [When(condition, pieces, otherwise)]

    def _loop(self, tag: Word, loop: re.Match[str], scope: Scope) -> list[Piece]:
        of, name = _part(tag, loop, "of") if loop["of"] else None, _part(tag, loop, "name")
        owner, source = self._looped(of, scope), _part(tag, loop, "list")
        if owner is None:
            self._wrong(of or tag, (f"`{of}` 不是外层循环的名称", f"`{of}` is no loop around it"))
            return self._skipped(tag, scope)
        reverse = owner.reverses.get(source)
        if reverse is None:
            known, where = list(owner.reverses), str(owner.name)
            found = codes.NOT_A_LIST.at(
                source.place, object=where, name=str(source), known=", ".join(known) or "-", nearest=nearest(source, known)
            )
            self.draft.report(found)
            return self._skipped(tag, scope)
        if name in self.owner.fields or name in scope.names or name in self.owner.reverses:
            self._wrong(name, (f"`{name}` 已经有别的意思", f"`{name}` means something else already"))
            return self._skipped(tag, scope)
        inner = replace(scope, names={**scope.names, str(name): Record(reverse.child)})
        pieces, end = self._pieces(inner, _Opened(tag, "endfor", (_ELSE,)))
        otherwise = self._pieces(scope, _Opened(end, "endfor"))[0] if end is not None and _ELSE.fullmatch(end) else ()
        return [Loop(str(name), reverse.child, reverse.through, pieces, otherwise, None if of is None else str(of))]

    def _looped(self, of: Word | None, scope: Scope) -> DraftObject | None:
        """Whose list it is: the record's, or that of a loop around."""
        if of is None:
            return self.owner
        kind = scope.names.get(str(of))
        return self.draft.objects.get(kind.object) if isinstance(kind, Record) else None

    def _skipped(self, tag: Word, scope: Scope) -> list[Piece]:
        """Nothing: what stands inside a loop that is wrong is read past, without complaints about its names."""
        before = len(self.draft.diagnostics)
        end = self._pieces(scope, _Opened(tag, "endfor", (_ELSE,)))[1]
        if end is not None and _ELSE.fullmatch(end):
            self._pieces(scope, _Opened(end, "endfor"))
        del self.draft.diagnostics[before:]
        return []

    def _wrong(self, word: Word, problem: tuple[str, str]) -> None:
        self.draft.report(codes.WRONG_TAG.at(word.place, tag=f"{{% {word.strip()} %}}", problem=problem))


def _part(word: Word, match: re.Match[str], group: str) -> Word:
    return Word(word.source.part(match.start(group), match.end(group)))
