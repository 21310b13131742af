"""Durations, deadlines and the events of time, absence, messages and forms → the mappings of their long forms."""

from collections.abc import Mapping

from lark import Token, Tree

from dougong_dsl.diagnostics import Diagnostic
from dougong_dsl.places import Source
from dougong_dsl.sentences.parsing import Sentence, entries, items, parse, part, quoted, span, word
from dougong_dsl.sentences.written import Entries, Word

MOMENT = Sentence("moment", "触发时机", "event", "every monday at 09:00")
DURATION = Sentence("duration", "时长", "duration", "72 hours")
DEADLINE = Sentence("deadline", "时限", "deadline", "after 72 hours")

UNITS = ("minutes", "hours", "days", "weeks", "months")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
OUTCOMES = ("approved", "rejected", "returned")
_CHINESE: Mapping[str, str] = {
    **dict(zip(("分钟", "小时", "天", "周", "月"), UNITS, strict=True)),
    **dict(zip(("周一", "周二", "周三", "周四", "周五", "周六", "周日"), WEEKDAYS, strict=True)),
    **dict(zip(("通过", "驳回", "退回"), OUTCOMES, strict=True)),
    "日": "days",
}
Long = tuple[Entries | None, list[Diagnostic]]


def duration(source: Source) -> Long:
    """`3 working days` → amount, unit, working."""
    tree, problems = parse(DURATION, source)
    return (None, problems) if tree is None else (spelled(source, _tokens(tree)), [])


def deadline(source: Source) -> Long:
    """`after 72 hours` → after; `on ppap_date` → on."""
    tree, problems = parse(DEADLINE, source)
    if tree is None:
        return None, problems
    long = entries(source)
    first, *rest = _tokens(tree)
    if first.type == "ON":
        put(long, "on", word(source, rest[0]))
    else:
        put(long, "after", spelled(source, rest))
    return long, []


def moment(source: Source) -> Long:
    """`7 days before customer.ppap_due`, `every monday at 09:00`, `approval contract approved` … → event and what belongs to it."""
    tree, problems = parse(MOMENT, source)
    if tree is None:
        return None, problems
    long = entries(source)
    tokens = [each for each in tree.children if isinstance(each, Token)]
    words = [word(source, each) for each in tokens if each.type == "WORD"]
    kind = str(tree.data)
    names = _NAMES.get(kind, ())
    kind = kind.removesuffix("_along")
    for each in tree.find_data("duration"):
        put(long, "span", spelled(source, _tokens(each)))
    if kind in ("relative", "approval"):
        said = next(each for each in tokens if each.type in ("BEFORE", "AFTER", "OUTCOME"))
        kind = said.type.lower() if kind == "relative" else english(str(said))
        names = _NAMES[kind]
    put(long, "event", Word.inserted(_EVENTS.get(kind, kind), source.at(0)))
    for key, name in zip(names, words, strict=False):
        put(long, key, name)
    for each in tree.find_data("sender"):
        put(long, "of", word(source, _tokens(each)[-1]))
    for each in tree.find_data("contains"):
        put(long, "contains", items([_piece(source, _tokens(one)[0]) for one in each.find_data("piece")]))
    for each in tree.find_data("times"):
        put(long, "times", _times(source, _tokens(each)[0]))
    if kind == "every":
        _schedule(source, tree, long)
    elif kind == "cron":
        put(long, "cron", quoted(source, next(each for each in tokens if each.type == "STRING")))
    else:
        _at(source, tree, long)
    return long, []


def _piece(source: Source, token: Token) -> Word:
    """A word, or a quoted text that may hold anything."""
    return quoted(source, token) if token.type == "STRING" else word(source, token)


def _times(source: Source, token: Token) -> Word:
    digits = str(token)
    if token.type == "TWICE":
        return Word.inserted("2", part(source, token).place, 2)
    return Word(part(source, token), int(digits) if digits.isdecimal() and len(digits) < 10 else str)


_EVENTS = {"form": "submitted", "webhook": "received", "cron": "every"}
_NAMES: Mapping[str, tuple[str, ...]] = {
    "before": ("of", "field"),
    "after": ("of", "field"),
    "overdue": ("of",),
    "overdue_along": ("of", "field"),
    "stays": ("of", "stage"),
    "stays_along": ("of", "field", "stage"),
    "without": ("of", "what"),
    "had": ("of", "what", "field"),
    "message": ("channel",),
    "form": ("form",),
    "webhook": ("webhook",),
    **dict.fromkeys(OUTCOMES, ("approval",)),
}


def _schedule(source: Source, tree: Tree[Token], long: Entries) -> None:
    for period in tree.find_data("period"):
        days = [each for each in _tokens(period) if each.type == "WEEKDAY"]
        if days:
            put(long, "every", items([Word.inserted(english(str(each)), part(source, each).place) for each in days]))
        else:
            put(long, "every", items([Word(span(source, period))]))
    for each in tree.find_data("on"):
        put(long, "on", word(source, _tokens(each)[-1]))
    _at(source, tree, long)


def _at(source: Source, tree: Tree[Token], long: Entries) -> None:
    for each in tree.find_data("at"):
        put(long, "at", word(source, _tokens(each)[-1]))


def spelled(source: Source, tokens: list[Token]) -> Entries:
    """An amount and a unit as the long form of a duration."""
    amount, unit = tokens
    first = part(source, amount)
    long = Entries(first.place)
    digits = str(amount)
    put(long, "amount", Word(first, int(digits) if digits.isdecimal() and len(digits) < 10 else str))
    words = str(unit).removeprefix("个").replace("工时", "工作小时").split()
    working = words[0] == "working" or words[0].startswith("工作")
    name = "天" if words[-1] == "工作日" else words[-1].removeprefix("工作").removeprefix("个")
    put(long, "unit", Word.inserted(english(name), part(source, unit).place))
    if working:
        put(long, "working", Word.inserted("true", part(source, unit).place, True))
    return long


def english(name: str) -> str:
    """The English word for a unit, a weekday or an outcome; units in the plural."""
    found = _CHINESE.get(name, name)
    return f"{found}s" if f"{found}s" in (*UNITS, "seconds", "years") else found


def put(long: Entries, key: str, value: object) -> None:
    """Add a key that a sentence stands for, at the place of its value."""
    long[Word.inserted(key, getattr(value, "place", long.place))] = value


def _tokens(tree: Tree[Token]) -> list[Token]:
    return [each for each in tree.scan_values(lambda token: isinstance(token, Token)) if each.type not in ("COMMA",)]
