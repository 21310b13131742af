"""Home: what to do now. Approvals and to-dos, the overdue ones first; what changed lately; where the person's own records stand."""

from dataclasses import dataclass

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from dougong.model.app import Object
from dougong.model.flow import Pipeline
from dougong.refusals import Refused
from dougong.runtime.session import Session
from dougong.web.pages.facets import owner_field
from dougong.web.pages.reader import Reader
from dougong.web.pages.request import work
from dougong.web.pages.shell import Shell, inside
from dougong.web.pages.templates import respond
from dougong.web.pages.texts import noted, text
from dougong.web.pages.todos import TodoLine, WaitingApproval, todo_lines, waiting_approvals

SHOWN_TODOS, SHOWN_RECENT = 8, 10


@dataclass(frozen=True, slots=True)
class RecentLine:
    """A record that somebody changed lately."""

    title: str
    url: str
    icon: str
    what: str
    who: str
    at: Markup


@dataclass(frozen=True, slots=True)
class TallyLine:
    """How many of the person's own records stand in a stage."""

    title: str
    kind: str
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class Tally:
    """The open stages of one object."""

    title: str
    icon: str
    url: str
    total: int
    most: int
    lines: tuple[TallyLine, ...]


@dataclass(frozen=True, slots=True)
class HomePage:
    """Context of `home.html`."""

    heading: str
    greeting: str
    todos: tuple[TodoLine, ...]
    late_count: int
    more_todos: int
    approvals: tuple[WaitingApproval, ...]
    recent: tuple[RecentLine, ...] = ()
    tallies: tuple[Tally, ...] = ()
    is_own: bool = True


async def home(request: Request) -> Response:
    """GET /."""
    return await work(request, lambda session: _home(request, session), write=False)


def _home(request: Request, session: Session) -> Response:
    shell = inside(request, session, "home")
    lines = todo_lines(session, shell)
    tallies, is_own = _tallies(session, shell)
    page = HomePage(
        heading=text(shell.language, "Home"),
        greeting=greeting(shell, session.now.astimezone(shell.zone).hour),
        todos=lines[:SHOWN_TODOS],
        late_count=sum(line.is_late for line in lines),
        more_todos=max(0, len(lines) - SHOWN_TODOS),
        approvals=waiting_approvals(session, shell),
        recent=_recent(session, shell),
        tallies=tallies,
        is_own=is_own,
    )
    return respond(request, "home.html", shell, page)


def greeting(shell: Shell, hour: int) -> str:
    """Good morning, 李伟."""
    morning, day, evening = noted("Good morning, %(name)s"), noted("Good afternoon, %(name)s"), noted("Good evening, %(name)s")
    return text(shell.language, morning if 5 <= hour < 11 else day if 11 <= hour < 18 else evening, name=shell.user_name)


def _recent(session: Session, shell: Shell) -> tuple[RecentLine, ...]:
    reader = Reader(shell.reading, shell.root, session.now)
    words = {"created": noted("created"), "updated": noted("changed"), "moved": noted("moved")}
    return tuple(
        RecentLine(
            title=r.title or f"#{r.id}",
            url=f"{shell.root}/o/{r.object}/{r.id}",
            icon=session.app.objects[r.object].icon,
            what=text(shell.language, words.get(r.kind, "changed")),
            who=r.actor.name if r.actor.id is not None else text(shell.language, "System"),
            at=reader.time(r.at),
        )
        for r in session.recent(SHOWN_RECENT)
        if not session.app.objects[r.object].is_system
    )


def _tallies(session: Session, shell: Shell) -> tuple[tuple[Tally, ...], bool]:
    """The person's own records by stage; somebody who owns none (a manager) sees all that they may see, and the answer says so."""
    objects = [o for o in session.app.objects.values() if session.may("read", o.name)]
    ways = [(o, pipeline) for o in objects for pipeline in o.pipelines]
    own = tuple(t for o, p in ways for t in [_tally(session, shell, o, p, owner_field(session.fields(o.name)))] if t is not None)
    if own:
        return own, True
    return tuple(t for o, p in ways for t in [_tally(session, shell, o, p, None)] if t is not None), False


def _tally(session: Session, shell: Shell, made: Object, pipeline: Pipeline, owner: str | None) -> Tally | None:
    """Counts per open stage; with `owner` only what is this person's."""
    column = pipeline.field
    try:
        counts = {value: count for value, count, _ in session.group(made.name, by=column, where=f"{owner} = me" if owner else None)}
    except Refused:
        return None
    base = f"{shell.root}/o/{made.name}?view=all" + (f"&f.{owner}.eq={shell.user_id}" if owner else "")
    lines = tuple(
        TallyLine(s.title.text(shell.language), s.kind, counts.get(s.name, 0), f"{base}&f.{column}.in={s.name}")
        for s in pipeline.stages.values()
        if s.is_open
    )
    total = sum(line.count for line in lines)
    if not total:
        return None
    title = made.title.text(shell.language)
    if len(made.pipelines) > 1:
        title += f" · {pipeline.title.text(shell.language)}"
    return Tally(title, made.icon, base, total, max(line.count for line in lines), lines)
