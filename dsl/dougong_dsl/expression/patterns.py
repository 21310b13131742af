"""Patterns that authors write: regular expressions for MATCHES, layouts for TEXT.

Regular expressions are the subset that Python, PostgreSQL and JavaScript share, read by a parser of our own and written anew for
each; the ways in which one can match are counted beforehand, so that none can take long.
"""

from dataclasses import dataclass

from dougong_dsl.expression.texts import MATCHED

MOST_WAYS = 10_000_000
_SPECIAL = set("^$\\.*+?()[]{}|/")
_CLASSES = {"d": "0-9", "w": "A-Za-z0-9_", "s": " \\t\\n\\r\u00a0\u3000"}
_CONTROL = {"t": "\\t", "n": "\\n", "r": "\\r"}


class BadPattern(ValueError):
    """Why a pattern is refused: (Chinese, English)."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.words = (zh, en)


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a pattern, written for every engine, and in how many ways it can match."""

    text: str
    ways: int = 1


class _Reader:
    """Reads one pattern."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.depth = 0

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def take(self) -> str:
        found = self.peek()
        if not found:
            raise BadPattern("模式没有写完", "the pattern is not finished")
        self.at += 1
        return found

    def either(self) -> _Part:
        """a|b|c"""
        self.depth += 1
        if self.depth > 20:
            raise BadPattern("括号套得太深", "the brackets are nested too deeply")
        branches = [self.sequence()]
        while self.peek() == "|":
            self.at += 1
            branches.append(self.sequence())
        self.depth -= 1
        return _Part("|".join(branch.text for branch in branches), sum(branch.ways for branch in branches))

    def sequence(self) -> _Part:
        """Parts one after the other."""
        text, ways = "", 1
        while self.peek() and self.peek() not in "|)":
            part = self.repeated(self.atom())
            text, ways = text + part.text, ways * part.ways
            if ways > MOST_WAYS:
                raise BadPattern(
                    "重复的部分太多，匹配会很慢；少用几个 * 和 +,也不要套着用",
                    "it repeats too much and would be slow; use fewer * and +, and not inside of each other",
                )
        return _Part(text, ways)

    def repeated(self, part: _Part) -> _Part:
        """A part with its `*`, `+`, `?` or `{m,n}`."""
        sign = self.peek()
        if not sign or sign not in "*+?{":
            return part
        low, high, written = self.bounds()
        if self.peek() and self.peek() in "*+?{":
            raise BadPattern("不能连续写两个重复符号", "two repetitions cannot follow each other")
        ways = 1
        for _ in range(high if part.ways > 1 else 0):
            ways = min(ways * part.ways, MOST_WAYS + 1)
        return _Part(part.text + written, min(ways * (high - low + 1), MOST_WAYS + 1))

    def bounds(self) -> tuple[int, int, str]:
        """Fewest, most, and how it is written; `*` and `+` reach to the end of the longest text."""
        sign = self.take()
        if sign != "{":
            return {"*": (0, MATCHED, "*"), "+": (1, MATCHED, "+"), "?": (0, 1, "?")}[sign]
        inside = ""
        while self.peek() != "}":
            inside += self.take()
        self.at += 1
        low, comma, high = inside.partition(",")
        if not low.isascii() or not low.isdigit() or len(low) > 3 or (high and not (high.isascii() and high.isdigit() and len(high) <= 3)):
            raise BadPattern(f"看不懂次数 {{{inside}}}", f"the count {{{inside}}} means nothing")
        least, most = int(low), int(high) if high else MATCHED if comma else int(low)
        if not least <= most <= MATCHED:
            raise BadPattern(f"次数要在 0 到 {MATCHED} 之间，先小后大", f"counts go from 0 to {MATCHED}, the smaller first")
        return least, most, f"{{{least},{most}}}" if comma else f"{{{least}}}"

    def atom(self) -> _Part:
        """One character, class or group."""
        sign = self.take()
        if sign == "(":
            if self.text.startswith("?:", self.at):
                self.at += 2
            elif self.peek() == "?":
                raise BadPattern("不支持 (?…) 这样的写法", "(?…) is not supported")
            inside = self.either()
            if self.take() != ")":
                raise BadPattern("括号没有写完", "a bracket is not closed")
            return _Part(f"(?:{inside.text})", inside.ways)
        if sign == "[":
            return _Part(self.bracket())
        if sign == ".":
            return _Part("[^\\n]")
        if sign == "\\":
            return _Part(self.escape())
        if sign in "*+?{^$)":
            raise BadPattern(f"这里不能写 {sign}", f"{sign} cannot stand here")
        return _Part("\\" + sign if sign in _SPECIAL else sign)

    def escape(self) -> str:
        """What follows a backslash, outside of square brackets."""
        sign = self.take()
        if sign in _CLASSES:
            return f"[{_CLASSES[sign]}]"
        if sign in _CONTROL:
            return _CONTROL[sign]
        if sign.isalnum():
            raise BadPattern(f"不支持 \\{sign}", f"\\{sign} is not supported")
        return "\\" + sign if sign in _SPECIAL else sign

    def bracket(self) -> str:
        """[a-z…]"""
        written = "["
        if self.peek() == "^":
            self.at += 1
            written += "^"
        empty = True
        while self.peek() != "]":
            low = self.member()
            empty = False
            if len(low) == 1 and self.peek() == "-" and self.text[self.at + 1 : self.at + 2] not in ("", "]"):
                self.at += 1
                high = self.member()
                if len(high) != 1 or high < low:
                    raise BadPattern(f"范围 {low}-{high} 不对", f"the range {low}-{high} is wrong")
                written += f"{_in_class(low)}-{_in_class(high)}"
            else:
                written += _in_class(low) if len(low) == 1 else low
        self.at += 1
        if empty:
            raise BadPattern("方括号里是空的", "square brackets are empty")
        return written + "]"

    def member(self) -> str:
        """One character of a class, or the text of a class inside of it."""
        sign = self.take()
        if sign != "\\":
            return sign
        sign = self.take()
        if sign in _CLASSES or sign in _CONTROL:
            return _CLASSES.get(sign) or _CONTROL[sign]
        if sign.isalnum():
            raise BadPattern(f"不支持 \\{sign}", f"\\{sign} is not supported")
        return sign


def _in_class(character: str) -> str:
    return "\\" + character if character in "\\]^[-" else character


def regular(text: str) -> str:
    """The pattern as Python, PostgreSQL and JavaScript (with the `u` flag) read it alike, without anchors. Raises `BadPattern`."""
    bare = text.removeprefix("^")
    if bare.endswith("$") and not bare.endswith("\\$"):
        bare = bare[:-1]
    if not bare or len(bare) > 300:
        raise BadPattern("模式要有 1 到 300 个字符", "a pattern has 1 to 300 characters")
    reader = _Reader(bare)
    found = reader.either()
    if reader.at < len(bare):
        raise BadPattern("多了一个右括号", "a closing bracket is left over")
    if found.ways > MOST_WAYS:
        raise BadPattern(
            "重复的部分太多，匹配会很慢；少用几个 * 和 +,也不要套着用",
            "it repeats too much and would be slow; use fewer * and +, and not inside of each other",
        )
    return f"(?:{found.text})"


@dataclass(frozen=True, slots=True)
class NumberLayout:
    """`#,##0.0#%` in parts."""

    places: int
    optional: int
    digits: int
    grouped: bool
    percent: bool
    prefix: str
    suffix: str


def number_layout(text: str) -> NumberLayout:
    """A layout for numbers. Raises `BadPattern`."""
    signs = [i for i, c in enumerate(text) if c in "#0,."]
    if not signs:
        raise BadPattern('数字的格式要有 0 或 #,例如 "#,##0.00"', 'a layout for numbers needs 0 or #, such as "#,##0.00"')
    prefix, body, suffix = text[: signs[0]], text[signs[0] : signs[-1] + 1], text[signs[-1] + 1 :]
    whole, _, fraction = body.partition(".")
    plain = whole.replace(",", "")
    shape = (plain.lstrip("#").strip("0"), fraction.rstrip("#").strip("0"))
    if any(shape) or len(fraction) > 10 or len(plain) > 20 or whole.startswith(",") or whole.endswith(",") or not plain + fraction:
        raise BadPattern(f"看不懂数字格式 {text}", f"the layout {text} means nothing for a number")
    if "%" in prefix or suffix.count("%") > 1:
        raise BadPattern("百分号要写在最后", "the percent sign goes to the end")
    optional = len(fraction) - len(fraction.rstrip("#"))
    return NumberLayout(len(fraction), optional, plain.count("0"), "," in whole, "%" in suffix, prefix, suffix)


_FIELDS = ("yyyy", "yy", "mm", "m", "dd", "d", "hh", "h", "ss", "s", "aaaa", "aaa")


def day_pieces(text: str, has_time: bool) -> tuple[tuple[str, bool], ...]:
    """A layout for dates as (text, whether it is a field); minutes are `nn` and `n`. Raises `BadPattern`."""
    found: list[tuple[str, bool]] = []
    at, hour_before = 0, False
    while at < len(text):
        field = next((f for f in _FIELDS if text[at : at + len(f)].lower() == f), None)
        if field is None:
            found.append((text[at], False))
            at += 1
            continue
        at += len(field)
        name = field.replace("m", "n") if field[0] == "m" and (hour_before or text[at : at + 2].lower() in (":s", "分s")) else field
        if name[0] in "hns" and not has_time:
            raise BadPattern("日期没有钟点，格式里不能有 h、s", "a date has no time of day; its layout has no h and s")
        hour_before = name[0] == "h"
        found.append((name, True))
    if not any(is_field for _, is_field in found):
        raise BadPattern(
            '日期的格式要有 yyyy、mm、dd 等，例如 "yyyy-mm-dd"', 'a layout for dates needs yyyy, mm or dd, such as "yyyy-mm-dd"'
        )
    return tuple(found)
