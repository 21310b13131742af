"""The board: one column a stage with count and sum; cards are moved by drag or by their menu, through the same gate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from dougong.derive.prices import unit_prices
from dougong.model.app import Object
from dougong.model.faces import View
from dougong.model.flow import Pipeline, Stage
from dougong.refusals import Refused
from dougong.runtime.session import Session
from dougong.web.pages import list_query, lists, support, times
from dougong.web.pages.deadlines import countdown, tone
from dougong.web.pages.facets import Facet, owner_field
from dougong.web.pages.list_query import ListQuery
from dougong.web.pages.naming import title_of
from dougong.web.pages.reading import reader_for
from dougong.web.pages.shell import Shell

LANE_CARDS = 30
PLAIN_FIELDS = 3


@dataclass(frozen=True, slots=True)
class Card:
    """One record; `lost` says that its stage is without support."""

    id: int
    title: str
    url: str
    mark: str
    facts: tuple[tuple[str, Markup], ...]
    since: str
    version: int
    owner: Markup
    due: str = ""
    due_tone: str = ""
    lost: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    """One stage; `targets` are the stages that a card may be moved to from here."""

    name: str
    title: str
    kind: str
    count: int
    sum: str
    cards: tuple[Card, ...]
    targets: tuple[tuple[str, str], ...]
    more_url: str | None


@dataclass(frozen=True, slots=True)
class BoardPage:
    """Context of `kanban.html`."""

    heading: str
    object: str
    icon: str
    url: str
    query: ListQuery
    tabs: tuple[lists.Tab, ...]
    lanes: tuple[Lane, ...]
    may_move: bool
    new_url: str | None
    error: str = ""
    hidden: tuple[tuple[str, str], ...] = ()


def build(session: Session, shell: Shell, made: Object, view: View | None, query: ListQuery) -> BoardPage:
    """The context of the board."""
    readable = lists.readable_facets(session, shell, made)
    pipeline = next((p for p in made.pipelines if view is not None and p.name == view.pipeline), made.pipelines[0])
    wanted = view.columns if view else lists.column_names(made, readable, query, None)
    names = [n for n in wanted if n in readable and n != pipeline.field]
    shown = [readable[n] for n in names if n != made.record_title][: PLAIN_FIELDS + 1]
    texts, wrong = list_query.expression(query.filters, readable, shell.reading)
    where = " and ".join(lists.conditions(query, texts))
    url = f"{shell.root}/o/{made.name}"
    error = list_query.complaint(query.filters, wrong, readable, shell.language)
    lanes: tuple[Lane, ...] = ()
    try:
        lanes = () if error else _lanes(_Look(session, shell, made, pipeline, view, query, readable, shown, where))
    except Refused as refused:
        error = " ".join(r.message(shell.language) for r in refused.refusals)
    return BoardPage(
        heading=made.title.text(shell.language),
        object=made.name,
        icon=made.icon,
        url=url,
        query=query,
        tabs=lists.tabs(session, shell, made, query, view),
        lanes=lanes,
        may_move=session.may("move", made.name),
        new_url=f"{url}/new" if session.may("create", made.name) else None,
        error=error,
        hidden=tuple(p for p in query.pairs() if p[0] not in ("q", "after", "adding")),
    )


@dataclass(frozen=True, slots=True)
class _Look:
    """Who looks at which pipeline's board, and at what of its records."""

    session: Session
    shell: Shell
    made: Object
    pipeline: Pipeline
    view: View | None
    query: ListQuery
    readable: Mapping[str, Facet]
    shown: Sequence[Facet]
    where: str


def _lanes(look: _Look) -> tuple[Lane, ...]:
    """One for each stage; a lost one only when something stands in it."""
    prices, of = unit_prices(look.session.app), look.made.name
    amount = next((f for f in look.shown if f.widget == "money" and not f.is_masked and (of, f.name) not in prices), None)
    where, summed = look.where or None, amount.name if amount else None
    found = look.session.group(of, by=look.pipeline.field, where=where, sum=summed, view=look.view)
    groups = {stage: (count, total) for stage, count, total in found}
    lanes = []
    for stage in look.pipeline.stages.values():
        count, total = groups.get(stage.name, (0, None))
        said = amount.type.format(total, look.shell.reading) if amount and amount.type and total is not None else ""
        if count or stage.kind != "lost":
            lanes.append(_lane(look, stage, count, said))
    return tuple(lanes)


def _lane(look: _Look, stage: Stage, count: int, total: str) -> Lane:
    pipeline, made = look.pipeline, look.made
    owner = look.readable.get(owner_field(look.session.fields(made.name)) or "")
    records = _records(look, stage, owner) if count else ()
    marks = lists.marks_of(look.session, made, look.view, records)
    targets = dict.fromkeys(m.target for m in pipeline.moves if stage.name in m.sources)
    return Lane(
        name=pipeline.qualified(stage.name),
        title=stage.title.text(look.shell.language),
        kind=stage.kind,
        count=count,
        sum=total,
        cards=_cards(look.session, look.shell, made, pipeline, look.shown, owner, records, marks),
        targets=tuple((pipeline.qualified(to), pipeline.stages[to].title.text(look.shell.language)) for to in targets),
        more_url=f"{look.shell.root}/o/{made.name}?view=all&f.{pipeline.field}.in={stage.name}" if count > LANE_CARDS else None,
    )


def _records(look: _Look, stage: Stage, owner: Facet | None) -> Sequence[Any]:
    """Those that stand in a stage, whoever came last first."""
    column, since = look.pipeline.field, look.pipeline.since
    names = [look.made.record_title, column, since, *(f.name for f in look.shown), *([owner.name] if owner else [])]
    names += [n for n in lists.dues(look.made) if n in look.readable]
    names += support.needed(look.made, look.readable)
    here = " and ".join(w for w in (f"({look.where})" if look.where else "", f"{column} = {list_query.quoted(stage.name)}") if w)
    page = look.session.find(
        look.made.name,
        where=here,
        order=f"-{since}",
        limit=LANE_CARDS,
        search=look.query.search or None,
        view=look.view,
        fields=list(dict.fromkeys(names)),
    )
    return page.records


def _cards(
    session: Session,
    shell: Shell,
    made: Object,
    pipeline: Pipeline,
    shown: Sequence[Facet],
    owner: Facet | None,
    records: Sequence[Any],
    marks: Mapping[int, str],
) -> tuple[Card, ...]:
    moments, since, due = lists.dues(made), pipeline.since, pipeline.due_at
    lost = support.lost_marks(session, shell, records)
    facts = [f for f in shown if f is not owner and f.name not in moments]
    # A link inside a card would be in the way of the hand that drags it
    reader = replace(reader_for(session, shell, [*facts, *([owner] if owner else [])], records), readable=frozenset())
    return tuple(
        Card(
            id=r.id,
            title=title_of(made, r, shell.reading),
            url=f"{shell.root}/o/{made.name}/{r.id}",
            mark=marks.get(r.id, ""),
            facts=tuple((f.title, f.show(r.get(f.name), reader)) for f in facts if r.get(f.name) is not None),
            since=times.span((session.now - r[since]).total_seconds(), shell.language) if r.get(since) else "",
            version=r.version,
            owner=owner.show(r.get(owner.name), reader) if owner else Markup(),
            due=countdown(r[due], session.now, shell.language) if due in moments and r.get(due) else "",
            due_tone=tone(r[due], session.now) if due in moments and r.get(due) else "",
            lost=lost.get(r.id, ""),
        )
        for r in records
    )
