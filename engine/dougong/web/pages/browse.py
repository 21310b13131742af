"""GET /o/{object}: the list, or the board when the chosen view is one; and the totals below a list, which come later."""

from starlette.requests import Request
from starlette.responses import Response

from dougong.runtime.session import Session
from dougong.web.pages import kanban, list_query, lists, totals
from dougong.web.pages.request import of_object, only, work
from dougong.web.pages.shell import inside
from dougong.web.pages.templates import respond


async def show(request: Request) -> Response:
    """The page; with htmx and a cursor just the next rows."""
    return await work(request, lambda session: _show(request, session), write=False)


async def sums(request: Request) -> Response:
    """GET /o/{object}/totals: how many records there are and what the number columns add up to."""
    return await work(request, lambda session: _sums(request, session), write=False)


def _show(request: Request, session: Session) -> Response:
    only(request, *list_query.NAMES, prefix="f.")
    made = of_object(request, session)
    shell = inside(request, session, made.name)
    query = list_query.read(request.query_params)
    view = lists.chosen_view(session, made, query)
    is_board = query.view == "board" or (view is not None and view.kind == "kanban")
    if is_board and made.pipelines:
        return respond(request, "kanban.html", shell, kanban.build(session, shell, made, view, query))
    page = lists.build(session, shell, made, query, view)
    wants_rows = "hx-request" in request.headers and query.after
    return respond(request, "list_rows.html" if wants_rows else "list.html", shell, page, 422 if page.error else 200)


def _sums(request: Request, session: Session) -> Response:
    only(request, *list_query.NAMES, prefix="f.")
    made = of_object(request, session)
    shell = inside(request, session, made.name)
    query = list_query.read(request.query_params)
    return respond(request, "list_totals.html", shell, totals.build(session, shell, made, query, lists.chosen_view(session, made, query)))
