"""Functions of text. Positions and lengths count code points, from 1; an empty result is null."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Text as Characters
from sqlalchemy import func

from dougong_dsl.expression import letters, syntax
from dougong_dsl.expression.binding import Binding
from dougong_dsl.expression.functions.model import WRITTEN, Example, Function, Parameter, SqlForm
from dougong_dsl.expression.operators import joined
from dougong_dsl.expression.texts import LONGEST_REPLACED
from dougong_dsl.expression.typed import Typed
from dougong_dsl.expression.types import Boolean, Number, Text, Type

_S = Parameter("text", "text")
_LENGTH = Number(9, 0)
_LONGEST = 1_000_000


def _form(sqlite: Callable[..., Any], postgresql: Callable[..., Any] | None = None) -> SqlForm:
    """A function of texts and whole numbers; both databases count code points."""

    def form(writer: Any, arguments: Sequence[Any], types: Sequence[Type], result: Type) -> Any:
        elements = [
            writer.small_integer(each, _LONGEST) if isinstance(kind, Number) else each.element
            for each, kind in zip(arguments, types, strict=True)
        ]
        body = sqlite if writer.dialect == "sqlite" or postgresql is None else postgresql
        found = body(*elements)
        if isinstance(result, Text):
            return writer.plain(func.nullif(found, writer.empty()), result)
        return writer.scaled(found, 0, _LONGEST * 1000, result) if isinstance(result, Number) else writer.plain(found, result)

    return form


def _left(writer: Any, arguments: Sequence[Any], types: Sequence[Type], result: Type) -> Any:
    return _cut(writer, arguments[0], None, arguments[1], result)


def _mid(writer: Any, arguments: Sequence[Any], types: Sequence[Type], result: Type) -> Any:
    return _cut(writer, arguments[0], arguments[1], arguments[2], result)


def _cut(writer: Any, text: Any, start: Any, length: Any, result: Type) -> Any:
    first = 1 if start is None else writer.small_integer(start, _LONGEST, 1)
    found = func.substr(text.element, first, writer.small_integer(length, _LONGEST, 0))
    return writer.plain(func.nullif(found, writer.empty()), result)


def _right(writer: Any, arguments: Sequence[Any], types: Sequence[Type], result: Type) -> Any:
    text, length = arguments[0].element, writer.small_integer(arguments[1], _LONGEST, 0)
    found = func.dg_right(text, length) if writer.dialect == "sqlite" else func.right(text, length)
    return writer.plain(func.nullif(found, writer.empty()), result)


def _find(writer: Any, arguments: Sequence[Any], types: Sequence[Type], result: Type) -> Any:
    part, text = arguments[0].element, arguments[1].element
    start = writer.small_integer(arguments[2], _LONGEST, 1) if len(arguments) > 2 else None
    if writer.dialect == "sqlite":
        found = func.instr(text, part) if start is None else func.dg_find(part, text, start)
    elif start is None:
        found = func.strpos(text, part)
    else:
        template = (
            "(SELECT CASE WHEN strpos(substr(t, s), p) = 0 THEN 0 ELSE strpos(substr(t, s), p) + s - 1 END "
            "FROM (SELECT {0} AS p, {1} AS t, {2} AS s OFFSET 0) AS g)"
        )
        found = writer.template(template, part, text, start)
    return writer.scaled(found, 0, _LONGEST * 1000, result)


def _substitute(writer: Any, arguments: Sequence[Any], types: Sequence[Type], result: Type) -> Any:
    text, old, new = (each.element for each in arguments)
    if writer.dialect == "sqlite":
        return writer.plain(func.dg_substitute(text, old, new), result)
    template = (
        "(SELECT CASE WHEN length(n) <= length(o) OR length(t) + (length(t) - length(replace(t, o, ''))) / length(o)::bigint * "
        f"(length(n) - length(o)) <= {LONGEST_REPLACED} THEN nullif(replace(t, o, n), '') END "
        "FROM (SELECT {0} AS t, {1} AS o, coalesce({2}, '') AS n OFFSET 0) AS g)"
    )
    return writer.plain(writer.template(template, text, old, new, kind=Characters()), result)


def _starts(writer: Any, arguments: Sequence[Any], types: Sequence[Type], result: Type) -> Any:
    text, start = arguments[0].element, arguments[1].element
    found = func.substr(text, 1, func.length(start)) == start if writer.dialect == "sqlite" else func.starts_with(text, start)
    return writer.plain(found, result)


def _ends(writer: Any, arguments: Sequence[Any], types: Sequence[Type], result: Type) -> Any:
    text, end = arguments[0].element, arguments[1].element
    found = func.dg_ends(text, end) if writer.dialect == "sqlite" else func.right(text, func.length(end)) == end
    return writer.plain(found, result)


def _contains(writer: Any, arguments: Sequence[Any], types: Sequence[Type], result: Type) -> Any:
    search = func.instr if writer.dialect == "sqlite" else func.strpos
    return writer.plain(search(arguments[0].element, arguments[1].element) > 0, result)


def _case(name: str, table: Mapping[int, int]) -> SqlForm:
    """PostgreSQL knows no table of letters; most texts have no letters but a to z, which its C collation changes faster."""
    old, new = ("".join(map(chr, letters)) for letters in (table.keys(), table.values()))
    others = "[\u00b5-\u1fff\u2100-\u2dff\ua640-\uabff\uff21-\uff5a\U00010400-\U0001efff]"
    template = (
        f"(SELECT CASE WHEN t ~ '{others}' THEN translate(t, '{old}', '{new}') ELSE {name}(t COLLATE \"C\") END "
        "FROM (SELECT {0} AS t OFFSET 0) AS g)"
    )

    def form(writer: Any, arguments: Sequence[Any], types: Sequence[Type], result: Type) -> Any:
        if writer.dialect == "sqlite":
            return writer.plain(getattr(func, f"dg_{name}")(arguments[0].element), result)
        return writer.plain(writer.binary_order(writer.template(template, arguments[0].element, kind=Characters())), result)

    return form


def _trim(writer: Any, arguments: Sequence[Any], types: Sequence[Type], result: Type) -> Any:
    strip = func.trim if writer.dialect == "sqlite" else func.btrim
    return writer.plain(func.nullif(strip(arguments[0].element, writer.spaces()), writer.empty()), result)


def _concat(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
    return joined(checker, node.arguments)


def _text(arguments: Sequence[Typed]) -> Type:
    return Text()


def _truth(arguments: Sequence[Typed]) -> Type:
    return Boolean()


FUNCTIONS = (
    Function("LEN", "text", (_S,), "文本的字数，一个表情符号算一个字", "Number of characters; an emoji is one", (Example('LEN("苏州😀")', 3),), "len({0})", _form(func.length), "R.len({0})", result=lambda a: _LENGTH),
    Function("LEFT", "text", (_S, Parameter("n", "whole")), "开头的 n 个字", "The first n characters", (Example('LEFT("宁波机械", 2)', "宁波"),), "left({0}, {1})", _left, "R.left({0}, {1})", result=_text, maybe_null=True),
    Function("RIGHT", "text", (_S, Parameter("n", "whole")), "末尾的 n 个字", "The last n characters", (Example('RIGHT("宁波机械", 2)', "机械"),), "right({0}, {1})", _right, "R.right({0}, {1})", result=_text, maybe_null=True),
    Function("MID", "text", (_S, Parameter("start", "whole"), Parameter("n", "whole")), "从第 start 个字起的 n 个字", "n characters from position start", (Example('MID("宁波机械厂", 3, 2)', "机械"), Example('MID("abc", 0, 2)', "ab")), "mid({0}, {1}, {2})", _mid, "R.mid({0}, {1}, {2})", result=_text, maybe_null=True),
    Function("FIND", "text", (Parameter("part", "text"), _S, Parameter("start", "whole", optional=True)), "part 第一次出现的位置，没有则为 0", "Where a part first stands; 0 when it is not there", (Example('FIND("机", "宁波机械")', 3), Example('FIND("x", "abc")', 0)), "find({all})", _find, "R.find({all})", result=lambda a: _LENGTH),
    Function("CONTAINS", "text", (_S, Parameter("part", "text")), "文本里是否有 part，区分大小写", "Whether a text has a part; case matters", (Example('CONTAINS("宁波机械厂", "机械")', True),), "{1} in {0}", _contains, "R.contains({0}, {1})", result=_truth),
    Function("STARTSWITH", "text", (_S, Parameter("start", "text")), "文本是否以 start 开头", "Whether a text begins with a part", (Example('STARTSWITH("宁波机械厂", "宁波")', True),), "{0}.startswith({1})", _starts, "R.startsWith({0}, {1})", result=_truth),
    Function("ENDSWITH", "text", (_S, Parameter("end", "text")), "文本是否以 end 结尾", "Whether a text ends with a part", (Example('ENDSWITH("宁波机械厂", "厂")', True),), "{0}.endswith({1})", _ends, "R.endsWith({0}, {1})", result=_truth),
    Function("SUBSTITUTE", "text", (_S, Parameter("old", "text"), Parameter("new", "text", blank_ok=True)), "把 old 全部换成 new；超过 100 万字时为空", "Every `old` replaced by `new`; null beyond a million characters", (Example('SUBSTITUTE("a-b-c", "-", "/")', "a/b/c"), Example('SUBSTITUTE("a-b", "-", "")', "ab")), "substitute({0}, {1}, {2})", _substitute, "R.substitute({0}, {1}, {2})", result=_text, aliases=("REPLACE",), maybe_null=True),
    Function("UPPER", "text", (_S,), "转成大写，一个字母换一个字母", "In capitals, one letter for one letter", (Example('UPPER("straßeé")', "STRAßEÉ"),), "upper({0})", _case("upper", letters.CAPITALS), "R.upper({0})", result=_text),
    Function("LOWER", "text", (_S,), "转成小写，一个字母换一个字母", "In small letters, one letter for one letter", (Example('LOWER("ABCİΣ")', "abciσ"),), "lower({0})", _case("lower", letters.SMALL), "R.lower({0})", result=_text),
    Function("TRIM", "text", (_S,), "去掉两端的空格（含全角空格）", "Without spaces at both ends, the full-width one included", (Example('TRIM("  宁波　")', "宁波"),), "trim({0})", _trim, "R.trim({0})", result=_text, maybe_null=True),
    Function("CONCAT", "text", (Parameter("x", "any", repeats=True),), "把几段内容连成文本，空值当作空文本", "Joins values into one text; null counts as empty", (Example('CONCAT("订单", 12, null, "号")', "订单12号"),), WRITTEN, WRITTEN, WRITTEN, write=_concat, aliases=("CONCATENATE",)),
)  # fmt: skip
