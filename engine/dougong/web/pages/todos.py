"""To-dos: approvals that wait for this person, own to-dos by when they are due, and those of roles and teams that anybody may claim."""

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from dougong.refusals import Refused, refuse
from dougong.runtime.record import Todo
from dougong.runtime.session import Session
from dougong.web.pages import times
from dougong.web.pages.approval_panel import ApprovalView, view
from dougong.web.pages.deadlines import countdown, tone
from dougong.web.pages.once import mark_of, once
from dougong.web.pages.reader import Reader
from dougong.web.pages.request import go, local, only, work
from dougong.web.pages.shell import Shell, inside
from dougong.web.pages.templates import respond
from dougong.web.pages.texts import noted, text
from dougong.web.refusals import NO_ROUTE

WAITING_SECONDS = 24 * 3600  # a to-do without a due time that is older than this is late
GROUPS = (("late", noted("Overdue")), ("today", noted("Due today")), ("later", noted("Due later")), ("open", noted("Any time")))


@dataclass(frozen=True, slots=True)
class TodoLine:
    """One to-do; `url` is its record, empty when this person may not see it. `due` is the countdown, `waits` how long one without a due time
    has been there, `whose` says whom it came from."""

    id: int
    text: str
    about: str
    url: str
    at: Markup
    is_late: bool
    group: str
    due: str = ""
    waits: str = ""
    due_at: str = ""
    tone: str = ""
    whose: str = ""
    is_claimed: bool = False


@dataclass(frozen=True, slots=True)
class TodoGroup:
    """The to-dos that are due in one span of time."""

    title: str
    name: str
    todos: tuple[TodoLine, ...]


@dataclass(frozen=True, slots=True)
class WaitingApproval:
    """An approval that waits for this person, and its record as far as they may see it."""

    approval: ApprovalView
    about: str
    url: str


@dataclass(frozen=True, slots=True)
class TodosPage:
    """Context of `todos.html`."""

    heading: str
    approvals: tuple[WaitingApproval, ...]
    groups: tuple[TodoGroup, ...]
    claimable: tuple[TodoLine, ...]
    late_count: int
    messages: tuple[str, ...]


async def show(request: Request) -> Response:
    """GET /todos."""
    return await work(request, lambda session: _show(request, session, None), write=False)


async def act(request: Request) -> Response:
    """POST /todos/{id}/{act}: done, claim, give-back."""
    form = await request.form()
    target = local(str(form.get("next") or "/todos"))
    try:
        return await once(request, mark_of(request, form), lambda session: _act(request, session, target))
    except Refused as refused:
        if refused.status in (401, 404, 503):
            raise
        caught = refused
    return await work(request, lambda session: _show(request, session, caught), write=False)


def _act(request: Request, session: Session, target: str) -> Response:
    acts = {
        "done": (session.finish_todo, "done"),
        "claim": (session.claim_todo, "claimed"),
        "give-back": (session.give_back_todo, "given_back"),
    }
    found = acts.get(request.path_params["act"])
    if found is None:
        raise refuse(NO_ROUTE, path=request.url.path)
    found[0](request.path_params["id"])
    return go(request, target, found[1])


def _show(request: Request, session: Session, refused: Refused | None) -> Response:
    only(request)
    shell = inside(request, session, "todos")
    lines = todo_lines(session, shell)
    page = TodosPage(
        heading=text(shell.language, "To-dos"),
        approvals=waiting_approvals(session, shell),
        groups=tuple(
            TodoGroup(text(shell.language, title), name, found)
            for name, title in GROUPS
            if (found := tuple(line for line in lines if line.group == name))
        ),
        claimable=_lines(session, shell, session.claimable_todos()),
        late_count=sum(line.is_late for line in lines),
        messages=tuple(r.message(shell.language) for r in refused.refusals) if refused else (),
    )
    return respond(request, "todos.html", shell, page, 422 if refused else 200)


def waiting_approvals(session: Session, shell: Shell) -> tuple[WaitingApproval, ...]:
    """The approvals in which this person is asked now, the longest waiting first."""
    states = session.approvals_waiting()
    titles = titles_of(session, [(s.object, s.record_id) for s in states])
    reader = Reader(shell.reading, shell.root, session.now)
    found = []
    for state in states:
        title = titles.get((state.object, state.record_id))
        url = f"{shell.root}/o/{state.object}/{state.record_id}" if title is not None else ""
        found.append(WaitingApproval(view(shell, reader, state), beside(state.text, title), url))
    return tuple(found)


def beside(said: str, title: str | None) -> str:
    """The title of a record, to stand beside a text that does not say it already."""
    return "" if title is None or title in said else title


def titles_of(session: Session, records: list[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """The titles of the records that this person may see: one query for each object."""
    ids: dict[str, set[int]] = {}
    for name, id in records:
        if name in session.app.objects:
            ids.setdefault(name, set()).add(id)
    return {(name, id): title for name, some in ids.items() for id, title in session.titles(name, sorted(some)).items()}


def todo_lines(session: Session, shell: Shell) -> tuple[TodoLine, ...]:
    """The person's open to-dos: what is due first comes first, then what has waited longest."""
    found = sorted(session.todos(), key=lambda t: (t.due_at is None, t.due_at or t.created_at, t.created_at))
    return tuple(sorted(_lines(session, shell, found), key=lambda line: not line.is_late))


def _lines(session: Session, shell: Shell, found: list[Todo]) -> tuple[TodoLine, ...]:
    reader = Reader(shell.reading, shell.root, session.now)
    away = sorted({t.instead_of for t in found if t.instead_of is not None})
    people = session.titles("user", away) if away else {}
    return tuple(_line(session, shell, reader, todo, people) for todo in found)


def _line(session: Session, shell: Shell, reader: Reader, todo: Todo, people: dict[int, str]) -> TodoLine:
    now, due = session.now, todo.due_at
    waits = (now - todo.created_at).total_seconds() > WAITING_SECONDS
    return TodoLine(
        id=todo.id,
        text=todo.text,
        about=beside(todo.text, todo.record_title),
        url=_url(session, shell, todo),
        at=reader.time(todo.created_at),
        is_late=waits if due is None else due <= now,
        group=_group(shell, due, now),
        due=countdown(due, now, shell.language) if due else "",
        waits=_waits(shell, (now - todo.created_at).total_seconds()) if due is None else "",
        due_at=reader.exact(due or todo.created_at),
        tone=tone(due, now) if due else "",
        whose=_whose(session, shell, todo, people),
        is_claimed=todo.for_role is not None or todo.for_team is not None,
    )


def _waits(shell: Shell, seconds: float) -> str:
    if seconds < 60:
        return text(shell.language, "just now")
    return text(shell.language, "%(time)s old", time=times.span(seconds, shell.language))


def _url(session: Session, shell: Shell, todo: Todo) -> str:
    """The form to be filled in about the record, where that is what there is to do; else the record."""
    form = session.app.forms.get(todo.form or "")
    if form is not None and session.may("create", form.object):
        through = next((f.name for f in session.app.objects[form.object].fields.values() if f.type.target == todo.object), None)
        return f"{shell.root}/o/{form.object}/new?{through}={todo.record_id}"
    return f"{shell.root}/o/{todo.object}/{todo.record_id}" if todo.record_title is not None else ""


def _group(shell: Shell, due: datetime | None, now: datetime) -> str:
    if due is None:
        return "open"
    if due <= now:
        return "late"
    return "today" if due.astimezone(shell.zone).date() == now.astimezone(shell.zone).date() else "later"


def _whose(session: Session, shell: Shell, todo: Todo, people: dict[int, str]) -> str:
    """The role or team that it was for, or the absent person in whose place it came."""
    if todo.instead_of is not None:
        return text(shell.language, "for %(person)s", person=people.get(todo.instead_of, f"#{todo.instead_of}"))
    if todo.for_role is not None:
        role = session.app.roles.get(todo.for_role)
        return role.title.text(shell.language) if role else todo.for_role
    return "" if todo.for_team is None else session.titles("team", [todo.for_team]).get(todo.for_team, "")
