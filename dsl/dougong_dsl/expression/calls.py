"""Function calls: finds the function, counts and types the arguments, gives the typed node."""

from collections.abc import Callable, Sequence

from dougong_dsl.codes import expressions as codes
from dougong_dsl.diagnostics import nearest
from dougong_dsl.expression import syntax
from dougong_dsl.expression.binding import Binding
from dougong_dsl.expression.functions import ALIASES
from dougong_dsl.expression.functions.model import Function, Parameter
from dougong_dsl.expression.typed import Call, Constant, LocalDay, Typed
from dougong_dsl.expression.types import (
    Boolean,
    Choice,
    Date,
    DateTime,
    Duration,
    Money,
    Null,
    Number,
    Text,
    Type,
    is_number,
    scale_of,
    words,
)

KINDS: dict[str, tuple[Callable[[Type], bool], tuple[str, str]]] = {
    "number": (is_number, ("数字", "a number")),
    "whole": (lambda t: isinstance(t, Number) and scale_of(t) == 0, ("整数", "a whole number")),
    "text": (lambda t: isinstance(t, Text | Choice), ("文本", "text")),
    "boolean": (lambda t: isinstance(t, Boolean), ("是/否", "yes/no")),
    "day": (lambda t: isinstance(t, Date | DateTime), ("日期", "a date")),
    "instant": (lambda t: isinstance(t, DateTime), ("日期时间", "a date and time")),
    "duration": (lambda t: isinstance(t, Duration), ("时长", "a duration")),
    "ordered": (lambda t: isinstance(t, Number | Money | Date | DateTime), ("数字或日期", "numbers or dates")),
}


def call(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
    """A call in the text."""
    function = ALIASES.get(node.function.upper())
    if function is None:
        at = syntax.Name(text=node.function, start=node.start, end=node.start + len(node.function))
        checker.report(codes.UNKNOWN_FUNCTION, at, name=node.function, nearest=nearest(node.function.upper(), ALIASES))
        return None
    if node.where is not None and not function.takes_where:
        checker.report(codes.WHERE_NOT_ALLOWED, node.where, function=function.name)
        return None
    if not _count_fits(checker, node, function):
        return None
    if function.write is not None:
        return function.write(checker, node, hint)
    return _plain(checker, node, function)


def _count_fits(checker: Binding, node: syntax.Call, function: Function) -> bool:
    fewest, most = function.count
    found = len(node.arguments)
    if found >= fewest and (most is None or found <= most):
        return True
    if most is None:
        expected: object = (f"至少 {fewest}", f"at least {fewest}")
    else:
        expected = str(fewest) if fewest == most else (f"{fewest} 到 {most}", f"{fewest} to {most}")
    checker.report(codes.ARGUMENT_COUNT, node, function=function.name, expected=expected, found=found, signature=function.signature)
    return False


def _plain(checker: Binding, node: syntax.Call, function: Function) -> Typed | None:
    """A function with bodies of its own: every argument is a value of its parameter's kind."""
    arguments: list[Typed] = []
    for position, each in enumerate(node.arguments):
        parameter = function.parameters[min(position, len(function.parameters) - 1)]
        argument = _argument(checker, each, function, parameter)
        if argument is not None:
            arguments.append(argument)
    if len(arguments) != len(node.arguments) or function.result is None:
        return None
    return Call(
        type=function.result(arguments),
        nullable=_nullable(function, arguments),
        function=function.name,
        arguments=tuple(arguments),
    )


def _nullable(function: Function, arguments: Sequence[Typed]) -> bool:
    if function.never_null:
        return False
    last = len(function.parameters) - 1
    strict = (argument.nullable for i, argument in enumerate(arguments) if not function.parameters[min(i, last)].blank_ok)
    return function.maybe_null or any(strict)


def _argument(checker: Binding, node: syntax.Node, function: Function, parameter: Parameter) -> Typed | None:
    found = checker.scalar(node)
    if found is None:
        return None
    what = (f"{function.name} 的参数 {parameter.name}", f"Argument {parameter.name} of {function.name}")
    if parameter.written is not None:
        low, high = parameter.written
        value = found.value if isinstance(found, Constant) else None
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            checker.report(codes.WRITTEN_NUMBER, node, what=what, low=low, high=high)
            return None
        return found
    fits, expected = KINDS[parameter.accepts]
    if parameter.accepts == "day" and isinstance(found.type, DateTime):
        return LocalDay(type=Date(), nullable=found.nullable, item=found)
    if isinstance(found.type, Null) or fits(found.type):
        return found
    wanted = {"whole": Number(scale=0), "number": Number(), "ordered": Number()}.get(parameter.accepts)
    advice = converting(found.type, wanted)
    checker.report(codes.WRONG_TYPE, node, what=what, expected=expected, found=words(found.type), advice=advice)
    return None


def converting(found: Type, wanted: Type | None) -> object:
    """Which function makes a value of the type that is wanted; empty when none does."""
    if wanted is None or not is_number(wanted):
        return (
            ("用 TEXT(…) 转成文字，或用 & 接起来", "Turn it into text with TEXT(…), or join it with &") if isinstance(wanted, Text) else ""
        )
    if is_number(found) and isinstance(wanted, Number) and wanted.scale == 0:
        return ("用 ROUND(…) 或 INT(…) 取整", "Round it with ROUND(…) or INT(…)")
    if isinstance(found, Text):
        return ("文本要先用 NUMBER(…) 转成数字", "Turn text into a number with NUMBER(…)")
    if isinstance(found, Duration):
        return (
            "时长用 HOURS(…) 换成小时，用 DATEDIF(…) 数天数、月数",
            "Turn a duration into hours with HOURS(…); count days or months with DATEDIF(…)",
        )
    return ""
