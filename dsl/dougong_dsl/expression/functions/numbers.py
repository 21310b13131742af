"""Functions of numbers."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import func

from dougong_dsl.expression import operators, syntax
from dougong_dsl.expression.binding import Binding
from dougong_dsl.expression.functions.model import WRITTEN, CodeForm, Example, Function, Parameter, SqlForm
from dougong_dsl.expression.typed import Call, Constant, Typed
from dougong_dsl.expression.types import Money, Number, Type, digits_of, is_number, scale_of

_PLACES = Parameter("places", "whole", optional=True, written=(-15, 10))


def _with_scale(kind: Type, whole: int, scale: int) -> Type:
    return Money(kind.currency, whole + scale, scale) if isinstance(kind, Money) else Number(whole + scale, scale)


def _whole(kind: Type) -> int:
    return digits_of(kind) - scale_of(kind)


def places_of(arguments: Sequence[Typed], position: int = 1, default: int = 0) -> int:
    """The places that were written as an argument."""
    argument = arguments[position] if len(arguments) > position else None
    return argument.value if isinstance(argument, Constant) and isinstance(argument.value, int) else default


def _rounded(arguments: Sequence[Typed]) -> Type:
    kind = arguments[0].type
    return _with_scale(kind, max(_whole(kind), 1) + 1, min(scale_of(kind), max(places_of(arguments), 0)))


def rounded_to(value: Typed, places: int) -> Typed:
    """ROUND(value, places) as a node."""
    arguments = (value, Constant(type=Number(2, 0), nullable=False, value=places))
    return Call(type=_rounded(arguments), nullable=value.nullable, function="ROUND", arguments=arguments)


def _first(arguments: Sequence[Typed]) -> Type:
    return arguments[0].type


def _stepped(arguments: Sequence[Typed]) -> Type:
    kind = arguments[0].type
    if len(arguments) == 1:
        return _with_scale(kind, _whole(kind) + 1, 0)
    scale = max(scale_of(kind), scale_of(arguments[1].type))
    return _with_scale(kind, max(_whole(kind), _whole(arguments[1].type)) + 1, scale)


def _modulo_type(arguments: Sequence[Typed]) -> Type:
    a, b = arguments[0].type, arguments[1].type
    return _with_scale(a, max(_whole(b), _whole(a)), max(scale_of(a), scale_of(b)))


def _percent_type(arguments: Sequence[Typed]) -> Type:
    scale = max(places_of(arguments, 2, 4), 0)
    return Number(_whole(arguments[0].type) + scale_of(arguments[1].type) + 1 + scale, scale)


def numeric(sqlite: str, postgresql: Callable[..., Any]) -> SqlForm:
    """A function of numbers: registered on SQLite, an expression over numerics on PostgreSQL."""

    def form(writer: Any, arguments: Sequence[Any], types: Sequence[Type], result: Type) -> Any:
        if writer.dialect == "sqlite":
            return writer.from_text(getattr(func, sqlite)(*(writer.argument(each) for each in arguments)), result)
        return writer.number(postgresql(writer, *(writer.numeric(each) for each in arguments)), result)

    return form


def _js_rounding(name: str) -> CodeForm:
    def form(codes: Sequence[str], types: Sequence[Type], result: Type) -> str:
        places = codes[1] if len(codes) > 1 else "0n"
        return f"R.{name}({codes[0]}, {scale_of(types[0])}, {places}, {scale_of(result)})"

    return form


def _js_stepping(name: str) -> CodeForm:
    def form(codes: Sequence[str], types: Sequence[Type], result: Type) -> str:
        step, scale = (codes[1], scale_of(types[1])) if len(codes) > 1 else ("1n", 0)
        return f"R.{name}({codes[0]}, {scale_of(types[0])}, {step}, {scale}, {scale_of(result)})"

    return form


def _js_modulo(codes: Sequence[str], types: Sequence[Type], result: Type) -> str:
    scale = scale_of(result)
    return f"R.mod(R.up({codes[0]}, {scale - scale_of(types[0])}), R.up({codes[1]}, {scale - scale_of(types[1])}))"


def _js_percent(codes: Sequence[str], types: Sequence[Type], result: Type) -> str:
    places = codes[2] if len(codes) > 2 else "4n"
    return f"R.percent({codes[0]}, {scale_of(types[0])}, {codes[1]}, {scale_of(types[1])}, {places}, {scale_of(result)})"


def js_extreme(name: str) -> CodeForm:
    """R.min / R.max with every number brought to the scale of the result."""

    def form(codes: Sequence[str], types: Sequence[Type], result: Type) -> str:
        scale = scale_of(result)
        aligned = [
            f"R.up({code}, {scale - scale_of(kind)})" if scale_of(kind) < scale else code for code, kind in zip(codes, types, strict=True)
        ]
        return f"R.{name}({', '.join(aligned)})"

    return form


def extreme(sqlite: str, postgresql: str) -> SqlForm:
    """The smallest or greatest of several values without the nulls."""

    def form(writer: Any, arguments: Sequence[Any], types: Sequence[Type], result: Type) -> Any:
        if len(arguments) == 1:
            return arguments[0]
        if not is_number(result):
            name = postgresql if writer.dialect == "postgresql" else f"dg_{sqlite}"
            return writer.plain(getattr(func, name)(*(each.element for each in arguments)), result)
        if writer.dialect == "postgresql":
            return writer.number(getattr(func, postgresql)(*(writer.numeric(each) for each in arguments)), result)
        aligned = writer.aligned(arguments)
        if aligned[0].is_text:
            return writer.from_text(getattr(func, f"dg_{sqlite}_number")(*(writer.argument(each) for each in aligned)), result)
        return writer.like(getattr(func, f"dg_{sqlite}")(*(each.element for each in aligned)), aligned, result)

    return form


def _power(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
    binary = syntax.Binary(operator="^", left=node.arguments[0], right=node.arguments[1], negated=False, start=node.start, end=node.end)
    return operators.binary(checker, binary)


def _clamped(arguments: Sequence[Typed]) -> Type:
    kinds = [argument.type for argument in arguments]
    return _with_scale(kinds[0], max(map(_whole, kinds)), max(map(scale_of, kinds)))


def _clamp_form(writer: Any, arguments: Sequence[Any], types: Sequence[Type], result: Type) -> Any:
    if writer.dialect == "postgresql":
        template = (
            "(SELECT CASE WHEN n IS NOT NULL AND l IS NOT NULL AND h IS NOT NULL THEN least(greatest(n, l), h) END "
            "FROM (SELECT {0} AS n, {1} AS l, {2} AS h OFFSET 0) AS g)"
        )
        return writer.number(writer.template(template, *(writer.numeric(each) for each in arguments)), result)
    value, low, high = writer.aligned([*arguments, writer.written(0, result)])[:3]
    if value.is_text:
        return writer.from_text(func.dg_clamp_number(*(writer.argument(each) for each in (value, low, high))), result)
    found = func.min(func.max(value.element, low.element), high.element)
    return writer.like(found, [value, low, high], result)


def _js_clamp(codes: Sequence[str], types: Sequence[Type], result: Type) -> str:
    scale = scale_of(result)
    value, low, high = (f"R.up({code}, {scale - scale_of(kind)})" for code, kind in zip(codes, types, strict=True))
    return f"R.clamp({value}, {low}, {high})"


def _pg_round_up(writer: Any, value: Any, places: Any = None) -> Any:
    template = (
        "(SELECT CASE WHEN t = v THEN v ELSE t + sign(v) * power(10::numeric, -p) END "
        "FROM (SELECT v, p, trunc(v, p) AS t FROM (SELECT {0} AS v, ({1})::int AS p OFFSET 0) AS g OFFSET 0) AS h)"
    )
    return writer.template(template, value, places if places is not None else writer.integer_literal(0))


def _pg_round(writer: Any, value: Any, places: Any = None) -> Any:
    return func.round(value, writer.small(places)) if places is not None else func.round(value)


def _pg_trunc(writer: Any, value: Any, places: Any = None) -> Any:
    return func.trunc(value, writer.small(places)) if places is not None else func.trunc(value)


def _pg_ceiling(writer: Any, value: Any, step: Any = None) -> Any:
    if step is None:
        return func.ceil(value)
    template = "(SELECT CASE WHEN s > 0 THEN v - mod(v, s) + CASE WHEN mod(v, s) > 0 THEN s ELSE 0 END END FROM (SELECT {0} AS v, {1} AS s OFFSET 0) AS g)"
    return writer.template(template, value, step)


def _pg_floor(writer: Any, value: Any, step: Any = None) -> Any:
    if step is None:
        return func.floor(value)
    template = "(SELECT CASE WHEN s > 0 THEN v - mod(v, s) - CASE WHEN mod(v, s) < 0 THEN s ELSE 0 END END FROM (SELECT {0} AS v, {1} AS s OFFSET 0) AS g)"
    return writer.template(template, value, step)


def _pg_modulo(writer: Any, value: Any, divisor: Any) -> Any:
    template = (
        "(SELECT CASE WHEN b = 0 THEN NULL WHEN mod(a, b) <> 0 AND (mod(a, b) < 0) <> (b < 0) THEN mod(a, b) + b ELSE mod(a, b) END "
        "FROM (SELECT {0} AS a, {1} AS b OFFSET 0) AS g)"
    )
    return writer.template(template, value, divisor)


def _pg_percent(writer: Any, part: Any, whole: Any, places: Any = None) -> Any:
    return func.round(writer.exact_division(part, whole), writer.small(places) if places is not None else 4)


def _pg_number(writer: Any, text: Any) -> Any:
    return writer.template(
        "(SELECT CASE WHEN v ~ '^[+-]?[0-9]{{1,18}}(\\.[0-9]{{1,10}})?$' THEN v::numeric END "
        "FROM (SELECT replace(btrim({0}, {1}), ',', '') AS v OFFSET 0) AS g)",
        text,
        writer.spaces(),
    )


def _number_form(writer: Any, arguments: Sequence[Any], types: Sequence[Type], result: Type) -> Any:
    if writer.dialect == "sqlite":
        return writer.from_text(func.dg_number(arguments[0].element), result)
    return writer.number(_pg_number(writer, arguments[0].element), result)


def _sign_form(writer: Any, arguments: Sequence[Any], types: Sequence[Type], result: Type) -> Any:
    value = arguments[0]
    if value.is_text and writer.dialect == "sqlite":
        return writer.from_text(func.dg_sign(value.element), result)
    if writer.dialect == "postgresql":
        return writer.number(func.sign(writer.numeric(value)), result)
    return writer.scaled(func.sign(value.element), 0, 1, result)


def _abs_form(writer: Any, arguments: Sequence[Any], types: Sequence[Type], result: Type) -> Any:
    value = arguments[0]
    if value.is_text and writer.dialect == "sqlite":
        return writer.from_text(func.dg_abs(value.element), result)
    return writer.like(func.abs(value.element), [value], result)


_N = Parameter("n", "number")
_ROUND_HALF_ZH = "四舍五入到指定位数（默认取整），5 总是远离零"

FUNCTIONS = (
    Function("ABS", "numbers", (_N,), "绝对值", "The amount of a number without its sign", (Example("ABS(-3.5)", Decimal("3.5")),), "absolute({0})", _abs_form, "R.abs({0})", result=_first),
    Function("SIGN", "numbers", (_N,), "正数为 1，负数为 -1，零为 0", "1, -1 or 0 for a positive, negative or zero number", (Example("SIGN(-3.5)", -1),), "sign({0})", _sign_form, "R.sign({0})", result=lambda a: Number(1, 0)),
    Function("ROUND", "numbers", (_N, _PLACES), _ROUND_HALF_ZH, "Rounds half away from zero to a number of places (default 0)", (Example("ROUND(2.5)", 3), Example("ROUND(-2.5)", -3), Example("ROUND(1.005, 2)", Decimal("1.01"))), "round_half({all})", numeric("dg_round", _pg_round), _js_rounding("round"), result=_rounded),
    Function("ROUNDUP", "numbers", (_N, _PLACES), "向远离零的方向进位", "Rounds away from zero", (Example("ROUNDUP(2.001, 2)", Decimal("2.01")),), "round_up({all})", numeric("dg_roundup", _pg_round_up), _js_rounding("roundUp"), result=_rounded),
    Function("ROUNDDOWN", "numbers", (_N, _PLACES), "向零的方向舍去", "Rounds towards zero", (Example("ROUNDDOWN(-2.78, 1)", Decimal("-2.7")),), "round_down({all})", numeric("dg_rounddown", _pg_trunc), _js_rounding("roundDown"), result=_rounded),
    Function("TRUNC", "numbers", (_N, _PLACES), "截去小数部分", "Cuts off places", (Example("TRUNC(-2.78)", -2),), "round_down({all})", numeric("dg_rounddown", _pg_trunc), _js_rounding("roundDown"), result=_rounded),
    Function("INT", "numbers", (_N,), "不大于该数的最大整数", "The greatest whole number that is not above", (Example("INT(-2.1)", -3),), "floor({0})", numeric("dg_floor", _pg_floor), _js_stepping("floor"), result=_stepped),
    Function("CEILING", "numbers", (_N, Parameter("step", "number", optional=True)), "向上取到步长的倍数（默认 1）；步长不是正数时为空", "Up to a multiple of the step (default 1); null unless the step is positive", (Example("CEILING(7, 3)", 9), Example("CEILING(-2.1)", -2)), "ceiling({all})", numeric("dg_ceiling", _pg_ceiling), _js_stepping("ceiling"), result=_stepped, maybe_null=True),
    Function("FLOOR", "numbers", (_N, Parameter("step", "number", optional=True)), "向下取到步长的倍数（默认 1）；步长不是正数时为空", "Down to a multiple of the step (default 1); null unless the step is positive", (Example("FLOOR(7, 3)", 6),), "floor_step({all})", numeric("dg_floorstep", _pg_floor), _js_stepping("floor"), result=_stepped, maybe_null=True),
    Function("MOD", "numbers", (Parameter("a", "number"), Parameter("b", "number")), "余数，符号与除数相同；除数为 0 时为空", "The remainder, with the sign of the divisor; null when it is 0", (Example("MOD(-7, 3)", 2), Example("MOD(7, 0)", None)), "modulo({0}, {1})", numeric("dg_mod", _pg_modulo), _js_modulo, result=_modulo_type, maybe_null=True),
    Function("POWER", "numbers", (_N, Parameter("exponent", "whole", written=(0, 20))), "乘方，同 n ^ 次数", "A number to a power, the same as n ^ exponent", (Example("POWER(1.1, 2)", Decimal("1.21")),), WRITTEN, WRITTEN, WRITTEN, write=_power),
    Function("CLAMP", "numbers", (_N, Parameter("low", "number"), Parameter("high", "number")), "不小于 low，也不大于 high 的值", "A number kept between low and high", (Example("CLAMP(120, 0, 100)", 100), Example("CLAMP(-0.5, 0, 1)", 0)), "clamp({0}, {1}, {2})", _clamp_form, _js_clamp, result=_clamped),
    Function("PERCENT", "numbers", (Parameter("part", "number"), Parameter("whole", "number"), Parameter("places", "whole", optional=True, written=(0, 10))), "占比，13% 记作 0.13（默认 4 位小数）；总数为 0 时为空", "The share, 13 % is 0.13 (default 4 places); null when the whole is 0", (Example("PERCENT(1, 3)", Decimal("0.3333")), Example("PERCENT(1, 0)", None)), "percent({all})", numeric("dg_percent", _pg_percent), _js_percent, result=_percent_type, maybe_null=True),
    Function("NUMBER", "numbers", (Parameter("text", "text"),), "把文本转成数字，不是数字时为空", "Text as a number; null when it is none", (Example('NUMBER(" 1,200.50 ")', Decimal("1200.5")), Example('NUMBER("abc")', None)), "number({0})", _number_form, "R.number({0}, 10)", result=lambda a: Number(28, 10), aliases=("VALUE",), maybe_null=True),
)  # fmt: skip
