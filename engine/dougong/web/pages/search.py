"""Search over everything that the person may read, and the options of a link field while somebody types."""

from dataclasses import dataclass

import orjson
from starlette.requests import Request
from starlette.responses import Response

from dougong.refusals import refuse
from dougong.runtime import refusals as codes
from dougong.runtime.session import Session
from dougong.web.pages.inputs import linked_options
from dougong.web.pages.naming import title_of
from dougong.web.pages.request import only, work
from dougong.web.pages.shell import inside
from dougong.web.pages.templates import respond
from dougong.web.pages.texts import text

PER_OBJECT = 8


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found among the records of one object."""

    title: str
    icon: str
    all_url: str
    records: tuple[tuple[str, str], ...]
    has_more: bool


@dataclass(frozen=True, slots=True)
class SearchPage:
    """Context of `search.html`."""

    heading: str
    sought: str
    hits: tuple[Hits, ...]


async def search(request: Request) -> Response:
    """GET /search?q=…"""
    return await work(request, lambda session: _search(request, session), write=False)


async def options(request: Request) -> Response:
    """GET /options/{object}?q=…: records for a link field, as JSON [{id, title}]."""
    return await work(request, lambda session: _options(request, session), write=False)


def _search(request: Request, session: Session) -> Response:
    only(request, "q")
    shell = inside(request, session, "search")
    sought = request.query_params.get("q", "").strip()
    hits = []
    for place in shell.objects if sought else ():
        made = session.app.objects[place.name]
        found = session.find(place.name, search=sought, limit=PER_OBJECT, fields=[made.record_title]).records
        if found:
            records = tuple((title_of(made, r, shell.reading), f"{place.url}/{r.id}") for r in found)
            hits.append(Hits(place.title, place.icon, f"{place.url}?view=all&q={sought}", records, len(found) == PER_OBJECT))
    return respond(request, "search.html", shell, SearchPage(text(shell.language, "Search"), sought, tuple(hits)))


def _options(request: Request, session: Session) -> Response:
    name = request.path_params["object"]
    if name not in session.app.objects or not session.may("read", name):
        raise refuse(codes.UNKNOWN_OBJECT, name=name)
    found = linked_options(session, name, request.query_params.get("q", "").strip())
    return Response(orjson.dumps([{"id": o.name, "title": o.title} for o in found]), media_type="application/json")
