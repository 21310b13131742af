"""List functions: over child rows and paths through lists, and over fields with several options.

Inside of a list function plain names are the row's fields first, then the outer record's; `PARENT.x` is always the outer one.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlalchemy import func

from dougong_dsl.codes import expressions as codes
from dougong_dsl.expression import names, syntax
from dougong_dsl.expression.binding import Binding, Frame
from dougong_dsl.expression.functions import numbers
from dougong_dsl.expression.functions.model import WRITTEN, Example, Function, Parameter, Write
from dougong_dsl.expression.operators import common_type, in_list, logical
from dougong_dsl.expression.typed import Aggregate, Call, Children, Constant, Each, Here, Joined, Typed
from dougong_dsl.expression.types import (
    Boolean,
    Choice,
    Date,
    DateTime,
    Duration,
    ListOf,
    Money,
    Null,
    Number,
    Text,
    Type,
    digits_of,
    is_number,
    scale_of,
    words,
)

_COUNT = Number(9, 0)
_ROW_DIGITS = 6
"""Sums are sized for a million rows; the sum itself is exact for any number."""


def _list(checker: Binding, node: syntax.Call, function: str) -> Typed | None:
    found = checker.anything(node.arguments[0])
    if found is None or isinstance(found, Each | Children):
        return found
    checker.report(codes.NEEDS_LIST, node.arguments[0], function=function, found=words(found.type))
    return None


def _innermost(source: Typed) -> tuple[Children, int, list[tuple[Children, int]]]:
    """The rows that a condition speaks of, and the rows around them."""
    around: list[tuple[Children, int]] = []
    while isinstance(source, Each) and isinstance(source.body, Each | Children):
        around.append((source.rows, source.depth))
        source = source.body
    if isinstance(source, Each):
        return source.rows, source.depth, around
    assert isinstance(source, Children)
    depth = around[-1][1] + 1 if around else -1
    return source, depth, around


def _inside(checker: Binding, source: Typed, node: syntax.Node, condition: bool) -> tuple[Typed | None, int]:
    """A condition or value per row of the innermost list, and the depth of its rows."""
    rows, depth, around = _innermost(source)
    kept = len(checker.frames)
    depth = depth if depth >= 0 else kept
    for outer, level in around:
        _push(checker, outer, level)
    _push(checker, rows, depth)
    try:
        found = checker.condition(node) if condition else checker.scalar(node)
    finally:
        del checker.frames[kept:]
    return found, depth


def _push(checker: Binding, rows: Children, depth: int) -> None:
    path = names.path_of(checker, rows.row)
    inside = () if path is None else (*path, names.list_name(checker, rows))
    checker.frames.append(Frame(Here(object=rows.object, depth=depth), inside))


def _aggregate(checker: Binding, node: syntax.Node, kind: str, source: Typed, body: Typed | None, where: Typed | None) -> Typed | None:
    """`kind` over a list, list in list summed up from the inside."""
    if isinstance(source, Each) and isinstance(source.body, Each | Children):
        if kind in ("average", "first", "last", "join", "distinct"):
            checker.report(codes.AVERAGE_OF_LISTS, node, function=kind.upper())
            return None
        inner = _aggregate(checker, node, kind, source.body, body, where)
        if inner is None:
            return None
        if kind in ("any", "all"):
            return aggregated(kind, source.rows, None, inner, source.depth)
        return aggregated("sum" if kind == "count" else kind, source.rows, inner, None, source.depth)
    rows = source.rows if isinstance(source, Each) else source
    assert isinstance(rows, Children)
    depth = source.depth if isinstance(source, Each) else _depth_of(checker, source)
    return aggregated(kind, rows, source.body if isinstance(source, Each) else body, where, depth)


def _depth_of(checker: Binding, rows: Typed) -> int:
    assert isinstance(rows, Children)
    row = rows.row
    while not isinstance(row, Here):
        link = getattr(row, "link", None)
        if link is None:
            return len(checker.frames)
        row = link.row
    return max(len(checker.frames), row.depth + 1)


def aggregated(kind: str, rows: Children, body: Typed | None, where: Typed | None, depth: int) -> Aggregate:
    """`kind` over rows, with the type that comes out."""
    inner = body.type if body is not None else Null()
    found: Type
    if kind in ("any", "all"):
        found = Boolean()
    elif kind in ("count", "distinct"):
        found = _COUNT
    elif kind == "join":
        found = Text()
    elif kind == "average":
        whole = digits_of(inner) - scale_of(inner)
        found = Money(inner.currency, whole + 11, 10) if isinstance(inner, Money) else Number(whole + 11, 10)
    elif kind == "sum" and isinstance(inner, Money):
        found = Money(inner.currency, inner.digits + _ROW_DIGITS, inner.scale)
    elif kind == "sum" and isinstance(inner, Number):
        found = Number(inner.digits + _ROW_DIGITS, inner.scale)
    else:
        found = inner
    return Aggregate(
        type=found,
        nullable=kind not in ("any", "all", "count", "distinct", "sum"),
        kind=kind,
        rows=rows,
        body=body,
        where=where,
        depth=depth,
    )


def _over(kind: str, function: str, accepts: tuple[type, ...]) -> Write:
    """FUNCTION(list, expr[, cond]) or FUNCTION(list.expr[, cond]), either with `where`."""

    def write(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
        source = _list(checker, node, function)
        if source is None:
            return None
        rest = list(node.arguments[1:])
        body: Typed | None = None
        innermost: Typed = source
        while isinstance(innermost, Each):
            innermost = innermost.body
        if isinstance(innermost, Children):
            if not rest:
                checker.report(
                    codes.ARGUMENT_COUNT,
                    node,
                    function=function,
                    expected="2",
                    found=1,
                    signature=f"{function}({checker.text(node.arguments[0])}.…)",
                )
                return None
            body, _ = _inside(checker, source, rest.pop(0), False)
            innermost = body or innermost
            if body is None:
                return None
        if len(rest) > 1:
            checker.report(
                codes.ARGUMENT_COUNT,
                node,
                function=function,
                expected=("2 到 3", "2 to 3"),
                found=len(node.arguments),
                signature=f"{function}(list, value, condition)",
            )
            return None
        if not isinstance(innermost.type, accepts):
            what = (f"{function} 汇总的内容", f"What {function} takes")
            expected = ("数字", "numbers") if Date not in accepts else ("数字或日期", "numbers or dates")
            checker.report(codes.WRONG_TYPE, node.arguments[0], what=what, expected=expected, found=words(innermost.type), advice="")
            return None
        where, fine = _condition(checker, source, rest[0] if rest else None, node.where)
        return _aggregate(checker, node, kind, source, body, where) if fine else None

    return write


def _condition(checker: Binding, source: Typed, argument: syntax.Node | None, where: syntax.Node | None) -> tuple[Typed | None, bool]:
    """The condition of a list function, from its argument, its `where`, or both; False when one was wrong."""
    found: list[Typed] = []
    for node in (argument, where):
        if node is not None:
            condition, _ = _inside(checker, source, node, True)
            if condition is None:
                return None, False
            found.append(condition)
    if len(found) == 2:
        return logical("and", found), True
    return (found[0] if found else None), True


def _count(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
    found = checker.anything(node.arguments[0])
    if found is None:
        return None
    if isinstance(found.type, ListOf) and not isinstance(found, Each | Children):
        if node.where is not None or len(node.arguments) > 1:
            checker.report(codes.WHERE_NOT_ALLOWED, node, function="COUNT")
            return None
        return Call(type=_COUNT, nullable=False, function="COUNT", arguments=(found,))
    if not isinstance(found, Each | Children):
        checker.report(codes.NEEDS_LIST, node.arguments[0], function="COUNT", found=words(found.type))
        return None
    where, fine = _condition(checker, found, node.arguments[1] if len(node.arguments) > 1 else None, node.where)
    return _aggregate(checker, node, "count", found, None, where) if fine else None


def _quantified(kind: str, function: str) -> Write:
    def write(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
        source = _list(checker, node, function)
        if source is None:
            return None
        where, fine = _condition(checker, source, node.arguments[1] if len(node.arguments) > 1 else None, node.where)
        if not fine:
            return None
        if isinstance(source, Each) and isinstance(source.body.type, Boolean) and not isinstance(source.body, Each):
            where = source.body if where is None else where
        if where is None:
            signature = f"{function}(list, condition)"
            checker.report(codes.ARGUMENT_COUNT, node, function=function, expected="2", found=len(node.arguments), signature=signature)
            return None
        return _aggregate(checker, node, kind, source, None, where)

    return write


def _distinct(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
    found = _values(checker, node, "DISTINCT", 2)
    return None if found is None else _aggregate(checker, node, "distinct", found[0], found[1], found[2])


def _values(checker: Binding, node: syntax.Call, function: str, most: int) -> tuple[Typed, Typed | None, Typed | None] | None:
    """The list, the value per row (None: the list's own) and the `where` of a function that takes any kind of value."""
    source = _list(checker, node, function)
    if source is None:
        return None
    body: Typed | None = None
    if isinstance(source, Children):
        if len(node.arguments) < 2:
            signature = f"{function}({checker.text(node.arguments[0])}.…)"
            checker.report(codes.ARGUMENT_COUNT, node, function=function, expected="2", found=1, signature=signature)
            return None
        body, _ = _inside(checker, source, node.arguments[1], False)
        if body is None:
            return None
    elif len(node.arguments) >= most:
        signature = f"{function}({checker.text(node.arguments[0])} where …)"
        checker.report(
            codes.ARGUMENT_COUNT, node, function=function, expected=str(most - 1), found=len(node.arguments), signature=signature
        )
        return None
    where, fine = _condition(checker, source, None, node.where)
    return (source, body, where) if fine else None


def _picked(kind: str) -> Write:
    def write(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
        found = _values(checker, node, kind.upper(), 3)
        if found is None:
            return None
        source, body, where = found
        given = node.arguments[2:] if body is not None else node.arguments[1:]
        order: Typed | None = None
        if given:
            order, _ = _inside(checker, source, given[0], False)
            if order is None or not is_ordered(checker, given[0], order):
                return None
        picked = _aggregate(checker, node, kind, source, body, where)
        return replace(picked, order=order) if isinstance(picked, Aggregate) else None

    return write


def is_ordered(checker: Binding, node: syntax.Node, order: Typed) -> bool:
    """Whether rows can be ordered by a value; reported when not."""
    if isinstance(order.type, Number | Money | Date | DateTime | Text):
        return True
    what, expected = ("排序的依据", "What the rows are ordered by"), ("数字、日期或文本", "a number, a date or a text")
    checker.report(codes.WRONG_TYPE, node, what=what, expected=expected, found=words(order.type), advice="")
    return False


def _join(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
    found = checker.anything(node.arguments[0])
    if found is None:
        return None
    mark = node.arguments[1]
    if not (isinstance(mark, syntax.Literal) and isinstance(mark.value, str)):
        checker.report(codes.WRITTEN_TEXT, mark, what=("JOIN 的分隔符", "The separator of JOIN"))
        return None
    if isinstance(found, Each):
        where, fine = _condition(checker, found, None, node.where)
        texts = Joined(type=Text(), items=(found.body,)) if isinstance(found.body.type, Number | Money | Date) else found.body
        if fine and not isinstance(texts.type, Text | Choice | ListOf):
            what = ("JOIN 连接的内容", "What JOIN takes")
            checker.report(codes.WRONG_TYPE, node.arguments[0], what=what, expected=words(Text()), found=words(texts.type), advice="")
            return None
        joined = _aggregate(checker, node, "join", replace(found, body=texts), None, where) if fine else None
        return replace(joined, separator=mark.value) if isinstance(joined, Aggregate) else None
    if not isinstance(found.type, ListOf) or not isinstance(found.type.item, Text | Choice) or node.where is not None:
        checker.report(codes.NEEDS_LIST, node.arguments[0], function="JOIN", found=words(found.type))
        return None
    separator = Constant(type=Text(), nullable=False, value=mark.value)
    return Call(type=Text(), nullable=found.nullable, function="JOIN", arguments=(found, separator))


def _join_form(writer: Any, arguments: Sequence[Any], types: Sequence[Type], result: Type) -> Any:
    items, separator = (each.element for each in arguments)
    if writer.dialect == "sqlite":
        return writer.plain(func.dg_join(items, separator), result)
    return writer.plain(func.nullif(func.array_to_string(items, separator), writer.empty()), result)


def _several(operator: str, function: str) -> Write:
    """HASANY and HASALL."""

    def write(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
        container = checker.value(node.arguments[0])
        if container is None:
            return None
        if not isinstance(container.type, ListOf):
            checker.report(codes.NEEDS_LIST, node.arguments[0], function=function, found=words(container.type))
            return None
        tests: list[Typed] = []
        for each in node.arguments[1:]:
            item = checker.scalar(each, container.type.item)
            test = None if item is None else in_list(checker, each, item, container)
            if test is not None:
                tests.append(test)
        return logical(operator, tests) if len(tests) == len(node.arguments) - 1 else None

    return write


def _has(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
    container = checker.value(node.arguments[0])
    if container is None:
        return None
    if not isinstance(container.type, ListOf):
        checker.report(codes.NEEDS_LIST, node.arguments[0], function="HAS", found=words(container.type))
        return None
    item = checker.scalar(node.arguments[1], container.type.item)
    return None if item is None else in_list(checker, node, item, container)


def _extreme(name: str) -> Write:
    """MIN and MAX: over one list, or of several values without the nulls."""
    kind = name.lower()
    over = _over(kind, name, (Number, Money, Date, DateTime, Duration))

    def write(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
        first = checker.anything(node.arguments[0])
        if isinstance(first, Each | Children):
            return over(checker, node, hint)
        if first is None:
            return None
        if node.where is not None:
            checker.report(codes.WHERE_NOT_ALLOWED, node.where, function=name)
            return None
        found = [first, *(checker.scalar(each) for each in node.arguments[1:])]
        values = [value for value in found if value is not None]
        for value, each in zip(found, node.arguments, strict=True):
            if value is not None and not is_number(value.type) and not isinstance(value.type, Date | DateTime | Null):
                what, expected = (f"{name} 的参数", f"Arguments of {name}"), ("数字或日期", "numbers or dates")
                checker.report(codes.WRONG_TYPE, each, what=what, expected=expected, found=words(value.type), advice="")
                return None
        result = common_type(checker, values) if len(values) == len(found) else None
        if result is None:
            return None
        kept = tuple(value for value in values if not isinstance(value, Constant) or value.value is not None)
        if not kept:
            return Constant(type=result, value=None)
        return Call(type=result, nullable=all(value.nullable for value in kept), function=name, arguments=kept)

    return write


def _count_form(writer: Any, arguments: Sequence[Any], types: Sequence[Type], result: Type) -> Any:
    return writer.scaled(writer.list_length(arguments[0].element), 0, 10**9, result)


_LIST = Parameter("list", "list")
_VALUE, _COND = Parameter("value", "any", optional=True), Parameter("condition", "boolean", optional=True)
_NUMBERS: tuple[type, ...] = (Number, Money)
_ORDERED: tuple[type, ...] = (Number, Money, Date, DateTime, Duration)
_EXTREME_PARAMETERS = (Parameter("x", "ordered", blank_ok=True, repeats=True),)


def _list_function(name: str, zh: str, en: str, examples: tuple[Example, ...], write: Write, *aliases: str) -> Function:
    parameters = (_LIST, _VALUE, _COND)
    return Function(name, "lists", parameters, zh, en, examples, WRITTEN, WRITTEN, WRITTEN, write=write, aliases=aliases, takes_where=True)


FUNCTIONS = (
    Function("COUNT", "lists", (_LIST, _COND), "有几条记录（或几个选项）", "How many rows, or options", (Example("COUNT(orders where stage = done)", 2), Example("COUNT(tags)", 2)), "len({0})", _count_form, "R.count({0})", write=_count, aliases=("COUNTIF",), takes_where=True),
    _list_function("SUM", "合计，没有记录时为 0", "The sum; 0 for nothing", (Example("SUM(orders.amount where stage = done)", Decimal("300.50")), Example("SUM(orders, amount * 2)", Decimal("621.00"))), _over("sum", "SUM", _NUMBERS), "SUMIF"),
    _list_function("AVERAGE", "平均值（10 位小数），没有记录时为空", "The average at ten places; null for nothing", (Example("AVERAGE(orders.amount)", Decimal("103.5")),), _over("average", "AVERAGE", _NUMBERS), "AVG"),
    _list_function("MINOF", "列表中的最小值", "The smallest value of a list", (Example("MINOF(orders.amount)", Decimal("10.00")),), _over("min", "MINOF", _ORDERED)),
    _list_function("MAXOF", "列表中的最大值", "The greatest value of a list", (Example("MAXOF(orders.amount where stage = done)", Decimal("200.50")),), _over("max", "MAXOF", _ORDERED)),
    Function("MIN", "lists", _EXTREME_PARAMETERS, "最小值，忽略空值；也可以写 `MIN(列表.字段)`", "The smallest value, nulls skipped; also MIN(list.field)", (Example("MIN(3, 1.5)", Decimal("1.5")), Example("MIN(orders.amount)", Decimal("10.00"))), "minimum({all})", numbers.extreme("least", "least"), numbers.js_extreme("min"), write=_extreme("MIN"), takes_where=True),
    Function("MAX", "lists", _EXTREME_PARAMETERS, "最大值，忽略空值；也可以写 `MAX(列表.字段)`", "The greatest value, nulls skipped; also MAX(list.field)", (Example("MAX(1, null)", 1), Example("MAX(orders.amount)", Decimal("200.50"))), "maximum({all})", numbers.extreme("greatest", "greatest"), numbers.js_extreme("max"), write=_extreme("MAX"), takes_where=True),
    Function("ANY", "lists", (_LIST, _COND), "是否有一条记录满足条件", "Whether one row meets the condition", (Example("ANY(orders, amount > 200)", True),), WRITTEN, WRITTEN, WRITTEN, write=_quantified("any", "ANY"), takes_where=True),
    Function("ALL", "lists", (_LIST, _COND), "是否每条记录都满足条件", "Whether every row meets the condition", (Example("ALL(orders, amount > 50)", False),), WRITTEN, WRITTEN, WRITTEN, write=_quantified("all", "ALL"), takes_where=True),
    _list_function("FIRST", "第一条记录的值：按 order 从小到大，再按编号；没有记录时为空", "The value of the first row by an order, then by id; null for nothing", (Example("FIRST(orders, amount, amount)", Decimal("10.00")), Example("FIRST(orders.stage)", "done")), _picked("first")),
    _list_function("LAST", "最后一条记录的值：按 order 从小到大，再按编号；没有记录时为空", "The value of the last row by an order, then by id; null for nothing", (Example("LAST(orders.amount where stage = done)", Decimal("200.50")), Example("LAST(orders, stage, amount)", "done")), _picked("last")),
    _list_function("DISTINCT", "有几个不同的值，空值不算", "How many different values there are, nulls left out", (Example("DISTINCT(orders.stage)", 2),), _distinct),
    Function("JOIN", "lists", (_LIST, Parameter("separator", "text")), "把列表中的文本用分隔符连起来，空值跳过", "The texts of a list with a separator between, nulls left out", (Example('JOIN(tags, "、")', "vip、new"), Example('JOIN(orders.amount, "/" where stage = done)', "100/200.5")), "join(listed({0}), {1})", _join_form, "R.joinList({0}, {1})", write=_join, aliases=("TEXTJOIN",), takes_where=True),
    Function("HASANY", "lists", (Parameter("list", "list"), Parameter("option", "any", repeats=True)), "多选字段里是否选了其中任意一项", "Whether a field with several options has one of some", (Example("HASANY(tags, asleep, new)", True),), WRITTEN, WRITTEN, WRITTEN, write=_several("or", "HASANY")),
    Function("HASALL", "lists", (Parameter("list", "list"), Parameter("option", "any", repeats=True)), "多选字段里是否每一项都选了", "Whether a field with several options has all of some", (Example("HASALL(tags, vip, asleep)", False),), WRITTEN, WRITTEN, WRITTEN, write=_several("and", "HASALL")),
    Function("HAS", "lists", (_LIST, Parameter("option", "any")), "多选字段里是否选了某一项", "Whether a field with several options has one of them", (Example("HAS(tags, vip)", True),), WRITTEN, WRITTEN, WRITTEN, write=_has),
)  # fmt: skip
