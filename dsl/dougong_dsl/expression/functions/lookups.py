"""Look-ups and roll-ups over all records of an object. Inside, plain names are that object's fields first; `THIS.x` is the record's."""

from dataclasses import replace
from decimal import Decimal

from dougong_dsl.codes import expressions as codes
from dougong_dsl.diagnostics import nearest
from dougong_dsl.expression import syntax
from dougong_dsl.expression.binding import Binding, Frame
from dougong_dsl.expression.functions.lists import aggregated, is_ordered
from dougong_dsl.expression.functions.model import WRITTEN, Example, Function, Parameter, Write
from dougong_dsl.expression.operators import logical
from dougong_dsl.expression.typed import Here, Records, Typed
from dougong_dsl.expression.types import ListOf, Record, Type, is_number, words


class _Inside:
    """The rows of one object, and what is asked of each of them."""

    def __init__(self, checker: Binding, name: str) -> None:
        self.checker = checker
        self.depth = len(checker.frames)
        self.row = Here(object=name, depth=self.depth)
        outer = Here(object=checker.scope.object or "")
        self.rows = Records(type=ListOf(Record(name)), nullable=False, row=outer, object=name, through="")

    def value(self, node: syntax.Node, *, is_condition: bool = False) -> Typed | None:
        """A value or condition per row."""
        self.checker.frames.append(Frame(self.row, None))
        try:
            return self.checker.condition(node) if is_condition else self.checker.scalar(node)
        finally:
            self.checker.frames.pop()

    def aggregate(self, kind: str, body: Typed | None, where: Typed | None, order: Typed | None = None) -> Typed:
        """The finished node."""
        return replace(aggregated(kind, self.rows, body, where, self.depth), order=order)


def _inside(checker: Binding, node: syntax.Call) -> _Inside | None:
    """The object that is named first."""
    first = node.arguments[0]
    known = list(checker.scope.schema.objects())
    if isinstance(first, syntax.Name) and first.text in known:
        return _Inside(checker, first.text)
    name = checker.text(first)
    checker.report(codes.UNKNOWN_OBJECT, first, name=name, function=node.function.upper(), nearest=nearest(name, known))
    return None


def _condition(inside: _Inside, node: syntax.Call, position: int) -> tuple[Typed | None, bool]:
    """The condition as an argument, as `where`, or both; False when one is wrong."""
    given = [each for each in (*node.arguments[position : position + 1], node.where) if each is not None]
    found = [inside.value(each, is_condition=True) for each in given]
    tests = [test for test in found if test is not None]
    return (logical("and", tests) if tests else None), len(tests) == len(found)


def _counted(kind: str) -> Write:
    def write(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
        inside = _inside(checker, node)
        if inside is None:
            return None
        where, fine = _condition(inside, node, 1)
        return inside.aggregate(kind, None, where) if fine else None

    return write


def _sumrec(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
    inside = _inside(checker, node)
    body = None if inside is None else inside.value(node.arguments[1])
    if inside is None or body is None:
        return None
    if not is_number(body.type):
        what, expected = ("SUMREC 汇总的内容", "What SUMREC takes"), ("数字", "numbers")
        checker.report(codes.WRONG_TYPE, node.arguments[1], what=what, expected=expected, found=words(body.type), advice="")
        return None
    where, fine = _condition(inside, node, 2)
    return inside.aggregate("sum", body, where) if fine else None


def _lookup(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
    inside = _inside(checker, node)
    if inside is None:
        return None
    where, fine = _condition(inside, node, 1)
    body = inside.value(node.arguments[2])
    order = inside.value(node.arguments[3]) if len(node.arguments) > 3 else None
    if not fine or body is None or (len(node.arguments) > 3 and (order is None or not is_ordered(checker, node.arguments[3], order))):
        return None
    return inside.aggregate("first", body, where, order)


_OBJECT, _COND = Parameter("object", "object"), Parameter("condition", "boolean")
_MAYBE = Parameter("condition", "boolean", optional=True)
_VALUE, _ORDER = Parameter("value", "any"), Parameter("order", "any", optional=True)
FUNCTIONS = (
    Function("COUNTREC", "lookups", (_OBJECT, _MAYBE), "另一个对象里有几条记录满足条件；本记录的字段写成 THIS.字段", "How many records of an object meet a condition; this record's fields are written THIS.field", (Example("COUNTREC(order, customer = THIS.id and stage = done)", 2),), WRITTEN, WRITTEN, WRITTEN, write=_counted("count"), takes_where=True),
    Function("SUMREC", "lookups", (_OBJECT, _VALUE, _MAYBE), "另一个对象里满足条件的记录的合计", "The sum over the records of an object that meet a condition", (Example("SUMREC(order, amount, customer = THIS.id)", Decimal("310.50")), Example("SUMREC(order, amount where stage = done)", Decimal("300.50"))), WRITTEN, WRITTEN, WRITTEN, write=_sumrec, takes_where=True),
    Function("EXISTS", "lookups", (_OBJECT, _COND), "另一个对象里是否有记录满足条件", "Whether an object has a record that meets a condition", (Example("EXISTS(order, customer = THIS.id and amount > 200)", True), Example("EXISTS(customer, name = THIS.name and id <> THIS.id)", False)), WRITTEN, WRITTEN, WRITTEN, write=_counted("any"), takes_where=True),
    Function("LOOKUP", "lookups", (_OBJECT, _COND, _VALUE, _ORDER), "另一个对象里第一条满足条件的记录的值：按 order 从小到大，再按编号；没有则为空", "The value of the first record of an object that meets a condition, by an order, then by id; null for none", (Example("LOOKUP(user, name = \"王总\", id)", 8), Example("LOOKUP(order, stage = done, amount, amount)", Decimal("100.00"))), WRITTEN, WRITTEN, WRITTEN, write=_lookup),
)  # fmt: skip
