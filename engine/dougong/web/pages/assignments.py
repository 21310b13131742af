"""Why a record went to whom it did: every time that it was given to somebody, newest first, in plain words."""

from dataclasses import dataclass

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from dougong.model.actions import AssignAction, every
from dougong.model.app import Object
from dougong.model.stage_triggers import stage_triggers
from dougong.runtime.dispatch.explaining import Assignment, explain_assignment
from dougong.runtime.session import Session
from dougong.web.pages.facets import owner_field
from dougong.web.pages.naming import title_of
from dougong.web.pages.reader import Reader
from dougong.web.pages.request import of_object, only, work
from dougong.web.pages.shell import Shell, inside
from dougong.web.pages.templates import respond
from dougong.web.pages.texts import text


@dataclass(frozen=True, slots=True)
class AssignedLine:
    """One time: what happened, what was looked at, and for administrators the clause."""

    at: Markup
    what: str
    why: tuple[str, ...]
    clause: str


@dataclass(frozen=True, slots=True)
class AssignedPage:
    """Context of `assigned.html` and `assigned_dialog.html`."""

    heading: str
    about: str
    back_url: str
    lines: tuple[AssignedLine, ...]


def given_by_rules(session: Session, made: Object) -> frozenset[str]:
    """The fields whose holder rules choose: those that triggers and stages assign, and those that pools empty."""
    triggers = list(session.app.triggers.values())
    for track in session.unit.compiled.rules(made.name).tracks:
        triggers += stage_triggers(track.pipeline)
    rules = (t for t in triggers if any(e.object == made.name for e in t.events))
    fields = {a.field for rule in rules for a in every(rule.actions) if isinstance(a, AssignAction)}
    return frozenset(fields | {p.field for p in session.app.pools.values() if p.object == made.name})


async def show(request: Request) -> Response:
    """GET /o/{object}/{id}/assignments; with htmx only the inside of the dialog."""
    return await work(request, lambda session: _show(request, session), write=False)


def _show(request: Request, session: Session) -> Response:
    only(request)
    made = of_object(request, session)
    record = session.get(made.name, request.path_params["id"])
    shell = inside(request, session, made.name)
    reader = Reader(shell.reading, shell.root, session.now)
    page = AssignedPage(
        heading=_heading(session, shell, made, record.get(owner_field(session.fields(made.name)) or "")),
        about=title_of(made, record, shell.reading),
        back_url=f"{shell.root}/o/{made.name}/{record.id}",
        lines=tuple(_line(shell, reader, each) for each in reversed(explain_assignment(session, made.name, record.id))),
    )
    is_dialog = "hx-request" in request.headers
    return respond(request, "assigned_dialog.html" if is_dialog else "assigned.html", shell, page)


def _heading(session: Session, shell: Shell, made: Object, owner: object) -> str:
    name = session.titles("user", [owner]).get(owner) if isinstance(owner, int) else None
    return text(shell.language, "Why did it go to %(person)s?", person=name) if name else text(shell.language, "Who had it, and why")


def _line(shell: Shell, reader: Reader, each: Assignment) -> AssignedLine:
    index = 0 if shell.language == "zh" else 1
    first, *others = (sentence[index] for sentence in each.sentences)
    return AssignedLine(reader.time(each.at), first, tuple(others), each.clause or "" if shell.is_admin else "")
