"""Text → tokens for the grammar, with offsets in code points.

Outside of strings the full-width signs of a Chinese keyboard are read as their ASCII equals and Chinese words as
their English ones; words that belong together ("starts with", "is not blank", "72 hours") become one token here.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from lark import Token

from dougong_dsl.codes import expressions as codes
from dougong_dsl.diagnostics import Diagnostic
from dougong_dsl.places import Source

MAX_NESTING = 60

_WIDE = str.maketrans("(),、:≥≤≠×÷=<>+-*/%.;&#^!|0123456789\u3000\u00a0", "(),,:≥≤≠*/=<>+-*/%.;&#^!|0123456789  ")
_OPERATORS = {
    **{sign: ("COMPARE", sign) for sign in ("<=", ">=", "=", "<", ">")},
    "==": ("COMPARE", "="),
    "<>": ("COMPARE", "<>"),
    "!=": ("COMPARE", "<>"),
    "≥": ("COMPARE", ">="),
    "≤": ("COMPARE", "<="),
    "≠": ("COMPARE", "<>"),
    "&&": ("AND", "and"),
    "||": ("OR", "or"),
    "&": ("AMP", "&"),
    "+": ("PLUS", "+"),
    "-": ("MINUS", "-"),
    "*": ("STAR", "*"),
    "/": ("SLASH", "/"),
    "^": ("CARET", "^"),
    "%": ("PERCENT", "%"),
    "(": ("LPAR", "("),
    ")": ("RPAR", ")"),
    ",": ("COMMA", ","),
    ".": ("DOT", "."),
}
_BORROWED = {"&&": "and", "||": "or", "!=": "<>"}
_WORDS = {
    **{word: ("OR", "or") for word in ("or", "或", "或者")},
    **{word: ("AND", "and") for word in ("and", "且", "并且")},
    **{word: ("NOT", "not") for word in ("not", "非")},
    **{word: ("TRUE", "true") for word in ("true", "真")},
    **{word: ("FALSE", "false") for word in ("false", "假")},
    **{word: ("NULL", "null") for word in ("null", "空")},
    **{word: ("WORD", "in") for word in ("in", "属于")},
    **{word: ("WORD", "contains") for word in ("contains", "包含")},
    **{word: ("BETWEEN", "between") for word in ("between", "介于")},
    "within": ("WORD", "within"),
    "where": ("WHERE", "where"),
    "不属于": ("WORD", "not in"),
    "不包含": ("WORD", "not contains"),
    "开头是": ("WORD", "starts with"),
    "结尾是": ("WORD", "ends with"),
    "为空": ("BLANK", "is blank"),
    "不为空": ("BLANK", "is not blank"),
    "等于": ("COMPARE", "="),
    "不等于": ("COMPARE", "<>"),
    "大于": ("COMPARE", ">"),
    "小于": ("COMPARE", "<"),
    "大于等于": ("COMPARE", ">="),
    "小于等于": ("COMPARE", "<="),
}
_PHRASES: list[tuple[tuple[str, ...], str, str]] = [
    (("is", "not", "blank"), "BLANK", "is not blank"),
    (("is", "not", "null"), "BLANK", "is not blank"),
    (("is", "blank"), "BLANK", "is blank"),
    (("is", "null"), "BLANK", "is blank"),
    (("not", "starts", "with"), "WORD", "not starts with"),
    (("not", "ends", "with"), "WORD", "not ends with"),
    (("starts", "with"), "WORD", "starts with"),
    (("ends", "with"), "WORD", "ends with"),
    (("not", "in"), "WORD", "not in"),
    (("not", "within"), "WORD", "not within"),
    (("not", "contains"), "WORD", "not contains"),
    (("not", "between"), "BETWEEN", "not between"),
]
RESERVED = frozenset(_WORDS) | {"is", "starts", "ends", "之间"}

_UNITS: dict[str, tuple[str, int]] = {
    **{word: ("ms", 1000) for word in ("second", "seconds", "秒", "秒钟")},
    **{word: ("ms", 60_000) for word in ("minute", "minutes", "分钟")},
    **{word: ("ms", 3_600_000) for word in ("hour", "hours", "小时", "个小时")},
    **{word: ("ms", 86_400_000) for word in ("day", "days", "天", "日")},
    **{word: ("ms", 604_800_000) for word in ("week", "weeks", "周", "星期", "个星期")},
    **{word: ("months", 1) for word in ("month", "months", "个月", "月")},
    **{word: ("months", 12) for word in ("year", "years", "年")},
    **{word: ("workdays", 1) for word in ("工作日", "个工作日")},
    **{word: ("work", 3_600_000) for word in ("工作小时", "个工作小时", "工时", "个工时")},
    **{word: ("work", 60_000) for word in ("工作分钟", "个工作分钟")},
}
_WORKING: dict[str, tuple[str, int]] = {
    **{word: ("workdays", 1) for word in ("day", "days")},
    **{word: ("work", 3_600_000) for word in ("hour", "hours")},
    **{word: ("work", 60_000) for word in ("minute", "minutes")},
}
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_SPACE = re.compile(r"\s+")
_QUOTES = {'"': '"', "'": "'", "“": '”"', "”": '”"', "‘": "’'", "’": "’'"}
_ESCAPES = {"n": "\n", "t": "\t"}
_ENDS_OPERAND = {"NAME", "NUMBER", "STRING", "DATE", "DURATION", "TRUE", "FALSE", "NULL", "RPAR", "PERCENT", "BLANK"}
_MAY_BE_FUNCTION = {"AND", "OR", "WORD", "BETWEEN"}
LONGEST_DAYS = 3_660_000
LONGEST_MONTHS, LONGEST_MS = 120_000, 10_000 * 366 * 86_400_000


@dataclass(frozen=True, slots=True)
class SpanValue:
    """What a DURATION token stands for; see `syntax.Span`."""

    time: timedelta | None
    months: int | None
    working: bool
    words: str
    days: int | None = None


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_" or not character.isascii() and unicodedata.category(character).startswith("M")


class Lexer:
    """One pass over one text; `tokens` and `diagnostics` hold what came out."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.raw = source.text
        self.text = source.text.translate(_WIDE)
        self.tokens: list[Token] = []
        self.diagnostics: list[Diagnostic] = []
        self.open: list[int] = []
        self.deepest = 0
        self.between = 0

    def run(self) -> None:
        """Read the whole text."""
        at = 0
        while at < len(self.text):
            at = self._step(at)
        for start in self.open[:1]:
            self.diagnostics.append(codes.OPEN_BRACKET.at(self.source.at(start)))

    def _step(self, at: int) -> int:
        character = self.text[at]
        if character.isspace():
            return at + 1
        if character.isascii() and character.isdigit():
            return self._number(at)
        if _is_word(character):
            return self._word(at)
        if character in _QUOTES:
            return self._string(at)
        if character in "`#":
            return self._back_quoted(at) if character == "`" else self._date(at)
        return self._operator(at)

    def _add(self, kind: str, value: object, start: int, end: int) -> int:
        token = Token(kind, "", start_pos=start, end_pos=end)
        token.value = value
        self.tokens.append(token)
        return end

    def _previous(self) -> str:
        return str(self.tokens[-1].type) if self.tokens else ""

    def _operator(self, at: int) -> int:
        sign = next((s for s in (self.text[at : at + 2], self.text[at]) if s in _OPERATORS), None)
        if sign is None:
            self.diagnostics.append(codes.STRANGE_CHARACTER.at(self.source.at(at), character=self.raw[at]))
            return at + 1
        if sign in _BORROWED and sign != "!=":
            self.diagnostics.append(codes.BORROWED_OPERATOR.at(self.source.at(at, 2), found=sign, meant=_BORROWED[sign]))
        if sign == "(":
            self.open.append(at)
            self.deepest = max(self.deepest, len(self.open))
        elif sign == ")":
            if not self.open:
                self.diagnostics.append(codes.STRAY_BRACKET.at(self.source.at(at)))
            else:
                self.open.pop()
        kind, value = _OPERATORS[sign]
        return self._add(kind, value, at, at + len(sign))

    def _number(self, at: int) -> int:
        found = _NUMBER.match(self.text, at)
        assert found is not None  # called on a digit
        end = found.end()
        unit_start = end + (len(space[0]) if (space := _SPACE.match(self.text, end)) else 0)
        word_end = self._word_end(unit_start)
        word = self.text[unit_start:word_end].lower()
        if word in ("working", "business"):
            next_start = word_end + (len(space[0]) if (space := _SPACE.match(self.text, word_end)) else 0)
            next_end = self._word_end(next_start)
            if self.text[next_start:next_end].lower() in _UNITS:
                return self._duration(Decimal(found[0]), _WORKING.get(self.text[next_start:next_end].lower(), ("none", 0)), at, next_end)
        if word in _UNITS:
            return self._duration(Decimal(found[0]), _UNITS[word], at, word_end)
        return self._add("NUMBER", Decimal(found[0]), at, end)

    def _duration(self, amount: Decimal, unit: tuple[str, int], start: int, end: int) -> int:
        kind, factor = unit
        words = " ".join(self.raw[start:end].split())
        value: SpanValue | None = None
        if kind == "workdays" and amount == int(amount) and amount <= LONGEST_DAYS:
            value = SpanValue(None, None, True, words, int(amount))
        elif kind == "work" and amount * factor == int(amount * factor) and amount * factor <= LONGEST_MS:
            value = SpanValue(timedelta(milliseconds=int(amount * factor)), None, True, words)
        elif kind == "months" and amount == int(amount) and amount * factor <= LONGEST_MONTHS:
            value = SpanValue(None, int(amount) * factor, False, words)
        elif kind == "ms" and amount * factor == int(amount * factor) and amount * factor <= LONGEST_MS:
            value = SpanValue(timedelta(milliseconds=int(amount * factor)), None, False, words)
        if value is None:
            zh, en = ("不到一毫秒或长于一万年的时长", "a duration finer than a millisecond or longer than ten thousand years")
            if kind in ("workdays", "none"):
                zh, en = ("整日、小时、分钟以外的工作时间", "Working time other than in whole days, hours and minutes")
            self.diagnostics.append(codes.NOT_YET.at(self.source.at(start, end - start), what=(zh, en), advice=""))
            value = SpanValue(timedelta(0), None, False, words)
        return self._add("DURATION", value, start, end)

    def _word_end(self, at: int) -> int:
        while at < len(self.text) and _is_word(self.text[at]):
            at += 1
        return at

    def _word(self, at: int) -> int:
        end = self._word_end(at)
        word = unicodedata.normalize("NFC", self.raw[at:end])
        lower = word.lower()
        if self._previous() == "DOT":
            return self._add("NAME", word, at, end)
        phrase = self._phrase(at, lower)
        if phrase is not None:
            return self._add(*phrase)
        if lower == "之间" and self.between == 0:
            return end
        if lower in ("和", "到") and self.between:
            self.between -= 1
            return self._add("AND", "and", at, end)
        if lower not in _WORDS:
            return self._add("NAME", word, at, end)
        kind, value = _WORDS[lower]
        called = self.text[end:].lstrip().startswith("(")
        if kind in _MAY_BE_FUNCTION and called and self._previous() not in _ENDS_OPERAND:
            return self._add("NAME", word, at, end)
        if lower == "介于":
            self.between += 1
        return self._add(kind, value, at, end)

    def _phrase(self, at: int, first: str) -> tuple[str, str, int, int] | None:
        """The words that belong together from `at` on, as (kind, value, start, end)."""
        for parts, kind, value in _PHRASES:
            if parts[0] != first:
                continue
            end = at
            for part in parts:
                space = _SPACE.match(self.text, end)
                start = space.end() if space else end
                end = self._word_end(start)
                if self.text[start:end].lower() != part:
                    break
            else:
                if first != "not" or self._previous() in _ENDS_OPERAND:
                    return kind, value, at, end
        return None

    def _string(self, at: int) -> int:
        closing, parts, end = _QUOTES[self.raw[at]] if self.raw[at] in _QUOTES else self.text[at], [], at + 1
        while end < len(self.raw) and self.raw[end] not in closing:
            character = self.raw[end]
            if character == "\\" and end + 1 < len(self.raw):
                end += 1
                character = _ESCAPES.get(self.raw[end], self.raw[end])
            if character == "\0" or "\ud800" <= character <= "\udfff":
                self.diagnostics.append(codes.STRANGE_CHARACTER.at(self.source.at(end), character=f"U+{ord(character):04X}"))
            parts.append(character)
            end += 1
        if end >= len(self.raw):
            self.diagnostics.append(codes.OPEN_STRING.at(self.source.at(at, end - at), quote=closing[0]))
            return len(self.raw)
        return self._add("STRING", unicodedata.normalize("NFC", "".join(parts)), at, end + 1)

    def _back_quoted(self, at: int) -> int:
        end = self.raw.find("`", at + 1)
        if end < 0:
            self.diagnostics.append(codes.OPEN_STRING.at(self.source.at(at, len(self.raw) - at), quote="`"))
            return len(self.raw)
        self._add("NAME", unicodedata.normalize("NFC", self.raw[at + 1 : end]), at, end + 1)
        return end + 1

    def _date(self, at: int) -> int:
        end = self.text.find("#", at + 1)
        if end < 0:
            self.diagnostics.append(codes.OPEN_STRING.at(self.source.at(at, len(self.raw) - at), quote="#"))
            return len(self.raw)
        words = self.text[at + 1 : end].strip()
        value: date | datetime | None = None
        for form in ("%Y-%m-%d", "%Y/%m/%d", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"):
            try:
                moment = datetime.strptime(words, form)
            except ValueError:
                continue
            value = moment if "%H" in form else moment.date()
        if value is None:
            self.diagnostics.append(codes.BAD_DATE.at(self.source.at(at, end + 1 - at), text=self.raw[at : end + 1]))
            value = date(2000, 1, 1)
        return self._add("DATE", value, at, end + 1)
