"""Every operator and word of the expression language with a sentence and an example that runs, for the reference and for editors."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dougong_dsl.expression import lexer
from dougong_dsl.expression.functions.model import Example

_PUNCTUATION = frozenset("(),.")  # brackets, commas and dots are no operators


@dataclass(frozen=True, slots=True)
class OperatorHelp:
    """One operator by its plain spelling; `example` runs on the sample record (`samples.RECORD`)."""

    word: str
    zh: str
    en: str
    example: Example


def _row(word: str, zh: str, en: str, text: str, value: object) -> OperatorHelp:
    return OperatorHelp(word, zh, en, Example(text, value))


# loosest first
OPERATORS: tuple[OperatorHelp, ...] = (
    _row("or", "有一个成立就成立", "true when one side is", "1 > 2 or 2 > 1", True),
    _row("and", "两边都成立才成立", "true when both sides are", "1 > 2 and 2 > 1", False),
    _row("not", "取反；未知仍是未知", "the opposite; unknown stays unknown", "not 1 > 2", True),
    _row("=", "等于", "equal", 'name = "宁波某厂"', True),
    _row("<>", "不等于", "different", "amount <> 1000", False),
    _row("<", "小于", "less", "amount < 2000", True),
    _row("<=", "小于或等于", "less or equal", "amount <= 1000", True),
    _row(">", "大于；日期则是更晚", "greater; of dates, later", "due > today", True),
    _row(">=", "大于或等于", "greater or equal", "amount >= 1000", True),
    _row("in", "是括号里的其中一个，或在一个列表字段里", "one of those in brackets, or in a list field", "amount in (500, 1000)", True),
    _row("not in", "不是其中任何一个", "none of them", "amount not in (500, 1000)", False),
    _row("within", "属于；多选字段里有这一项", "belongs to", "vip within tags", True),
    _row("not within", "不属于", "does not belong to", "asleep not within tags", True),
    _row("contains", "文字里有这一段，或多选里有这一项", "a text has this piece, or a list this option", 'name contains "某"', True),
    _row("not contains", "没有这一段", "does not have it", 'name not contains "某"', False),
    _row("starts with", "开头是", "begins with", 'name starts with "宁波"', True),
    _row("not starts with", "开头不是", "does not begin with", 'name not starts with "宁波"', False),
    _row("ends with", "结尾是", "ends with", 'name ends with "厂"', True),
    _row("not ends with", "结尾不是", "does not end with", 'name not ends with "厂"', False),
    _row("between", "在两个值之间，含两端", "between two values, both included", "amount between 1 and 1000", True),
    _row("not between", "不在两个值之间", "outside of two values", "amount not between 1 and 1000", False),
    _row("is blank", "没有填", "nothing was filled in", "due is blank", False),
    _row("is not blank", "填了", "something was filled in", "due is not blank", True),
    _row("&", "把文字接起来，空当作没有", "joins texts; a blank is nothing", 'name & "！"', "宁波某厂！"),
    _row("+", "相加；日期加天数", "adds; a day plus days", "1 + 2", 3),
    _row("-", "相减；日期相减是天数；写在前面是负数", "subtracts; of dates the days between; in front: minus", "due - today", 16),
    _row("*", "相乘", "multiplies", "2 * 3", 6),
    _row("/", "相除，保留十位小数；除以 0 得空", "divides, to ten places; by 0 it is blank", "1 / 0", None),
    _row("^", "乘方", "to the power of", "2 ^ 10", 1024),
    _row("%", "百分数，5% 就是 0.05", "per cent: 5% is 0.05", "200 * 5%", 10),
    _row("where", "在列表函数里：只算满足条件的", "inside a list function: only those for which", "COUNT(orders where stage = done)", 2),
    _row("true", "成立", "yes", "true", True),
    _row("false", "不成立", "no", "false", False),
    _row("null", "空，没有值", "nothing", "null", None),
)


def spellings(operator: OperatorHelp) -> list[str]:
    """Every way to write it, the plain one first."""
    signs = [sign for sign, (_, word) in lexer._OPERATORS.items() if word == operator.word]
    words = [written for written, (_, word) in lexer._WORDS.items() if word == operator.word]
    phrases = [" ".join(written) for written, _, word in lexer._PHRASES if word == operator.word]
    return list(dict.fromkeys([operator.word, *signs, *words, *phrases]))


def read_by_the_lexer() -> Iterable[str]:
    """The plain spelling of everything that the lexer reads as an operator or a word of the language."""
    return dict.fromkeys(_canonical())


def _canonical() -> Iterator[str]:
    for table in (lexer._OPERATORS, lexer._WORDS):
        yield from (word for _, word in table.values() if word not in _PUNCTUATION)
    yield from (word for _, _, word in lexer._PHRASES)


def units() -> dict[str, list[str]]:
    """Spellings of the units of durations, by how long they are."""
    found: dict[str, list[str]] = {}
    working = {f"working {word}": unit for word, unit in lexer._WORKING.items()}
    for word, (kind, size) in (lexer._UNITS | working).items():
        found.setdefault(f"{kind} {size}", []).append(word)
    return found
