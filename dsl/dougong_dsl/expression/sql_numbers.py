"""Arithmetic in SQL: scaled 64-bit integers on SQLite while the bound is proven, exact decimal text beyond; bigint and
numeric on PostgreSQL. Whole numbers and decimals are exact in all of them."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, Numeric, Text, cast, func, literal, literal_column, null, type_coerce
from sqlalchemy.types import TypeEngine

from dougong_dsl.expression import values
from dougong_dsl.expression.sql_values import LIMIT, Dialect, Template, Value, column_type, raw_column
from dougong_dsl.expression.typed import Typed
from dougong_dsl.expression.types import Boolean, Type, digits_of, scale_of


class NumberWriter(ABC):
    """How one database does arithmetic. Function bodies of the table get one of these as `writer`."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect

    @abstractmethod
    def write(self, node: Typed) -> Value:
        """The value of a node."""

    @abstractmethod
    def element(self, node: Typed) -> ColumnElement[Any]:
        """The value of a node that is no number."""

    @abstractmethod
    def zone(self) -> ColumnElement[Any]:
        """The app's time zone by name."""

    # making values

    def plain(self, element: Any, kind: Type) -> Value:
        """A value that is no number."""
        return Value(type_coerce(element, column_type(kind, self.dialect)) if not isinstance(kind, Boolean) else element, kind)

    def scaled(self, element: Any, scale: int, bound: int, kind: Type) -> Value:
        """A whole number (shifted by `scale` places on SQLite) with a proven bound; PostgreSQL reckons in bigints."""
        element = cast(element, BigInteger()) if self.dialect == "postgresql" else element
        return Value(element, kind, scale, bound)

    def number(self, element: Any, kind: Type) -> Value:
        """PostgreSQL: a numeric."""
        return Value(type_coerce(element, Numeric()), kind, scale_of(kind))

    def from_text(self, element: Any, kind: Type) -> Value:
        """SQLite: decimal text, turned into a scaled integer when it is sure to fit."""
        if digits_of(kind) <= 18:
            return Value(func.dg_scaled(element, scale_of(kind), type_=BigInteger()), kind, scale_of(kind), 10 ** digits_of(kind))
        return Value(type_coerce(element, Text()), kind, scale_of(kind))

    def like(self, element: Any, others: Sequence[Value], kind: Type) -> Value:
        """A value kept as the others are, all being alike."""
        bounds = [other.bound for other in others]
        bound = None if None in bounds else max((b for b in bounds if b is not None), default=0)
        return Value(element, kind, max(other.scale for other in others), bound)

    def column(self, column: ColumnElement[Any], kind: Type) -> Value:
        """A number column."""
        element = raw_column(column, kind, self.dialect)
        if self.dialect == "postgresql" and scale_of(kind):
            return Value(element, kind, scale_of(kind))
        return Value(element, kind, scale_of(kind), 10 ** digits_of(kind) - 1)

    def written(self, value: int | Decimal, kind: Type) -> Value:
        """A number in the text."""
        scale = scale_of(kind)
        if self.dialect == "postgresql":
            if scale == 0 and -LIMIT <= value <= LIMIT:
                return Value(literal(int(value), BigInteger()), kind, 0, abs(int(value)), value)
            return Value(literal(Decimal(value), Numeric()), kind, scale, None, value)
        whole = int(Decimal(value).scaleb(scale, values.WIDE))
        if abs(whole) <= LIMIT:
            return Value(literal(whole, BigInteger()), kind, scale, abs(whole), value)
        return Value(literal(f"{Decimal(value):f}", Text()), kind, scale, None, value)

    def blank(self, kind: Type) -> Value:
        """A null number."""
        return Value(
            cast(null(), Numeric()) if self.dialect == "postgresql" else null(),
            kind,
            scale_of(kind),
            0 if self.dialect == "sqlite" else None,
        )

    # turning values into what a body needs

    def text(self, value: Value) -> ColumnElement[Any]:
        """SQLite: a number as decimal text (or a plain integer when it has no places)."""
        if value.is_text or value.scale == 0:
            return value.element
        if value.constant is not None:
            return literal(f"{Decimal(value.constant):f}", Text())
        return func.dg_text(value.element, value.scale, type_=Text())

    argument = text

    def numeric(self, value: Value) -> ColumnElement[Any]:
        """PostgreSQL: a number as numeric, anything else as it is."""
        if value.constant is not None:
            return literal(Decimal(value.constant), Numeric())
        return cast(value.element, Numeric()) if value.bound is not None else value.element

    def whole(self, value: Value) -> ColumnElement[Any]:
        """A whole number for a body that bounds it itself."""
        return value.element

    def small(self, element: ColumnElement[Any]) -> ColumnElement[Any]:
        """PostgreSQL: a written number of places as the integer that round() wants."""
        return cast(element, Integer())

    def small_integer(self, value: Value, highest: int, lowest: int = 0) -> ColumnElement[Any]:
        """A whole number clamped between two small ones."""
        if value.constant is not None:
            return literal_column(str(max(lowest, min(highest, int(value.constant)))), Integer())
        if self.dialect == "postgresql":  # least() and greatest() would skip a null
            clamp = "(SELECT CASE WHEN n IS NOT NULL THEN least(greatest(n, {1}), {2})::int END FROM (SELECT {0} AS n OFFSET 0) AS g)"
            ends = literal_column(str(lowest), Integer()), literal_column(str(highest), Integer())
            return self.template(clamp, value.element, *ends, kind=Integer())
        if value.is_text:
            return func.dg_clamp(value.element, lowest, highest, type_=Integer())
        return func.min(func.max(value.element, lowest), highest, type_=Integer())

    def integer_literal(self, number: int) -> ColumnElement[Any]:
        """A written whole number."""
        return literal_column(str(number), BigInteger())

    def template(self, template: str, *arguments: ColumnElement[Any], kind: TypeEngine[Any] | None = None) -> Template:
        """PostgreSQL text around arguments, each of them written once."""
        return Template(template, *arguments, kind=kind or Numeric())

    def condition(self, template: str, *arguments: ColumnElement[Any]) -> Template:
        """Text around arguments that gives true or false."""
        return Template(template, *arguments, kind=column_type(Boolean(), self.dialect))

    def literal_text(self, text: str) -> ColumnElement[Any]:
        """A text as a parameter."""
        return literal(text, Text())

    def zero_text(self) -> ColumnElement[Any]:
        """The text "0"."""
        return literal_column("'0'", Text())

    def spaces(self) -> ColumnElement[Any]:
        """The characters that TRIM strips."""
        return literal(values.SPACES, Text())

    def empty(self) -> ColumnElement[Any]:
        """The empty text."""
        return literal_column("''", Text())

    def binary_order(self, element: ColumnElement[Any]) -> ColumnElement[Any]:
        """PostgreSQL: text that compares by code point."""
        return element.collate("C") if self.dialect == "postgresql" else element

    def list_length(self, element: ColumnElement[Any]) -> ColumnElement[Any]:
        """Number of values in a list value; 0 for null."""
        length = func.json_array_length if self.dialect == "sqlite" else func.cardinality
        return func.coalesce(length(element), 0, type_=BigInteger())

    # arithmetic

    def aligned(self, numbers: Sequence[Value]) -> list[Value]:
        """Numbers in one common form, so that they can be compared, chosen from and returned side by side."""
        if self.dialect == "postgresql":
            return list(numbers)
        scale = max((number.scale for number in numbers), default=0)
        shifted = [self.shifted(number, scale) for number in numbers]
        if any(number is None for number in shifted):
            return [Value(self._as_text(number), number.type, scale) for number in numbers]
        return [number for number in shifted if number is not None]

    def _as_text(self, number: Value) -> ColumnElement[Any]:
        found = self.text(number)
        return func.dg_text(found, 0, type_=Text()) if not number.is_text and number.scale == 0 else found

    def shifted(self, number: Value, scale: int) -> Value | None:
        """SQLite: a scaled integer with more places; None when that may not fit."""
        if number.bound is None:
            return None
        factor = 10 ** (scale - number.scale)
        if number.bound * factor > LIMIT:
            return None
        if factor == 1:
            return number
        if number.constant is not None:
            whole = int(Decimal(number.constant).scaleb(scale, values.WIDE))
            return Value(literal(whole, BigInteger()), number.type, scale, abs(whole), number.constant)
        return Value(number.element * literal_column(str(factor), BigInteger()), number.type, scale, number.bound * factor)

    def arithmetic(self, operator: str, left: Value, right: Value, kind: Type) -> Value:
        """`+ - * /`"""
        if operator == "/":
            return self.divided(left, right, kind)
        if operator == "*":
            return self._times(left, right, kind)
        if self.dialect == "sqlite":
            scale = max(left.scale, right.scale)
            a, b = self.shifted(left, scale), self.shifted(right, scale)
            if a is not None and b is not None and (a.bound or 0) + (b.bound or 0) <= LIMIT:
                element = a.element + b.element if operator == "+" else a.element - b.element
                return Value(element, kind, scale, (a.bound or 0) + (b.bound or 0))
            name = func.dg_add if operator == "+" else func.dg_sub
            return Value(name(self.text(left), self.text(right), type_=Text()), kind, scale)
        if left.bound is not None and right.bound is not None and left.bound + right.bound <= LIMIT:
            element = left.element + right.element if operator == "+" else left.element - right.element
            return Value(element, kind, 0, left.bound + right.bound)
        exact = self.numeric(left), self.numeric(right)
        return self.number(exact[0] + exact[1] if operator == "+" else exact[0] - exact[1], kind)

    def _times(self, left: Value, right: Value, kind: Type) -> Value:
        fits = left.bound is not None and right.bound is not None and left.bound * right.bound <= LIMIT
        if fits:
            return Value(left.element * right.element, kind, left.scale + right.scale, (left.bound or 0) * (right.bound or 0))
        if self.dialect == "sqlite":
            return Value(func.dg_mul(self.text(left), self.text(right), type_=Text()), kind, scale_of(kind))
        return self.number(self.numeric(left) * self.numeric(right), kind)

    def divided(self, left: Value, right: Value, kind: Type) -> Value:
        """Ten places, half away from zero; null for a zero divisor."""
        if self.dialect == "sqlite":
            return self.from_text(func.dg_div(self.text(left), self.text(right), type_=Text()), kind)
        return self.number(
            func.round(self.exact_division(self.numeric(left), self.numeric(right), 14 + digits_of(right.type) + scale_of(left.type)), 10),
            kind,
        )

    def exact_division(self, left: ColumnElement[Any], right: ColumnElement[Any], places: int = 60) -> ColumnElement[Any]:
        """PostgreSQL: a quotient with enough places to be rounded afterwards; null for a zero divisor.

        A quotient of numerics has as many places as its operands show, at least; without more it is not exact enough.
        """
        return self.template(f"((({{0}})::numeric + 0e-{places}) / nullif(({{1}})::numeric, 0))", left, right)

    def negated(self, value: Value) -> Value:
        """-x"""
        if value.is_text and self.dialect == "sqlite":
            return Value(func.dg_neg(value.element, type_=Text()), value.type, value.scale)
        return Value(-value.element, value.type, value.scale, value.bound)

    def pair(self, left: Value, right: Value) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
        """Two numbers as elements that compare natively."""
        if self.dialect == "postgresql":
            return left.element, right.element
        a, b = self.aligned([left, right])
        if a.is_text:
            return func.dg_cmp(a.element, b.element, type_=Integer()), literal_column("0", Integer())
        return a.element, b.element
