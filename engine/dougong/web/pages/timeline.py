"""The story of a record: its history and what was said about it, newest first, grouped by day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from dougong.model.app import Object
from dougong.runtime.record import Change, Comment
from dougong.runtime.session import Session
from dougong.web.pages import times
from dougong.web.pages.facets import Facet
from dougong.web.pages.reader import Reader
from dougong.web.pages.shell import Shell
from dougong.web.pages.texts import noted, text

SYMBOLS = {"created": "plus", "updated": "pencil", "moved": "arrow-right", "deleted": "trash"}
KINDS = ("all", "moved", "updated")


@dataclass(frozen=True, slots=True)
class Altered:
    """One field that changed."""

    label: str
    old: Markup
    new: Markup


@dataclass(frozen=True, slots=True)
class Entry:
    """One event. `day` is set on the first of each day; `late` says that it was entered after it happened."""

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


def story(
    session: Session,
    shell: Shell,
    made: Object,
    readable: Mapping[str, Facet],
    reader: Reader,
    history: Sequence[Change],
    wanted: str,
    id: int,
) -> tuple[Entry, ...]:
    """The entries of the record `id`, filtered to moves or changes when asked for."""
    said = [] if wanted in ("moved", "updated") else [c for c in session.comments(made.name, id) if c.text is not None]
    events: list[Change | Comment] = sorted([*history, *said[::-1]], key=lambda e: e.at, reverse=True)
    entries: list[Entry] = []
    last_day = ""
    for event in events:
        day = reader.day(_when(event).astimezone(shell.zone).date())
        first = day if day != last_day else ""
        if isinstance(event, Comment):
            entries.append(_said(shell, reader, event, first))
        else:
            kind = "moved" if event.kind == "updated" and event.stage and event.stage[0] else event.kind
            if wanted in ("moved", "updated") and kind != wanted:
                continue
            entries.append(_entry(session, shell, made, readable, reader, event, kind, first))
        last_day = day
    return tuple(entries)


def _when(event: Change | Comment) -> datetime:
    return event.at if isinstance(event, Comment) else event.happened_at


def _said(shell: Shell, reader: Reader, comment: Comment, day: str) -> Entry:
    edited = text(shell.language, "edited") if comment.edited_at is not None else ""
    sentence, at = text(shell.language, "commented"), reader.time(comment.at)
    return Entry("commented", "message", comment.author.name, sentence, at, (), "", edited, day, said=comment.text or "")


def _entry(
    session: Session, shell: Shell, made: Object, readable: Mapping[str, Facet], reader: Reader, change: Change, kind: str, day: str
) -> Entry:
    stages = made.pipeline.stages if made.pipeline else {}
    names = [stages[s].title.text(shell.language) if s and s in stages else (s or "") for s in change.stage or ("", "")]
    sentences = {
        "created": text(shell.language, "created this %(object)s", object=made.title.text(shell.language)),
        "updated": text(shell.language, "changed"),
        "moved": text(shell.language, "moved"),
        "deleted": text(shell.language, "deleted this %(object)s", object=made.title.text(shell.language)),
    }
    altered = tuple(
        Altered(readable[n].title, readable[n].show(old, reader), readable[n].show(new, reader))
        for n, (old, new) in change.fields.items()
        if n in readable and n in made.fields and kind != "created"
    )
    is_late = (change.at - change.happened_at).total_seconds() > 60
    return Entry(
        kind=kind,
        symbol=SYMBOLS.get(kind, "pencil"),
        who=change.actor.name if change.actor.id is not None else text(shell.language, "System"),
        sentence=sentences.get(kind, kind),
        at=reader.time(change.happened_at),
        altered=altered,
        by=_by(session, shell, change),
        late=text(shell.language, "entered %(when)s", when=times.relative(change.at, session.now, shell.zone, shell.language))
        if is_late
        else "",
        day=day,
        stage_from=names[0] if kind == "moved" else "",
        stage_to=names[1] if kind == "moved" else "",
    )


def _by(session: Session, shell: Shell, change: Change) -> str:
    """What made the change, when it was not simply this person with a form."""
    if change.cause == "trigger":
        trigger = session.app.triggers.get((change.cause_id or "").split(" ")[0])
        name = trigger.title.text(shell.language) if trigger else change.cause_id or ""
        return text(shell.language, "by the rule “%(rule)s”", rule=name)
    words = {
        "import": noted("by import"),
        "api": noted("through the API"),
        "python": noted("by a program"),
        "system": noted("by the system"),
        "handover": noted("handed over"),
    }
    is_told = change.cause in words and (change.cause != "system" or change.actor.id is not None)
    return text(shell.language, words[change.cause]) if is_told else ""
