"""Records whose stage has lost what opened it: the mark that lists and boards put on them, and the small page that says what is gone.

The mark costs one column of the query that finds the records; what is gone is asked when somebody asks.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from dougong.model.app import Object
from dougong.model.gate_fields import UNSUPPORTED_AT
from dougong.refusals import refuse
from dougong.runtime.session import Session
from dougong.web.pages import times
from dougong.web.pages.facets import Facet
from dougong.web.pages.naming import title_of
from dougong.web.pages.reader import Reader
from dougong.web.pages.request import of_object, only, work
from dougong.web.pages.shell import Shell, inside
from dougong.web.pages.templates import respond
from dougong.web.pages.texts import text
from dougong.web.refusals import NO_ROUTE


@dataclass(frozen=True, slots=True)
class LostStage:
    """A stage that has lost its support: what is gone, as far as the reader may know of it."""

    title: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SupportPage:
    """Context of `support.html` and `support_dialog.html`; `since` is when the support went."""

    heading: str
    about: str
    since: Markup
    stages: tuple[LostStage, ...]
    back_url: str


def needed(made: Object, readable: Mapping[str, Facet]) -> tuple[str, ...]:
    """The field that a list has to fetch for the marks: none where stages ask for nothing, or this person may not know of it."""
    return (UNSUPPORTED_AT,) if UNSUPPORTED_AT in made.fields and UNSUPPORTED_AT in readable else ()


def lost_marks(session: Session, shell: Shell, records: Iterable[Any]) -> dict[int, str]:
    """Record id → the words of its mark."""
    found = ((record.id, record.get(UNSUPPORTED_AT)) for record in records)
    return {
        id: text(shell.language, "Without support since %(when)s", when=times.exact(since, shell.zone))
        for id, since in found
        if since is not None and since <= session.now
    }


async def show(request: Request) -> Response:
    """GET /o/{object}/{id}/support; with htmx only the inside of the dialog."""
    return await work(request, lambda session: _show(request, session), write=False)


def _show(request: Request, session: Session) -> Response:
    only(request)
    made = of_object(request, session)
    record = session.get(made.name, request.path_params["id"])
    since = record.get(UNSUPPORTED_AT)
    if since is None or since > session.now:
        raise refuse(NO_ROUTE, path=request.url.path)
    shell = inside(request, session, made.name)
    page = SupportPage(
        heading=text(shell.language, "Without support"),
        about=title_of(made, record, shell.reading),
        since=Reader(shell.reading, shell.root, session.now).time(since),
        stages=tuple(_stages(session, shell, made, record)),
        back_url=f"{shell.root}/o/{made.name}/{record.id}",
    )
    is_dialog = "hx-request" in request.headers
    return respond(request, "support_dialog.html" if is_dialog else "support.html", shell, page)


def _stages(session: Session, shell: Shell, made: Object, record: Any) -> Iterable[LostStage]:
    """The stages in which the record stands without support, of each pipeline."""
    gone = [item for item in session.gates(made.name, record.id) if item.when == "passed" and item.refusal is not None]
    for name in dict.fromkeys(item.pipeline for item in gone):
        pipeline = made.named(name)
        stage = pipeline.stages.get(record.get(pipeline.field) or "")
        words = [i.refusal.message(shell.language) for i in gone if i.pipeline == name and i.is_readable and i.refusal is not None]
        if any(i.pipeline == name and not i.is_readable for i in gone):
            words.append(text(shell.language, "Something that you may not see is gone."))
        yield LostStage("" if stage is None else stage.title.text(shell.language), tuple(dict.fromkeys(words)))
