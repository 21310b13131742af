"""FROM and WHERE of everything that one set of roles asks about one object: the table, the row predicate, the cells that may be looked at."""

from collections.abc import Mapping, Sequence
from typing import Any

from dougong_dsl.expression import Expression
from dougong_dsl.expression.typed import Here
from sqlalchemy import ColumnElement, Select, Text, and_, case, cast, false, func, null, or_, select, true

from dougong.access.access import Access
from dougong.access.guard import cell_condition, guarded
from dougong.derive.rules import ObjectRules
from dougong.refusals import refuse
from dougong.runtime import refusals as codes
from dougong.runtime.compiled import Compiled
from dougong.runtime.read.filters import parse_filter
from dougong.runtime.read.shape import Shape
from dougong.runtime.read.sql import Writer
from dougong.runtime.read.view import names_in_order
from dougong.runtime.unit import Unit

MOST_WORDS = 6


class Base:
    """The rows and cells of an object for a set of roles, as SQL. `predicate` is None when all rows are given."""

    def __init__(self, compiled: Compiled, access: Access, rules: ObjectRules) -> None:
        self.compiled = compiled
        self.access = access
        self.rules = rules
        self.rights = access.reads(rules.name)
        self.table = compiled.tables.of[rules.name]
        self.writer = Writer(compiled, rules, self.table)
        shares = self.rights.shares
        self.bits: list[ColumnElement[bool]] = [true() if s.where is None else self._true(s.where) for s in shares]
        self.predicate: ColumnElement[bool] | None = None if self.rights.is_everywhere else or_(false(), *self.bits)

    def select(self, columns: Sequence[ColumnElement[Any]]) -> Select[Any]:
        """The visible rows."""
        query = select(*columns).select_from(self.table)
        return query if self.predicate is None else query.where(self.predicate)

    def shape(self, names: Sequence[str] | None) -> Shape:
        """The readable ones of these fields (None: all); an unknown one is refused like one that may not be seen."""
        readable = [n for n in names_in_order(self.rules) if n in self.rights.clear or n in self.rights.masked]
        for name in names or ():
            if name not in readable:
                raise refuse(codes.UNKNOWN_FIELD, field=name, name=name)
        wanted = readable if names is None else [n for n in readable if n in names or n in ("id", "version")]
        return Shape(self.rules, self.rights, wanted, self.writer.column, self.bits, self.compiled.dialect)

    def cell(self, name: str) -> ColumnElement[Any]:
        """A field to filter, sort or group by: null where the reader may not see it unmasked."""
        if name not in self.rights.clear:
            raise refuse(codes.UNKNOWN_FIELD, field=name, name=name)
        column = self.writer.column(name)
        condition = cell_condition(self.rights, name, Here(object=self.rules.name), 0, row_is_given=True)
        return column if condition is None else case((self.writer.condition(condition), column), else_=null())

    def is_plain(self, name: str) -> bool:
        """Whether the reader sees the field on every row, so that its cell is the column itself."""
        return cell_condition(self.rights, name, Here(object=self.rules.name), 0, row_is_given=True) is None

    def filter(self, text: str) -> ColumnElement[bool]:
        """A reader's filter, which sees only what the reader sees."""
        return self.guarded(parse_filter(self.compiled.app, self.access, self.rules.name, text))

    def guarded(self, expression: Expression) -> ColumnElement[bool]:
        """An expression on the cells and rows that the reader may see."""
        return self._true(guarded(expression, self.access.reads))

    def found_by(self, words: int) -> ColumnElement[bool]:
        """Every one of `word0`, `word1`, … stands in one of the searchable fields (Latin letters of either case)."""
        names = [n for n, f in self.rules.fields.items() if f.field.searchable] or [self.rules.object.record_title]
        cells = [cast(self.cell(n), Text()) for n in names if n in self.rights.clear]
        return and_(
            *(or_(false(), *(func.lower(c).like(self.writer.parameter(f"word{i}"), escape="\\") for c in cells)) for i in range(words))
        )

    def _true(self, expression: Expression) -> ColumnElement[bool]:
        return self.writer.condition(expression.root)


def base_of(unit: Unit, object_name: str) -> Base:
    """The base of a question, or `Refused` R401 when the actor may read nothing of the object."""
    compiled, access = unit.compiled, unit.access
    rules = compiled.rules(object_name)
    if not access.reads(object_name):
        raise refuse(codes.NO_GRANT, action=codes.ACTIONS["read"], object=rules.spoken)
    base: Base = compiled.question(("base", access.roles, object_name), lambda: Base(compiled, access, rules))
    return base


def search_words(search: str | None) -> list[str]:
    """The words of a search as LIKE patterns. A NUL would end the pattern: a sign that no text may hold stands for it, so nothing is found."""
    words = (search or "").replace("\0", "\1").split()[:MOST_WORDS]
    return ["%" + w.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%" for w in words]


def word_params(words: Sequence[str]) -> Mapping[str, str]:
    """The parameters that `Base.found_by` asks for."""
    return {f"word{i}": word for i, word in enumerate(words)}
