"""The rules of the operators: which types go together, what comes out, and how the typed tree says it."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from dougong_dsl.codes import expressions as codes
from dougong_dsl.diagnostics import nearest
from dougong_dsl.expression import names, syntax, teams
from dougong_dsl.expression.binding import Binding
from dougong_dsl.expression.typed import (
    Arithmetic,
    Call,
    Case,
    Compare,
    Constant,
    Difference,
    InList,
    IsBlank,
    Joined,
    LocalDay,
    Logical,
    Negate,
    Not,
    OneOf,
    Range,
    Schedule,
    Shift,
    ShiftMonths,
    Typed,
    WorkShift,
)
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
    Record,
    Text,
    Type,
    digits_of,
    is_number,
    scale_of,
    united,
    words,
)

MAX_DIGITS = 400
MAX_POWER = 20
DIVISION_PLACES = 10
_DAYS = Number(7, 0)


def constant_number(value: Decimal) -> Constant:
    """A written number with exactly the digits it needs; a whole one is an int."""
    exponent = value.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    digits = max(len(value.as_tuple().digits), places, 1)
    return Constant(type=Number(digits, places), nullable=False, value=value if places else int(value))


def negation(item: Typed) -> Typed:
    """not x"""
    return Not(type=Boolean(), nullable=item.nullable, item=item)


def logical(operator: str, items: Sequence[Typed]) -> Typed:
    """A chain of and / or."""
    if len(items) == 1:
        return items[0]
    return Logical(type=Boolean(), nullable=any(item.nullable for item in items), operator=operator, items=tuple(items))


def is_blank(item: Typed, negated: bool) -> Typed:
    """x is blank"""
    return IsBlank(type=Boolean(), nullable=False, item=item, negated=negated)


def sign(checker: Binding, node: syntax.Unary, operand: Typed) -> Typed | None:
    """`-x`, `+x`, `x%`."""
    if isinstance(operand.type, Null):
        return operand
    if not is_number(operand.type) and not (isinstance(operand.type, Duration) and node.operator == "-"):
        expected = ("数字", "a number")
        what = (f"{node.operator} 的对象", f"The operand of {node.operator}")
        checker.report(codes.WRONG_TYPE, node.operand, what=what, expected=expected, found=words(operand.type), advice="")
        return None
    if node.operator == "+":
        return operand
    if node.operator == "-":
        if isinstance(operand, Constant) and isinstance(operand.value, int | Decimal):
            return Constant(type=operand.type, nullable=False, value=-operand.value)
        return Negate(type=operand.type, nullable=operand.nullable, item=operand)
    if isinstance(operand, Constant) and isinstance(operand.value, int | Decimal):
        return constant_number(Decimal(operand.value).scaleb(-2))
    return arithmetic(checker, node, "*", operand, constant_number(Decimal("0.01")))


def binary(checker: Binding, node: syntax.Binary) -> Typed | None:
    """Any operator with two sides."""
    rule = _WORD_RULES.get(node.operator)
    if rule is not None:
        found = rule(checker, node)
        return found if found is None or not node.negated else negation(found)
    if node.operator == "^":
        return _power(checker, node)
    if node.operator in ("+", "-", "*", "/"):
        return _arithmetic_node(checker, node)
    left, right = pair(checker, node.left, node.right)
    if left is None or right is None:
        return None
    return compare(checker, node, node.operator, left, right)


def pair(checker: Binding, left: syntax.Node, right: syntax.Node) -> tuple[Typed | None, Typed | None]:
    """Both sides of a comparison; a bare word on one side may be an option of the choice on the other."""
    if names.is_known(checker, left):
        first = checker.scalar(left)
        return first, checker.scalar(right, first.type if first is not None else None)
    second = checker.scalar(right)
    return checker.scalar(left, second.type if second is not None else None), second


def compare(checker: Binding, node: syntax.Node, operator: str, left: Typed, right: Typed) -> Typed | None:
    """A comparison of two typed values, or None with a report."""
    for blank, other in ((right, left), (left, right)):
        if isinstance(blank, Constant) and blank.value is None:
            if operator in ("=", "<>"):
                return is_blank(other, operator == "<>")
            checker.report(codes.NULL_COMPARED, node, operator=operator)
            return None
    if isinstance(left.type, Date) and isinstance(right.type, DateTime):
        right = LocalDay(type=Date(), nullable=right.nullable, item=right)
    elif isinstance(left.type, DateTime) and isinstance(right.type, Date):
        left = LocalDay(type=Date(), nullable=left.nullable, item=left)
    if not _comparable(checker, node, operator, left.type, right.type):
        return None
    return Compare(type=Boolean(), nullable=left.nullable or right.nullable, operator=operator, left=left, right=right)


def _comparable(checker: Binding, node: syntax.Node, operator: str, left: Type, right: Type) -> bool:
    equality = operator in ("=", "<>")
    advice: object = ""
    if is_number(left) and is_number(right):
        if isinstance(left, Money) and isinstance(right, Money) and left.currency != right.currency:
            checker.report(codes.TWO_CURRENCIES, node, left=left.currency, right=right.currency)
            return False
        return True
    if isinstance(left, Choice) and isinstance(right, Choice):
        if equality and set(left.options) & set(right.options):
            return True
        advice = (
            ("选项只能用 = 、<> 和 in 比较", "Options are compared with =, <> and in")
            if not equality
            else ("它们没有相同的选项", "They share no option")
        )
    elif isinstance(left, Text | Choice) and isinstance(right, Text | Choice):
        return True
    elif isinstance(left, Record) and isinstance(right, Record):
        if equality and left.object == right.object:
            return True
    elif isinstance(left, Record) and isinstance(right, Number) or isinstance(left, Number) and isinstance(right, Record):
        if equality and scale_of(left) == scale_of(right) == 0:
            return True
    elif (
        type(left) is type(right)
        and not isinstance(left, ListOf | Boolean)
        or isinstance(left, Boolean)
        and isinstance(right, Boolean)
        and equality
    ):
        return True
    elif {type(left), type(right)} & {Text} and (is_number(left) or is_number(right)):
        advice = ("文本要先用 NUMBER(…) 转成数字；数字不要加引号", "Turn text into a number with NUMBER(…); numbers take no quotes")
    elif {type(left), type(right)} & {Text} and {type(left), type(right)} & {Date, DateTime}:
        advice = ("日期写成 #2026-03-01#", "Write a date as #2026-03-01#")
    checker.report(codes.NOT_COMPARABLE, node, left=words(left), right=words(right), advice=advice)
    return False


def between(checker: Binding, node: syntax.Node, operand: syntax.Node, low: syntax.Node, high: syntax.Node, negated: bool) -> Typed | None:
    """x between low and high"""
    value, bottom, top = checker.scalar(operand), checker.scalar(low), checker.scalar(high)
    if value is None or bottom is None or top is None:
        return None
    return in_range(checker, node, value, bottom, top, negated)


def in_range(checker: Binding, node: syntax.Node, value: Typed, low: Typed, high: Typed, negated: bool) -> Typed | None:
    """low <= value <= high"""
    days = [isinstance(side.type, Date) for side in (value, low, high)]
    sides = [
        LocalDay(type=Date(), nullable=side.nullable, item=side) if any(days) and isinstance(side.type, DateTime) else side
        for side in (value, low, high)
    ]
    for side in sides[1:]:
        if isinstance(side, Constant) and side.value is None:
            checker.report(codes.NULL_COMPARED, side, operator="between")
            return None
        if not _comparable(checker, node, "<=", sides[0].type, side.type):
            return None
    found = Range(type=Boolean(), nullable=any(side.nullable for side in sides), item=sides[0], low=sides[1], high=sides[2])
    return negation(found) if negated else found


def one_of(checker: Binding, node: syntax.Node, item: Typed, options: Sequence[syntax.Node]) -> Typed | None:
    """x in (a, b, c)"""
    found = [checker.scalar(each, item.type) for each in options]
    if any(isinstance(option.type, Date) for option in found if option is not None) and isinstance(item.type, DateTime):
        item = LocalDay(type=Date(), nullable=item.nullable, item=item)
    plain: list[Typed] = []
    for each, option in zip(options, found, strict=True):
        if option is None:
            continue
        if isinstance(option, Constant) and option.value is None:
            checker.report(codes.NULL_COMPARED, each, operator="in")
        elif _comparable(checker, each, "=", item.type, option.type):
            plain.append(option)
    if len(plain) != len(options):
        return None
    return OneOf(type=Boolean(), nullable=item.nullable or any(o.nullable for o in plain), item=item, options=tuple(plain))


def in_list(checker: Binding, node: syntax.Node, item: Typed, container: Typed) -> Typed | None:
    """x in list-value"""
    assert isinstance(container.type, ListOf)
    if isinstance(item, Constant) and item.value is None:
        checker.report(codes.NULL_COMPARED, node, operator="in")
        return None
    if not _comparable(checker, node, "=", item.type, container.type.item):
        return None
    return InList(type=Boolean(), nullable=item.nullable, item=item, list=container)


def _in(checker: Binding, node: syntax.Binary) -> Typed | None:
    if isinstance(node.right, syntax.Items):
        item = checker.scalar(node.left)
        return None if item is None else one_of(checker, node, item, node.right.items)
    if names.is_known(checker, node.left):
        item = checker.scalar(node.left)
        container = checker.value(node.right, item.type if item is not None else None)
    else:
        container = checker.value(node.right)
        hint = container.type.item if container is not None and isinstance(container.type, ListOf) else None
        item = checker.scalar(node.left, hint)
    if item is None or container is None:
        return None
    if isinstance(container.type, ListOf):
        return in_list(checker, node, item, container)
    return teams.within(item, container, checker) or compare(checker, node, "=", item, container)


def _contains(checker: Binding, node: syntax.Binary) -> Typed | None:
    container = checker.value(node.left)
    if container is None:
        checker.value(node.right)
        return None
    if isinstance(container.type, ListOf):
        item = checker.scalar(node.right, container.type.item)
        return None if item is None else in_list(checker, node, item, container)
    return _text_test("CONTAINS", checker, node, container)


def _text_test(function: str, checker: Binding, node: syntax.Binary, left: Typed | None = None) -> Typed | None:
    left = left or checker.scalar(node.left)
    right = checker.scalar(node.right)
    if left is None or right is None:
        return None
    for side, at in ((left, node.left), (right, node.right)):
        if not isinstance(side.type, Text | Choice | Null):
            what = (f"{node.operator} 的两边", f"Both sides of `{node.operator}`")
            checker.report(codes.WRONG_TYPE, at, what=what, expected=words(Text()), found=words(side.type), advice="")
            return None
    return Call(type=Boolean(), nullable=left.nullable or right.nullable, function=function, arguments=(left, right))


def _starts(checker: Binding, node: syntax.Binary) -> Typed | None:
    return _text_test("STARTSWITH", checker, node)


def _ends(checker: Binding, node: syntax.Binary) -> Typed | None:
    return _text_test("ENDSWITH", checker, node)


_WORD_RULES: dict[str, Callable[[Binding, syntax.Binary], Typed | None]] = {
    "in": _in,
    "within": _in,
    "contains": _contains,
    "starts with": _starts,
    "ends with": _ends,
}


def _arithmetic_node(checker: Binding, node: syntax.Binary) -> Typed | None:
    if isinstance(node.right, syntax.Span) and node.right.working and node.operator in ("+", "-"):
        base = checker.scalar(node.left)
        return None if base is None else _shift_working(checker, node.left, base, node.right, -1 if node.operator == "-" else 1)
    if isinstance(node.right, syntax.Span) and node.right.months is not None and node.operator in ("+", "-"):
        base = checker.scalar(node.left)
        months = Constant(type=Number(6, 0), nullable=False, value=node.right.months)
        return None if base is None else shift_months(checker, node.left, base, months, -1 if node.operator == "-" else 1)
    left, right = checker.scalar(node.left), checker.scalar(node.right)
    if left is None or right is None:
        return None
    return arithmetic(checker, node, node.operator, left, right)


def _shift_working(checker: Binding, node: syntax.Node, base: Typed, span: syntax.Span, direction: int) -> Typed | None:
    """A date plus working days, an instant plus working days or working time."""
    if isinstance(base.type, Null):
        return Constant(type=Date(), value=None)
    calendar = Schedule(type=Text(), nullable=False, calendar=checker.scope.calendar)
    if isinstance(base.type, DateTime):
        return WorkShift(type=DateTime(), base=base, days=span.days, time=span.time, sign=direction, calendar=calendar)
    if not isinstance(base.type, Date):
        what = ("工作时间前面", "What working time is added to")
        checker.report(codes.WRONG_TYPE, node, what=what, expected=words(Date()), found=words(base.type), advice="")
        return None
    if span.days is None:
        checker.report(codes.DATE_NEEDS_DAYS, span)
        return None
    return Call(type=Date(), function="WORKDAY", arguments=(base, constant_number(Decimal(direction * span.days)), calendar))


def shift_months(checker: Binding, node: syntax.Node, base: Typed, months: Typed, direction: int) -> Typed | None:
    """A date or instant plus whole months."""
    if not isinstance(base.type, Date | DateTime):
        what = ("月数前面", "What months are added to")
        checker.report(codes.WRONG_TYPE, node, what=what, expected=words(Date()), found=words(base.type), advice="")
        return None
    return ShiftMonths(type=base.type, base=base, months=months, sign=direction)


def arithmetic(checker: Binding, node: syntax.Node, operator: str, left: Typed, right: Typed) -> Typed | None:
    """`+ - * /` of two typed values, or None with a report."""
    if isinstance(left.type, Null) or isinstance(right.type, Null):
        other = right.type if isinstance(left.type, Null) else left.type
        return Constant(type=other, value=None)
    if isinstance(left.type, Number | Money) and isinstance(right.type, Number | Money):
        return _numbers(checker, node, operator, left, right)
    found = _times(checker, node, operator, left, right)
    if found is not None:
        return found
    if not checker.diagnostics or checker.diagnostics[-1].code not in (codes.DATE_NEEDS_DAYS, codes.WRONG_TYPE):
        texts = isinstance(left.type, Text) or isinstance(right.type, Text)
        advice = ("连接文字用 &,例如 name & code", "Text is joined with &, such as name & code") if texts and operator == "+" else ""
        checker.report(codes.NO_ARITHMETIC, node, left=words(left.type), right=words(right.type), operator=operator, advice=advice)
    return None


def _numbers(checker: Binding, node: syntax.Node, operator: str, left: Typed, right: Typed) -> Typed | None:
    currencies = [side.type.currency for side in (left, right) if isinstance(side.type, Money)]
    if len(currencies) == 2 and currencies[0] != currencies[1]:
        checker.report(codes.TWO_CURRENCIES, node, left=currencies[0], right=currencies[1])
        return None
    scale_l, scale_r = scale_of(left.type), scale_of(right.type)
    whole_l, whole_r = digits_of(left.type) - scale_l, digits_of(right.type) - scale_r
    nullable = left.nullable or right.nullable
    if operator == "*":
        scale, whole = scale_l + scale_r, whole_l + whole_r
    elif operator == "/":
        scale, whole = DIVISION_PLACES, whole_l + scale_r + 1
        nullable = nullable or not (isinstance(right, Constant) and right.value != 0)
        if isinstance(right, Constant) and right.value == 0:
            checker.report(codes.DIVIDED_BY_ZERO, right)
    else:
        scale, whole = max(scale_l, scale_r), max(whole_l, whole_r) + 1
    if scale + whole > MAX_DIGITS:
        checker.report(codes.TOO_MANY_DIGITS, node, found=scale + whole, limit=MAX_DIGITS)
        return None
    is_money = (
        len(currencies) == 1 and not (operator == "/" and isinstance(right.type, Money)) or (len(currencies) == 2 and operator in "+-")
    )
    kind = Money(currencies[0], scale + whole, scale) if is_money else Number(scale + whole, scale)
    return Arithmetic(type=kind, nullable=nullable, operator=operator, left=left, right=right)


def _times(checker: Binding, node: syntax.Node, operator: str, left: Typed, right: Typed) -> Typed | None:
    """Dates, instants and durations."""
    if operator == "-" and isinstance(left.type, Date | DateTime) and isinstance(right.type, Date | DateTime):
        return difference(left, right)
    if operator not in ("+", "-"):
        return None
    if operator == "+" and isinstance(right.type, Date | DateTime):
        left, right = right, left
    return shift(checker, node, left, right, 1 if operator == "+" else -1)


def difference(left: Typed, right: Typed) -> Typed:
    """Days between two dates, time between two instants; mixed, the instant counts as its day."""
    nullable = left.nullable or right.nullable
    if isinstance(left.type, DateTime) and isinstance(right.type, DateTime):
        return Difference(type=Duration(), nullable=nullable, left=left, right=right)
    days = [LocalDay(type=Date(), nullable=s.nullable, item=s) if isinstance(s.type, DateTime) else s for s in (left, right)]
    return Difference(type=_DAYS, nullable=nullable, left=days[0], right=days[1])


def shift(checker: Binding, node: syntax.Node, base: Typed, amount: Typed, direction: int) -> Typed | None:
    """A date plus whole days, an instant or duration plus a duration; None (with or without a report) for anything else."""
    if isinstance(base.type, Date):
        days = amount
        if isinstance(amount.type, Duration):
            milliseconds = getattr(amount, "value", None)
            if milliseconds is None or milliseconds.seconds or milliseconds.microseconds:
                checker.report(codes.DATE_NEEDS_DAYS, node)
                return None
            days = constant_number(Decimal(milliseconds.days))
        if not isinstance(days.type, Number):
            return None
        if days.type.scale:
            expected = ("整数天", "a whole number of days")
            advice = ("用 ROUND(…) 或 INT(…) 取整", "Round it with ROUND(…) or INT(…)")
            checker.report(
                codes.WRONG_TYPE, node, what=("加减的天数", "What is added"), expected=expected, found=words(days.type), advice=advice
            )
            return None
        return Shift(type=Date(), base=base, amount=days, sign=direction)
    if not isinstance(amount.type, Duration):
        return None
    if isinstance(base.type, DateTime):
        return Shift(type=DateTime(), base=base, amount=amount, sign=direction)
    if isinstance(base.type, Duration):
        return Shift(type=Duration(), nullable=base.nullable or amount.nullable, base=base, amount=amount, sign=direction)
    return None


def _power(checker: Binding, node: syntax.Binary) -> Typed | None:
    base, exponent = checker.scalar(node.left), checker.scalar(node.right)
    if base is None or exponent is None:
        return None
    if not is_number(base.type):
        checker.report(codes.NO_ARITHMETIC, node, left=words(base.type), right=words(exponent.type), operator="^", advice="")
        return None
    value = exponent.value if isinstance(exponent, Constant) else None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_POWER:
        checker.report(codes.WRITTEN_NUMBER, node.right, what=("乘方的次数", "The exponent"), low=0, high=MAX_POWER)
        return None
    return power(checker, node, base, value)


def power(checker: Binding, node: syntax.Node, base: Typed, exponent: int) -> Typed | None:
    """base multiplied by itself; base ^ 0 is 1 (null for null)."""
    if exponent == 0:
        one, blank = constant_number(Decimal(1)), Constant(type=Number(1, 0), value=None)
        return Case(type=Number(1, 0), branches=((is_blank(base, True), one),), default=blank)
    found: Typed | None = base
    for _ in range(exponent - 1):
        found = None if found is None else arithmetic(checker, node, "*", found, base)
    return found


def joined(checker: Binding, items: Sequence[syntax.Node]) -> Typed | None:
    """a & b & c"""
    found = [checker.scalar(item) for item in items]
    parts: list[Typed] = []
    for node, item in zip(items, found, strict=True):
        if item is None:
            continue
        if not isinstance(item.type, Text | Choice | Null | Number | Money | Date):
            what = ("& 连接的内容", "What is joined with &")
            expected = ("文本、数字或日期", "text, a number or a date")
            checker.report(codes.WRONG_TYPE, node, what=what, expected=expected, found=words(item.type), advice="")
            continue
        parts.append(item)
    if len(parts) != len(items):
        return None
    return Joined(type=Text(), nullable=all(part.nullable for part in parts), items=tuple(parts))


def common_type(checker: Binding, values: Sequence[Typed]) -> Type | None:
    """The one type of several results, or None with a report."""
    kind: Type = Null()
    for value in values:
        both = united(kind, value.type)
        if both is None:
            checker.report(codes.NO_COMMON_TYPE, value, left=words(kind), right=words(value.type))
            return None
        kind = both
    return kind


def unit(checker: Binding, node: syntax.Node, what: tuple[str, str], units: dict[str, str]) -> str | None:
    """A unit that must be written down as text or as a bare word; None with a report."""
    word = node.value if isinstance(node, syntax.Literal) else node.text if isinstance(node, syntax.Name) else None
    if isinstance(word, str) and word.lower() in units:
        return units[word.lower()]
    shown = '"' + '", "'.join(units) + '"'
    checker.report(codes.UNKNOWN_UNIT, node, what=what, units=shown, nearest=nearest(word, units) if isinstance(word, str) else None)
    return None
