"""One table that goes on: its columns, before and after, and the rules that its rows must bear."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from dougong_dsl.codes.changes import (
    NOT_UNIQUE,
    OPTION_IN_USE,
    REQUIRED_BUT_BLANK,
    REQUIRED_WITHOUT_VALUE,
    TOO_BIG_TO_WIDEN,
    TYPE_CHANGE,
    VALUES_OUTSIDE,
)
from dougong_dsl.diagnostics import Code, Diagnostic
from dougong_dsl.expression import Expression
from dougong_dsl.expression.typed import Past, walk
from dougong_dsl.places import Place
from dougong_dsl.titles import Title

from dougong.fields.base import FieldType, Reading
from dougong.model.app import Field, Object
from dougong.plan.diff_stages import Found, diff_stages
from dougong.plan.facts import Asked, Facts, Question
from dougong.plan.layout import Column, TableLayout, free_name
from dougong.plan.operations import (
    AddColumn,
    Arrange,
    Fill,
    LeaveBlank,
    Operation,
    RenameColumn,
    RestoreColumn,
    RetireColumn,
    SetColumnAside,
    Widen,
)
from dougong.plan.retype import retype


class TableDiff:
    """`run` fills `operations`, `diagnostics`, `layout` (columns afterwards) and `came_from` (new name → the old column's)."""

    def __init__(self, table: str, old: TableLayout, new: TableLayout, obj: Object | None, was: Object | None, facts: Facts) -> None:
        self.table, self.old, self.new, self.obj, self.was, self.facts = table, old, new, obj, was, facts
        self.operations: list[Operation] = []
        self.diagnostics: list[Diagnostic] = []
        self.layout: dict[str, Column] = {}
        self.came_from: dict[str, str] = {}
        self.fills: dict[str, int] = {}  # fields to be worked out → records
        self.filled: set[str] = set()
        self.late: set[str] = set()  # those of them that look at other records, and what hangs on them

    def run(self) -> None:
        active = self.old.active()
        self.came_from = {name: source for name in self.new.columns if (source := self._source(name, active)) is not None}
        for name, column in self.new.columns.items():
            self._column(name, column)
        gone = set(active) - set(self.came_from.values())
        for name, column in self.old.columns.items():
            if name in gone or (column.is_retired and name not in self.layout and name not in self.came_from):
                self._leave(name, column, is_new=name in gone)
        self._emit_fills()
        if self.obj is not None:
            self._take(diff_stages(self.obj, self.was, self.old, self.came_from, frozenset(self.filled), self.table, self.facts))

    def _source(self, name: str, active: dict[str, Column]) -> str | None:
        """The column that holds the values of `name` so far."""
        if name in active:
            return name
        made = self._field(name)
        if made is None or made.was is None or made.was in self.new.columns:
            return None
        return made.was if made.was in active else None

    def _column(self, name: str, column: Column) -> None:
        source = self.came_from.get(name)
        retired = self.old.columns.get(name)
        retired = retired if retired is not None and retired.is_retired else None
        self.layout[name] = column
        if source is None and retired is not None and retype(retired, column, self._type(name)).verdict in ("same", "check_options"):
            filled = self._count("filled", name)
            self.operations.append(RestoreColumn(table=self.table, title=self._title(name), column=name, records=filled))
            self._keep(name, name, retired, column)
            return
        if retired is not None:
            self._set_aside(name, retired)
        if source is None:
            self._add(name)
            return
        self._keep(name, source, self.old.columns[source], column)
        if source != name:
            self.operations.append(RenameColumn(table=self.table, title=self._title(name), column=source, to=name))

    def _add(self, name: str) -> None:
        rows = self._count("rows")
        title = self._title(name)
        self.operations.append(AddColumn(table=self.table, title=title, column=name, records=rows))
        made = self._field(name)
        if made is None or not rows:
            return
        if made.formula is not None or (made.default is not None and not _asks_the_past(made.default)):
            self.fills[name] = rows
            if made.default is not None and made.default.looks_elsewhere:
                self.late.add(name)
        elif made.default is not None and not made.required:
            self.operations.append(LeaveBlank(table=self.table, title=title, column=name, records=rows))
        elif made.required:
            self._say(REQUIRED_WITHOUT_VALUE, made.place, field=name, count=rows)

    def _keep(self, name: str, source: str, old: Column, new: Column) -> None:
        """A column that goes on: its type, and the rules that its values must bear."""
        made = self._field(name)
        if made is None:
            return
        change = retype(old, new, made.type)
        before = None if self.was is None else self.was.fields.get(source)
        if change.verdict == "impossible" or change.verdict == "words" and not _can_be_words(made, before):
            names = (before.type.title if before else Title.same(old.sql), made.type.title)
            spoken = [(t.zh, t.en.lower()) for t in names]
            self._say(TYPE_CHANGE, made.place, field=name, old=spoken[0], new=spoken[1])
            return
        if change.verdict == "widen":
            self._widen(name, source, made, change.old_scale, change.new_scale)
        elif change.verdict == "words":
            self._words(source, made, before)
        elif change.verdict == "check_options" and (made.pipeline is None or before is None or not before.type.choices):
            # that options are among the stages is seen to with the stages
            self._options(name, source, made, before)
        self._rules(name, source, made, before)

    def _widen(self, name: str, source: str, made: Field, old_scale: int, new_scale: int) -> None:
        limit = str(10 ** (18 - new_scale) * 10**old_scale)
        too_big = self._count("over", source, values=(limit, str(old_scale)))
        if too_big:
            self._say(
                TOO_BIG_TO_WIDEN, made.place, field=name, new=(made.type.title.zh, made.type.title.en), count=too_big, scale=new_scale
            )
        filled = self._count("filled", source)
        self.operations.append(
            Widen(table=self.table, title=made.title, column=source, old_scale=old_scale, new_scale=new_scale, records=filled)
        )

    def _words(self, source: str, made: Field, before: Field | None) -> None:
        """Options that become tags, and tags that become options, where they are among these."""
        if made.type.choices:
            self._options(made.name, source, made, before)
        kind, order = made.type.title, tuple(made.type.choices)
        records = self._count("filled", source)
        self.operations.append(
            Arrange(
                table=self.table, title=made.title, column=source, kind_zh=kind.zh, kind_en=kind.en.lower(), order=order, records=records
            )
        )

    def _options(self, name: str, source: str, made: Field, before: Field | None) -> None:
        """Options that left may not be in use; values of a former text must be options."""
        old_choices = {} if before is None else before.type.choices
        if not old_choices:
            outside = self._count("outside", source, values=tuple(made.type.choices), is_many=made.type.is_many)
            if outside:
                self._say(VALUES_OUTSIDE, made.place, field=name, count=outside)
        for option in (o for o in old_choices if o not in made.type.choices):
            used = self._count("equal", source, values=(option,), is_many=made.type.is_many)
            if used:
                self._say(OPTION_IN_USE, made.place, field=name, option=option, count=used)

    def _rules(self, name: str, source: str, made: Field, before: Field | None) -> None:
        """Formula, required and unique, where they are new."""
        if made.formula is not None:
            if before is None or before.formula is None or before.formula.root != made.formula.root:
                self.fills[name] = self._count("rows")
        elif made.required and (before is None or not before.required):
            blank = self._count("blank", source)
            if blank and made.default is not None:
                self.fills[name] = blank
            elif blank:
                self._say(REQUIRED_BUT_BLANK, made.place, field=name, count=blank)
        if made.unique and (before is None or not before.unique):
            twice = self._count("duplicates", source)
            if twice:
                self._say(NOT_UNIQUE, made.place, field=name, count=twice)

    def _emit_fills(self) -> None:
        """A `Fill` for each field whose values change, and for every formula that reads one; what is read comes first."""
        formulas = {n: f for n, f in (self.obj.fields if self.obj else {}).items() if f.formula is not None and f.is_stored}
        reads = {n: {path[0] for path in f.formula.uses} for n, f in formulas.items() if f.formula is not None}
        while more := {n for n in reads if n not in self.fills and reads[n] & set(self.fills)}:
            self.fills |= dict.fromkeys(more, self._count("rows"))
        while more := {n for n in reads if n not in self.late and n in self.fills and reads[n] & self.late}:
            self.late |= more
        self.filled, waiting = set(self.fills) - self.late, dict(self.fills)
        columns = {n: source for n, source in self.came_from.items() if source != n}
        while waiting and self.obj is not None:
            # The definition's check refuses circles; should one come through, it ends here instead of turning for ever
            name = next((n for n in waiting if not reads.get(n, set()) & (set(waiting) - {n})), next(iter(waiting)))
            made, records = self.obj.fields[name], waiting.pop(name)
            overwrites = made.formula is not None
            if records:
                self.operations.append(
                    Fill(
                        table=self.obj.table if name in self.late else self.table,
                        title=made.title,
                        object=self.obj.name,
                        column=name,
                        records=records,
                        overwrites=overwrites,
                        columns={} if name in self.late else columns,
                        late=name in self.late,
                    )
                )

    def _leave(self, name: str, column: Column, *, is_new: bool) -> None:
        self.layout[name] = replace(column, is_retired=True)
        if is_new:
            before = None if self.was is None else self.was.fields.get(name)
            title = before.title if before else Title.same(name)
            self.operations.append(RetireColumn(table=self.table, title=title, column=name, records=self._count("filled", name)))

    def _set_aside(self, name: str, column: Column) -> None:
        taken = {*self.old.columns, *self.new.columns, *self.layout}
        to = free_name(name, taken)
        self.operations.append(SetColumnAside(table=self.table, column=name, to=to))
        self.layout[to] = replace(column, is_retired=True)

    def _take(self, found: Found) -> None:
        self.operations += found.operations
        self.diagnostics += found.diagnostics

    def _count(self, asked: Asked, column: str = "", *, values: tuple[str, ...] = (), is_many: bool = False) -> int:
        return self.facts.count(Question(asked, self.table, column, values, is_many))

    def _field(self, name: str) -> Field | None:
        return None if self.obj is None else self.obj.fields.get(name)

    def _type(self, name: str) -> FieldType | None:
        made = self._field(name)
        return None if made is None else made.type

    def _title(self, name: str) -> Title:
        made = self._field(name)
        return Title.same(name) if made is None else made.title

    def _say(self, code: Code, place: Place, **params: object) -> None:
        named: dict[str, Any] = {"object": self.obj.name if self.obj else self.table, **params}
        self.diagnostics.append(code.at(place, **named))


def _asks_the_past(expression: Expression) -> bool:
    return any(isinstance(node, Past) for node in walk(expression.root))


def former_columns(old: TableLayout, came_from: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The former names of the columns that go on, newest first."""
    found = {n: (*((s,) if s != n else ()), *old.formers.get(s, ())) for n, s in came_from.items()}
    return {n: names for n, names in found.items() if names}


def _can_be_words(made: Field, before: Field | None) -> bool:
    """Whether several values stay what they are: one option is no list, and a tag has no comma in it and an end."""
    if before is None or not before.type.is_many:
        return False
    reading = Reading("zh", ZoneInfo("UTC"))
    return bool(made.type.choices) or all(made.type.parse([name], reading)[0] == (name,) for name in before.type.choices)
