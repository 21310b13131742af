"""Fields and conditions of one object as SQL elements. A computed column leaves in the very form in which its field would be stored."""

from typing import Any

from dougong_dsl.expression.sql import Writer as ExpressionWriter
from dougong_dsl.expression.sql_history import APPROVALS, CHANGES, STAGE_LOG
from dougong_dsl.expression.typed import Expression, Typed
from dougong_dsl.expression.types import is_number, scale_of
from sqlalchemy import BigInteger, ColumnElement, Table, bindparam, cast, func, type_coerce

from dougong.derive.rules import ObjectRules
from dougong.runtime.compiled import Compiled


class Writer:
    """Writes for the rows of one table."""

    def __init__(self, compiled: Compiled, rules: ObjectRules, table: Table) -> None:
        self._compiled = compiled
        self._rules = rules
        self._table = table
        own = compiled.tables.engine
        self._tables = {**compiled.tables.of, STAGE_LOG: own.stage_log, CHANGES: own.change, APPROVALS: own.approval}

    def column(self, name: str) -> ColumnElement[Any]:
        """A field: its column, or its formula rounded to the field's scale."""
        if name in self._table.c:
            return self._table.c[name]
        formula = self._formula(self._rules.name, name)
        if formula is None:
            raise KeyError(f"{self._rules.name}.{name} has neither column nor formula")
        kind = self._rules.fields[name].field.type
        writer = self._writer()
        value = writer.write(formula.root)
        element = value.element
        if is_number(kind.type):
            scale = scale_of(kind.type)
            if self._compiled.dialect == "sqlite" and value.bound is not None and value.scale == scale:
                pass  # it is so already
            elif self._compiled.dialect == "sqlite":
                element = func.dg_scaled(func.dg_round(writer.text(value), scale), scale, type_=BigInteger())
            else:
                element = func.round(writer.numeric(value), scale)
                element = cast(element, BigInteger()) if scale == 0 else element
        return type_coerce(element, kind.column(self._compiled.dialect))

    def condition(self, root: Typed) -> ColumnElement[bool]:
        """A condition; null counts as false where it stands."""
        return self._writer().truth(root)

    def parameter(self, name: str) -> ColumnElement[Any]:
        """A text given when the query runs."""
        return bindparam(name)

    def _writer(self) -> ExpressionWriter:
        return ExpressionWriter(self._table, self._tables, self._compiled.dialect, self._formula)

    def _formula(self, object_name: str, name: str) -> Expression | None:
        field = self._compiled.app.objects[object_name].fields.get(name)
        return None if field is None else field.formula
