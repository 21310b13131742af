"""Sums typed into a number box, `=12*350`: worked out exactly, and nothing but sums.

The numbers are taken out of the text as decimals before simpleeval sees it, so no binary float and no name of Python takes part;
there is no power operator and the text is short, so the work is bounded.
"""

import ast
import operator
import re
from decimal import Decimal, DecimalException, localcontext

from simpleeval import InvalidExpression, SimpleEval  # type: ignore[import-untyped]

MAX_LENGTH = 100
TOKEN = re.compile(r"\s*(?:(?P<number>\d+(?:\.\d*)?|\.\d+)(?P<percent>%?)|(?P<sign>[-+*/()]))")
OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}


def work_out(text: str) -> Decimal | None:
    """The value of a sum (without its leading `=`), or None when it is none or has no value."""
    text = text.replace("×", "*").replace("÷", "/").replace(",", "").strip()
    pieces: list[str] = []
    numbers: dict[str, Decimal] = {}
    position = 0
    if len(text) > MAX_LENGTH:
        return None
    while position < len(text):
        found = TOKEN.match(text, position)
        if found is None:
            return None
        position = found.end()
        if found["sign"]:
            pieces.append(found["sign"])
            continue
        name = f"n{len(numbers)}"
        numbers[name] = Decimal(found["number"]).scaleb(-2 if found["percent"] else 0)
        pieces.append(name)
    return _evaluate(" ".join(pieces), numbers)


def _evaluate(text: str, numbers: dict[str, Decimal]) -> Decimal | None:
    with localcontext() as context:
        context.prec = 60
        try:
            value = SimpleEval(operators=OPERATORS, functions={}, names=numbers).eval(text)
        except (InvalidExpression, SyntaxError, DecimalException, RecursionError, MemoryError, TypeError):
            return None
    return value if isinstance(value, Decimal) and value.is_finite() else None
