"""Facts of a record's history in SQL: correlated sub-queries over the engine's logs, found by object and record.

The tables of a writer hold the logs under the names `dg_stage_log`, `dg_change` and `dg_approval`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    FromClause,
    Integer,
    Subquery,
    Text,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB

from dougong_dsl.expression import typed
from dougong_dsl.expression.sql_numbers import NumberWriter
from dougong_dsl.expression.sql_values import Dialect, Value, column_type, raw_column
from dougong_dsl.expression.types import DateTime

STAGE_LOG, CHANGES, APPROVALS = "dg_stage_log", "dg_change", "dg_approval"
_MOST_CHANGES = 10**9
_MILLISECONDS = "((extract(epoch from {0}) - extract(epoch from {1})) * 1000)::bigint"


class HistoryWriter(NumberWriter):
    """The part of an expression's writer that looks into the logs."""

    rows: list[FromClause | None]
    tables: Mapping[str, FromClause]

    def _past(self, node: typed.Past) -> Value:
        row = node.row
        if isinstance(row, typed.Here):
            table = self.rows[row.depth]
            assert table is not None  # the checker asked for a record
            return self._told(node, self._fact(node, table))
        assert isinstance(row, typed.Linked)
        alias = self.tables[row.object].alias()
        query = select(self._fact(node, alias)).where(alias.c.id == self.element(row.link)).correlate_except(alias)
        return self._told(node, query.scalar_subquery())

    def _told(self, node: typed.Past, element: ColumnElement[Any]) -> Value:
        return self.scaled(element, 0, _MOST_CHANGES, node.type) if node.kind == "changes" else Value(element, node.type)

    def _fact(self, node: typed.Past, table: FromClause) -> ColumnElement[Any]:
        if node.kind == "changes":
            log, own = self._log(CHANGES, node.row.object, table)
            return _counted(log, and_(own, is_change_of(log, node.words, self.dialect)))
        words = [literal(word, Text()) for word in node.words]
        no = literal_column("false", Boolean()) if self.dialect == "postgresql" else literal_column("0", Integer())
        if node.kind == "approved":
            log, own = self._log(APPROVALS, node.row.object, table)
            last = select(log.c.state).select_from(log).where(own, log.c.name.in_(words)).order_by(log.c.id.desc()).limit(1)
            return func.coalesce(last.correlate_except(log).scalar_subquery() == literal("approved", Text()), no)
        stands = table.c[node.column].in_(words)
        if node.kind == "passed":
            log, own = self._lines(node, table)
            left = exists(select(literal_column("1")).select_from(log).where(own, log.c.from_stage.in_(words)).correlate_except(log))
            return case((stands, no), else_=left)
        stays = self._stays(node, table)
        since = raw_column(table.c[f"{node.column}_since"], DateTime(), self.dialect)
        if node.kind == "entered_at":
            return case((stands, since), else_=_over(stays, func.max(stays.c.began), words))
        zero = literal_column("0", BigInteger())
        before = _over(stays, func.coalesce(func.sum(self._between(stays.c.ended, stays.c.began)), zero), words)
        now = bindparam("dg_now", type_=column_type(DateTime(), self.dialect))
        return cast(before, BigInteger()) + case((stands, self._between(now, since)), else_=zero)

    def _log(self, name: str, object_name: str, table: FromClause) -> tuple[FromClause, ColumnElement[bool]]:
        """A log, and which of its lines are about the row."""
        log = self.tables[name].alias()
        return log, and_(log.c.object == literal(object_name, Text()), log.c.record_id == table.c.id)

    def _lines(self, node: typed.Past, table: FromClause) -> tuple[FromClause, ColumnElement[bool]]:
        """The log of stages, and which of its lines are the pipeline's and about the row."""
        log, own = self._log(STAGE_LOG, node.row.object, table)
        return log, and_(own, log.c.pipeline.is_(None) if node.log is None else log.c.pipeline == literal(node.log, Text()))

    def _stays(self, node: typed.Past, table: FromClause) -> Subquery:
        """The stays that are over: each ends with a line of the log, and begins with the line before it or with the record."""
        log, own = self._lines(node, table)
        at, made = (raw_column(column, DateTime(), self.dialect) for column in (log.c.at, table.c.created_at))
        began = func.coalesce(func.lag(at).over(order_by=log.c.id), made, type_=at.type)
        lines = select(log.c.from_stage.label("stage"), began.label("began"), at.label("ended")).select_from(log)
        return lines.where(own).correlate_except(log).subquery()

    def _between(self, end: ColumnElement[Any], start: ColumnElement[Any]) -> ColumnElement[Any]:
        """Milliseconds from one instant to another."""
        if self.dialect == "postgresql":
            return self.template(_MILLISECONDS, end, start, kind=BigInteger())
        return func.dg_ms(end, type_=BigInteger()) - func.dg_ms(start, type_=BigInteger())


def is_change_of(log: FromClause, names: Sequence[str], dialect: Dialect) -> ColumnElement[bool]:
    """Whether a line of the history changes a field that has or had one of these names; the first values of a record are no change."""
    if dialect == "postgresql":
        fields = cast(log.c.fields, JSONB())
        tests = [fields.op("->")(literal(name, Text())).is_not(None) for name in names]
    else:
        tests = [func.json_type(log.c.fields, literal(f'$."{name}"', Text())).is_not(None) for name in names]
    return and_(log.c.kind.in_([literal("updated", Text()), literal("moved", Text())]), or_(*tests))


def _counted(log: FromClause, condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return select(func.count()).select_from(log).where(condition).correlate_except(log).scalar_subquery()


def _over(stays: Subquery, element: ColumnElement[Any], words: Sequence[ColumnElement[Any]]) -> ColumnElement[Any]:
    """An aggregate of the stays in some stages."""
    return select(element).select_from(stays).where(stays.c.stage.in_(words)).correlate_except(stays).scalar_subquery()
