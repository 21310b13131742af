"""The story of a record: its history and what was said about it, newest first, grouped by day."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from dougong_dsl.places import Place
from dougong_dsl.titles import Title
from markupsafe import Markup

from dougong.model.app import Object
from dougong.model.flow import Pipeline
from dougong.model.past import NO_PAST, stage_title
from dougong.model.stage_triggers import stage_triggers
from dougong.runtime.approvals.view import ApprovalState
from dougong.runtime.gates.story import GateEvent
from dougong.runtime.record import Change, Comment
from dougong.runtime.session import Session
from dougong.web.pages import conversation, events, times
from dougong.web.pages.events import Altered, Event
from dougong.web.pages.facets import Facet
from dougong.web.pages.reader import Reader
from dougong.web.pages.saying import lines, said
from dougong.web.pages.shell import Shell
from dougong.web.pages.texts import noted, text

SYMBOLS = {"created": "plus", "updated": "pencil", "moved": "arrow-right", "deleted": "trash"}
DECIDED = {
    "approved": noted("approved the step “%(step)s”"),
    "rejected": noted("rejected at the step “%(step)s”"),
    "returned": noted("sent it back at the step “%(step)s”"),
    "transferred": noted("passed on the step “%(step)s”"),
    "escalated": noted("took the step “%(step)s” to the manager, it was overdue"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One event. `day` is set on the first of each day; `late` says that it was entered after it happened.

    `rule` is file:line of what did it, for administrators; `drop_url` takes one's own comment back, `edit_url` mends it;
    `why_url` tells why a rule gave the record to somebody.
    """

    kind: str
    symbol: str
    who: str
    sentence: str
    at: Markup
    altered: tuple[Altered, ...]
    by: str
    late: str
    day: str
    stage_from: str = ""
    stage_to: str = ""
    said: str = ""
    rule: str = ""
    drop_url: str = ""
    edit_url: str = ""
    why_url: str = ""


def story(
    session: Session,
    shell: Shell,
    made: Object,
    readable: Mapping[str, Facet],
    reader: Reader,
    history: Sequence[Change],
    wanted: str,
    id: int,
    approvals: Sequence[ApprovalState] = (),
    whys: frozenset[str] = frozenset(),
) -> tuple[Entry, ...]:
    """The entries of the record `id`, filtered to moves, changes or what was said when asked for; `whys`: fields whose holder rules choose."""
    is_all = wanted not in ("moved", "updated", "commented")
    is_said = is_all or wanted == "commented"
    comments = [c for c in session.comments(made.name, id) if c.text is not None] if is_said else []
    decided = [e for state in approvals for e in _decided(shell, state)] if is_said else []
    told = conversation.told(session, shell, made.name, id) if is_said else []
    decided += [_ticked(shell, each) for each in session.gate_story(made.name, id)] if is_all else []
    decided += events.splits(session, shell, reader, made.name, id) if is_all or wanted == "updated" else []
    decided += [Event(m.at, channel, words, m.text, "mail") for m, channel, words in told]
    told_in_order: list[Change | Comment | Event] = sorted([*decided[::-1], *comments[::-1], *history], key=lambda e: e.at, reverse=True)
    entries: list[Entry] = []
    last_day = ""
    for event in told_in_order:
        day = reader.day(_when(event).astimezone(shell.zone).date())
        first = day if day != last_day else ""
        if isinstance(event, Comment):
            entries.append(_said(session, shell, reader, event, first, f"{shell.root}/o/{made.name}/{id}/comments/{event.id}"))
        elif isinstance(event, Event):
            at = reader.time(event.at)
            said_then = lines(event.comment)
            entries.append(Entry("decided", event.symbol, event.who, event.sentence, at, event.altered, "", "", first, said=said_then))
        else:
            kind = "moved" if event.kind == "updated" and _moved(made, event) else event.kind
            if not is_all and kind != wanted:
                continue
            entry = _entry(session, shell, made, readable, reader, event, kind, first)
            is_given = event.cause in ("trigger", "pool") and not whys.isdisjoint(event.fields.keys() & readable.keys())
            entries.append(replace(entry, why_url=f"{shell.root}/o/{made.name}/{id}/assignments") if is_given else entry)
        last_day = day
    return tuple(entries)


def _ticked(shell: Shell, event: GateEvent) -> Event:
    """An action that was done or withdrawn, or an exception."""
    what = event.what.text(shell.language)
    if event.kind == "excepted" and event.until is not None:
        until = times.exact(event.until, shell.zone)
        sentence = text(shell.language, "let it pass “%(stage)s” without everything it asks for, until %(when)s", stage=what, when=until)
    elif event.kind == "done":
        sentence = text(shell.language, "did “%(action)s”", action=what)
    else:
        sentence = text(shell.language, "took “%(action)s” back", action=what)
    who = event.by or text(shell.language, "System")
    return Event(event.at, who, sentence, event.words)


def _when(event: Change | Comment | Event) -> datetime:
    return event.happened_at if isinstance(event, Change) else event.at


def _said(session: Session, shell: Shell, reader: Reader, comment: Comment, day: str, url: str) -> Entry:
    edited = text(shell.language, "edited") if comment.edited_at is not None else ""
    sentence, at = text(shell.language, "commented"), reader.time(comment.at)
    words = comment.text or ""
    spoken = said(words, session.unit.users() if "@" in words or "\uff20" in words else (), shell.user_id)
    is_own = comment.author.id == shell.user_id
    return Entry(
        "commented",
        "message",
        comment.author.name,
        sentence,
        at,
        (),
        "",
        edited,
        day,
        said=spoken,
        drop_url=f"{url}/delete" if is_own else "",
        edit_url=url if is_own else "",
    )


def _decided(shell: Shell, state: ApprovalState) -> Iterator[Event]:
    """What people did in an approval: submitted it, decided a step, took it back."""
    language, who = shell.language, state.submitted_by.name if state.submitted_by else text(shell.language, "System")
    yield Event(state.started_at, who, text(language, "submitted it: %(approval)s", approval=state.title), "")
    for task in state.tasks:
        if task.decided_at is None or task.state not in DECIDED:
            continue
        words = text(language, DECIDED[task.state], step=state.steps[task.step])
        name = task.decided_by.name if task.decided_by else text(language, "System")
        yield Event(task.decided_at, name, words, task.comment or "")
    if state.left_stage is not None and state.ended_at is not None:
        words = text(language, "%(approval)s ended: the record left %(stage)s", approval=state.title, stage=state.left_stage)
        yield Event(state.ended_at, text(language, "System"), words, "")
    elif state.state == "withdrawn" and state.ended_at is not None:
        yield Event(state.ended_at, who, text(language, "took it back: %(approval)s", approval=state.title), "")


def _entry(
    session: Session, shell: Shell, made: Object, readable: Mapping[str, Facet], reader: Reader, change: Change, kind: str, day: str
) -> Entry:
    past = session.app.pasts.get(made.name, NO_PAST)
    way = _moved(made, change) if kind == "moved" else None
    pipeline, pair = way if way is not None else (made.pipeline, ("", ""))
    names = [stage_title(pipeline, past, s).text(shell.language) if s else "" for s in pair]
    sentences = {
        "created": text(shell.language, "created this %(object)s", object=made.title.text(shell.language)),
        "updated": text(shell.language, "changed"),
        "moved": text(shell.language, "moved")
        if pipeline is None or len(made.pipelines) == 1
        else text(shell.language, "moved it along “%(pipeline)s”", pipeline=pipeline.title.text(shell.language)),
        "deleted": text(shell.language, "deleted this %(object)s", object=made.title.text(shell.language)),
    }
    altered = tuple(
        Altered(readable[n].title, readable[n].show(old, reader), readable[n].show(new, reader))
        for n, (old, new) in change.fields.items()
        if n in readable and n in made.fields and kind != "created" and (way is None or n != way[0].field)
    )
    if change.cause == "pool" and kind == "updated":
        sentences["updated"] = _of_pool(session, shell, change) or sentences["updated"]
    found = _rule(session, change) if shell.is_admin and change.cause in ("trigger", "proposal") else None
    is_late = (change.at - change.happened_at).total_seconds() > 60
    return Entry(
        kind=kind,
        symbol=SYMBOLS.get(kind, "pencil"),
        who=change.actor.name if change.actor.id is not None else text(shell.language, "System"),
        sentence=sentences.get(kind, kind),
        at=reader.time(change.happened_at),
        altered=altered,
        by=_by(session, shell, change),
        rule=f"{found[1].file}:{found[1].line}" if found else "",
        late=text(shell.language, "entered %(when)s", when=times.relative(change.at, session.now, shell.zone, shell.language))
        if is_late
        else "",
        day=day,
        stage_from=names[0] if kind == "moved" else "",
        stage_to=names[1] if kind == "moved" else "",
    )


def _moved(made: Object, change: Change) -> tuple[Pipeline, tuple[Any, Any]] | None:
    """The (first) pipeline in which a change moved the record, with both stages."""
    for pipeline in made.pipelines:
        pair = change.stage if pipeline.is_main else change.fields.get(pipeline.field)
        if pair is not None and pair[0] is not None:
            return pipeline, pair
    return None


def _by(session: Session, shell: Shell, change: Change) -> str:
    """What made the change, when it was not simply this person with a form."""
    if change.cause in ("trigger", "proposal"):
        name, found = (change.cause_id or "").split(" ")[0], _rule(session, change)
        name = found[0].text(shell.language) if found else name
        if change.cause == "proposal":
            return text(shell.language, "as the rule “%(rule)s” proposed", rule=name)
        return text(shell.language, "by the rule “%(rule)s”", rule=name)
    words = {
        "import": noted("by import"),
        "api": noted("through the API"),
        "python": noted("by a program"),
        "system": noted("by the system"),
        "handover": noted("handed over"),
        "channel": noted("by a message that came in"),
        "webhook": noted("by data that came in"),
        "release": noted("by a new release, which has that stage no more"),
    }
    is_told = change.cause in words and (change.cause != "system" or change.actor.id is not None)
    return text(shell.language, words[change.cause]) if is_told else ""


def _of_pool(session: Session, shell: Shell, change: Change) -> str:
    """A record that somebody claimed or gave back; nothing once the pool is gone from the definition."""
    pool = session.app.pools.get(change.cause_id or "")
    if pool is None or pool.field not in change.fields:
        return ""
    words = (
        noted("given back to the pool “%(pool)s”") if change.fields[pool.field][1] is None else noted("claimed from the pool “%(pool)s”")
    )
    return text(shell.language, words, pool=pool.title.text(shell.language))


def _rule(session: Session, change: Change) -> tuple[Title, Place] | None:
    """Title and place of the trigger, stage or approval that made a change; None when it is gone from the definition."""
    name = (change.cause_id or "").split(" ")[0]
    trigger = session.app.triggers.get(name) or next((t for t in session.app.triggers.values() if t.was == name), None)
    if trigger is not None:
        return trigger.title, trigger.place
    if name.startswith("approval:"):
        approval = session.app.approvals.get(name.split(":")[1])
        return (approval.title, approval.place) if approval else None
    if name.startswith("pool:"):
        pool = session.app.pools.get(name.split(":")[1])
        return (pool.title, pool.place) if pool else None
    stages = [s for o in session.app.objects.values() if o.pipeline for s in stage_triggers(o.pipeline) if s.name == name]
    return (stages[0].title, stages[0].place) if stages else None
