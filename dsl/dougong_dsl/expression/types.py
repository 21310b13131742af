"""The types of expressions. Every expression has one before it runs.

`digits` is the greatest number of decimal digits a value can have, `scale` how many of them stand behind the point.
Both are tracked through arithmetic: they decide whether a result fits SQLite's 64-bit integers and Python's 28 digits,
or has to go the exact, slower way.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Null:
    """The literal null / 空: fits everywhere."""


@dataclass(frozen=True, slots=True)
class Boolean:
    """true / false."""


@dataclass(frozen=True, slots=True)
class Text:
    """Unicode text; the empty text is null."""


@dataclass(frozen=True, slots=True)
class Number:
    """An exact decimal."""

    digits: int = 18
    scale: int = 2


@dataclass(frozen=True, slots=True)
class Money:
    """An exact decimal of one currency (ISO 4217 code)."""

    currency: str
    digits: int = 18
    scale: int = 2


@dataclass(frozen=True, slots=True)
class Date:
    """A calendar day."""


@dataclass(frozen=True, slots=True)
class DateTime:
    """An instant, in milliseconds; cut into days in the app's time zone."""


@dataclass(frozen=True, slots=True)
class Duration:
    """An amount of time in milliseconds, or of calendar months."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some declared options (`options` in their declared order); `titles` pairs a title with its option."""

    options: tuple[str, ...]
    titles: tuple[tuple[str, str], ...] = field(default=(), compare=False)

    def option(self, word: str) -> str | None:
        """The option that `word` names, by its name or by a title that only one option has."""
        if word in self.options:
            return word
        found = {option for title, option in self.titles if title == word}
        return found.pop() if len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class Record:
    """A record of an object, known by its id."""

    object: str


@dataclass(frozen=True, slots=True)
class ListOf:
    """Many values: a choice with several options, child rows, a path through a *many* link. Only list functions take it."""

    item: "Type"


Type = Null | Boolean | Text | Number | Money | Date | DateTime | Duration | Choice | Record | ListOf

_WORDS: dict[type, tuple[str, str]] = {
    Null: ("空值", "null"),
    Boolean: ("是/否", "yes/no"),
    Text: ("文本", "text"),
    Number: ("数字", "number"),
    Date: ("日期", "date"),
    DateTime: ("日期时间", "date and time"),
    Duration: ("时长", "duration"),
    Choice: ("选项", "choice"),
}


def words(kind: Type) -> tuple[str, str]:
    """What a type is called in front of an author: (Chinese, English)."""
    if isinstance(kind, Money):
        return f"金额({kind.currency})", f"money ({kind.currency})"
    if isinstance(kind, Record):
        return f"{kind.object} 记录", f"{kind.object} record"
    if isinstance(kind, ListOf):
        zh, en = words(kind.item)
        return f"{zh}列表", f"list of {en}"
    return _WORDS[type(kind)]


def is_number(kind: Type | None) -> bool:
    """Whether values of it take part in arithmetic."""
    return isinstance(kind, Number | Money)


def scale_of(kind: Type) -> int:
    """Places behind the point; 0 for what is no number."""
    return kind.scale if isinstance(kind, Number | Money) else 0


def digits_of(kind: Type) -> int:
    """Decimal digits a value can have; 0 for what is no number."""
    return kind.digits if isinstance(kind, Number | Money) else 0


def fitting(expected: Type, found: Type) -> bool:
    """Whether a value of `found` may stand where `expected` is asked for (storing rounds to the field's scale)."""
    if isinstance(found, Null) or expected == found:
        return True
    if isinstance(expected, Money) and isinstance(found, Money):
        return expected.currency == found.currency
    if is_number(expected) and is_number(found):
        return True
    if isinstance(expected, Text):
        return isinstance(found, Text | Choice)
    if isinstance(expected, Choice):
        return isinstance(found, Text) or (isinstance(found, Choice) and set(found.options) <= set(expected.options))
    if isinstance(expected, ListOf):
        return isinstance(found, ListOf) and fitting(expected.item, found.item)
    return False


def united(left: Type, right: Type) -> Type | None:
    """The type that holds the values of both (branches of IF, items of COALESCE); None when there is none."""
    if isinstance(left, Null):
        return right
    if isinstance(right, Null) or left == right:
        return left
    if isinstance(left, Number | Money) and isinstance(right, Number | Money):
        scale = max(left.scale, right.scale)
        digits = max(left.digits - left.scale, right.digits - right.scale) + scale
        if isinstance(left, Money) and isinstance(right, Money):
            return Money(left.currency, digits, scale) if left.currency == right.currency else None
        money = left if isinstance(left, Money) else right if isinstance(right, Money) else None
        return Money(money.currency, digits, scale) if money else Number(digits, scale)
    if isinstance(left, Choice) and isinstance(right, Choice):
        return Choice(tuple(dict.fromkeys(left.options + right.options)), left.titles + right.titles)
    if isinstance(left, Text | Choice) and isinstance(right, Text | Choice):
        return Text()
    return None
