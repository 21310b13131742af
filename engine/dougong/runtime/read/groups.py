"""Counts and sums over the visible records."""

from typing import Any

from dougong_dsl.expression.types import is_number
from sqlalchemy import ColumnElement, FromClause, Select, func, true

from dougong.database.text import Text, compile_text
from dougong.derive.rules import ObjectRules
from dougong.model.faces import View
from dougong.refusals import refuse
from dougong.runtime import refusals as codes
from dougong.runtime.read.base import Base, base_of, search_words, word_params
from dougong.runtime.unit import Unit


def count(unit: Unit, object_name: str, where: str | None, search: str | None, view: View | None) -> int:
    """How many visible records fit."""
    words = search_words(search)
    key = ("count", unit.access.roles, object_name, where, len(words), view and view.name)
    text: Text = unit.compiled.question(key, lambda: _count(base_of(unit, object_name), where, len(words), view))
    row = unit.connection.one(text, {**unit.params, **word_params(words)})
    return int(row[0]) if row else 0


def _count(base: Base, where: str | None, words: int, view: View | None) -> Text:
    query = base.select([func.count()]).where(*_conditions(base, where, words, view))
    return compile_text(query, base.compiled.dialect)


def group(unit: Unit, object_name: str, by: str, where: str | None, summed: str | None, view: View | None) -> list[tuple[Any, int, Any]]:
    """(value, count, sum) per value, in declared order of the options or in order of the values, blank last; sum is None without `summed`.

    A record that holds several values counts for each of them.
    """
    key = ("group", unit.access.roles, object_name, by, where, summed, view and view.name)
    text: Text = unit.compiled.question(key, lambda: _group(base_of(unit, object_name), by, where, summed, view))
    rules, dialect = unit.compiled.rules(object_name), unit.compiled.dialect
    kind, total = rules.known[by].type, rules.known[summed].type if summed else None
    found = [
        (
            v if v is None or kind.is_many else kind.from_db(v, dialect),
            int(n),
            None if total is None or s is None else total.from_db(s, dialect),
        )
        for v, n, s in unit.connection.all(text, unit.params)
    ]
    options = {name: position for position, name in enumerate(kind.choices)}
    return sorted(
        found, key=lambda g: (g[0] is None, options.get(g[0], len(options)) if options else 0, 0 if options or g[0] is None else g[0])
    )


def _group(base: Base, by: str, where: str | None, summed: str | None, view: View | None) -> Text:
    value = base.cell(by)
    kind = base.rules.known[by].type
    if not kind.is_sortable and (kind.is_file or not kind.is_many):
        raise refuse(codes.NOT_GROUPABLE, field=by, title=_title(base.rules, by))
    total: ColumnElement[Any] = func.count()
    if summed is not None:
        cell = base.cell(summed)
        if not is_number(base.rules.known[summed].type.type):
            raise refuse(codes.NOT_SUMMABLE, field=summed, title=_title(base.rules, summed))
        total = func.sum(cell)
    asked = base.select([value.label("value"), func.count(), total]).where(*_conditions(base, where, 0, view))
    query = _each(asked, value, total, base.compiled.dialect) if kind.is_many else asked.group_by(value)
    return compile_text(query, base.compiled.dialect)


def _each(asked: Select[Any], cell: ColumnElement[Any], total: ColumnElement[Any], dialect: str) -> Select[Any]:
    """By every single value of lists; a record without any stands under null."""
    item: FromClause
    if dialect == "sqlite":
        item = func.json_each(cell).table_valued("value", joins_implicitly=True).alias("item")
    else:
        item = func.unnest(cell).table_valued("value").render_derived(name="item").lateral("item")
    table = asked.get_final_froms()[0]
    joined = asked.with_only_columns(item.c.value, func.count(), total).select_from(table.outerjoin(item, true()))
    return joined.group_by(item.c.value)


def _conditions(base: Base, where: str | None, words: int, view: View | None) -> list[Any]:
    found = [base.guarded(view.where)] if view is not None and view.where is not None else []
    if where:
        found.append(base.filter(where))
    if words:
        found.append(base.found_by(words))
    return found


def _title(rules: ObjectRules, name: str) -> tuple[str, str]:
    title = rules.known[name].title
    return (title.zh, title.en)
