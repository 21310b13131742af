"""Syntax tree → canonical text: field names for titles, English words, small letters for functions, no needless brackets."""

from datetime import datetime
from decimal import Decimal

from dougong_dsl.expression import syntax
from dougong_dsl.expression.functions import ALIASES
from dougong_dsl.expression.lexer import RESERVED
from dougong_dsl.expression.typed import Expression

_LEVELS = {"or": 1, "and": 2, "not": 3, "&": 5, "+": 6, "-": 6, "*": 7, "/": 7, "^": 9}
_COMPARISON, _SIGN, _POSTFIX, _ATOM = 4, 8, 10, 11


def to_text(expression: Expression) -> str:
    """The text of a checked expression with every name as the field's own."""
    return _Printer(expression).write(expression.syntax, 0)


class _Printer:
    def __init__(self, expression: Expression) -> None:
        self.names = expression.names

    def write(self, node: syntax.Node, above: int) -> str:
        """The text of a node, bracketed when it binds looser than its surroundings."""
        text, level = self._written(node)
        return f"({text})" if level < above else text

    def _written(self, node: syntax.Node) -> tuple[str, int]:
        match node:
            case syntax.Literal():
                return self.names.get(node.start) or _literal(node), _ATOM
            case syntax.Span():
                return node.words, _ATOM
            case syntax.Name():
                return _name(self.names.get(node.start, node.text), node.quoted), _ATOM
            case syntax.Member():
                return f"{self.write(node.base, _ATOM)}.{_name(self.names.get(node.name_start, node.name), False, True)}", _ATOM
            case syntax.Call():
                return self._call(node), _ATOM
            case syntax.Unary():
                return self._unary(node)
            case syntax.Chain():
                level = _LEVELS[node.operator]
                return f" {node.operator} ".join(self.write(item, level + 1) for item in node.items), level
            case syntax.Binary():
                return self._binary(node)
            case syntax.Between():
                word = "not between" if node.negated else "between"
                low, high = self.write(node.low, _COMPARISON + 1), self.write(node.high, _COMPARISON + 1)
                return f"{self.write(node.operand, _COMPARISON + 1)} {word} {low} and {high}", _COMPARISON
            case syntax.Blank():
                return f"{self.write(node.operand, _COMPARISON + 1)} is {'not ' if node.negated else ''}blank", _COMPARISON
            case syntax.Items():
                return f"({', '.join(self.write(item, 0) for item in node.items)})", _ATOM
        raise AssertionError(f"unknown node {type(node).__name__}")

    def _call(self, node: syntax.Call) -> str:
        function = ALIASES.get(node.function.upper())
        inside = ", ".join(self.write(argument, 0) for argument in node.arguments)
        where = "" if node.where is None else f" where {self.write(node.where, 0)}"
        return f"{(function.name if function else node.function).lower()}({inside}{where})"

    def _unary(self, node: syntax.Unary) -> tuple[str, int]:
        if node.operator == "not":
            return f"not {self.write(node.operand, _LEVELS['not'])}", _LEVELS["not"]
        if node.operator == "%":
            return f"{self.write(node.operand, _POSTFIX)}%", _POSTFIX
        return f"{node.operator}{self.write(node.operand, _SIGN)}", _SIGN

    def _binary(self, node: syntax.Binary) -> tuple[str, int]:
        level = _LEVELS.get(node.operator, _COMPARISON)
        left, right = (level, level + 1) if level in (6, 7) else (level + 1, level + 1)
        if node.operator == "^":
            left, right = _POSTFIX, _SIGN
        word = f"not {node.operator}" if node.negated else node.operator
        return f"{self.write(node.left, left)} {word} {self.write(node.right, right)}", level


def _name(text: str, quoted: bool, after_dot: bool = False) -> str:
    plain = text.replace("_", "a").isalnum() and not text[0].isdigit() and (after_dot or text.lower() not in RESERVED)
    return text if plain and not quoted else f"`{text}`"


def _literal(node: syntax.Literal) -> str:
    value = node.value
    if value is None or isinstance(value, bool):
        return "null" if value is None else str(value).lower()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
        return f'"{escaped}"'
    if isinstance(value, datetime):
        return f"#{value.isoformat(sep=' ', timespec='seconds' if value.second else 'minutes')}#"
    return f"#{value.isoformat()}#"
