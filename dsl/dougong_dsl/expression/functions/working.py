"""Functions of working days and hours; a calendar is named by a bare word or a text, the app's own one needs no name."""

from datetime import date
from decimal import Decimal

from dougong_dsl.codes import expressions as codes
from dougong_dsl.diagnostics import nearest
from dougong_dsl.expression import sql_working, syntax
from dougong_dsl.expression.binding import Binding
from dougong_dsl.expression.functions.dates import as_day, day_argument, whole_number
from dougong_dsl.expression.functions.model import WRITTEN, Example, Function, Parameter, Write
from dougong_dsl.expression.typed import Call, Constant, Schedule, Typed, Worked
from dougong_dsl.expression.types import Boolean, Date, DateTime, Duration, Null, Number, Text, Type, words

_D, _CALENDAR = Parameter("date", "day"), Parameter("calendar", "calendar", optional=True)


def schedule(checker: Binding, node: syntax.Node | None) -> Schedule | None:
    """The calendar that an argument names, the app's own without one; an unknown name is reported."""
    if node is None:
        return Schedule(type=Text(), nullable=False, calendar=checker.scope.calendar)
    known = checker.scope.calendars
    word = node.value if isinstance(node, syntax.Literal) else node.text if isinstance(node, syntax.Name) else None
    if isinstance(word, str) and word in known:
        return Schedule(type=Text(), nullable=False, calendar=known[word])
    shown = ("、".join(known) or "无", ", ".join(known) or "none")
    checker.report(codes.UNKNOWN_CALENDAR, node, name=checker.text(node), known=shown, nearest=nearest(str(word), known))
    return None


def _last(node: syntax.Call, position: int) -> syntax.Node | None:
    return node.arguments[position] if len(node.arguments) > position else None


def _of_days(name: str, result: Type, days: int, *, with_number: bool = False) -> Write:
    """`days` days, perhaps a whole number, and the calendar."""

    def write(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
        found = [day_argument(checker, each) for each in node.arguments[:days]]
        numbers = [whole_number(checker, each) for each in node.arguments[days : days + with_number]]
        calendar = schedule(checker, _last(node, days + with_number))
        arguments = [*(None if each is None else as_day(each) for each in found), *numbers, calendar]
        ready = [each for each in arguments if each is not None]
        if len(ready) != len(arguments):
            return None
        nullable = with_number or any(each.nullable for each in ready)
        return Call(type=result, nullable=nullable, function=name, arguments=tuple(ready))

    return write


def _instant(checker: Binding, node: syntax.Node) -> Typed | None:
    found = checker.scalar(node)
    if found is None or isinstance(found.type, DateTime):
        return found
    if isinstance(found.type, Null):
        return Constant(type=DateTime(), value=None)
    what = ("WORKHOURS 的参数", "Arguments of WORKHOURS")
    checker.report(codes.WRONG_TYPE, node, what=what, expected=words(DateTime()), found=words(found.type), advice="")
    return None


def _workhours(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
    start, end = (_instant(checker, each) for each in node.arguments[:2])
    calendar = schedule(checker, _last(node, 2))
    if start is None or end is None or calendar is None:
        return None
    worked = Worked(type=Duration(), start_at=start, end_at=end, calendar=calendar)
    return Call(type=Number(26, 10), function="HOURS", arguments=(worked,))


_WORKDAY_ZH = "n 个工作日之后（n 为负时之前）的日期，起始日不算；按工作日历，含法定节假日和调休"
_WORKDAY_EN = "The day n working days after a date (before it when n is negative), the date itself not counted"
FUNCTIONS = (
    Function("WORKDAY", "dates", (_D, Parameter("n", "whole"), _CALENDAR), _WORKDAY_ZH, _WORKDAY_EN, (Example("WORKDAY(#2026-03-13#, 3)", date(2026, 3, 18)), Example("WORKDAY(#2026-03-16#, -1)", date(2026, 3, 13)), Example("WORKDAY(#2026-03-13#, 1, shop)", date(2026, 3, 14))), "workday({0}, {1}, {2})", sql_working.workday, "R.workday({0}, {1}, {2})", write=_of_days("WORKDAY", Date(), 1, with_number=True)),
    Function("NETWORKDAYS", "dates", (Parameter("start", "day"), Parameter("end", "day"), _CALENDAR), "两个日期之间的工作日数，首尾都算；结束在前时为负", "Working days from start to end, both counted; negative when the end lies before", (Example("NETWORKDAYS(#2026-03-13#, #2026-03-17#)", 3), Example("NETWORKDAYS(#2026-03-17#, #2026-03-13#)", -3)), "{2}.networkdays({0}, {1})", sql_working.networkdays, "R.networkdays({0}, {1}, {2})", write=_of_days("NETWORKDAYS", Number(8, 0), 2)),
    Function("ISWORKDAY", "dates", (_D, _CALENDAR), "这一天是否上班", "Whether a day is worked", (Example("ISWORKDAY(#2026-03-14#)", False), Example("ISWORKDAY(#2026-03-14#, shop)", True)), "{1}.is_workday({0})", sql_working.isworkday, "R.isworkday({0}, {1})", write=_of_days("ISWORKDAY", Boolean(), 1)),
    Function("WORKHOURS", "dates", (Parameter("start", "instant"), Parameter("end", "instant"), _CALENDAR), "两个时刻之间的工作小时数；结束在前时为负", "Working hours between two instants; negative when the end lies before", (Example("WORKHOURS(#2026-03-13 16:00#, #2026-03-16 10:30#)", Decimal("3.5")), Example("WORKHOURS(#2026-03-13 16:00#, #2026-03-16 10:30#, shop)", Decimal("14.5"))), WRITTEN, WRITTEN, WRITTEN, write=_workhours),
)  # fmt: skip
