"""Deleting a record: a page that asks first, then the gate."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from dougong.refusals import Refused, refuse
from dougong.runtime.refusals import ACTIONS, NO_GRANT
from dougong.runtime.session import Session
from dougong.web.pages.naming import title_of
from dougong.web.pages.request import go, of_object, work
from dougong.web.pages.shell import inside
from dougong.web.pages.templates import respond


@dataclass(frozen=True, slots=True)
class DeletePage:
    """Context of `delete.html`."""

    heading: str
    action: str
    back_url: str
    messages: tuple[str, ...]


async def ask(request: Request) -> Response:
    """GET /o/{object}/{id}/delete."""
    return await work(request, lambda session: _ask(request, session, None), write=False)


async def delete(request: Request) -> Response:
    """POST the same address."""
    try:
        return await work(request, lambda session: _delete(request, session), write=True)
    except Refused as refused:
        if refused.status in (401, 404, 503):
            raise
        caught = refused
    return await work(request, lambda session: _ask(request, session, caught), write=False)


def _delete(request: Request, session: Session) -> Response:
    made = of_object(request, session)
    session.delete(made.name, request.path_params["id"])
    return go(request, f"/o/{made.name}", "deleted")


def _ask(request: Request, session: Session, refused: Refused | None) -> Response:
    made = of_object(request, session)
    record = session.get(made.name, request.path_params["id"])
    if refused is None and session.given("delete", made.name, record.id) is None:
        raise refuse(NO_GRANT, action=ACTIONS["delete"], object=(made.title.zh, made.title.en))
    shell = inside(request, session, made.name)
    url = f"{shell.root}/o/{made.name}/{record.id}"
    messages = tuple(r.message(shell.language) for r in refused.refusals) if refused else ()
    page = DeletePage(title_of(made, record, shell.reading), f"{url}/delete", url, messages)
    return respond(request, "delete.html", shell, page, refused.status if refused else 200)
