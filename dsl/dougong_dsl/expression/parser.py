"""Text → syntax tree: the lexer's tokens through the LALR grammar, mistakes as diagnostics.

Whatever the text, nothing is raised and nothing recurses deeper than the limits below.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from importlib.resources import files
from typing import Any

from lark import Lark, Token, Transformer, UnexpectedToken
from lark.lexer import Lexer as LarkLexer

from dougong_dsl.codes import expressions as codes
from dougong_dsl.diagnostics import Diagnostic, has_errors
from dougong_dsl.expression import syntax
from dougong_dsl.expression.lexer import MAX_NESTING, Lexer, SpanValue
from dougong_dsl.places import Source

MAX_LENGTH = 4000
MAX_NODES = 2000


class _Ready(LarkLexer):
    """Hands the parser tokens that were made before."""

    def __init__(self, conf: object) -> None:
        del conf

    def lex(self, lexer_state: Any, parser_state: Any = None) -> Iterator[Token]:
        return iter(lexer_state)


class _Build(Transformer[Token, syntax.Node]):
    """Grammar rules → syntax nodes, while the parser runs."""

    def number(self, items: list[Any]) -> syntax.Node:
        return self._literal(items[0])

    string = day = number

    @staticmethod
    def _literal(token: Token) -> syntax.Node:
        value: Decimal | str | date | datetime = token.value
        return syntax.Literal(value=value, start=_start(token), end=_end(token))

    def true(self, items: list[Any]) -> syntax.Node:
        return syntax.Literal(value=True, start=_start(items[0]), end=_end(items[0]))

    def false(self, items: list[Any]) -> syntax.Node:
        return syntax.Literal(value=False, start=_start(items[0]), end=_end(items[0]))

    def null(self, items: list[Any]) -> syntax.Node:
        return syntax.Literal(value=None, start=_start(items[0]), end=_end(items[0]))

    def duration(self, items: list[Any]) -> syntax.Node:
        value: SpanValue = items[0].value
        where = {"start": _start(items[0]), "end": _end(items[0])}
        return syntax.Span(time=value.time, months=value.months, working=value.working, words=value.words, days=value.days, **where)

    def name(self, items: list[Any]) -> syntax.Node:
        token = items[0]
        quoted = _end(token) - _start(token) == len(token.value) + 2
        return syntax.Name(text=str(token.value), quoted=quoted, start=_start(token), end=_end(token))

    def member(self, items: list[Any]) -> syntax.Node:
        base, _dot, name = items
        return syntax.Member(base=base, name=str(name.value), name_start=_start(name), start=base.start, end=_end(name))

    def call(self, items: list[Any]) -> syntax.Node:
        name, _open, inside, close = items
        arguments, where = inside or ((), None)
        return syntax.Call(function=str(name.value), arguments=arguments, where=where, start=_start(name), end=_end(close))

    def arguments(self, items: list[Any]) -> Any:
        nodes = tuple(item for item in items if isinstance(item, syntax.Node))
        has_where = any(isinstance(item, Token) and item.type == "WHERE" for item in items)
        return (nodes[:-1], nodes[-1]) if has_where else (nodes, None)

    def group(self, items: list[Any]) -> syntax.Node:
        nodes = tuple(item for item in items if isinstance(item, syntax.Node))
        if len(nodes) == 1:
            return replace(nodes[0], start=_start(items[0]), end=_end(items[-1])) if isinstance(nodes[0], syntax.Items) else nodes[0]
        return syntax.Items(items=nodes, start=_start(items[0]), end=_end(items[-1]))

    def binary(self, items: list[Any]) -> syntax.Node:
        left, operator, right = items
        words = str(operator.value)
        negated = words.startswith("not ")
        words = words.removeprefix("not ")
        return syntax.Binary(operator=words, left=left, right=right, negated=negated, start=left.start, end=right.end)

    def between(self, items: list[Any]) -> syntax.Node:
        operand, word, low, _and, high = items
        negated = str(word.value).startswith("not ")
        return syntax.Between(operand=operand, low=low, high=high, negated=negated, start=operand.start, end=high.end)

    def blank(self, items: list[Any]) -> syntax.Node:
        operand, word = items
        return syntax.Blank(operand=operand, negated=word.value == "is not blank", start=operand.start, end=_end(word))

    def _unary(self, operator: str, items: list[Any]) -> syntax.Node:
        return syntax.Unary(operator=operator, operand=items[1], start=_start(items[0]), end=items[1].end)

    def negate(self, items: list[Any]) -> syntax.Node:
        return self._unary("not", items)

    def minus(self, items: list[Any]) -> syntax.Node:
        return self._unary("-", items)

    def plus(self, items: list[Any]) -> syntax.Node:
        return self._unary("+", items)

    def percent(self, items: list[Any]) -> syntax.Node:
        return syntax.Unary(operator="%", operand=items[0], start=items[0].start, end=_end(items[1]))

    def _chain(self, items: list[Any]) -> syntax.Node:
        nodes = tuple(item for item in items if isinstance(item, syntax.Node))
        operator = next(str(item.value) for item in items if isinstance(item, Token))
        return syntax.Chain(operator=operator, items=nodes, start=nodes[0].start, end=nodes[-1].end)

    disjunction = conjunction = joined = _chain


def _start(token: Token) -> int:
    return token.start_pos or 0


def _end(token: Token) -> int:
    return token.end_pos or 0


_GRAMMAR = (files("dougong_dsl") / "grammars" / "expression.lark").read_text(encoding="utf-8")
_PARSER = Lark(_GRAMMAR, parser="lalr", lexer=_Ready, transformer=_Build(), keep_all_tokens=True, maybe_placeholders=True)

_OPERAND = ("一个值", "a value")
_OPERATOR = ("运算符或结尾", "an operator or the end")


def parse(source: Source) -> tuple[syntax.Node | None, list[Diagnostic]]:
    """The syntax tree of a text, or None and what is wrong with it (T30x, T31x)."""
    if len(source.text) > MAX_LENGTH:
        return None, [codes.TOO_LONG.at(source.at(0), found=len(source.text), limit=MAX_LENGTH)]
    lexer = Lexer(source)
    lexer.run()
    diagnostics = lexer.diagnostics
    if has_errors(diagnostics):
        return None, diagnostics
    if not lexer.tokens:
        return None, [codes.EMPTY.at(source.at(0))]
    if lexer.deepest > MAX_NESTING:
        return None, [*diagnostics, codes.TOO_DEEP.at(source.at(0, len(source.text)), found=lexer.deepest, limit=MAX_NESTING)]
    try:
        root: Any = _PARSER.parse(lexer.tokens)
    except UnexpectedToken as error:
        return None, [*diagnostics, _unexpected(source, error)]
    return _within_limits(source, root, diagnostics)


def _within_limits(source: Source, root: syntax.Node, diagnostics: list[Diagnostic]) -> tuple[syntax.Node | None, list[Diagnostic]]:
    size, depth = syntax.size_and_depth(root)
    whole = source.at(0, len(source.text))
    if depth > MAX_NESTING:
        return None, [*diagnostics, codes.TOO_DEEP.at(whole, found=depth, limit=MAX_NESTING)]
    if size > MAX_NODES:
        return None, [*diagnostics, codes.TOO_BIG.at(whole, found=size, limit=MAX_NODES)]
    return root, diagnostics


def _unexpected(source: Source, error: UnexpectedToken) -> Diagnostic:
    token = error.token
    expected = _OPERAND if "NAME" in error.expected else _OPERATOR
    if token.type == "$END":
        return codes.UNFINISHED.at(source.at(len(source.text.rstrip())), expected=expected)
    start, end = _start(token), _end(token)
    advice = _advice(token, expected)
    return codes.SYNTAX.at(source.at(start, end - start), found=f"`{source.text[start:end]}`", expected=expected, advice=advice)


def _advice(token: Token, expected: tuple[str, str]) -> tuple[str, str]:
    """A word on the commonest mistakes at this place."""
    if token.type == "COMPARE" and expected is _OPERATOR:
        return "比较不能连写，请写成 a < b and b < c", "Comparisons do not chain; write a < b and b < c"
    if expected is _OPERATOR and token.type in ("NUMBER", "NAME", "LPAR", "STRING"):
        return (
            "两个值之间缺少运算符;% 是百分号，求余数用 MOD(a, b)",
            "An operator is missing between two values; % is per cent, the remainder is MOD(a, b)",
        )
    if token.type == "WHERE":
        return "where 只能写在列表函数的括号里", "`where` belongs inside the brackets of a list function"
    return "", ""
