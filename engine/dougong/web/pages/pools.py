"""Pools: what this person may claim, with as much of it as the pool shows; claiming, and giving a record back with a reason."""

from dataclasses import dataclass

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from dougong.model.app import Object
from dougong.refusals import Refused
from dougong.runtime.pools.claiming import Pooled
from dougong.runtime.session import Session
from dougong.web.pages.admin import number
from dougong.web.pages.deciding import DecidePage
from dougong.web.pages.facets import Facet, facets
from dougong.web.pages.naming import title_of
from dougong.web.pages.once import mark_of, once
from dougong.web.pages.reader import Reader
from dougong.web.pages.reading import reader_for
from dougong.web.pages.request import go, of_object, only, work
from dougong.web.pages.shell import Shell, inside
from dougong.web.pages.templates import respond
from dougong.web.pages.texts import text


@dataclass(frozen=True, slots=True)
class PooledLine:
    """One record of a pool: the first field that it shows, then the others as (title, value); `why` it may not be claimed."""

    id: int
    heading: Markup
    facts: tuple[tuple[str, Markup], ...]
    since: Markup
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PoolPage:
    """Context of `pool.html`; `left` are the views that are left today, if they are limited."""

    heading: str
    name: str
    records: tuple[PooledLine, ...]
    left: int | None
    more_url: str | None
    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GiveBack:
    """A pool that this person can give a record back to."""

    title: str
    url: str


async def show(request: Request) -> Response:
    """GET /pools/{name}?after=…: looking may be counted, so it writes."""
    return await work(request, lambda session: _show(request, session, None), write=True)


async def claim(request: Request) -> Response:
    """POST /pools/{name}/claim/{id}: on to the record, if this person may read it now."""
    try:
        return await once(request, mark_of(request, await request.form()), lambda session: _claim(request, session))
    except Refused as refused:
        if refused.status in (401, 404, 503):
            raise
        caught = refused
    return await work(request, lambda session: _show(request, session, caught), write=True)


async def ask(request: Request) -> Response:
    """GET /o/{object}/{id}/release/{pool}: the small form that asks for the reason."""
    return await work(request, lambda session: _ask(request, session, "", None), write=False)


async def release(request: Request) -> Response:
    """POST the same address."""
    form = await request.form()
    reason = str(form.get("comment") or "").strip()

    def handle(session: Session) -> Response:
        made, id = of_object(request, session), request.path_params["id"]
        session.release(made.name, id, reason, pool=request.path_params["pool"])
        return go(request, f"/o/{made.name}", "given_back")

    try:
        return await once(request, mark_of(request, form), handle)
    except Refused as refused:
        if refused.status in (401, 404, 503):
            raise
        caught = refused
    return await work(request, lambda session: _ask(request, session, reason, caught), write=False)


def give_backs(session: Session, shell: Shell, made: Object, id: int) -> tuple[GiveBack, ...]:
    """The pools that this person can give the record back to: those whose field holds them."""
    pools = [p for p in session.app.pools.values() if p.object == made.name]
    row = session.unit.row(made.name, id) if pools else None
    if row is None or session.given("update", made.name, id) is None:
        return ()
    url = f"{shell.root}/o/{made.name}/{id}/release"
    return tuple(GiveBack(p.title.text(shell.language), f"{url}/{p.name}") for p in pools if row[p.field] == shell.user_id)


def _claim(request: Request, session: Session) -> Response:
    pool = session.app.pools.get(request.path_params["name"])
    object, id = pool.object if pool else "", request.path_params["id"]
    if pool is None:
        return _show(request, session, None)  # refuses: there is no such pool
    session.claim(object, id, pool=pool.name)
    is_visible = session.may("read", object) and bool(session.titles(object, [id]))
    return go(request, f"/o/{object}/{id}" if is_visible else f"/pools/{pool.name}", "claimed")


def _show(request: Request, session: Session, refused: Refused | None) -> Response:
    only(request, "after")
    name = request.path_params["name"]
    found = session.pool(name, after=number(request, "after") or 0)
    shell = inside(request, session, f"pool:{name}")
    made = session.app.objects[found.pool.object]
    names = list(found.records[0].values) if found.records else []
    masked = frozenset(n for n in names if made.fields[n].masked)
    shown = facets(session.app, made, names, shell.language, masked)
    reader = reader_for(session, shell, shown, [r.values for r in found.records])
    page = PoolPage(
        heading=found.pool.title.text(shell.language),
        name=name,
        records=tuple(_line(shell, reader, shown, record) for record in found.records),
        left=found.views_left,
        more_url=f"{shell.root}/pools/{name}?after={found.cursor}" if found.cursor else None,
        messages=tuple(r.message(shell.language) for r in refused.refusals) if refused else (),
    )
    return respond(request, "pool.html", shell, page, 422 if refused else 200)


def _line(shell: Shell, reader: Reader, shown: list[Facet], record: Pooled) -> PooledLine:
    cells = [(f.title, f.show(record.values[f.name], reader)) for f in shown]
    why = tuple(r.message(shell.language) for r in record.why_not.refusals) if record.why_not else ()
    return PooledLine(record.id, cells[0][1] if cells else Markup(f"#{record.id}"), tuple(cells[1:]), reader.time(record.since), why)


def _ask(request: Request, session: Session, reason: str, refused: Refused | None) -> Response:
    only(request)
    made = of_object(request, session)
    record = session.get(made.name, request.path_params["id"])
    shell = inside(request, session, made.name)
    pool = session.app.pools.get(request.path_params["pool"])
    url = f"{shell.root}/o/{made.name}/{record.id}"
    page = DecidePage(
        heading=pool.title.text(shell.language) if pool else "",
        way="release",
        button=text(shell.language, "Give back"),
        about=title_of(made, record, shell.reading),
        action=f"{url}/release/{request.path_params['pool']}",
        back_url=url,
        needs_reason=True,
        people=(),
        steps=(),
        messages=tuple(r.message(shell.language) for r in refused.refusals) if refused else (),
        typed={"comment": reason},
    )
    is_dialog = "hx-request" in request.headers
    return respond(request, "decide_dialog.html" if is_dialog else "decide.html", shell, page, 422 if refused else 200)
