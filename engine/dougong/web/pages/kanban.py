"""The board: one column a stage with count and sum; cards are moved by drag or by their menu, through the same gate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from dougong.derive.prices import unit_prices
from dougong.model.app import Object
from dougong.model.faces import View
from dougong.model.flow import Pipeline
from dougong.refusals import Refused
from dougong.runtime.session import Session
from dougong.web.pages import list_query, lists, times
from dougong.web.pages.deadlines import countdown, tone
from dougong.web.pages.facets import Facet, owner_field
from dougong.web.pages.list_query import ListQuery
from dougong.web.pages.reading import reader_for
from dougong.web.pages.shell import Shell

LANE_CARDS = 30
PLAIN_FIELDS = 3


@dataclass(frozen=True, slots=True)
class Card:
    """One record; `moves` are (stage, its title, the move's own title)."""

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
        lanes = () if error else _lanes(session, shell, made, pipeline, view, query, readable, shown, where)
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


def _lanes(
    session: Session,
    shell: Shell,
    made: Object,
    pipeline: Pipeline,
    view: View | None,
    query: ListQuery,
    readable: Mapping[str, Facet],
    shown: Sequence[Facet],
    where: str,
) -> tuple[Lane, ...]:
    column, since = pipeline.field, pipeline.since
    prices = unit_prices(session.app)
    amount = next((f for f in shown if f.widget == "money" and not f.is_masked and (made.name, f.name) not in prices), None)
    groups = {
        v: (c, s) for v, c, s in session.group(made.name, by=column, where=where or None, sum=amount.name if amount else None, view=view)
    }
    owner = readable.get(owner_field(session.fields(made.name)) or "")
    fields = list(
        dict.fromkeys(
            [
                made.record_title,
                column,
                since,
                *(f.name for f in shown),
                *([owner.name] if owner else []),
                *(n for n in lists.dues(made) if n in readable),
            ]
        )
    )
    lanes = []
    for stage in pipeline.stages.values():
        count, total = groups.get(stage.name, (0, None))
        if not count and stage.kind == "lost":
            continue
        here = " and ".join(w for w in (f"({where})" if where else "", f"{column} = {list_query.quoted(stage.name)}") if w)
        page = (
            session.find(made.name, where=here, order=f"-{since}", limit=LANE_CARDS, search=query.search or None, view=view, fields=fields)
            if count
            else None
        )
        records = page.records if page else []
        marks = lists.late_marks(made, records, session.now) | lists.highlights(session, made, view, records)
        targets = tuple(
            (pipeline.qualified(m.target), pipeline.stages[m.target].title.text(shell.language))
            for m in pipeline.moves
            if stage.name in m.sources
        )
        lanes.append(
            Lane(
                name=pipeline.qualified(stage.name),
                title=stage.title.text(shell.language),
                kind=stage.kind,
                count=count,
                sum=amount.type.format(total, shell.reading) if amount and amount.type and total is not None else "",
                cards=_cards(session, shell, made, pipeline, shown, owner, records, marks),
                targets=tuple(dict.fromkeys(targets)),
                more_url=f"{shell.root}/o/{made.name}?view=all&f.{column}.in={stage.name}" if count > LANE_CARDS else None,
            )
        )
    return tuple(lanes)


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
    facts = [f for f in shown if f is not owner and f.name not in moments]
    # A link inside a card would be in the way of the hand that drags it
    reader = replace(reader_for(session, shell, [*facts, *([owner] if owner else [])], records), readable=frozenset())
    return tuple(
        Card(
            id=r.id,
            title=str(r.get(made.record_title) or f"#{r.id}"),
            url=f"{shell.root}/o/{made.name}/{r.id}",
            mark=marks.get(r.id, ""),
            facts=tuple((f.title, f.show(r.get(f.name), reader)) for f in facts if r.get(f.name) is not None),
            since=times.span((session.now - r[since]).total_seconds(), shell.language) if r.get(since) else "",
            version=r.version,
            owner=owner.show(r.get(owner.name), reader) if owner else Markup(),
            due=countdown(r[due], session.now, shell.language) if due in moments and r.get(due) else "",
            due_tone=tone(r[due], session.now) if due in moments and r.get(due) else "",
        )
        for r in records
    )
