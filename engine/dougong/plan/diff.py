"""Two states of an app and the facts about its data → a plan. Opens no connection."""

from collections.abc import Mapping
from dataclasses import replace

from dougong_dsl.codes.changes import TABLE_IS_TAKEN
from dougong_dsl.diagnostics import Diagnostic
from dougong_dsl.titles import Title

from dougong.derive.engine_tables import USER_TABLE
from dougong.model.app import App, Object
from dougong.plan.diff_indexes import diff_indexes
from dougong.plan.diff_splits import unsettled_splits
from dougong.plan.diff_stages import traced
from dougong.plan.diff_table import TableDiff, former_columns
from dougong.plan.facts import Facts, Question
from dougong.plan.layout import Layout, TableLayout, free_name, layout_of
from dougong.plan.operations import (
    Ask,
    ChangeApp,
    ChangeDefinition,
    CreateTable,
    Fill,
    MoveStage,
    Operation,
    RemoveStage,
    RenameTable,
    RenameTrigger,
    RestoreTable,
    RetireTable,
    SetTableAside,
)
from dougong.plan.plan import Plan


def diff(current: App | None, desired: App, facts: Facts) -> Plan:
    """What must be done so that a database with `current` serves `desired`. `facts` come from `dougong.plan.gather`."""
    made = _Diff(current, desired, facts)
    made.run()
    operations = _in_order(made.operations)
    return Plan((*operations, *_asks(made.diagnostics)), tuple(made.diagnostics), facts.base, made.layout)


class _Diff:
    def __init__(self, current: App | None, desired: App, facts: Facts) -> None:
        self.current, self.desired, self.facts = current, desired, facts
        self.old: Layout = facts.layout
        self.new: Layout = layout_of(desired)
        self.layout: dict[str, TableLayout] = {}
        self.operations: list[Operation] = []
        self.diagnostics: list[Diagnostic] = []

    def run(self) -> None:
        if self.current is not None and self.current.name != self.desired.name:
            self.operations.append(ChangeApp(table="", was=self.current.name, to=self.desired.name))
        objects = {obj.table: obj for obj in self.desired.objects.values()}
        kept: set[str] = set()  # old tables that go on, under their own name or another
        taken_from = {name: self._before(name, objects.get(name)) for name in self.new}
        self._follow_names({self.old[b].object: objects[n].name for n, b in taken_from.items() if b is not None and n in objects})
        for name, before in taken_from.items():
            if before is None:
                self._create(name, objects[name])
            else:
                kept.add(before)
                self._go_on(before, name, objects.get(name))
        for name, table in self.old.items():
            if name not in kept:
                self._leave(name, table)
        self.diagnostics += unsettled_splits(self.current, self.desired, taken_from, self.old, self.facts)
        self._triggers()
        self._definition()

    def _follow_names(self, names: Mapping[str, str]) -> None:
        """Links lead to the same records when their object gets another name."""
        for table, layout in self.old.items():
            columns = {n: replace(c, target=names.get(c.target, c.target) if c.target else None) for n, c in layout.columns.items()}
            self.old = {**self.old, table: replace(layout, columns=columns)}

    def _before(self, name: str, obj: Object | None) -> str | None:
        """The old table that becomes the table `name`; None for a new one."""
        old = self.old.get(name)
        if old is not None and not old.is_retired:
            return name
        was = None if obj is None or obj.was is None or self.current is None else self.current.objects.get(obj.was)
        if was is not None and was.table in self.old and not self.old[was.table].is_retired and was.table not in self.new:
            return was.table
        return name if old is not None else None

    def _create(self, name: str, obj: Object) -> None:
        old = self.old.get(name)
        if old is not None:
            self._set_aside(name, old)
        elif name in self.facts.tables:
            self.diagnostics.append(TABLE_IS_TAKEN.at(obj.place, table=name))
        self.operations.append(CreateTable(table=name, title=obj.title))
        self.layout[name] = self.new[name]

    def _go_on(self, before: str, name: str, obj: Object | None) -> None:
        old, new = self.old[before], self.new[name]
        if old.is_retired and obj is not None:
            rows = self.facts.count(Question("rows", before))
            self.operations.append(RestoreTable(table=before, title=obj.title, records=rows))
        table = TableDiff(before, old, new, obj, self._current_object(old.object), self.facts)
        table.run()
        self.operations += table.operations
        self.diagnostics += table.diagnostics
        if before != name:
            if name in self.old:
                self._set_aside(name, self.old[name])
            title = obj.title if obj is not None else Title.same(name)
            self.operations.append(RenameTable(table=before, to=name, title=title))
        self.operations += diff_indexes(before, old, new, table.came_from)
        was = self._current_object(old.object)
        self.layout[name] = replace(new, columns=table.layout, formers=former_columns(old, table.came_from), stages=traced(obj, was, old))

    def _leave(self, name: str, table: TableLayout) -> None:
        if name in self.layout:  # set aside for a new one
            return
        if not table.is_retired:
            obj = self._current_object(table.object)
            rows = self.facts.count(Question("rows", name))
            self.operations.append(RetireTable(table=name, title=obj.title if obj else Title.same(table.object), records=rows))
        # Values that nobody maintains must not stand in anybody's way
        self.operations += diff_indexes(name, table, replace(table, indexes={}), {})
        self.layout[name] = replace(table, is_retired=True, indexes={})

    def _set_aside(self, name: str, table: TableLayout) -> None:
        to = free_name(name, {*self.old, *self.new, *self.layout, *self.facts.tables})
        self.operations.append(SetTableAside(table=name, to=to))
        self.layout[to] = replace(table, is_retired=True)

    def _current_object(self, name: str) -> Object | None:
        return None if self.current is None else self.current.objects.get(name)

    def _triggers(self) -> None:
        """Triggers that have another name: those that are new and were another that is gone."""
        before = {} if self.current is None else self.current.triggers
        for name, trigger in self.desired.triggers.items():
            if trigger.was in before and name not in before and trigger.was is not None:
                self.operations.append(RenameTrigger(table="", title=trigger.title, trigger=trigger.was, to=name))

    def _definition(self) -> None:
        before = {} if self.current is None else self.current.files
        changed = sorted(f for f in {*before, *self.desired.files} if before.get(f) != self.desired.files.get(f))
        if changed or self.facts.base is None:
            shown = ", ".join(changed[:5]) + (" …" if len(changed) > 5 else "")
            self.operations.append(ChangeDefinition(table=USER_TABLE, files=shown or self.desired.name))


def _in_order(operations: list[Operation]) -> list[Operation]:
    """Early ones first; among the late ones, a table's name is freed before it is taken, and everything else sees the old names."""
    last = (SetTableAside, RenameTable, CreateTable, Fill, MoveStage, RemoveStage)
    return sorted(operations, key=lambda o: (o.late, last.index(type(o)) + 1 if o.late and type(o) in last else 0))


def _asks(diagnostics: list[Diagnostic]) -> list[Ask]:
    return [Ask(table="", what=Title(d.message("zh"), d.message("en"))) for d in diagnostics if d.is_error]
