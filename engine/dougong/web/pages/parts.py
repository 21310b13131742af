"""What a record is split into, and what runs under it: two panels of its page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup

from dougong.model.app import Object
from dougong.model.flow import Pipeline
from dougong.refusals import Refused
from dougong.runtime.session import Session
from dougong.runtime.splits.view import Parts
from dougong.web.pages import times
from dougong.web.pages.deadlines import countdown, tone
from dougong.web.pages.facets import Facet, facets
from dougong.web.pages.naming import title_of
from dougong.web.pages.reading import reader_for
from dougong.web.pages.shell import Shell

SHOWN = 20  # running records of one pipeline


@dataclass(frozen=True, slots=True)
class PartLine:
    """One part; `cells` are its summed fields, in the order of the panel's columns."""

    title: str
    url: str
    stage: Markup
    cells: tuple[Markup, ...]
    is_done: bool


@dataclass(frozen=True, slots=True)
class SplitPanel:
    """The parts of a record; `sums` has what the parts add up to, empty where this person may not read all of it."""

    title: str
    icon: str
    columns: tuple[str, ...]
    lines: tuple[PartLine, ...]
    sums: tuple[str, ...]
    done: int
    hidden: int
    has_stages: bool
    split_url: str | None


@dataclass(frozen=True, slots=True)
class Running:
    """One record that runs under this one: the pieces of its stage bar as (title, state, kind), and how long it has still."""

    title: str
    url: str
    pipeline: str
    bar: tuple[tuple[str, str, str], ...]
    phase: str
    due: str
    due_at: str
    tone: str


def split_panels(session: Session, shell: Shell, made: Object, record: Any) -> tuple[SplitPanel, ...]:
    """One for each kind of part that this person may see or make."""
    if not any(pipeline.splits for pipeline in made.pipelines):
        return ()
    found = session.parts(made.name, record.id)
    return tuple(_panel(session, shell, made, record.id, each) for each in found if session.may("read", each.rule.part))


def _panel(session: Session, shell: Shell, made: Object, id: int, found: Parts) -> SplitPanel:
    rule, part = found.rule, session.app.objects[found.rule.part]
    readable = {f.name for f in session.fields(part.name)}
    masked = session.masked(part.name)
    shown = [f for f in facets(session.app, part, [n for n in rule.sums if n in readable], shell.language, masked)]
    stage = next(iter(facets(session.app, part, [rule.parts.field], shell.language)), None) if rule.parts else None
    reader = reader_for(session, shell, shown, found.parts)
    may_split = session.may("create", part.name) or session.given("update", made.name, id) is not None
    return SplitPanel(
        title=part.title.text(shell.language),
        icon=part.icon,
        columns=tuple(f.title for f in shown),
        lines=tuple(_line(shell, part, rule.parts, each, shown, stage, reader, each.id in found.done) for each in found.parts),
        sums=tuple(f.text(found.sums[f.name].parts, reader) if f.name in found.sums else "" for f in shown),
        done=len(found.done),
        hidden=found.hidden,
        has_stages=stage is not None,
        split_url=f"{shell.root}/o/{made.name}/{id}/split?into={part.name}" if may_split else None,
    )


def _line(
    shell: Shell, part: Object, pipeline: Pipeline | None, record: Any, shown: list[Facet], stage: Facet | None, reader: Any, is_done: bool
) -> PartLine:
    standing = record.get(pipeline.field) if pipeline is not None else None
    return PartLine(
        title=title_of(part, record, shell.reading),
        url=f"{shell.root}/o/{part.name}/{record.id}",
        stage=stage.show(standing, reader) if stage is not None else Markup(),
        cells=tuple(f.show(record.get(f.name), reader) for f in shown),
        is_done=is_done,
    )


def running_under(session: Session, shell: Shell, made: Object, record: Any) -> tuple[Running, ...]:
    """The open records of pipelines that run under this one, oldest first, as far as this person may see them."""
    found: list[Running] = []
    for child in session.app.objects.values():
        for pipeline in child.pipelines:
            link = None if pipeline.under is None else child.fields.get(pipeline.under)
            if link is not None and link.type.target == made.name and session.may("read", child.name):
                found += _running(session, shell, child, pipeline, record.id)
    return tuple(found)


def _running(session: Session, shell: Shell, child: Object, pipeline: Pipeline, id: int) -> list[Running]:
    names = ", ".join(name for name, stage in pipeline.stages.items() if stage.is_open)
    try:
        page = session.find(child.name, where=f"{pipeline.under}.id = {id} and {pipeline.field} in ({names})", order="id", limit=SHOWN)
    except Refused:
        return []  # the link or the stage is hidden from this person
    return [_of_record(shell, child, pipeline, record, session.now) for record in page.records]


def _of_record(shell: Shell, child: Object, pipeline: Pipeline, record: Any, now: datetime) -> Running:
    stands = record.get(pipeline.field) or pipeline.start.name
    order = [s for s in pipeline.stages.values() if s.kind not in ("waiting", "lost") or s.name == stands]
    here = next(i for i, stage in enumerate(order) if stage.name == stands)
    states = ["done" if i < here else "now" if i == here else "next" for i in range(len(order))]
    due = record.get(pipeline.due_at)
    return Running(
        title=title_of(child, record, shell.reading),
        url=f"{shell.root}/o/{child.name}/{record.id}",
        pipeline=pipeline.title.text(shell.language),
        bar=tuple((s.title.text(shell.language), state, s.kind) for s, state in zip(order, states, strict=True)),
        phase=f"{here + 1}/{len(order)}",
        due="" if due is None else countdown(due, now, shell.language),
        due_at="" if due is None else times.exact(due, shell.zone),
        tone="" if due is None else tone(due, now),
    )
