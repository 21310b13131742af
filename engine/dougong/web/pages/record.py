"""A record's page: stage bar and next moves on top, facts left, the story in the middle, relations right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from dougong.derive.forms import layout
from dougong.model.app import Object
from dougong.model.flow import Pipeline, former_stages
from dougong.model.gate_fields import UNSUPPORTED, UNSUPPORTED_AT
from dougong.refusals import Refused
from dougong.runtime.record import Change
from dougong.runtime.session import Session
from dougong.web.pages import approval_panel, proposals, times
from dougong.web.pages.approval_panel import ApprovalView, Submit
from dougong.web.pages.assignments import given_by_rules
from dougong.web.pages.deadlines import Deadline, Deadlines, deadlines
from dougong.web.pages.duties import DutyLine, duty_lines
from dougong.web.pages.facets import Facet, owner_field
from dougong.web.pages.gate_panel import GatePanel, panel
from dougong.web.pages.lists import readable_facets
from dougong.web.pages.moves import MoveButton, buttons
from dougong.web.pages.naming import title_of
from dougong.web.pages.parts import Running, SplitPanel, running_under, split_panels
from dougong.web.pages.pools import GiveBack, give_backs
from dougong.web.pages.proposals import ProposalLine
from dougong.web.pages.reading import reader_for
from dougong.web.pages.relations import Relation, relations
from dougong.web.pages.request import of_object, only, work
from dougong.web.pages.score_panel import ScoreView, scores
from dougong.web.pages.shell import Shell, inside
from dougong.web.pages.templates import respond
from dougong.web.pages.texts import text
from dougong.web.pages.timeline import Entry, story

# What the header, the panels and the story tell already
ELSEWHERE = frozenset({"updated_by", "updated_at", UNSUPPORTED, UNSUPPORTED_AT})


@dataclass(frozen=True, slots=True)
class Step:
    """One piece of the stage bar; `state` is done, past (never entered), now or next, `spent` how long the record has been there."""

    title: str
    state: str
    kind: str
    spent: str


@dataclass(frozen=True, slots=True)
class Way:
    """One pipeline of the record; `title` is there where there are several, and so is what is due of it."""

    name: str
    title: str
    steps: tuple[Step, ...]
    due: Deadline | None


@dataclass(frozen=True, slots=True)
class Fact:
    """One value on the left; `edit_url` when this person may change it in place, `why_url` when rules choose who stands there."""

    name: str
    label: str
    html: Markup
    edit_url: str | None
    why_url: str | None = None


@dataclass(frozen=True, slots=True)
class FactGroup:
    """The facts of one section of the form."""

    title: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class RecordPage:
    """Context of `record.html`; `documents` are (title, address, what they are made as).

    `warnings` is what checks that only warn say about the record as it stands.
    """

    heading: str
    object: str
    object_title: str
    icon: str
    id: int
    version: int
    list_url: str
    ways: tuple[Way, ...]
    moves: tuple[MoveButton, ...]
    groups: tuple[FactGroup, ...]
    entries: tuple[Entry, ...]
    relations: tuple[Relation, ...]
    edit_url: str | None
    delete_url: str | None
    story_filter: str
    story_url: str
    subtitle: Markup
    deadlines: Deadlines
    scores: tuple[ScoreView, ...]
    approvals: tuple[ApprovalView, ...]
    submits: tuple[Submit, ...]
    proposals: tuple[ProposalLine, ...]
    give_backs: tuple[GiveBack, ...]
    gates: GatePanel | None
    splits: tuple[SplitPanel, ...]
    running: tuple[Running, ...]
    duties: tuple[DutyLine, ...]
    documents: tuple[tuple[str, str, tuple[str, ...]], ...]
    warnings: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    said: str = ""


async def show(request: Request) -> Response:
    """GET /o/{object}/{id}."""
    return await work(request, lambda session: _show(request, session), write=False)


def _show(request: Request, session: Session) -> Response:
    only(request, "story")
    return respond_with(request, session)


def respond_with(request: Request, session: Session, *, refused: Refused | None = None, said: str = "") -> Response:
    """The page of the address's record; after a refusal with what it says, and with the comment that was being written."""
    made = of_object(request, session)
    record = session.get(made.name, request.path_params["id"])
    shell = inside(request, session, made.name)
    page = build(session, shell, made, record, request.query_params.get("story", "all"))
    if refused is not None:
        page = replace(page, messages=tuple(r.message(shell.language) for r in refused.refusals), said=said)
    return respond(request, "record.html", shell, page, 422 if refused else 200)


def build(session: Session, shell: Shell, made: Object, record: Any, story_filter: str = "all") -> RecordPage:
    """The context of the page of `record`."""
    readable = readable_facets(session, shell, made)
    history: Sequence[Change] = session.history(made.name, record.id)
    people = {c.actor.id for c in history if c.actor.id is not None}
    seen = [record, *_values_of(history)]
    reader = reader_for(session, shell, tuple(readable.values()), seen, people, f"{shell.root}/api/v1/{made.name}/{record.id}/files")
    url = f"{shell.root}/o/{made.name}/{record.id}"
    writable = session.given("update", made.name, record.id)
    moves = buttons(session, shell, made, record) if session.may("move", made.name) else ()
    states = approval_panel.states(session, made, record.id)
    whys, due = given_by_rules(session, made), deadlines(session, shell, made.name, record.id)
    return RecordPage(
        heading=title_of(made, record, shell.reading),
        object=made.name,
        object_title=made.title.text(shell.language),
        icon=made.icon,
        id=record.id,
        version=record.version,
        list_url=f"{shell.root}/o/{made.name}",
        ways=ways(session, shell, made, record, history, due),
        moves=moves,
        groups=_groups(session, shell, made, record, readable, reader, url, writable or frozenset(), whys),
        entries=story(session, shell, made, readable, reader, history, story_filter, record.id, states, whys),
        relations=relations(session, shell, made, record),
        edit_url=f"{url}/edit" if writable else None,
        delete_url=f"{url}/delete" if session.given("delete", made.name, record.id) is not None else None,
        story_filter=story_filter,
        story_url=url,
        subtitle=_subtitle(session, shell, made, record, readable, reader),
        deadlines=due,
        scores=scores(session, shell, made.name, record.id),
        approvals=tuple(approval_panel.view(shell, reader, s) for s in states),
        submits=approval_panel.startable(session, shell, made, record.id, frozenset(s.name for s in states if s.state == "running")),
        give_backs=give_backs(session, shell, made, record.id),
        proposals=proposals.of_record(session, shell, made.name, record.id, moves),
        gates=panel(session, shell, reader, made, record, moves, writable or frozenset()),
        splits=split_panels(session, shell, made, record),
        running=running_under(session, shell, made, record),
        duties=duty_lines(session, shell, made, record.id),
        documents=tuple(
            (each.title.text(shell.language), f"{shell.root}/api/v1/{made.name}/{record.id}/documents/{each.name}", each.forms)
            for each in session.documents(made.name)
        ),
        warnings=_warnings(session, shell, made, record.id) if writable else (),
    )


def _warnings(session: Session, shell: Shell, made: Object, id: int) -> tuple[str, ...]:
    """A write tells them once and leads on to this page: here they stay until somebody has mended what they are about."""
    if all(check.severity == "error" for check in made.checks):
        return ()
    return tuple(dict.fromkeys(w.message(shell.language) for w in session.preview(made.name, {}, id).warnings))


def ways(session: Session, shell: Shell, made: Object, record: Any, history: Sequence[Change], due: Deadlines) -> tuple[Way, ...]:
    """The pipelines of which this person may see where the record stands, the main one first."""
    shown = [pipeline for pipeline in made.pipelines if pipeline.field in record]
    is_only = len(made.pipelines) == 1
    return tuple(
        Way(
            pipeline.name,
            "" if is_only else pipeline.title.text(shell.language),
            steps(session, shell, pipeline, record, history),
            None if is_only else due.of.get(pipeline.field),
        )
        for pipeline in shown
    )


def steps(session: Session, shell: Shell, pipeline: Pipeline, record: Any, history: Sequence[Change]) -> tuple[Step, ...]:
    """The stage bar: the way from start to success; a waiting or lost stage stands on it only while the record is there."""
    stands = record[pipeline.field] or pipeline.start.name
    spent = time_spent(history, pipeline, stands, session.now)
    order = list(pipeline.stages.values())
    here = next((i for i, s in enumerate(order) if s.name == stands), 0)
    found = []
    for index, stage in enumerate(order):
        is_here = index == here
        if stage.kind in ("waiting", "lost") and not is_here:
            continue
        state = "now" if is_here else "next" if index > here else "done" if stage.name in spent else "past"
        seconds = spent.get(stage.name) or 0
        found.append(
            Step(stage.title.text(shell.language), state, stage.kind, times.span(seconds, shell.language) if seconds >= 60 else "")
        )
    return tuple(found)


def time_spent(history: Sequence[Change], pipeline: Pipeline, stage: str, now: datetime) -> dict[str, float]:
    """Stage → seconds spent in it, from the stage changes in the history (newest first)."""
    spent: dict[str, float] = {}
    names = dict(former_stages(pipeline))
    current: str | None = None
    since = now
    for change in reversed(history):
        pair = change.stage if pipeline.is_main else change.fields.get(pipeline.field)
        if pair is None or pair[1] is None:
            continue
        if current is not None:
            spent[current] = spent.get(current, 0.0) + (change.happened_at - since).total_seconds()
        current, since = names.get(pair[1], pair[1]), change.happened_at
    if current is not None:
        spent[current] = spent.get(current, 0.0) + (now - since).total_seconds()
    return spent or {stage: 0.0}


def _values_of(history: Sequence[Change]) -> list[Mapping[str, Any]]:
    """Old and new values of all changes, so that the titles behind them are fetched in one go."""
    return [{name: pair[side] for name, pair in change.fields.items()} for change in history for side in (0, 1)]


def _groups(
    session: Session,
    shell: Shell,
    made: Object,
    record: Any,
    readable: Mapping[str, Facet],
    reader: Any,
    url: str,
    writable: frozenset[str],
    whys: frozenset[str],
) -> tuple[FactGroup, ...]:
    """The facts in the order of the form, then what the form leaves out."""
    plan = layout(session.app, made.name)
    row = {**dict.fromkeys(made.fields), **record}
    hidden = {s.field.name for s in plan.slots() if s.field.show_when and not session.holds(s.field.show_when, row)}
    groups, seen = [], {made.record_title}
    for block in plan.blocks:
        names = [s.field.name for s in block.slots if s.field.name in readable and s.field.name in record]
        seen.update(names)
        names = [n for n in names if n != made.record_title and n not in hidden]
        facts = tuple(_fact(readable[n], record, reader, url, n in writable, n in whys) for n in names)
        if facts:
            groups.append(FactGroup(block.title.text(shell.language) if block.title else "", facts))
    told = ELSEWHERE.union(*((p.field, p.since, p.due_at, p.overdue) for p in made.pipelines))
    told |= {p.since for p in session.app.pools.values() if p.object == made.name and row.get(p.column) is None}  # of the last time
    rest = [n for n in readable if n not in seen and n in record and n not in told]
    shown_rest = [n for n in rest if record.get(n) is not None and n not in hidden]
    facts = tuple(_fact(readable[n], record, reader, url, n in writable, n in whys) for n in shown_rest)
    return (*groups, FactGroup(text(shell.language, "More"), facts)) if facts else tuple(groups)


def _fact(shown: Facet, record: Any, reader: Any, url: str, is_writable: bool, is_given: bool) -> Fact:
    value = record.get(shown.name)
    why = f"{url}/assignments" if is_given and value is not None else None
    return Fact(shown.name, shown.title, shown.show(value, reader), f"{url}/field/{shown.name}" if is_writable else None, why)


def _subtitle(session: Session, shell: Shell, made: Object, record: Any, readable: Mapping[str, Facet], reader: Any) -> Markup:
    """The number of the record, when it has one, and who is in charge of it."""
    number = next((f for f in readable.values() if f.widget == "autonumber"), None)
    owner = readable.get(owner_field(session.fields(made.name)) or "")
    parts = [f.show(record.get(f.name), reader) for f in (number, owner) if f is not None and record.get(f.name) is not None]
    return Markup(" · ").join(parts)
