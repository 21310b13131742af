"""A field line → the mapping of its long form: `text required "客户名称"` is `{type: text, required: true, title: 客户名称}`.

Which words a type has of its own is told by the caller, for the language knows no field types.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from lark import Token, Tree

from dougong_dsl.codes import sentences as codes
from dougong_dsl.diagnostics import Diagnostic, nearest
from dougong_dsl.expression.functions import ALIASES
from dougong_dsl.places import Place, Source
from dougong_dsl.sentences.parsing import Sentence, entries, parse, part, quoted, span, title, trimmed, word
from dougong_dsl.sentences.written import Entries, Items, Word

FIELD = Sentence("field", "字段", "field line", 'text required "客户名称"')
OPTIONS = Sentence("options", "选项", "list of options", 'choice(hot "高意向", cold "低意向")')

# flags that every type has, with their Chinese spellings
FLAGS: Mapping[str, str] = {
    "required": "required",
    "必填": "required",
    "unique": "unique",
    "唯一": "unique",
    "indexed": "indexed",
    "索引": "indexed",
    "searchable": "searchable",
    "可搜索": "searchable",
    "masked": "masked",
    "脱敏": "masked",
}


@dataclass(frozen=True, slots=True)
class TypeWords:
    """The own words of a field type in a line; each is the option of the same name.

    `call` takes the bracket right behind the type, read as a list of `options` or as `text`; `after` takes the bare word
    behind the type. A word is a `flag`, takes one `value` or a bracketed `list`.
    """

    call: str | None = None
    call_is: Literal["options", "text"] = "text"
    after: str | None = None
    words: Mapping[str, Literal["flag", "value", "list"]] = field(default_factory=dict)


def field_line(
    source: Source, words_of: Callable[[str], TypeWords | None], types: Callable[[], list[str]]
) -> tuple[Entries | None, list[Diagnostic]]:
    """The long form of a field line; None when it cannot be read. `words_of(type)` is None for a type that there is not."""
    tree, problems = parse(FIELD, source)
    if tree is None and problems[0].code is codes.UNFINISHED and source.text.count("(") > source.text.count(")"):
        return None, [codes.TORN.at(source.at(0, len(source.text)), text=source.text.strip())]
    if tree is None:
        return None, problems
    return _Reader(source, words_of, types).read(tree)


def option_list(source: Source) -> tuple[Entries | Items | None, list[Diagnostic]]:
    """`oem "终端车企", tier1` → a list of names, or a mapping of names to titles when any has one."""
    tree, problems = parse(OPTIONS, source)
    if tree is None:
        return None, problems
    options: list[tuple[Word, list[Word]]] = []
    for option in tree.find_data("option"):
        first, *rest = [t for t in option.children if isinstance(t, Token)]
        name = quoted(source, first) if first.type == "STRING" else word(source, first)
        options.append((name, [quoted(source, t) for t in rest]))
    too_many = [titles[2] for _, titles in options if len(titles) > 2]
    if too_many:
        return None, [codes.TOO_MANY_TITLES.at(t.place) for t in too_many]
    place = options[0][0].place if options else source.place
    names = [name for name, _ in options]
    if not any(titles for _, titles in options):
        return Items(place, names), []
    doubled = [codes.WORD_TWICE.at(name.place, word=str(name)) for i, name in enumerate(names) if name in names[:i]]
    return (None, doubled) if doubled else (Entries(place, [(n, title(t) if t else n) for n, t in options]), [])


class _Reader:
    def __init__(self, source: Source, words_of: Callable[[str], TypeWords | None], types: Callable[[], list[str]]) -> None:
        self.source = source
        self.words_of = words_of
        self.types = types
        self.long = entries(source)
        self.diagnostics: list[Diagnostic] = []
        self.titles: list[Word] = []
        self.type = ""
        self.words = TypeWords()

    def read(self, tree: Tree[Token]) -> tuple[Entries | None, list[Diagnostic]]:
        elements = iter([child for child in tree.children if isinstance(child, Tree)])
        for element in elements:
            kind = str(element.data)
            if kind == "head":
                if not self._head(element):
                    return None, self.diagnostics
            elif kind == "title":
                self.titles.append(quoted(self.source, _token(element)))
            elif kind == "word":
                elements = self._word(element, elements)
            elif kind == "default":
                self._default(element)
            elif kind == "formula":
                self._formula(_token(element))
            else:
                self._unknown(_token(element))
        self._title()
        if not self.long:
            self.diagnostics.append(codes.NO_TYPE.at(self.long.place))
        return (None if self.diagnostics else self.long), self.diagnostics

    def _put(self, key: str, place: Place, value: Word | Entries | Items) -> None:
        if any(k == key for k in self.long):
            self.diagnostics.append(codes.WORD_TWICE.at(place, word=key))
        else:
            self.long[Word.inserted(key, place)] = value

    def _head(self, tree: Tree[Token]) -> bool:
        token = _token(tree)
        name = word(self.source, token)
        words = self.words_of(name)
        if words is None:
            known = self.types()
            if name in FLAGS:
                self.diagnostics.append(codes.NO_TYPE.at(name.place))
            elif str(name).upper() in ALIASES and _call(tree) is not None:
                self.diagnostics.append(codes.FORMULA_AS_TYPE.at(name.place, name=str(name), formula=self.source.text.strip()))
            else:
                self.diagnostics.append(
                    codes.UNKNOWN_TYPE.at(name.place, name=str(name), known=", ".join(known), nearest=nearest(name, known))
                )
            return False
        self.type, self.words = str(name), words
        self._put("type", name.place, name)
        call = _call(tree)
        if call is not None:
            self._bracket(name, self._inside(call))
        return True

    def _bracket(self, name: Word, inside: Source) -> None:
        if self.words.call is None:
            self.diagnostics.append(codes.NO_BRACKET.at(name.place, word=str(name)))
        elif self.words.call_is == "options":
            options, problems = option_list(inside)
            self.diagnostics += problems
            if options is not None:
                self._put(self.words.call, inside.place, options)
        else:
            self._put(self.words.call, inside.place, _amount(inside))

    def _inside(self, call: Tree[Token]) -> Source:
        """What stands between a bracket's ends."""
        tokens = [t for t in call.scan_values(lambda t: isinstance(t, Token))]
        return trimmed(self.source, int(tokens[0].end_pos or 0), int(tokens[-1].start_pos or 0))

    def _word(self, tree: Tree[Token], elements: Iterator[Tree[Token]]) -> Iterator[Tree[Token]]:
        """A flag, one of the type's own words with its value, or the word behind the type."""
        token = _token(tree)
        name = word(self.source, token)
        call = _call(tree)
        kind = self.words.words.get(name)
        if name in FLAGS:
            self._flag(FLAGS[name], name, call)
        elif kind == "flag":
            self._flag(name, name, None)
            if call is not None:  # choice many (a, b): the bracket is the type's
                self._bracket(name, self._inside(call))
        elif kind == "list" and call is not None:
            options, problems = option_list(self._inside(call))
            self.diagnostics += problems
            if options is not None:
                self._put(name, name.place, options)
        elif kind is not None:
            following = next(elements, None)
            if kind == "list" or following is None or following.data not in ("word", "amount", "title"):
                self.diagnostics.append(codes.WORD_WITHOUT_VALUE.at(name.place, word=str(name)))
                return elements if following is None else iter([following, *elements])
            value = _token(following)
            self._put(name, name.place, quoted(self.source, value) if following.data == "title" else _amount(part(self.source, value)))
        elif self.words.after is not None and self.words.after not in self.long and call is None:
            self._put(self.words.after, name.place, name)
        else:
            self._unknown(token)
        return elements

    def _flag(self, key: str, written: Word, call: Tree[Token] | None) -> None:
        if call is not None:
            self.diagnostics.append(codes.NO_BRACKET.at(written.place, word=str(written)))
        self._put(key, written.place, Word.inserted("true", written.place, True))

    def _default(self, tree: Tree[Token]) -> None:
        keyword, expression = tree.children
        assert isinstance(keyword, Token) and isinstance(expression, Tree)
        self._put("default", part(self.source, keyword).place, Word(span(self.source, expression)))

    def _formula(self, token: Token) -> None:
        start, end = int(token.start_pos or 0), int(token.end_pos or 0)
        formula = trimmed(self.source, start + 1, end)
        if formula.text:
            self._put("formula", self.source.at(start), Word(formula))
        else:
            self.diagnostics.append(codes.WORD_WITHOUT_VALUE.at(self.source.at(start), word="="))

    def _title(self) -> None:
        if len(self.titles) > 2:
            self.diagnostics.append(codes.TOO_MANY_TITLES.at(self.titles[2].place))
        elif self.titles:
            self._put("title", self.titles[0].place, title(self.titles))

    def _unknown(self, token: Token) -> None:
        name = word(self.source, token)
        known = [*self.words.words, *dict.fromkeys(FLAGS.values()), "default"]
        self.diagnostics.append(
            codes.UNKNOWN_WORD.at(name.place, type=self.type, word=str(name), known=", ".join(known), nearest=nearest(name, known))
        )


def _token(tree: Tree[Token]) -> Token:
    first = tree.children[0]
    return first if isinstance(first, Token) else _token(first)


def _call(tree: Tree[Token]) -> Tree[Token] | None:
    return next((c for c in tree.children if isinstance(c, Tree) and c.data == "call"), None)


def _amount(source: Source) -> Word:
    """A word that is a whole number when it looks like one, as YAML would read it."""
    return Word(source, int(source.text)) if source.text.isascii() and source.text.isdigit() and source.text[0] != "0" else Word(source)
