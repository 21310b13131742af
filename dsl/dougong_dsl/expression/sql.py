"""Typed tree → SQLAlchemy Core elements for SQLite and PostgreSQL.

SQL's own three-valued logic is the language's, so conditions stay plain and an index can serve them. Links become
scalar subqueries, lists correlated aggregates, each on a fresh alias. Facts of the run are bound under fixed names:
`dg_today`, `dg_now`, `dg_zone`, `dg_me_<attribute>` (a list value as a JSON text on SQLite, an array on PostgreSQL).
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    Integer,
    String,
    Text,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    literal_column,
    not_,
    null,
    or_,
    select,
    true,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.sql.visitors import iterate

from dougong_dsl.expression import sql_times, sql_trees, sql_working, typed, types
from dougong_dsl.expression.context import Context
from dougong_dsl.expression.functions import FUNCTIONS, NOT_THERE
from dougong_dsl.expression.sql_history import HistoryWriter
from dougong_dsl.expression.sql_values import LIMIT, Dialect, Value, column_type, compared, constant, decoder, encode, raw_column
from dougong_dsl.expression.types import Type, digits_of, is_number, scale_of

Formulas = Callable[[str, str], typed.Expression | None]
"""(object, field) → the expression of a formula field that has no column, else None."""

_SAFE_ROWS = 10**6
"""Rows whose sum is proven to fit before it is added up in halves."""


class Writer(HistoryWriter):
    """Writes one expression; `rows` are the FROM elements by depth."""

    def __init__(self, table: FromClause | None, tables: Mapping[str, FromClause], dialect: Dialect, formulas: Formulas | None) -> None:
        super().__init__(dialect)
        self.rows: list[FromClause | None] = [table]
        self.tables = tables
        self.formulas = formulas

    def write(self, node: typed.Typed) -> Value:
        """The value of a node."""
        visit = cast("Callable[[Any], Value]", getattr(self, f"_{type(node).__name__.lower()}"))
        return visit(node)

    def element(self, node: typed.Typed) -> ColumnElement[Any]:
        """The value of a node that is no number."""
        return self.write(node).element

    # leaves

    def _constant(self, node: typed.Constant) -> Value:
        if node.value is None:
            return self.nothing(node.type)
        if is_number(node.type):
            return self.written(cast(Any, node.value), node.type)
        return Value(constant(node.value, node.type, self.dialect), node.type)

    def nothing(self, kind: Type) -> Value:
        """Null as a value of a type."""
        if is_number(kind):
            return self.blank(kind)
        if self.dialect == "sqlite" or isinstance(kind, types.Null):
            return Value(null(), kind)
        return Value(sql_cast(null(), column_type(kind, self.dialect)), kind)

    def _today(self, node: typed.Today) -> Value:
        return Value(bindparam("dg_today", type_=column_type(node.type, self.dialect)), node.type)

    def _now(self, node: typed.Now) -> Value:
        return Value(bindparam("dg_now", type_=column_type(node.type, self.dialect)), node.type)

    def zone(self) -> ColumnElement[Any]:
        """The app's time zone by name."""
        return bindparam("dg_zone", type_=Text())

    def _localtime(self, node: typed.LocalTime) -> Value:
        return sql_times.local_time(self, node)

    def _get(self, node: typed.Get) -> Value:
        row = node.row
        if isinstance(row, typed.Acting):
            return self.known(bindparam(f"dg_me_{node.name}", type_=column_type(node.type, self.dialect)), node.type)
        if isinstance(row, typed.Here):
            table = self.rows[row.depth]
            assert table is not None  # the checker gave a field only where there is a record
            return self.field(table, row.object, node.name, node.type)
        assert isinstance(row, typed.Linked)  # `old` is refused before
        alias = self.tables[row.object].alias()
        found = self.field(alias, row.object, node.name, node.type)
        query = select(found.element).where(alias.c.id == self.element(row.link)).correlate_except(alias).scalar_subquery()
        return Value(query, found.type, found.scale, found.bound)

    def known(self, element: ColumnElement[Any], kind: Type) -> Value:
        """A column or parameter as the database keeps it."""
        return self.column(element, kind) if is_number(kind) else Value(raw_column(element, kind, self.dialect), kind)

    def field(self, table: FromClause, object_name: str, name: str, kind: Type) -> Value:
        """A field of a table: its column, or the expression of a formula that has none."""
        if name in table.c:
            return self.known(table.c[name], kind)
        formula = self.formulas(object_name, name) if self.formulas is not None else None
        if formula is None:
            raise KeyError(f"{object_name}.{name} has no column and no formula")
        outer, self.rows = self.rows, [table]
        try:
            return self.write(formula.root)
        finally:
            self.rows = outer

    # conditions

    def _not(self, node: typed.Not) -> Value:
        plain = typed.OneOf | typed.Range | typed.Compare | typed.Logical | typed.IsBlank | typed.InList | typed.Within | typed.Call
        if isinstance(node.item, plain):
            return Value(not_(self.element(node.item)), node.type)
        return Value(self._opposite(self.element(node.item)), node.type)

    def _opposite(self, element: ColumnElement[Any]) -> ColumnElement[Any]:
        return not_(element) if self.dialect == "postgresql" else element == literal_column("0", Integer())

    def _logical(self, node: typed.Logical) -> Value:
        items = [self.element(item) for item in node.items]
        return Value(and_(*items) if node.operator == "and" else or_(*items), node.type)

    def sides(self, left: typed.Typed, right: typed.Typed) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
        """Two values as elements that compare natively."""
        a, b = self.write(left), self.write(right)
        if is_number(left.type) and is_number(right.type):
            return self.pair(a, b)
        if isinstance(left.type, types.Text | types.Choice) and isinstance(right.type, types.Text | types.Choice):
            return self._ordered(left, a.element), b.element
        return a.element, b.element

    def _ordered(self, node: typed.Typed, element: ColumnElement[Any]) -> ColumnElement[Any]:
        """Text that compares by code point: columns do so already, other PostgreSQL text has to be told."""
        return element if isinstance(node, typed.Get) and not isinstance(node.row, typed.Acting) else self.binary_order(element)

    def _compare(self, node: typed.Compare) -> Value:
        left, right = self.sides(node.left, node.right)
        return Value(compared(node.operator, left, right), node.type)

    def _range(self, node: typed.Range) -> Value:
        if is_number(node.item.type):
            item, low, high = (self.write(side) for side in (node.item, node.low, node.high))
            if self.dialect == "sqlite":
                item, low, high = self.aligned([item, low, high])
                if item.is_text:
                    least, zero = func.dg_cmp(item.element, low.element), literal_column("0", Integer())
                    return Value(and_(least >= zero, func.dg_cmp(item.element, high.element) <= zero), node.type)
            return Value(item.element.between(low.element, high.element), node.type)
        low_side, high_side = self.element(node.low), self.element(node.high)
        item_side = self._ordered(node.item, self.element(node.item)) if isinstance(node.item.type, types.Text) else self.element(node.item)
        return Value(item_side.between(low_side, high_side), node.type)

    def _isblank(self, node: typed.IsBlank) -> Value:
        element = self.element(node.item)
        return Value(element.is_not(null()) if node.negated else element.is_(null()), node.type)

    def _oneof(self, node: typed.OneOf) -> Value:
        item = self.write(node.item)
        options = [self.write(option) for option in node.options]
        if is_number(node.item.type) and self.dialect == "sqlite":
            item, *options = self.aligned([item, *options])
            if item.is_text:  # equal numbers may be written with more or fewer zeros
                return Value(func.dg_shown(item.element).in_([func.dg_shown(option.element) for option in options]), node.type)
        return Value(item.element.in_([option.element for option in options]), node.type)

    def _inlist(self, node: typed.InList) -> Value:
        container = self.element(node.list)
        element = self.element(node.item)
        if self.dialect == "sqlite":
            each = func.json_each(container).table_valued("value")
            return Value(element.in_(select(each.c.value)), node.type)
        if not isinstance(node.list, typed.Get) or not isinstance(node.list.row, typed.Acting):
            container = func.coalesce(container, self.template("'{{}}'", kind=column_type(node.list.type, self.dialect)))
        return Value(element == func.any(container), node.type)

    def _within(self, node: typed.Within) -> Value:
        return Value(sql_trees.within(self, self.tables[node.object], self.element(node.item), self.element(node.above)), node.type)

    # numbers and times

    def _negate(self, node: typed.Negate) -> Value:
        return self.negated(self.write(node.item))

    def _arithmetic(self, node: typed.Arithmetic) -> Value:
        return self.arithmetic(node.operator, self.write(node.left), self.write(node.right), node.type)

    def _difference(self, node: typed.Difference) -> Value:
        return sql_times.difference(self, node)

    def _shift(self, node: typed.Shift) -> Value:
        return sql_times.shift(self, node)

    def _shiftmonths(self, node: typed.ShiftMonths) -> Value:
        return sql_times.shift_months(self, node)

    def _schedule(self, node: typed.Schedule) -> Value:
        return sql_working.schedule(self, node)

    def _workshift(self, node: typed.WorkShift) -> Value:
        return sql_working.shift(self, node)

    def _worked(self, node: typed.Worked) -> Value:
        return sql_working.worked(self, node)

    def _localday(self, node: typed.LocalDay) -> Value:
        return sql_times.local_day(self, node)

    # choices

    def _joined(self, node: typed.Joined) -> Value:
        parts = [self._shown(item) for item in node.items]
        joined = parts[0]
        for part in parts[1:]:
            joined = joined.op("||")(part)
        return Value(func.nullif(joined, self.empty(), type_=Text()) if node.nullable else sql_cast(joined, Text()), node.type)

    def _shown(self, node: typed.Typed) -> ColumnElement[Any]:
        if isinstance(node, typed.Constant) and node.value is None:
            return self.empty()
        value = self.write(node)
        element = value.element
        if is_number(node.type):
            if self.dialect == "sqlite":
                element = func.dg_shown(self.text(value), type_=String())
            else:
                element = sql_cast(func.trim_scale(self.numeric(value)), Text())
        elif isinstance(node.type, types.Date) and self.dialect == "postgresql":
            element = func.to_char(element, literal_column("'YYYY-MM-DD'"))
        return func.coalesce(element, self.empty(), type_=String()) if node.nullable else element

    def choose(self, values: Sequence[Value], kind: Type) -> tuple[list[ColumnElement[Any]], Value]:
        """Results of branches in one common form, and a model of that form."""
        if not is_number(kind):
            return [value.element for value in values], Value(null(), kind)
        if self.dialect == "postgresql":
            if all(value.bound is not None for value in values):
                bound = max(value.bound or 0 for value in values)
                return [value.element for value in values], Value(null(), kind, 0, bound)
            return [self.numeric(value) for value in values], Value(null(), kind, scale_of(kind))
        aligned = self.aligned([*values, Value(literal(0), kind, scale_of(kind), 0, 0)])
        return [value.element for value in aligned[:-1]], self.like(null(), aligned, kind)

    def _case(self, node: typed.Case) -> Value:
        values = [*(self.write(result) for _, result in node.branches), self.write(node.default)]
        elements, model = self.choose(values, node.type)
        tests = [self.truth(test) for test, _ in node.branches]
        found = case(*zip(tests, elements[:-1], strict=True), else_=elements[-1])
        return Value(found, node.type, model.scale, model.bound)

    def truth(self, node: typed.Typed) -> ColumnElement[Any]:
        """A condition where null counts as false."""
        element = self.element(node)
        return sql_cast(element, column_type(types.Boolean(), self.dialect)) if isinstance(node, typed.Constant) else element

    def _switch(self, node: typed.Switch) -> Value:
        values = [*(self.write(result) for _, result in node.branches), self.write(node.default)]
        elements, model = self.choose(values, node.type)
        item, *keys = [self.write(node.item), *(self.write(key) for key, _ in node.branches)]
        if is_number(node.item.type) and self.dialect == "sqlite":
            item, *keys = self.aligned([item, *keys])
            if item.is_text:
                item, *keys = [Value(func.dg_shown(each.element), each.type) for each in (item, *keys)]
        found = self._switched(item.element, [key.element for key in keys], elements)
        return Value(found, node.type, model.scale, model.bound)

    def _switched(
        self, item: ColumnElement[Any], keys: Sequence[ColumnElement[Any]], results: Sequence[ColumnElement[Any]]
    ) -> ColumnElement[Any]:
        whens = " ".join(f"WHEN {{{2 * i + 1}}} THEN {{{2 * i + 2}}}" for i in range(len(keys)))
        arguments = [item, *(part for pair in zip(keys, results, strict=False) for part in pair), results[-1]]
        return self.template(f"(CASE {{0}} {whens} ELSE {{{len(arguments) - 1}}} END)", *arguments, kind=results[0].type)

    def _firstof(self, node: typed.FirstOf) -> Value:
        items = [item for item in node.items if not (isinstance(item, typed.Constant) and item.value is None)]
        if not items:
            return self.nothing(node.type)
        elements, model = self.choose([self.write(item) for item in items], node.type)
        found = func.coalesce(*elements, type_=elements[0].type) if len(elements) > 1 else elements[0]
        return Value(found, node.type, model.scale, model.bound)

    def _call(self, node: typed.Call) -> Value:
        form = FUNCTIONS[node.function].sql
        assert callable(form)  # what is not there in SQL was refused before
        arguments = [self.write(argument) for argument in node.arguments]
        return cast(Value, form(self, arguments, [argument.type for argument in node.arguments], node.type))

    # lists

    def _aggregate(self, node: typed.Aggregate) -> Value:
        rows = node.rows
        alias = self.tables[rows.object].alias()
        linked = true() if isinstance(rows, typed.Records) else alias.c[rows.through] == self._row_id(rows.row)
        kept, self.rows = self.rows, [*self.rows[: node.depth], alias]
        try:
            where = None if node.where is None else self.element(node.where)
            body = None if node.body is None else self.write(node.body)
            order = None if node.order is None else self.write(node.order)
        finally:
            self.rows = kept
        if node.kind in ("any", "all"):
            test = where if where is not None else body.element if body is not None else true()
            if node.kind == "all":
                test = not_(func.coalesce(test, self._false()))
            return Value(self._there(alias, linked, test, node.kind == "all"), node.type)
        conditions = [linked] if where is None else [linked, where]
        if body is not None and node.kind in ("first", "last"):
            return self._picked(node, body, order, alias, conditions)
        if body is not None and node.kind == "join":
            inside = (
                select(body.element.label("v"))
                .select_from(alias)
                .where(*conditions)
                .order_by(alias.c.id)
                .correlate_except(alias)
                .subquery()
            )
            gather = func.group_concat if self.dialect == "sqlite" else func.string_agg
            query = select(gather(inside.c.v, literal(node.separator, Text()))).select_from(inside).correlate_except(inside)
            return Value(query.scalar_subquery(), node.type)
        if node.body is not None and body is not None and not _of_rows(node.body, node.depth):
            # an aggregate of nothing but outer columns would belong to the outer query
            values = select(body.element.label("v")).select_from(alias).where(*conditions).correlate_except(alias).subquery()
            body = Value(values.c.v, body.type, body.scale, body.bound)
            element, model = self._folded(node, body)
            query = select(element).select_from(values).correlate_except(values)
        else:
            element, model = self._folded(node, body)
            query = select(element).select_from(alias).where(*conditions).correlate_except(alias)
        return Value(query.scalar_subquery(), node.type, model.scale, model.bound)

    def _picked(
        self, node: typed.Aggregate, body: Value, order: Value | None, alias: FromClause, conditions: Sequence[ColumnElement[Any]]
    ) -> Value:
        """The value of the first or last row."""
        columns = [body.element.label("v"), alias.c.id.label("i")]
        if order is not None:
            key = func.dg_order(order.element) if order.is_text and self.dialect == "sqlite" else order.element
            columns.append((self.binary_order(key) if isinstance(order.type, types.Text) else key).label("o"))
        # what rows are ordered by stands in a query of its own: SQLite finds no outer column in an ORDER BY
        rows = select(*columns).select_from(alias).where(*conditions).correlate_except(alias).subquery()
        keys = [rows.c.o] if order is not None else []
        by = [key.asc().nulls_last() if node.kind == "first" else key.desc().nulls_last() for key in keys]
        by.append(rows.c.i.asc() if node.kind == "first" else rows.c.i.desc())
        query = select(rows.c.v).select_from(rows).order_by(*by).limit(literal_column("1")).correlate_except(rows)
        return Value(query.scalar_subquery(), node.type, body.scale, body.bound)

    def _there(self, alias: FromClause, linked: ColumnElement[Any], test: ColumnElement[Any], negated: bool) -> ColumnElement[Any]:
        found = exists(select(literal_column("1")).select_from(alias).where(linked, test).correlate_except(alias))
        return not_(found) if negated else found

    def _false(self) -> ColumnElement[Any]:
        return literal_column("false") if self.dialect == "postgresql" else literal_column("0", Integer())

    def _row_id(self, row: typed.Row) -> ColumnElement[Any]:
        if isinstance(row, typed.Here):
            table = self.rows[row.depth]
            assert table is not None  # the checker gave a list only where there is a record
            return table.c.id
        if isinstance(row, typed.Acting):
            return bindparam("dg_me_id", type_=column_type(types.Record(row.object), self.dialect))
        assert isinstance(row, typed.Linked)  # `old` is refused before
        return self.element(row.link)

    def _folded(self, node: typed.Aggregate, body: Value | None) -> tuple[ColumnElement[Any], Value]:
        """The aggregate of the rows and a model of its form."""
        if node.kind == "count":
            count = func.count() if body is None else func.count(body.element)
            return count, Value(count, node.type, 0, 10**12)
        assert body is not None  # only counting needs none
        if node.kind == "distinct":
            shown = func.dg_shown(body.element) if body.is_text and self.dialect == "sqlite" else body.element
            count = func.count(shown.distinct())
            return count, Value(count, node.type, 0, 10**12)
        if node.kind == "sum":
            return self._sum(node.type, body)
        if node.kind == "average":
            total, model = self._sum(_sum_type(body.type), body)
            count = func.count(body.element)
            both = self.divided(
                Value(total, _sum_type(body.type), model.scale, model.bound), Value(count, types.Number(12, 0), 0, 10**12), node.type
            )
            return both.element, both
        if body.is_text and self.dialect == "sqlite":
            gathered = func.json_group_array(body.element)
            found = func.dg_min(gathered) if node.kind == "min" else func.dg_max(gathered)
            value = self.from_text(found, node.type)
            return value.element, value
        extreme = func.min(body.element) if node.kind == "min" else func.max(body.element)
        return extreme, body

    def _sum(self, kind: Type, body: Value) -> tuple[ColumnElement[Any], Value]:
        zero = literal_column("0", Integer())
        if isinstance(kind, types.Duration):
            return sql_cast(func.coalesce(func.sum(body.element), zero), column_type(kind, self.dialect)), body
        if self.dialect == "postgresql":
            found = func.coalesce(func.sum(body.element), zero)
            return found, Value(found, kind, scale_of(kind))
        if body.bound is None:
            gathered = func.dg_sum(func.json_group_array(body.element), type_=Text())
            return gathered, Value(gathered, kind, scale_of(kind))
        if body.bound * _SAFE_ROWS <= LIMIT:
            found = func.coalesce(func.sum(body.element), zero)
            return found, Value(found, kind, body.scale, body.bound * _SAFE_ROWS)
        # sum() fails when it passes 64 bits: the billions and the rest are summed apart
        billion = literal_column("1000000000", Integer())
        high = func.coalesce(func.sum(body.element.op("/", precedence=8)(billion)), zero)
        low = func.coalesce(func.sum(body.element.op("%", precedence=8)(billion)), zero)
        combined = func.dg_combine(high, low, body.scale, type_=Text())
        return combined, Value(combined, kind, body.scale)


def _of_rows(body: typed.Typed, depth: int) -> bool:
    """Whether a body reads its row's own columns, and nothing through a sub-query."""
    nodes = list(typed.walk(body))
    own = any(isinstance(node, typed.Get) and isinstance(node.row, typed.Here) and node.row.depth == depth for node in nodes)
    return own and not any(isinstance(node, typed.Linked | typed.Aggregate | typed.Past) for node in nodes)


def _sum_type(kind: Type) -> Type:
    return types.Number(digits_of(kind) + 12, scale_of(kind))


def to_sql(
    expression: typed.Expression,
    table: FromClause | None,
    tables: Mapping[str, FromClause],
    dialect: Dialect,
    formulas: Formulas | None = None,
) -> ColumnElement[Any]:
    """The element for a SELECT or a WHERE over `table` (an alias is fine).

    `tables` gives the table of every object that links and lists lead to; `formulas` the expressions of formula fields
    without a column. Use `sql_decoder` on what is fetched and `sql_parameters` for the facts. What is fetched of a
    number on SQLite is a scaled integer or decimal text. Raises `ValueError` when `can_run_in_sql` is false.
    """
    if not can_run_in_sql(expression):
        raise ValueError("an expression that asks for the state before the change does not run in SQL")
    value = Writer(table, tables, dialect, formulas).write(expression.root)
    if is_number(value.type) and value.bound is not None and dialect == "sqlite" and value.scale != scale_of(expression.type):
        raise AssertionError("a scaled number must leave at the scale of its type")
    return value.element


def can_run_in_sql(expression: typed.Expression) -> bool:
    """Whether every part of it exists in SQL: `old`, CHANGED, ISNEW do not."""
    calls = (node for node in typed.walk(expression.root) if isinstance(node, typed.Call))
    return not expression.asks_old and all(FUNCTIONS[call.function].sql is not NOT_THERE for call in calls)


def sql_decoder(expression: typed.Expression, dialect: Dialect) -> Callable[[Any], Any]:
    """Turns a fetched value into the Python form of the value table."""
    return decoder(expression.type, dialect)


def sql_facts(element: ColumnElement[Any]) -> frozenset[str]:
    """The names of the run-time facts that a statement binds (`dg_…`)."""
    return frozenset(node.key for node in iterate(element) if isinstance(node, BindParameter) and str(node.key).startswith("dg_"))


def sql_parameters(facts: frozenset[str], context: Context, dialect: Dialect) -> dict[str, Any]:
    """Values for the facts of a statement, as the database takes them."""
    found: dict[str, Any] = {}
    for name in facts:
        if name == "dg_today":
            value: Any = context.today
        elif name == "dg_now":
            value = context.now
        elif name == "dg_zone":
            value = context.zone.key
        else:
            value = context.me.get(name.removeprefix("dg_me_"))
        found[name] = fact(value, dialect)
    return found


def fact(value: Any, dialect: Dialect) -> Any:
    """One run-time value as a parameter."""
    if isinstance(value, tuple | list):
        return json.dumps(list(value), ensure_ascii=False) if dialect == "sqlite" else list(value)
    return encode(value, dialect)
