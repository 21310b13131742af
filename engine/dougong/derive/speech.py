"""Conditions in the reader's words: a typed tree becomes a phrase in Chinese and English that uses titles, never names of the definition.

The phrase says what would have to be true ("技术确认为“是”", "Technical confirmation is “yes”"); who may read which value is asked elsewhere.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from dougong_dsl.expression import typed as t
from dougong_dsl.expression.types import Boolean, Choice, Date, DateTime, Duration, Type
from dougong_dsl.titles import Title

from dougong.derive.facts import TITLES
from dougong.model.app import App

Pair = tuple[str, str]  # Chinese, English
ORDER: Mapping[str, Pair] = {"=": ("为", "is"), "<>": ("不为", "is not")}
OF_TIMES: Mapping[str, Pair] = {
    **ORDER,
    "<": ("早于", "is before"),
    "<=": ("不晚于", "is no later than"),
    ">": ("晚于", "is after"),
    ">=": ("不早于", "is no earlier than"),
}
OF_NUMBERS: Mapping[str, Pair] = {
    **ORDER,
    "<": ("小于", "is less than"),
    "<=": ("不超过", "is at most"),
    ">": ("大于", "is more than"),
    ">=": ("不少于", "is at least"),
}
PAST: Mapping[str, Pair] = {
    "entered_at": ("进入{0}的时间", "the time of entering {0}"),
    "time_in": ("在{0}停留的时间", "the time in {0}"),
    "passed": ("已走过{0}", "{0} is passed"),
    "approved": ("审批{0}已通过", "the approval {0} is passed"),
    "changes": ("{0}的修改次数", "the number of changes of {0}"),
}


class Speaker:
    """Speaks about the records of one app."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._phrases: Mapping[type, Callable[[Any], Pair]] = {
            t.Constant: lambda n: constant(n.value, n.type),
            t.LocalTime: lambda n: _same(f"{n.value:%Y-%m-%d %H:%M}"),
            t.Today: lambda n: ("今天", "today"),
            t.Now: lambda n: ("现在", "now"),
            t.Get: self._get,
            t.Children: lambda n: self._object(n.object),
            t.Not: self._not,
            t.Logical: self._logical,
            t.Compare: self._compare,
            t.Range: self._range,
            t.IsBlank: self._blank,
            t.OneOf: lambda n: self._one_of(n, ("为", "is")),
            t.Within: lambda n: _put("{0}属于{1}（含下级）", "{0} is {1} or below it", self._each(n.item, n.above)),
            t.InList: lambda n: _put("{1}包含{0}", "{1} contains {0}", self._each(n.item, n.list)),
            t.Negate: lambda n: _put("-{0}", "-{0}", self._each(n.item)),
            t.Arithmetic: lambda n: _put(f"{{0}} {n.operator} {{1}}", f"{{0}} {n.operator} {{1}}", self._each(n.left, n.right)),
            t.Difference: lambda n: _put("{0} - {1}", "{0} - {1}", self._each(n.left, n.right)),
            t.Shift: self._shift,
            t.ShiftMonths: lambda n: _shifted(n.sign, self._each(n.base, n.months), ("个月", " months")),
            t.WorkShift: self._work_shift,
            t.Worked: lambda n: _put("{0}到{1}的工作时间", "working time from {0} to {1}", self._each(n.start_at, n.end_at)),
            t.Schedule: self._schedule,
            t.LocalDay: lambda n: self.say(n.item),
            t.Joined: lambda n: _listed(self._each(*n.items), " & ", " & "),
            t.Changed: lambda n: _put("{0}有改动", "{0} is changed", self._each(n.now)),
            t.Past: lambda n: _put(*PAST[n.kind], [self._approval(n.of) if n.kind == "approved" else self.say(n.of)]),
            t.IsNew: lambda n: ("是新记录", "the record is new"),
        }

    def clauses(self, condition: t.Typed) -> Iterator[t.Typed]:
        """The parts of a condition that must all be true, each to be judged and told alone."""
        if isinstance(condition, t.Logical) and condition.operator == "and":
            for item in condition.items:
                yield from self.clauses(item)
        else:
            yield condition

    def say(self, node: t.Typed) -> Pair:
        """The phrase of a value or a condition."""
        phrase = self._phrases.get(type(node))
        return self._called(node) if phrase is None else phrase(node)

    def condition(self, node: t.Typed) -> Pair:
        """The phrase of something that has to be true: a yes/no field alone becomes “… is yes”."""
        return _put("{0}为“是”", "{0} is “yes”", [self.say(node)]) if isinstance(node, t.Get) else self.say(node)

    def _each(self, *nodes: t.Typed) -> list[Pair]:
        return [self.say(n) for n in nodes]

    def _get(self, node: t.Get) -> Pair:
        if isinstance(node.row, t.Acting):
            return ("您本人", "you") if node.name == "id" else _put("您的{0}", "your {0}", [self._title("user", node.name)])
        title = self._title(node.row.object, node.name)
        if isinstance(node.row, t.Linked):
            link = self.say(node.row.link)
            return link if node.name == "id" else _put("{0}的{1}", "{1} of {0}", [link, title])
        return _put("原来的{0}", "the former {0}", [title]) if isinstance(node.row, t.Before) else title

    def _title(self, object_name: str, name: str) -> Pair:
        target = self._app.objects[object_name]
        title = target.fields[name].title if name in target.fields else TITLES.get(name, Title.same(name))
        return title.zh, title.en

    def _object(self, name: str) -> Pair:
        title = self._app.objects[name].title
        return title.zh, title.en

    def _not(self, node: t.Not) -> Pair:
        if isinstance(node.item, t.Get):
            return _put("{0}为“否”", "{0} is “no”", self._each(node.item))
        if isinstance(node.item, t.OneOf):
            return self._one_of(node.item, ("不为", "is not"))
        return _put("以下不成立({0})", "not ({0})", [self.condition(node.item)])

    def _logical(self, node: t.Logical) -> Pair:
        parts = [self.condition(n) for n in node.items]
        spoken = [
            _put("({0})", "({0})", [p]) if isinstance(n, t.Logical) and n.operator != node.operator else p
            for n, p in zip(node.items, parts, strict=True)
        ]
        return _listed(spoken, " 并且 ", " and ") if node.operator == "and" else _listed(spoken, " 或者 ", " or ")

    def _compare(self, node: t.Compare) -> Pair:
        words = OF_TIMES if isinstance(node.left.type, Date | DateTime) else OF_NUMBERS
        zh, en = words[node.operator]
        return _put(f"{{0}}{zh}{{1}}", f"{{0}} {en} {{1}}", [self.say(node.left), self._beside(node.right, node.left.type)])

    def _range(self, node: t.Range) -> Pair:
        return _put("{0}在{1}到{2}之间", "{0} is between {1} and {2}", self._each(node.item, node.low, node.high))

    def _blank(self, node: t.IsBlank) -> Pair:
        zh, en = ("已填写{0}", "{0} is filled in") if node.negated else ("{0}为空", "{0} is blank")
        return _put(zh, en, self._each(node.item))

    def _one_of(self, node: t.OneOf, verb: Pair) -> Pair:
        options = _listed([self._beside(o, node.item.type) for o in node.options], "或", " or ")
        return _put(f"{{0}}{verb[0]}{{1}}", f"{{0}} {verb[1]} {{1}}", [self.say(node.item), options])

    def _beside(self, node: t.Typed, kind: Type) -> Pair:
        """A constant next to a choice is called by the option's title."""
        return constant(node.value, kind) if isinstance(node, t.Constant) and isinstance(kind, Choice) else self.say(node)

    def _shift(self, node: t.Shift) -> Pair:
        unit = ("", "") if isinstance(node.amount.type, Duration) else ("天", " days")
        return _shifted(node.sign, self._each(node.base, node.amount), unit)

    def _work_shift(self, node: t.WorkShift) -> Pair:
        if node.days is not None:
            amount: Pair = (f"{node.days} 个工作日", f"{node.days} working days")
        else:
            zh, en = _span(node.time or timedelta(0))
            amount = (zh.replace(" ", " 个工作", 1), en.replace(" ", " working ", 1))
        return _shifted(node.sign, [self.say(node.base), amount], ("", ""))

    def _schedule(self, node: t.Schedule) -> Pair:
        return _same(next((name for name, each in self._app.calendars.items() if each == node.calendar), ""))

    def _approval(self, node: t.Typed) -> Pair:
        """An approval by its title."""
        found = self._app.approvals.get(str(node.value)) if isinstance(node, t.Constant) else None
        return (f"“{found.title.zh}”", f"“{found.title.en}”") if found is not None else self.say(node)

    def _called(self, node: t.Typed) -> Pair:
        """Functions are called as they are written."""
        name = (
            getattr(node, "function", None) or getattr(node, "kind", None) or {t.Case: "IF", t.Switch: "SWITCH"}.get(type(node), "COALESCE")
        )
        inside = [said for n in t.inner(node) if isinstance(n, t.Typed) and (said := self.say(n))[0]]
        return _put(f"{name.upper()}({{0}})", f"{name.upper()}({{0}})", [_listed(inside, ", ", ", ")])


def constant(value: Any, kind: Type) -> Pair:
    """A value that is written in the definition, in both languages."""
    if isinstance(kind, Choice) and isinstance(value, str):
        titles = [title for title, option in kind.titles if option == value] or [value]
        return f"“{titles[0]}”", f"“{titles[-1]}”"
    if isinstance(kind, Boolean) and isinstance(value, bool):
        return ("“是”", "“yes”") if value else ("“否”", "“no”")
    match value:
        case None:
            return "空", "blank"
        case Decimal():
            return _same(f"{value:f}")
        case datetime():
            return _same(f"{value:%Y-%m-%d %H:%M}")
        case date():
            return _same(value.isoformat())
        case timedelta():
            return _span(value)
        case str():
            return f"“{value}”", f"“{value}”"
    return _same(str(value))


def worked_out(value: Any, zone: ZoneInfo) -> Pair:
    """A fact that was worked out: instants in the app's zone, durations in whole hours, or minutes when they are short."""
    match value:
        case datetime():
            return _same(f"{value.astimezone(zone):%Y-%m-%d %H:%M}")
        case timedelta():
            unit = timedelta(hours=1) if value >= timedelta(days=1) else timedelta(minutes=1)
            return _span(value // unit * unit)
    return _same(str(value))


def _span(value: timedelta) -> Pair:
    """A duration in the largest unit that divides it."""
    seconds = int(value.total_seconds())
    for size, zh, en in ((86_400, "天", "days"), (3_600, "小时", "hours"), (60, "分钟", "minutes")):
        if seconds % size == 0:
            return f"{seconds // size} {zh}", f"{seconds // size} {en}"
    return f"{seconds} 秒", f"{seconds} seconds"


def _shifted(sign: int, parts: list[Pair], unit: Pair) -> Pair:
    mark = "+" if sign > 0 else "-"
    return _put(f"{{0}} {mark} {{1}}{unit[0]}", f"{{0}} {mark} {{1}}{unit[1]}", parts)


def _put(zh: str, en: str, parts: list[Pair]) -> Pair:
    return zh.format(*(p[0] for p in parts)), en.format(*(p[1] for p in parts))


def _listed(parts: list[Pair], zh: str, en: str) -> Pair:
    return zh.join(p[0] for p in parts), en.join(p[1] for p in parts)


def _same(text: str) -> Pair:
    return text, text
