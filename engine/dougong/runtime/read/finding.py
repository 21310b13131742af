"""Lists and single records. Pages go by key, not by number: a record that comes or goes between two pages moves no other.

Blank values stand last in either direction. A page is asked for in two parts, the filled values of the first sort field and then its
blanks, so that an index on that field serves both databases.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, literal_column, or_, select, true

from dougong.database.text import Text, compile_text
from dougong.derive.facts import TITLES
from dougong.model.faces import View
from dougong.refusals import refuse
from dougong.runtime import refusals as codes
from dougong.runtime.read import cursors
from dougong.runtime.read.base import Base, base_of, search_words, word_params
from dougong.runtime.read.refusals import MASKED_HERE
from dougong.runtime.record import Page, Record
from dougong.runtime.unit import LARGEST_ID, Unit

MOST = 1_000
WINDOW = 2_000  # rows looked at along an index before the planner has its way
Order = tuple[tuple[str, bool], ...]  # (field, descending)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What `Session.find` was asked for."""

    where: str | None = None
    order: str | None = None
    limit: int = 50
    cursor: str | None = None
    fields: Sequence[str] | None = None
    search: str | None = None
    view: View | None = None


def get(unit: Unit, object_name: str, record_id: int) -> Record:
    """One record, or `Refused` R404."""
    rules = unit.compiled.rules(object_name)
    if not unit.access.reads(object_name):
        raise refuse(codes.NOT_FOUND, object=rules.spoken)
    if not 0 < record_id <= LARGEST_ID:
        raise refuse(codes.NOT_FOUND, object=rules.spoken)
    text, shape = unit.compiled.question(("get", unit.access.roles, object_name), lambda: _by_id(base_of(unit, object_name)))
    row = unit.connection.one(text, {**unit.params, "dg_key": record_id})
    if row is None:
        raise refuse(codes.NOT_FOUND, object=rules.spoken)
    return Record(object_name, shape.read(row))


def _by_id(base: Base) -> tuple[Text, Any]:
    shape = base.shape(None)
    return compile_text(base.select(shape.columns).where(base.table.c.id == bindparam("dg_key")), base.compiled.dialect), shape


def find(unit: Unit, object_name: str, wanted: Wanted) -> Page:
    """A page of visible records."""
    if not 1 <= wanted.limit <= MOST:
        raise refuse(codes.BAD_LIMIT, most=MOST)
    words = search_words(wanted.search)
    fields = None if wanted.fields is None else tuple(wanted.fields)
    view = wanted.view.name if wanted.view else None
    key = ("find", unit.access.roles, object_name, wanted.where, wanted.order, fields, len(words), view)
    listing: Listing = unit.compiled.question(key, lambda: Listing(base_of(unit, object_name), wanted, fields, len(words)))
    params = {**unit.params, **word_params(words)}
    rows = listing.rows(unit, params, wanted.cursor, wanted.limit + 1)
    records = [Record(object_name, listing.shape.read(row)) for _, row in rows[: wanted.limit]]
    more = listing.cursor(*rows[wanted.limit - 1]) if len(rows) > wanted.limit else None
    return Page(records, more)


class Listing:
    """One question for a list, ready to be asked for any page."""

    def __init__(self, base: Base, wanted: Wanted, fields: Sequence[str] | None, words: int) -> None:
        self._base = base
        self.shape = base.shape(fields)
        self._keys = [cursors.Key(base, name, descending) for name, descending in _order(base, wanted)]
        self._conditions: list[ColumnElement[bool]] = []
        if wanted.view is not None and wanted.view.where is not None:
            self._conditions.append(base.guarded(wanted.view.where))
        if wanted.where:
            self._conditions.append(base.filter(wanted.where))
        if words:
            self._conditions.append(base.found_by(words))
        self._mark = cursors.mark(base.rules.name, [(k.name, k.descending) for k in self._keys])
        self._texts: dict[Any, Text] = {}
        is_narrowed = bool(self._conditions) or base.predicate is not None
        # ties must come in the order of the id, which an index keeps; any other second field would need all of them
        is_by_index = len(self._keys) == 2 and _has_index(base, self._keys[0].name) and base.is_plain(self._keys[0].name)
        self._has_window = is_narrowed and is_by_index and base.compiled.dialect == "sqlite"

    def rows(self, unit: Unit, params: Mapping[str, Any], cursor: str | None, count: int) -> list[tuple[bool, Sequence[Any]]]:
        """Up to `count` rows behind the cursor, each with whether its first sort value is blank."""
        start = cursors.read(cursor, self._mark, self._keys) if cursor else None
        found: list[tuple[bool, Sequence[Any]]] = []
        for blanks in (False, True) if self._keys[0].nullable else (False,):
            if start is not None and start.blanks and not blanks:
                continue
            here = start if start is not None and start.blanks == blanks else None
            given = {**params, "count": count - len(found), **({} if here is None else here.params)}
            pattern = None if here is None else here.pattern
            found += [(blanks, row) for row in self._ask(unit, blanks, pattern, given, count - len(found))]
            if len(found) >= count:
                break
        return found

    def cursor(self, blanks: bool, row: Sequence[Any]) -> str:
        """Where the page behind this row begins."""
        return cursors.write(self._mark, self._keys, blanks, row[len(self.shape.columns) :])

    def _ask(
        self, unit: Unit, blanks: bool, pattern: tuple[bool, ...] | None, given: Mapping[str, Any], count: int
    ) -> Sequence[Sequence[Any]]:
        """The rows of one part. SQLite plans without regard to the LIMIT: looking along the sort index first is often much shorter."""
        if self._has_window and not blanks:
            rows = unit.connection.all(self._text(blanks, pattern, is_window=True), given)
            if len(rows) == count:
                return rows
        return unit.connection.all(self._text(blanks, pattern), given)

    def _text(self, blanks: bool, pattern: tuple[bool, ...] | None, *, is_window: bool = False) -> Text:
        key = (blanks, pattern, is_window)
        text = self._texts.get(key)
        if text is None:
            text = self._texts[key] = self._make(blanks, pattern, is_window=is_window)
        return text

    def _window(self, pattern: tuple[bool, ...] | None) -> Any:
        """The ids of the next rows along the index of the first sort field, whether the reader may see them or not."""
        first, table = self._keys[0], self._base.table
        query = select(table.c.id).where(first.column.is_not(None))
        if pattern is not None:
            query = query.where(first.from_here(0))
        return query.order_by(*(k.ordered(is_filled=True) for k in self._keys)).limit(WINDOW).subquery("near")

    def _make(self, blanks: bool, pattern: tuple[bool, ...] | None, *, is_window: bool) -> Text:
        first = self._keys[0]
        sort_values = [k.column.label(f"key{i}") for i, k in enumerate(self._keys)]
        table = self._base.table
        columns = [table.c.id, *sort_values] if self.shape.is_computed else [*self.shape.columns, *sort_values]
        conditions = list(self._conditions)
        if first.nullable:
            conditions.append(first.column.is_(None) if blanks else first.column.is_not(None))
        if pattern is not None:
            conditions.append(_behind(self._keys, pattern, blanks=blanks))
        if is_window:
            near = self._window(pattern)
            conditions += [] if self._base.predicate is None else [self._base.predicate]
            # inside of CASE no other index tempts the planner
            kept = case((and_(true(), *conditions), literal_column("1")), else_=literal_column("0")) == literal_column("1")
            query = select(*columns).select_from(near).join(table, table.c.id == near.c.id).where(kept)
        else:
            query = self._base.select(columns).where(*conditions)
        if not is_window:
            query = query.order_by(*(k.ordered(is_filled=i == 0) for i, k in enumerate(self._keys) if not (blanks and i == 0)))
        query = query.limit(bindparam("count"))
        if self.shape.is_computed:
            # the rows of the page are found first, so that nothing is computed for the others
            page = query.cte("page")
            keys = [page.c[f"key{i}"] for i in range(len(self._keys))]
            directions = [k.ordered(is_filled=i == 0, column=keys[i]) for i, k in enumerate(self._keys) if not (blanks and i == 0)]
            query = select(*self.shape.columns, *keys).select_from(page).join(table, table.c.id == page.c.id).order_by(*directions)
        text = compile_text(query, self._base.compiled.dialect)
        # the rows come in the window's own order and the first that fit are enough: CROSS keeps SQLite from turning the join round
        return replace(text, sql=text.sql.replace(") AS near JOIN ", ") AS near CROSS JOIN ", 1)) if is_window else text


def _has_index(base: Base, name: str) -> bool:
    """Whether the rows can be read in the order of a field."""
    field = base.rules.object.fields.get(name)
    if field is None:
        return name == "created_at"
    return base.rules.is_stored(name) and (field.unique or field.indexed or field.type.is_link)


def _behind(keys: Sequence[cursors.Key], pattern: Sequence[bool], *, blanks: bool) -> ColumnElement[bool]:
    """Rows that come after the cursor's; `pattern` says which of its sort values are blank."""

    def after(i: int) -> ColumnElement[bool]:
        key = keys[i]
        beyond = key.beyond(i)
        if i == len(keys) - 1:
            return beyond
        if pattern[i]:
            return and_(key.column.is_(None), after(i + 1))
        later = or_(beyond, and_(key.column == key.parameter(i), after(i + 1)))
        return or_(later, key.column.is_(None)) if key.nullable and i > 0 else later

    if blanks:
        return after(1)
    first = keys[0]
    return and_(first.from_here(0), after(0)) if len(keys) > 1 else after(0)


def _order(base: Base, wanted: Wanted) -> list[tuple[str, bool]]:
    """The sort fields, with the id at the end, so that no two rows are equal."""
    asked: Sequence[tuple[str, bool]] = ()
    if wanted.order:
        asked = [(part.lstrip("-+").strip(), part.startswith("-")) for part in (p.strip() for p in wanted.order.split(",")) if part]
    elif wanted.view is not None:
        asked = [(n, d) for n, d in wanted.view.order if n in base.rights.clear]
    found: dict[str, bool] = {}
    for name, descending in asked or [("id", True)]:
        if name not in base.rights.clear:
            if name in base.rights.masked:
                title = base.rules.known[name].title
                raise refuse(MASKED_HERE, field=name, title=(title.zh, title.en))
            raise refuse(codes.UNKNOWN_FIELD, field=name, name=name)
        field = base.rules.known[name]
        if not field.type.is_sortable:
            title = TITLES.get(name, field.title)
            raise refuse(codes.NOT_SORTABLE, field=name, title=(title.zh, title.en))
        found.setdefault(name, descending)
        if name == "id":
            return list(found.items())
    return [*found.items(), ("id", next(iter(found.values())))]
