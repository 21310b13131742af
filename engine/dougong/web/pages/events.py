"""What stands in the story of a record beside its history: decisions, messages, ticks, and how it was split."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from dougong.runtime.session import Session
from dougong.runtime.splits.story import PartChange, SplitEvent
from dougong.web.pages.facets import Facet, facets
from dougong.web.pages.reader import Reader
from dougong.web.pages.shell import Shell
from dougong.web.pages.texts import noted, text


@dataclass(frozen=True, slots=True)
class Altered:
    """One field that changed, or one part of a record."""

    label: str | Markup
    old: Markup
    new: Markup


@dataclass(frozen=True, slots=True)
class Event:
    """Something that somebody did in an approval or to the parts of a record, or a message on a channel."""

    at: datetime
    who: str
    sentence: str
    comment: str
    symbol: str = "clipboard-check"
    altered: tuple[Altered, ...] = ()


def splits(session: Session, shell: Shell, reader: Reader, object: str, id: int) -> list[Event]:
    """Who split the record into which parts, with which amounts, and who changed them; with links to the parts that are there."""
    return [_split(session, shell, reader, event) for event in session.split_story(object, id)]


def _split(session: Session, shell: Shell, reader: Reader, event: SplitEvent) -> Event:
    part = session.app.objects[event.part]
    words = noted("split it: %(part)s") if event.is_first else noted("changed the split: %(part)s")
    names = dict.fromkeys(name for change in event.changes for name in change.sums)
    shown = facets(session.app, part, list(names), shell.language, frozenset())
    altered = tuple(line for change in event.changes for line in _lines(shell, reader, event.part, change, shown))
    more = text(shell.language, "and others that you may not see") if event.hidden else ""
    by = event.by or text(shell.language, "System")
    return Event(event.at, by, text(shell.language, words, part=part.title.text(shell.language)), more, "git-branch", altered)


def _lines(shell: Shell, reader: Reader, part: str, change: PartChange, shown: list[Facet]) -> Iterator[Altered]:
    """One line for each sum of a part; the last says so when it is gone."""
    title = Markup('<a href="{}">{}</a>').format(f"{shell.root}/o/{part}/{change.id}", change.title) if change.is_there else change.title
    gone = Markup('<span class="muted">{}</span>').format(text(shell.language, "taken away"))
    mine = [facet for facet in shown if facet.name in change.sums]
    for facet in mine:
        old, new = (facet.show(value, reader) for value in change.sums[facet.name])
        label = Markup("{} · {}").format(title, facet.title) if len(mine) > 1 else title
        yield Altered(label, old, gone if change.kind == "left" else new)
    if not mine:
        yield Altered(title, Markup(), gone if change.kind == "left" else Markup.escape(text(shell.language, "added")))
