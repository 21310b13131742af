"""The pipelines of one object, before and after: records stand only in stages that are there.

A stage that is gone has another name (`was`), its records go elsewhere (`moved`), or the plan asks. What stages were called is kept with the
layout, release after release.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from dougong_dsl.codes.changes import NEVER_A_STAGE, STAGE_IN_USE
from dougong_dsl.diagnostics import Diagnostic
from dougong_dsl.titles import Title

from dougong.model.app import Object
from dougong.model.flow import Pipeline
from dougong.plan.facts import Facts, Question, Route
from dougong.plan.layout import TableLayout, Traces, traces
from dougong.plan.operations import FillStage, MoveStage, Operation, RemoveStage, RenamePipeline, RenameStage, StartClocks


@dataclass(slots=True)
class Found:
    """What has to be done, and what stands in its way."""

    operations: list[Operation] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)


def diff_stages(
    obj: Object, was: Object | None, old: TableLayout, came_from: Mapping[str, str], filled: frozenset[str], table: str, facts: Facts
) -> Found:
    """Operations and problems of all pipelines of `obj`, which was `was`; `table` is its table's name so far."""
    made = _Diff(obj, was, old, came_from, filled, table, facts)
    for pipeline in obj.pipelines:
        made.pipeline(pipeline)
    return made.found


class _Diff:
    def __init__(
        self,
        obj: Object,
        was: Object | None,
        old: TableLayout,
        came_from: Mapping[str, str],
        filled: frozenset[str],
        table: str,
        facts: Facts,
    ) -> None:
        self.obj, self.was, self.old, self.came_from, self.filled = obj, was, old, came_from, filled
        self.table, self.facts = table, facts
        self.found = Found()

    def pipeline(self, new: Pipeline) -> None:
        before = None if self.was is None else next((p for p in self.was.pipelines if p.field == new.field), None)
        if before is not None and before.name != new.name:
            self.found.operations.append(RenamePipeline(table=self.table, title=self.obj.title, pipeline=before.name, to=new.name))
        if new.field not in self.old.active():
            rows = self.facts.count(Question("rows", self.table))
            if rows:
                first = new.start.name
                self.found.operations.append(FillStage(table=self.table, title=self.obj.title, stage=first, at=new.field, records=rows))
            return
        if before is None:
            self._begins(new)
        old_stages = self._names(new, before)
        renamed = _renamed(new, old_stages)
        for stage, to in renamed.items():
            self.found.operations.append(
                RenameStage(
                    table=self.table,
                    title=self.obj.title,
                    stage=stage,
                    to=to,
                    at=new.field,
                    pipeline=new.name,
                    records=self._standing(new, stage),
                )
            )
        moved = dict(new.moved)
        for stage in (s for s in old_stages if s not in new.stages and s not in renamed and s not in moved):
            used = self._standing(new, stage)
            if used:
                asked = STAGE_IN_USE.at(new.place, object=self.obj.name, stage=stage, count=used, start=new.start.name)
                self.found.diagnostics.append(asked)
        for stage in (s for s in old_stages if s not in new.stages and s not in renamed):
            self.found.operations.append(RemoveStage(table=self.obj.table, title=self.obj.title, stage=stage, at=new.field))
        known = {} if before is None else dict(before.moved)
        for stage in moved:
            self._moved(new, stage, is_old=stage in old_stages or stage in known)

    def _begins(self, new: Pipeline) -> None:
        """A field of options that was there becomes a pipeline's: its options are the stages, records without one stand at the start."""
        rows, blank = self.facts.count(Question("rows", self.table)), self.facts.count(Question("blank", self.table, new.field))
        if blank:
            start = new.start.name
            self.found.operations.append(FillStage(table=self.table, title=self.obj.title, stage=start, at=new.field, records=blank))
        if rows > blank:
            self.found.operations.append(StartClocks(table=self.table, title=self.obj.title, at=new.field, records=rows - blank))

    def _names(self, new: Pipeline, before: Pipeline | None) -> Collection[str]:
        """The stages so far; those of a field that has only now become a pipeline's are its options."""
        if before is not None:
            return before.stages
        former = None if self.was is None else self.was.fields.get(new.field)
        return () if former is None else former.type.choices

    def _moved(self, new: Pipeline, stage: str, *, is_old: bool) -> None:
        used = self._standing(new, stage)
        expression = dict(new.moved)[stage]
        went = self.old.stages_gone(new.field)
        if not used and not is_old and stage not in went:
            place = expression.source.at(0, 1)
            self.found.diagnostics.append(NEVER_A_STAGE.at(place, object=self.obj.name, stage=stage, known=", ".join(went) or "—"))
        if not used:
            return
        sources = {n: n for n in self.old.active() if n in self.obj.fields} | dict(self.came_from)
        present = Route(
            table=self.table,
            object=self.obj.name,
            column=new.field,
            stage=stage,
            source=new.field,
            sources=tuple(sorted(sources.items())),
            filled=self.filled,
            was=None if self.was is None else self.was.name,
        )
        goes = self.facts.destinations(present)
        later = Route(
            table=self.obj.table,
            object=self.obj.name,
            column=new.field,
            stage=stage,
            source=new.field,
            sources=tuple((n, n) for n, f in self.obj.fields.items() if f.is_stored),
        )
        self.found.operations.append(
            MoveStage(
                table=self.obj.table,
                title=self.obj.title,
                stage=stage,
                route=later,
                log_name=None if new.is_main else new.name,
                goes=goes,
                records=used,
                where=_spoken(new, goes),
            )
        )

    def _standing(self, pipeline: Pipeline, stage: str) -> int:
        return self.facts.count(Question("equal", self.table, pipeline.field, (stage,)))


def traced(obj: Object | None, was: Object | None, old: TableLayout) -> Traces:
    """What became of every stage that ever was, after this release."""
    present = dict(traces(obj))
    before = {**traces(was), **old.stages}
    for column, stages in before.items():
        new = next((p for p in obj.pipelines if p.field == column), None) if obj else None
        former = next((p for p in was.pipelines if p.field == column), None) if was else None
        names = {} if new is None or former is None else _renamed(new, former.stages)
        there = present.get(column, {})
        follow = {n: names.get(s.now or "", s.now) for n, s in stages.items()}
        went = {n: replace(s, now=follow[n] if follow[n] in there else None) for n, s in stages.items() if n not in there}
        present[column] = {**went, **there}
    return present


def _renamed(new: Pipeline, old_stages: Collection[str]) -> dict[str, str]:
    """The stages that this release gives another name."""
    pairs = {s.was: s.name for s in new.stages.values() if s.was}
    return {was: to for was, to in pairs.items() if was in old_stages and to not in old_stages and was not in new.stages}


def _spoken(pipeline: Pipeline, goes: Mapping[str, int]) -> Title:
    """`方案 3 条、询盘 2 条`, `Solution 3, Inquiry 2`."""
    titles = {name: stage.title for name, stage in pipeline.stages.items()}
    zh = "、".join(f"“{titles[s].zh}” {count} 条" for s, count in goes.items() if s in titles)
    en = ", ".join(f"“{titles[s].en}” {count:,}" for s, count in goes.items() if s in titles)
    return Title(zh, en)
