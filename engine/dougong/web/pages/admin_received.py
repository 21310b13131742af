"""What came in through channels and webhooks, for administrators: what nobody was found for, what could not be read, what a rule refused."""

from dataclasses import dataclass

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from dougong.refusals import Refused
from dougong.runtime.channels.reading import json_object
from dougong.runtime.channels.received import STATES, Came
from dougong.runtime.session import Session
from dougong.web.pages.admin import number, only_admins
from dougong.web.pages.reader import Reader
from dougong.web.pages.request import go, only, work
from dougong.web.pages.shell import Shell
from dougong.web.pages.templates import respond
from dougong.web.pages.texts import noted, text
from dougong.web.pages.todos import titles_of

SHOWN = 50
SHORT = 120  # letters
TITLES = {
    "nobody": noted("Nobody found"),
    "malformed": noted("Cannot be read"),
    "refused": noted("Refused by a rule"),
    "done": noted("Taken in"),
}


@dataclass(frozen=True, slots=True)
class CameLine:
    """One thing that came in; `take_url` lets it in once more."""

    at: Markup
    door: str
    external_id: str
    short: str
    body: str
    state: str
    problems: tuple[str, ...]
    about: str
    url: str
    take_url: str


@dataclass(frozen=True, slots=True)
class ReceivedPage:
    """Context of `admin_received.html`. `states` are (address, title, how many, whether it is this one)."""

    heading: str
    states: tuple[tuple[str, str, int, bool], ...]
    lines: tuple[CameLine, ...]
    older_url: str | None
    messages: tuple[str, ...]


async def show(request: Request) -> Response:
    """GET /admin/received?state=nobody|malformed|refused|done&before=…"""
    return await work(request, lambda session: _show(request, session, None), write=False)


async def take(request: Request) -> Response:
    """POST /admin/received/{id}/take: it is tried once more."""

    def handle(session: Session) -> Response:
        only_admins(request, session, "received")
        taken = session.take_again(request.path_params["id"])
        return go(request, f"/admin/received?state={taken.state}", "saved" if taken.state == "done" else "")

    try:
        return await work(request, handle, write=True)
    except Refused as refused:
        if refused.status in (401, 403, 404, 503):
            raise
        caught = refused
    return await work(request, lambda session: _show(request, session, caught), write=False)


def _show(request: Request, session: Session, refused: Refused | None) -> Response:
    shell = only_admins(request, session, "received")
    only(request, "state", "before")
    wanted = request.query_params.get("state", "")
    _, counts = session.came_in(limit=1)
    state = wanted if wanted in STATES else next((s for s in TITLES if counts[s]), "done")
    found, _ = session.came_in(state, before=number(request, "before"), limit=SHOWN)
    url = f"{shell.root}/admin/received?state="
    page = ReceivedPage(
        heading=text(shell.language, "What came in"),
        states=tuple((f"{url}{s}", text(shell.language, title), counts[s], s == state) for s, title in TITLES.items()),
        lines=_lines(session, shell, found),
        older_url=f"{url}{state}&before={found[-1].id}" if len(found) == SHOWN else None,
        messages=tuple(r.message(shell.language) for r in refused.refusals) if refused else (),
    )
    return respond(request, "admin_received.html", shell, page, 422 if refused else 200)


def _lines(session: Session, shell: Shell, found: list[Came]) -> tuple[CameLine, ...]:
    reader = Reader(shell.reading, shell.root, session.now)
    titles = titles_of(session, [(c.object, c.record_id) for c in found if c.object is not None and c.record_id is not None])
    return tuple(
        CameLine(
            at=reader.time(c.at),
            door=_door(session, shell, c.door),
            external_id=c.external_id,
            short=_short(c.body),
            body=c.body,
            state=c.state,
            problems=tuple(f"{p['field']}: {p[shell.language]}" if p["field"] else str(p[shell.language]) for p in c.problems),
            about=titles.get((c.object, c.record_id or 0), f"{c.object} {c.record_id}") if c.object is not None else "",
            url=f"{shell.root}/o/{c.object}/{c.record_id}" if c.object is not None else "",
            take_url="" if c.state == "done" else f"{shell.root}/admin/received/{c.id}/take",
        )
        for c in found
    )


def _door(session: Session, shell: Shell, door: str) -> str:
    """The title of the channel or webhook; its name, when it is gone from the definition."""
    kind, _, name = door.partition(":")
    known = session.app.channels.get(name) if kind == "channel" else session.app.webhooks.get(name)
    return name if known is None else known.title.text(shell.language)


def _short(body: str) -> str:
    """The values of what came in, on one line."""
    found = json_object(body.encode())
    words = body if found is None else " \u00b7 ".join(str(v) for n, v in found.items() if n != "id" and v is not None)
    line = " ".join(words.split())
    return line if len(line) <= SHORT else line[: SHORT - 1] + "\u2026"
