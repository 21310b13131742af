"""Sentence text → lark's tree, kept by text; breaks of the grammar as diagnostics at their place.

A tree holds tokens with offsets only, so that one line that occurs in many places of an app is parsed once.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from lark import Lark, Token, Tree, UnexpectedCharacters, UnexpectedEOF, UnexpectedToken

from dougong_dsl.codes import sentences as codes
from dougong_dsl.diagnostics import Diagnostic
from dougong_dsl.places import Source
from dougong_dsl.sentences.written import Entries, Items, Word

_GRAMMARS = Path(__file__).parent.parent / "grammars"
_FULL_WIDTH = {
    ord(full): ord(ascii)
    for full, ascii in zip("\uff08\uff09\uff0c\u3001\uff1a\uff1d\uff0b\uff0d\uff0f\uff05\u3000", "(),,:=+-/% ", strict=True)
}
_KEPT = 20_000  # trees kept by text


@dataclass(frozen=True, slots=True)
class Sentence:
    """One kind of sentence: its grammar, its name in messages and an example."""

    grammar: str
    zh: str
    en: str
    example: str


@dataclass(frozen=True, slots=True)
class Break:
    """Where the grammar gave up: the offset, the text found there (empty: the end), the terminals it would have taken."""

    start: int
    found: str
    expected: frozenset[str]


_WORDS: dict[str, tuple[str, str]] = {
    "WORD": ("名称", "a name"),
    "STRING": ("引号里的文字", "quoted text"),
    "AMOUNT": ("数字", "a number"),
    "LPAR": ("左括号", "an opening bracket"),
    "RPAR": ("右括号", "a closing bracket"),
    "COMMA": ("逗号", "a comma"),
    "ARROW": ("箭头 ->", "an arrow ->"),
    "FORMULA": ("= 公式", "= formula"),
    "$END": ("结尾", "the end"),
    "CREATED": ("created", "created"),
    "CHANGED": ("changed", "changed"),
    "DELETED": ("deleted", "deleted"),
    "ENTERED": ("entered", "entered"),
    "LEFT": ("left", "left"),
    "WHERE": ("where", "where"),
    "MASK": ("mask", "mask"),
    "HIDE": ("hide", "hide"),
    "BY": ("by", "by"),
    "WHEN": ("when", "when"),
    "ASKS": ("asks(…)", "asks(…)"),
    "UNIT": ("时间单位", "a unit of time"),
    "WEEKDAY": ("星期几", "a weekday"),
    "TIME": ("时刻 09:00", "a time as 09:00"),
    "AFTER": ("after", "after"),
    "ROLE": ("role", "role"),
    "POINTS": ("分数 +20", "points as +20"),
    "OUTCOME": ("approved、rejected 或 returned", "approved, rejected or returned"),
    "TWICE": ("twice", "twice"),
    "TIMES": ("times", "times"),
    "ROW": ("in a row", "in a row"),
    "SUBMITTED": ("submitted", "submitted"),
    "RECEIVED": ("received", "received"),
    "NAME": ("名称", "a name"),
    "TODO": ("todo", "todo"),
    "MESSAGE": ("message", "message"),
    "FOR": ("for", "for"),
    "TO": ("to", "to"),
    "ABOUT": ("about", "about"),
    "GONE": ("gone", "gone"),
    "ELSE": ("else", "else"),
}


@cache
def _parser(grammar: str) -> Lark:
    return Lark(
        (_GRAMMARS / f"{grammar}.lark").read_text("utf-8"),
        parser="lalr",
        maybe_placeholders=False,
        keep_all_tokens=True,
        import_paths=[str(_GRAMMARS)],
    )


@lru_cache(maxsize=_KEPT)
def _tree(grammar: str, text: str) -> Tree[Token] | Break:
    try:
        return _parser(grammar).parse(text.translate(_FULL_WIDTH))
    except UnexpectedEOF as error:
        return Break(len(text), "", frozenset(error.expected))
    except UnexpectedToken as error:
        start = len(text) if error.token.type == "$END" else int(error.token.start_pos or 0)
        found = "" if error.token.type == "$END" else str(error.token).split()[0]
        return Break(start, found, frozenset(error.accepts or error.expected))
    except UnexpectedCharacters as error:
        at = int(error.pos_in_stream or 0)
        return Break(at, text[at], frozenset(error.allowed or ()))


def parse(sentence: Sentence, source: Source) -> tuple[Tree[Token] | None, list[Diagnostic]]:
    """The tree of `source`, or what is wrong with it."""
    tree = _tree(sentence.grammar, source.text)
    if isinstance(tree, Tree):
        return tree, []
    expected = _spoken(tree.expected)
    name = (sentence.zh, sentence.en)
    if not tree.found:
        place = source.at(len(source.text.rstrip()))
        return None, [codes.UNFINISHED.at(place, sentence=name, expected=expected, example=sentence.example)]
    place = source.at(tree.start, len(tree.found))
    return None, [codes.UNEXPECTED.at(place, sentence=name, found=tree.found, expected=expected, example=sentence.example)]


def _spoken(expected: frozenset[str]) -> tuple[str, str]:
    known = [words for terminal, words in _WORDS.items() if terminal in expected]
    if not known:
        return ("别的内容", "something else")
    return ("、".join(zh for zh, _ in known[:-1]) + ("或" if known[1:] else "") + known[-1][0], " or ".join(en for _, en in known))


def part(source: Source, token: Token) -> Source:
    """The source of a token, as it was written."""
    return source.part(int(token.start_pos or 0), int(token.end_pos or 0))


def word(source: Source, token: Token) -> Word:
    """A token as a word."""
    return Word(part(source, token))


def span(source: Source, tree: Tree[Token]) -> Source:
    """The source from the first to the last token of a tree, blanks at both ends left out."""
    tokens = [t for t in tree.scan_values(lambda t: isinstance(t, Token))]
    start = min((int(t.start_pos or 0) for t in tokens), default=0)
    end = max((int(t.end_pos or 0) for t in tokens), default=0)
    return trimmed(source, start, end)


def trimmed(source: Source, start: int, end: int) -> Source:
    """The source between two offsets without blanks at its ends."""
    text = source.text[start:end]
    start += len(text) - len(text.lstrip())
    return source.part(start, max(start, start + len(text.strip())))


def quoted(source: Source, token: Token) -> Word:
    """The text inside a quoted token; `\\"` and `\\\\` mean the character itself."""
    inner = source.part(int(token.start_pos or 0) + 1, int(token.end_pos or 0) - 1)
    if "\\" not in inner.text:
        return Word(inner)
    kept, offsets, at = [], [], 0
    while at < len(inner.text):
        at += inner.text[at] == "\\" and at + 1 < len(inner.text)
        kept.append(inner.text[at])
        offsets.append(at)
        at += 1
    places = tuple((p.line, p.column) for p in (inner.at(o) for o in offsets))
    return Word(Source("".join(kept), inner.place, places))


def title(words: list[Word]) -> Word | Entries:
    """One quoted text is the title in every language, two are Chinese and English."""
    if len(words) == 1:
        return words[0]
    keys = [Word.inserted(key, word.place) for key, word in zip(("zh", "en"), words, strict=True)]
    return Entries(words[0].place, zip(keys, words, strict=True))


def entries(source: Source) -> Entries:
    """An empty mapping that stands for a sentence."""
    return Entries(source.at(0, max(1, len(source.text))) if source.positions is None else source.place)


def items(words: list[Word]) -> Items:
    """A list of the words of a sentence."""
    return Items(words[0].place, words)
