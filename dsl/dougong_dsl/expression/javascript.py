"""Typed tree → JavaScript: an arrow function `(r, c) => …` over plain JSON values and the runtime module, bound as `R`.

`r` is the record in its JSON form; `c` is `{today, now, zone, me, old}` in JSON forms. Numbers are BigInts scaled by the
places of their type, days and texts strings, instants and durations milliseconds; the result leaves in its JSON form.
"""

import json
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any, cast

from dougong_dsl.expression import typed, types, values
from dougong_dsl.expression.functions import FUNCTIONS, NOT_THERE
from dougong_dsl.expression.types import Type, is_number, scale_of


def can_run_in_browser(expression: typed.Expression) -> bool:
    """Whether it needs nothing but the record itself and the facts of the session."""
    return not expression.looks_elsewhere and not any(_is_for_the_server(node) for node in typed.walk(expression.root))


def _is_for_the_server(node: object) -> bool:
    if isinstance(node, typed.Call):
        return FUNCTIONS[node.function].javascript == NOT_THERE
    return isinstance(node, typed.Worked) or (isinstance(node, typed.WorkShift) and node.days is None)


def to_js(expression: typed.Expression) -> str | None:
    """The arrow function, or None when the expression looks at other records and only the server can answer."""
    if not can_run_in_browser(expression):
        return None
    kind = expression.root.type
    result = write(expression.root)
    if is_number(kind):
        result = f"R.outNumber({result}, {scale_of(kind)})"
    elif isinstance(kind, types.DateTime):
        result = f"R.outInstant({result})"
    return f"(r, c) => {result}"


def write(node: typed.Typed) -> str:
    """Code for the value of a node, null where it is null."""
    return _WRITERS[type(node)](node)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("<", "\\u003c")


def _constant(node: typed.Constant) -> str:
    value = node.value
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, int | Decimal):
        whole = int(Decimal(value).scaleb(scale_of(node.type), values.WIDE))
        return f"{whole}n" if whole >= 0 else f"({whole}n)"
    if isinstance(value, timedelta):
        return str(values.milliseconds(value))
    return _text(value.isoformat() if isinstance(value, date) else value)


def _get(node: typed.Get) -> str:
    row = {typed.Here: "r", typed.Acting: "c.me", typed.Before: "c.old"}[type(node.row)]
    code = f"R.read({row}, {_text(node.name)})"
    return incoming(code, node.type)


def incoming(code: str, kind: Type) -> str:
    """A JSON value in the form that the runtime works with."""
    if is_number(kind):
        return f"R.inNumber({code}, {scale_of(kind)})"
    if isinstance(kind, types.DateTime):
        return f"R.inInstant({code})"
    if isinstance(kind, types.Record):
        return f"R.inId({code})"
    return code


def at_scale(node: typed.Typed, scale: int) -> str:
    """A number with more places than its type has."""
    code = write(node)
    difference = scale - scale_of(node.type)
    return f"R.up({code}, {difference})" if difference and is_number(node.type) else code


def _aligned(nodes: Sequence[typed.Typed]) -> list[str]:
    if not any(is_number(node.type) for node in nodes):
        return [write(node) for node in nodes]
    scale = max(scale_of(node.type) for node in nodes)
    codes = [at_scale(node, scale) for node in nodes]
    if any(isinstance(node.type, types.Record) for node in nodes):  # an id beside a plain number
        return [f"R.big({code})" for code in codes]
    return codes


def _logical(node: typed.Logical) -> str:
    return f"R.{node.operator}({', '.join(write(item) for item in node.items)})"


def _compare(node: typed.Compare) -> str:
    names = {"=": "eq", "<>": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}
    left, right = _aligned([node.left, node.right])
    return f"R.{names[node.operator]}({left}, {right})"


def _arithmetic(node: typed.Arithmetic) -> str:
    if node.operator == "/":
        return f"R.div({write(node.left)}, {scale_of(node.left.type)}, {write(node.right)}, {scale_of(node.right.type)})"
    if node.operator == "*":
        return f"R.mul({write(node.left)}, {write(node.right)})"
    left, right = _aligned([node.left, node.right])
    return f"R.{'add' if node.operator == '+' else 'sub'}({left}, {right})"


def _shift(node: typed.Shift) -> str:
    name = {types.Date: "addDays", types.DateTime: "addTime", types.Duration: "addLength"}[cast(Any, type(node.type))]
    return f"R.{name}({write(node.base)}, {write(node.amount)}, {node.sign})"


def _shift_months(node: typed.ShiftMonths) -> str:
    if isinstance(node.type, types.DateTime):
        return f"R.addMonthsAt({write(node.base)}, {write(node.months)}, {node.sign}, c.zone)"
    return f"R.addMonths({write(node.base)}, {write(node.months)}, {node.sign})"


def _schedule(node: typed.Schedule) -> str:
    """The week as a 0 or 1 for each day, and the days that are otherwise, each as the distance from the one before."""
    found = node.calendar.days
    week = "".join(str(after - before) for before, after in pairwise(found.week))
    return f'R.calendar("{week} {",".join(str(day - before) for before, day in pairwise((0, *found.days)))}")'


def _work_shift(node: typed.WorkShift) -> str:
    assert node.days is not None  # working time is for the server
    days, zone = node.sign * node.days, _text(node.calendar.calendar.zone.key)
    return f"R.addWorkingDays({write(node.base)}, {f'{days}n' if days >= 0 else f'({days}n)'}, {write(node.calendar)}, {zone})"


def _joined(node: typed.Joined) -> str:
    parts = [f"R.shown({write(item)}, {scale_of(item.type)})" if is_number(item.type) else write(item) for item in node.items]
    return f"R.join({', '.join(parts)})"


def _difference(node: typed.Difference) -> str:
    name = "daysBetween" if is_number(node.type) else "timeBetween"
    return f"R.{name}({write(node.left)}, {write(node.right)})"


def _case(node: typed.Case) -> str:
    scale = scale_of(node.type)
    branches = "".join(f"{write(test)} === true ? {at_scale(result, scale)} : " for test, result in node.branches)
    return f"({branches}{at_scale(node.default, scale)})"


def _switch(node: typed.Switch) -> str:
    scale = scale_of(node.type)
    item, *keys = _aligned([node.item, *(key for key, _ in node.branches)])
    pairs = ", ".join(f"[{key}, () => {at_scale(result, scale)}]" for key, (_, result) in zip(keys, node.branches, strict=True))
    return f"R.pick({item}, [{pairs}], () => {at_scale(node.default, scale)})"


def _first_of(node: typed.FirstOf) -> str:
    return "(" + " ?? ".join(at_scale(item, scale_of(node.type)) for item in node.items) + ")"


def _call(node: typed.Call) -> str:
    form = FUNCTIONS[node.function].javascript
    codes = [write(argument) for argument in node.arguments]
    if isinstance(form, str):
        return form.format(*codes, all=", ".join(codes))
    return form(codes, [argument.type for argument in node.arguments], node.type)


def _in_list(node: typed.InList) -> str:
    return f"R.inList({write(node.item)}, {write(node.list)}, {json.dumps(is_number(node.item.type))}, {scale_of(node.item.type)})"


def _changed(node: typed.Changed) -> str:
    return f"R.changed(c.old, {write(node.now)}, {write(node.before)})"


_WRITERS: dict[type, Callable[[Any], str]] = {
    typed.Constant: _constant,
    typed.LocalTime: lambda node: f"R.instant({_text(node.value.isoformat(timespec='seconds'))}, c.zone)",
    typed.Today: lambda node: "c.today",
    typed.Now: lambda node: "R.inInstant(c.now)",
    typed.Get: _get,
    typed.Not: lambda node: f"R.not({write(node.item)})",
    typed.Logical: _logical,
    typed.Compare: _compare,
    typed.Range: lambda node: "R.range({}, {}, {})".format(*_aligned([node.item, node.low, node.high])),
    typed.IsBlank: lambda node: f"(R.blank({write(node.item)}) === {json.dumps(not node.negated)})",
    typed.OneOf: lambda node: f"R.oneOf({', '.join(_aligned([node.item, *node.options]))})",
    typed.InList: _in_list,
    typed.Negate: lambda node: f"R.neg({write(node.item)})",
    typed.Arithmetic: _arithmetic,
    typed.Difference: _difference,
    typed.Shift: _shift,
    typed.ShiftMonths: _shift_months,
    typed.Schedule: _schedule,
    typed.WorkShift: _work_shift,
    typed.LocalDay: lambda node: f"R.localDay({write(node.item)}, c.zone)",
    typed.Joined: _joined,
    typed.Case: _case,
    typed.Switch: _switch,
    typed.FirstOf: _first_of,
    typed.Call: _call,
    typed.Changed: _changed,
    typed.IsNew: lambda node: "(c.old == null)",
}
