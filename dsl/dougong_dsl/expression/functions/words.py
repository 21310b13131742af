"""Functions that take texts apart and shape them: parts, padding, masks, patterns, layouts for numbers and dates."""

import json
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import func

from dougong_dsl.codes import expressions as codes
from dougong_dsl.expression import syntax
from dougong_dsl.expression.binding import Binding
from dougong_dsl.expression.functions.model import WRITTEN, Example, Function, Parameter, SqlForm
from dougong_dsl.expression.functions.numbers import rounded_to
from dougong_dsl.expression.operators import arithmetic, constant_number
from dougong_dsl.expression.patterns import BadPattern, NumberLayout, day_pieces, number_layout, regular
from dougong_dsl.expression.texts import LONGEST, MATCHED, WIDEST
from dougong_dsl.expression.typed import Call, Constant, Typed
from dougong_dsl.expression.types import Boolean, Choice, Date, DateTime, Null, Number, Text, Type, is_number, scale_of, words

_S = Parameter("text", "text")
_PHONE = r"(?:(?:\+?86)?[ \-]?1[3-9][0-9][ \-]?[0-9]{4}[ \-]?[0-9]{4}|0[0-9]{2,3}-?[0-9]{7,8}|400-?[0-9]{3}-?[0-9]{4})"
_EMAIL = r"(?:[A-Za-z0-9._%+\-]{1,64}@(?:[A-Za-z0-9\-]{1,63}\.){1,8}[A-Za-z]{2,24})"
_TO_CHAR = {"yyyy": "YYYY", "yy": "YY", "mm": "MM", "m": "FMMM", "dd": "DD", "d": "FMDD", "hh": "HH24", "h": "FMHH24", "nn": "MI", "n": "FMMI", "ss": "SS", "s": "FMSS"}  # fmt: skip
_WEEKDAY = "substr('一二三四五六日', extract(isodow from t)::int, 1)"


def _form(sqlite: str, template: str) -> SqlForm:
    """A registered function on SQLite; on PostgreSQL a template over its arguments, which are named a, b, c inside of it."""

    def form(writer: Any, arguments: Sequence[Any], types: Sequence[Type], result: Type) -> Any:
        elements = [writer.whole(each) if isinstance(kind, Number) else each.element for each, kind in zip(arguments, types, strict=True)]
        if writer.dialect == "sqlite":
            return writer.plain(getattr(func, sqlite)(*elements), result)
        casts = ["::numeric" if isinstance(kind, Number) else "" for kind in types]
        columns = ", ".join(f"({{{i}}}){cast} AS {name}" for i, (cast, name) in enumerate(zip(casts, "abc", strict=False)))
        return writer.plain(writer.template(f"(SELECT {template} FROM (SELECT {columns} OFFSET 0) AS g)", *elements), result)

    return form


def _padded(writer: Any, arguments: Sequence[Any], types: Sequence[Type], result: Type) -> Any:
    fill = [] if len(arguments) > 2 else [writer.zero_text()]
    if writer.dialect == "sqlite":
        return writer.plain(
            func.dg_pad_left(arguments[0].element, writer.whole(arguments[1]), *(each.element for each in arguments[2:]), *fill), result
        )
    elements = [arguments[0].element, arguments[1].element, *(each.element for each in arguments[2:]), *fill]
    template = f"(SELECT CASE WHEN b IS NOT NULL THEN repeat(left(c, 1), least(greatest(b, 0), {WIDEST})::int - length(a)) || a END FROM (SELECT {{0}} AS a, ({{1}})::numeric AS b, {{2}} AS c OFFSET 0) AS g)"
    return writer.plain(writer.template(template, *elements), result)


_PG_REPEAT = f"CASE WHEN b > 0 AND length(a) * b <= {LONGEST} THEN repeat(a, b::int) END"
_PG_SPLIT = f"CASE WHEN c BETWEEN 1 AND {2**31 - 1} THEN nullif(split_part(a, b, c::int), '') END"


def _masked(writer: Any, arguments: Sequence[Any], types: Sequence[Type], result: Type) -> Any:
    text, left, right = arguments[0].element, *(writer.small_integer(each, LONGEST) for each in arguments[1:])
    if writer.dialect == "sqlite":
        return writer.plain(func.dg_mask(text, left, right), result)
    template = (
        "(SELECT CASE WHEN length(a) <= l + r THEN repeat('*', length(a)) ELSE left(a, l) || repeat('*', length(a) - l - r) || "
        "CASE WHEN r = 0 THEN '' ELSE right(a, r) END END FROM (SELECT {0} AS a, {1} AS l, {2} AS r OFFSET 0) AS g)"
    )
    return writer.plain(writer.template(template, text, left, right), result)


def _matched(writer: Any, arguments: Sequence[Any], types: Sequence[Type], result: Type) -> Any:
    text, pattern = (each.element for each in arguments)
    if writer.dialect == "sqlite":
        return writer.plain(func.dg_matches(text, pattern), result)
    template = f"(SELECT length(a) <= {MATCHED} AND a ~ ('^' || b || '$') FROM (SELECT {{0}} AS a, {{1}} AS b OFFSET 0) AS g)"
    return writer.plain(writer.condition(template, text, pattern), result)


def _matches(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
    text = text_argument(checker, node.arguments[0], "MATCHES")
    pattern = written_text(checker, node.arguments[1], "MATCHES")
    if text is None or pattern is None:
        return None
    try:
        found = regular(pattern)
    except BadPattern as problem:
        checker.report(codes.BAD_PATTERN, node.arguments[1], reason=problem.words)
        return None
    return _fits(text, found)


def _fits(text: Typed, pattern: str) -> Typed:
    return Call(type=Boolean(), nullable=text.nullable, function="MATCHES", arguments=(text, _literal(pattern)))


def _known_pattern(name: str, pattern: str) -> Any:
    def write(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
        text = text_argument(checker, node.arguments[0], name)
        return None if text is None else _fits(text, pattern)

    return write


def _literal(text: str) -> Constant:
    return Constant(type=Text(), nullable=False, value=text)


def text_argument(checker: Binding, node: syntax.Node, function: str) -> Typed | None:
    """An argument that is a text."""
    found = checker.scalar(node)
    if found is None or isinstance(found.type, Text | Choice | Null):
        return found
    what = (f"{function} 的参数", f"The argument of {function}")
    checker.report(codes.WRONG_TYPE, node, what=what, expected=words(Text()), found=words(found.type), advice="")
    return None


def written_text(checker: Binding, node: syntax.Node, function: str) -> str | None:
    """A text that stands in the expression itself."""
    if isinstance(node, syntax.Literal) and isinstance(node.value, str) and node.value:
        return node.value
    checker.report(codes.WRITTEN_TEXT, node, what=(f"{function} 的模式", f"The pattern of {function}"))
    return None


def _text(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
    """TEXT: a number that is rounded to its places first, or a day or instant with the pieces of its layout."""
    value = checker.scalar(node.arguments[0])
    pattern = written_text(checker, node.arguments[1], "TEXT")
    if value is None or pattern is None:
        return None
    if isinstance(value.type, Null):
        return Constant(type=Text(), value=None)
    try:
        if is_number(value.type):
            return _number_text(checker, node, value, number_layout(pattern))
        if isinstance(value.type, Date | DateTime):
            pieces = json.dumps(day_pieces(pattern, isinstance(value.type, DateTime)), ensure_ascii=False)
            return Call(
                type=Text(),
                nullable=value.nullable or isinstance(value.type, DateTime),
                function="TEXT",
                arguments=(value, _literal(pieces)),
            )
    except BadPattern as problem:
        checker.report(codes.BAD_PATTERN, node.arguments[1], reason=problem.words)
        return None
    what, expected = ("TEXT 的参数", "The argument of TEXT"), ("数字或日期", "a number or a date")
    checker.report(codes.WRONG_TYPE, node.arguments[0], what=what, expected=expected, found=words(value.type), advice="")
    return None


def _number_text(checker: Binding, node: syntax.Call, value: Typed, layout: NumberLayout) -> Typed | None:
    if layout.percent:
        hundredfold = arithmetic(checker, node, "*", value, constant_number(Decimal(100)))
        if hundredfold is None:
            return None
        value = hundredfold
    value = rounded_to(value, layout.places)
    numbers = [constant_number(Decimal(n)) for n in (layout.places, layout.optional, layout.digits, int(layout.grouped))]
    return Call(type=Text(), nullable=True, function="TEXT", arguments=(value, *numbers, _literal(layout.prefix), _literal(layout.suffix)))


def _python_text(codes: Sequence[str], types: Sequence[Type], result: Type) -> str:
    if is_number(types[0]):
        return f"number_text({', '.join(codes)})"
    if isinstance(types[0], DateTime):
        return f"instant_text({codes[0]}, pieces({codes[1]}), c.zone)"
    return f"day_text({codes[0]}, pieces({codes[1]}))"


def _js_text(codes: Sequence[str], types: Sequence[Type], result: Type) -> str:
    if is_number(types[0]):
        return f"R.numberText({codes[0]}, {scale_of(types[0])}, {', '.join(codes[1:])})"
    zone = ", c.zone" if isinstance(types[0], DateTime) else ""
    return f"R.{'instantText' if zone else 'dayText'}({codes[0]}, {codes[1]}{zone})"


def _sql_text(writer: Any, arguments: Sequence[Any], types: Sequence[Type], result: Type) -> Any:
    if is_number(types[0]):
        return _sql_number_text(writer, arguments, result)
    value, spec = (each.element for each in arguments)
    has_time = isinstance(types[0], DateTime)
    if writer.dialect == "sqlite":
        found = func.dg_instant_text(value, spec, writer.zone()) if has_time else func.dg_day_text(value, spec)
        return writer.plain(found, result)
    parts: list[str] = []
    literals: list[Any] = []
    for text, is_field in json.loads(spec.value):
        if is_field:
            weekday = f"'星期' || {_WEEKDAY}" if text == "aaaa" else _WEEKDAY
            parts.append(f"to_char(t, '{_TO_CHAR[text]}')" if text in _TO_CHAR else weekday)
        else:
            literals.append(writer.literal_text(text))
            parts.append(f"{{{len(literals)}}}")
    moment = writer.template("timezone({1}, {0})", value, writer.zone()) if has_time else writer.template("({0})::timestamp", value)
    inside = "t BETWEEN TIMESTAMP '0001-01-01' AND TIMESTAMP '9999-12-31 23:59:59.999999'"
    template = f"(SELECT CASE WHEN {inside} THEN {' || '.join(parts)} END FROM (SELECT {{0}} AS t OFFSET 0) AS g)"
    return writer.plain(writer.template(template, moment, *literals), result)


def _sql_number_text(writer: Any, arguments: Sequence[Any], result: Type) -> Any:
    places, optional, digits, grouped = (int(each.constant) for each in arguments[1:5])
    if writer.dialect == "sqlite":
        numbers = (writer.integer_literal(n) for n in (places, optional, digits, grouped))
        return writer.plain(func.dg_number_text(writer.argument(arguments[0]), *numbers, *(each.element for each in arguments[5:])), result)
    group = "reverse(regexp_replace(reverse(w), '([0-9]{{3}})(?=[0-9])', '\\1,', 'g'))" if grouped else "w"
    fraction = f"left(f, {places - optional}) || rtrim(right(f, {optional}), '0')" if optional else "f"
    template = (
        f"(SELECT NULLIF(CASE WHEN v < 0 THEN '-' ELSE '' END || p || {group} || CASE WHEN f = '' THEN '' ELSE '.' || f END || s, '') FROM ("
        f"SELECT v, p, s, lpad(w, greatest(length(w), {digits}), '0') AS w, {fraction} AS f FROM ("
        f"SELECT v, p, s, CASE WHEN abs(v) < 1 THEN '' ELSE trunc(abs(v))::text END AS w, split_part(round(abs(v), {places})::text, '.', 2) AS f FROM ("
        "SELECT ({0})::numeric AS v, {1} AS p, {2} AS s OFFSET 0) AS a OFFSET 0) AS b OFFSET 0) AS d)"
    )
    return writer.plain(writer.template(template, writer.numeric(arguments[0]), *(each.element for each in arguments[5:])), result)


def _pg_group(power: int, unit: str) -> str:
    """Four digits in capitals with the name of their group; zeros at the end go behind the name."""
    digits = " || ".join(
        f"substr('零壹贰叁肆伍陆柒捌玖', mod(y / {10 ** (power + i)}, 10)::int + 1, 1)" + (f" || '{name}'" if name else "")
        for i, name in ((3, "仟"), (2, "佰"), (1, "拾"), (0, ""))
    )
    text = f"regexp_replace({digits}, '零[仟佰拾]', '零', 'g')"
    return f"CASE WHEN mod(y / {10**power}, 10000) = 0 THEN '零' ELSE rtrim({text}, '零') || {unit} || right({text}, 1 - length(rtrim(right({text}, 1), '零'))) END"


_PG_RMB = (
    "(SELECT CASE WHEN abs(f) < 1000000000000000000 THEN CASE WHEN f < 0 THEN '负' ELSE '' END || "
    "CASE WHEN t = '' THEN '' ELSE t || '元' END || CASE WHEN j = 0 AND k = 0 THEN CASE WHEN t = '' THEN '零元整' ELSE '整' END ELSE "
    "CASE WHEN j > 0 THEN substr('零壹贰叁肆伍陆柒捌玖', j + 1, 1) || '角' WHEN t <> '' THEN '零' ELSE '' END || "
    "CASE WHEN k > 0 THEN substr('零壹贰叁肆伍陆柒捌玖', k + 1, 1) || '分' ELSE '整' END END END FROM ("
    "SELECT f, btrim(regexp_replace("
    + " || ".join(
        _pg_group(power, unit)
        for power, unit in ((12, "CASE WHEN mod(y / 100000000, 10000) = 0 THEN '万亿' ELSE '万' END"), (8, "'亿'"), (4, "'万'"), (0, "''"))
    )
    + ", '零+', '零', 'g'), '零') AS t, mod(a / 10, 10)::int AS j, mod(a, 10)::int AS k FROM ("
    "SELECT f, a, a / 100 AS y FROM (SELECT f, CASE WHEN abs(f) < 1000000000000000000 THEN abs(f)::bigint END AS a FROM ("
    "SELECT round(({0})::numeric, 2) * 100 AS f OFFSET 0) AS g OFFSET 0) AS h OFFSET 0) AS i OFFSET 0) AS l)"
)


def _rmb_form(writer: Any, arguments: Sequence[Any], types: Sequence[Type], result: Type) -> Any:
    if writer.dialect == "sqlite":
        return writer.plain(func.dg_rmb_upper(writer.argument(arguments[0])), result)
    return writer.plain(writer.template(_PG_RMB, writer.numeric(arguments[0])), result)


_TEXT: Callable[[Sequence[Typed]], Type] = lambda arguments: Text()  # a type, written once
_N = Parameter("n", "whole")

FUNCTIONS = (
    Function("SPLIT", "text", (_S, Parameter("separator", "text"), _N), "按分隔符拆开后的第 n 段，没有则为空", "The n-th part between separators; null when there is none", (Example('SPLIT("A-12-3", "-", 2)', "12"), Example('SPLIT("A-12", "-", 3)', None)), "split({0}, {1}, {2})", _form("dg_split", _PG_SPLIT), "R.split({0}, {1}, {2})", result=_TEXT, maybe_null=True),
    Function("REPEAT", "text", (_S, _N), "把文本重复 n 次；超过 10000 个字时为空", "A text n times over; null beyond 10,000 characters", (Example('REPEAT("★", 3)', "★★★"),), "repeat({0}, {1})", _form("dg_repeat", _PG_REPEAT), "R.repeat({0}, {1})", result=_TEXT, maybe_null=True),
    Function("PADLEFT", "text", (_S, Parameter("width", "whole"), Parameter("fill", "text", optional=True)), "在左边补足到 width 个字，默认补 0；已经够长的不变", "Filled up on the left to a width, with 0 unless told otherwise; a longer text stays", (Example('PADLEFT("42", 5)', "00042"), Example('PADLEFT("abc", 2)', "abc")), "pad_left({all})", _padded, "R.padLeft({all})", result=_TEXT),
    Function("MASK", "text", (_S, Parameter("left", "whole"), Parameter("right", "whole")), "只露出左边和右边的几个字，其余用 * 代替；太短的文本全部遮住", "Shows some characters at both ends and stars between; a text too short is hidden whole", (Example('MASK("13812345678", 3, 4)', "138****5678"), Example('MASK("138", 3, 4)', "***")), "mask({0}, {1}, {2})", _masked, "R.mask({0}, {1}, {2})", result=_TEXT),
    Function("MATCHES", "text", (_S, Parameter("pattern", "text")), "整段文本是否符合一个模式（正则表达式的常用部分）；超过 200 个字的文本不符合", "Whether a whole text fits a pattern (the common part of regular expressions); a text beyond 200 characters does not", (Example('MATCHES("AB-123", "[A-Z]{2}-\\\\d+")', True), Example('MATCHES("AB-123x", "[A-Z]{2}-\\\\d+")', False)), "matches({0}, compiled({1}))", _matched, "R.matches({0}, {1})", write=_matches),
    Function("ISPHONE", "text", (_S,), "是否像一个中国的电话号码（手机、座机或 400）", "Whether a text looks like a Chinese telephone number: mobile, landline or 400", (Example('ISPHONE("138 1234 5678")', True), Example('ISPHONE("12345")', False)), WRITTEN, WRITTEN, WRITTEN, write=_known_pattern("ISPHONE", _PHONE)),
    Function("ISEMAIL", "text", (_S,), "是否像一个邮箱地址", "Whether a text looks like an e-mail address", (Example('ISEMAIL("li.wei@example.com")', True), Example('ISEMAIL("li.wei@")', False)), WRITTEN, WRITTEN, WRITTEN, write=_known_pattern("ISEMAIL", _EMAIL)),
    Function("TEXT", "text", (Parameter("x", "any"), Parameter("pattern", "text")), '按格式写成文本：数字用 0 # , . %，日期用 yyyy mm dd hh mm ss aaaa（星期）', "A number or date as text by a layout: 0 # , . % for numbers, yyyy mm dd hh mm ss aaaa (weekday) for dates", (Example('TEXT(1234567.891, "#,##0.00")', "1,234,567.89"), Example('TEXT(13%, "0.0%")', "13.0%"), Example('TEXT(#2026-03-01#, "yyyy年m月d日 aaaa")', "2026年3月1日 星期日"), Example('TEXT(created_at, "hh:mm")', "09:30")), _python_text, _sql_text, _js_text, write=_text),
    Function("RMBUPPER", "text", (Parameter("amount", "number"),), "金额的中文大写，四舍五入到分；超过 16 位整数时为空", "An amount of yuan in Chinese capitals, rounded to fen; null beyond 16 digits", (Example("RMBUPPER(1680.32)", "壹仟陆佰捌拾元叁角贰分"), Example("RMBUPPER(10500)", "壹万零伍佰元整")), "rmb_upper({0})", _rmb_form, lambda codes, types, result: f"R.rmbUpper({codes[0]}, {scale_of(types[0])})", result=_TEXT, maybe_null=True),
)  # fmt: skip
