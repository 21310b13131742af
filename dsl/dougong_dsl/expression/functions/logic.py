"""Functions of logic. All are written with the language's own nodes, so every backend has them."""

from collections.abc import Sequence
from typing import Any

from dougong_dsl.expression import names, syntax
from dougong_dsl.expression.binding import Binding
from dougong_dsl.expression.functions.model import WRITTEN, Example, Function, Parameter, Write
from dougong_dsl.expression.operators import common_type, compare, in_list, in_range, is_blank, logical, negation, one_of
from dougong_dsl.expression.typed import Case, Compare, Constant, FirstOf, Switch, Typed
from dougong_dsl.expression.types import Boolean, ListOf, Null, Type

_COND, _VALUE = Parameter("condition", "boolean"), Parameter("value", "any")


def _blank(node: syntax.Node) -> Typed:
    return Constant(type=Null(), value=None, start=node.start, end=node.end)


def _if(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
    """IF and IFS: condition, value, condition, value, …, and perhaps a default."""
    arguments = node.arguments
    default = arguments[-1] if len(arguments) % 2 else None
    tests = [checker.condition(each) for each in arguments[: len(arguments) // 2 * 2 : 2]]
    results = [checker.scalar(each, hint) for each in arguments[1::2]]
    last = _blank(node) if default is None else checker.scalar(default, hint)
    if last is None:
        return None
    branches = [(test, result) for test, result in zip(tests, results, strict=True) if test is not None and result is not None]
    if len(branches) != len(tests):
        return None
    values = [*(result for _, result in branches), last]
    kind = common_type(checker, values)
    nullable = any(value.nullable for value in values)
    return None if kind is None else Case(type=kind, nullable=nullable, branches=tuple(branches), default=last)


def _switch(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
    arguments = node.arguments
    item = checker.scalar(arguments[0])
    if item is None:
        return None
    rest = arguments[1:]
    keys: list[Typed] = []
    for each in rest[: len(rest) // 2 * 2 : 2]:
        key = checker.scalar(each, item.type)
        test = None if key is None else compare(checker, each, "=", item, key)
        if isinstance(test, Compare) and test.left is item:
            keys.append(test.right)
    results = [checker.scalar(each, hint) for each in rest[1::2]]
    last = checker.scalar(rest[-1], hint) if len(rest) % 2 else _blank(node)
    if last is None or len(keys) != len(results) or any(result is None for result in results):
        return None
    values = [*(result for result in results if result is not None), last]
    kind = common_type(checker, values)
    if kind is None:
        return None
    branches = tuple(zip(keys, values[:-1], strict=True))
    return Switch(type=kind, nullable=any(value.nullable for value in values), item=item, branches=branches, default=last)


def _chain(operator: str) -> Write:
    def write(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
        found = [checker.condition(each) for each in node.arguments]
        items = [item for item in found if item is not None]
        return logical(operator, items) if len(items) == len(found) else None

    return write


def _not(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
    found = checker.condition(node.arguments[0])
    return None if found is None else negation(found)


def _isblank(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
    found = checker.value(node.arguments[0])
    return None if found is None else is_blank(found, False)


def _coalesce(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
    found = [checker.scalar(each, hint) for each in node.arguments]
    items: Sequence[Typed] = [item for item in found if item is not None]
    if len(items) != len(found):
        return None
    kind = common_type(checker, items)
    return None if kind is None else FirstOf(type=kind, nullable=all(item.nullable for item in items), items=tuple(items))


def _in(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
    first, *options = node.arguments
    if not names.is_known(checker, first):
        container = checker.value(options[0])
        inner = container.type.item if container is not None and isinstance(container.type, ListOf) else None
        item = checker.scalar(first, inner)
    else:
        item = checker.scalar(first)
        container = checker.value(options[0], item.type if item is not None else None) if len(options) == 1 else None
    if item is None:
        return None
    if container is not None and isinstance(container.type, ListOf):
        return in_list(checker, node, item, container)
    return one_of(checker, node, item, options)


def _between(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
    value, low, high = (checker.scalar(each) for each in node.arguments)
    if value is None or low is None or high is None:
        return None
    return in_range(checker, node, value, low, high, False)


def _xor_form(writer: Any, arguments: Sequence[Any], types: Sequence[Type], result: Type) -> Any:
    body = "({0})"
    for position in range(1, len(arguments)):
        body = f"({body} <> ({{{position}}}))"
    return writer.plain(writer.condition(body, *(each.element for each in arguments)), result)


def _written(
    name: str, parameters: tuple[Parameter, ...], zh: str, en: str, examples: tuple[Example, ...], write: Write, *aliases: str
) -> Function:
    return Function(name, "logic", parameters, zh, en, examples, WRITTEN, WRITTEN, WRITTEN, write=write, aliases=aliases)


_MORE = Parameter("more", "any", optional=True, repeats=True)
FUNCTIONS = (
    _written("IF", (_COND, _VALUE, _MORE), "条件成立时给出第一个值，否则给出后面的值；可以连续写多组条件和值", "The first value whose condition is true, else the last; several pairs may follow each other", (Example('IF(3 > 2, "是", "否")', "是"), Example('IF(null, 1, 2)', 2)), _if),
    _written("IFS", (_COND, _VALUE, _MORE), "依次判断多组条件，给出第一个成立的值", "The value beside the first true condition", (Example('IFS(1 > 2, "A", 2 > 1, "B", "C")', "B"),), _if),
    _written("SWITCH", (Parameter("x", "any"), Parameter("key", "any"), _VALUE, _MORE), "按取值逐个对照，给出对应的结果", "The value beside the key that equals x", (Example('SWITCH(2, 1, "一", 2, "二", "其他")', "二"),), _switch),
    _written("AND", (Parameter("condition", "boolean", repeats=True),), "全部成立才成立", "True when all are", (Example("AND(1 < 2, 2 < 3)", True), Example("AND(null = 1, 1 > 2)", False)), _chain("and")),
    _written("OR", (Parameter("condition", "boolean", repeats=True),), "有一个成立就成立", "True when one is", (Example("OR(1 > 2, 2 < 3)", True),), _chain("or")),
    _written("NOT", (_COND,), "取反；未知仍是未知", "The opposite; unknown stays unknown", (Example("NOT(1 > 2)", True),), _not),
    Function("XOR", "logic", (Parameter("condition", "boolean", repeats=True),), "成立的条件有奇数个时成立；有未知时未知", "True when an odd number of conditions are; unknown when one is", (Example("XOR(1 < 2, 2 < 1)", True), Example("XOR(1 < 2, 2 < 3)", False)), "(({all}).count(True) % 2 == 1)".replace("({all})", "({all},)"), _xor_form, "R.xor({all})", result=lambda arguments: Boolean()),
    _written("ISBLANK", (Parameter("x", "any"),), "是否没有填写", "Whether a value is blank", (Example('ISBLANK("")', True),), _isblank),
    _written("IFBLANK", (Parameter("x", "any"), Parameter("default", "any")), "没有填写时用默认值代替", "A value, or the default when it is blank", (Example("IFBLANK(null, 5)", 5),), _coalesce),
    _written("IFERROR", (Parameter("x", "any"), Parameter("default", "any")), "算不出结果时（除数为 0、文本不是数字、缺少值）用默认值代替", "A value, or the default where there is none: a zero divisor, a text that is no number, a blank", (Example("IFERROR(1 / MOD(4, 2), 0)", 0), Example('IFERROR(NUMBER("abc"), -1)', -1)), _coalesce),
    _written("COALESCE", (Parameter("x", "any", repeats=True),), "第一个不为空的值", "The first value that is not blank", (Example('COALESCE(null, "", "甲")', "甲"),), _coalesce),
    _written("IN", (Parameter("x", "any"), Parameter("option", "any", repeats=True)), "是否等于其中之一", "Whether a value equals one of several", (Example('IN("甲", "乙", "甲")', True),), _in),
    _written("BETWEEN", (Parameter("x", "any"), Parameter("low", "any"), Parameter("high", "any")), "是否在两个值之间，含两端", "Whether a value lies between two others, both included", (Example("BETWEEN(5, 1, 5)", True),), _between),
)  # fmt: skip
