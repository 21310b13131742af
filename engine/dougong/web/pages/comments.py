"""What people say about a record: written on its page, mended and taken back by who said it; whom one can call while writing."""

from dataclasses import dataclass

import orjson
from starlette.requests import Request
from starlette.responses import Response

from dougong.refusals import Refused, refuse
from dougong.runtime.people.mentioning import who_may_be_told
from dougong.runtime.people.refusals import NO_SUCH_COMMENT
from dougong.runtime.session import Session
from dougong.web.pages import record
from dougong.web.pages.once import mark_of, once
from dougong.web.pages.request import go, of_object, only, work
from dougong.web.pages.shell import inside
from dougong.web.pages.templates import respond
from dougong.web.pages.texts import text

OFFERED = 8  # people at once


@dataclass(frozen=True, slots=True)
class CommentPage:
    """Context of `comment.html` and `comment_dialog.html`."""

    heading: str
    action: str
    back_url: str
    people_url: str
    said: str
    messages: tuple[str, ...]


async def add(request: Request) -> Response:
    """POST /o/{object}/{id}/comments: `text`; `@姓名` and `@login` tell colleagues. What was refused stays in the form."""
    form = await request.form()
    said = str(form.get("text") or "")
    try:
        return await once(request, mark_of(request, form), lambda session: _add(request, session, said))
    except Refused as refused:
        if refused.status in (401, 404, 503):
            raise
        caught = refused
    return await work(request, lambda session: record.respond_with(request, session, refused=caught, said=said), write=False)


async def show(request: Request) -> Response:
    """GET /o/{object}/{id}/comments/{comment}: one's own, to be mended; with htmx only the inside of the dialog."""
    return await work(request, lambda session: _show(request, session, None, None), write=False)


async def edit(request: Request) -> Response:
    """POST the same address: `text`."""
    form = await request.form()
    said = str(form.get("text") or "")

    def handle(session: Session) -> Response:
        made, id = of_object(request, session), request.path_params["id"]
        mended = session.edit_comment(made.name, id, request.path_params["comment"], said.replace("\r\n", "\n"))
        return go(request, f"/o/{made.name}/{id}", "unreached" if mended.unreached else "saved")

    try:
        return await once(request, mark_of(request, form), handle)
    except Refused as refused:
        if refused.status in (401, 404, 503):
            raise
        caught = refused
    return await work(request, lambda session: _show(request, session, said, caught), write=False)


async def delete(request: Request) -> Response:
    """POST /o/{object}/{id}/comments/{comment}/delete: only one's own."""
    form = await request.form()

    def handle(session: Session) -> Response:
        made, id = of_object(request, session), request.path_params["id"]
        session.delete_comment(made.name, id, request.path_params["comment"])
        return go(request, f"/o/{made.name}/{id}", "deleted")

    return await once(request, mark_of(request, form), handle)


async def people(request: Request) -> Response:
    """GET /o/{object}/{id}/people?q=…: colleagues who may read the record, as JSON: what to write behind the @, and the name."""

    def handle(session: Session) -> Response:
        only(request, "q")
        made = of_object(request, session)
        found = who_may_be_told(session.unit, made.name, request.path_params["id"], request.query_params.get("q", ""), OFFERED)
        answer = [{"call": one.call, "name": one.name, "login": one.login} for one in found]
        return Response(orjson.dumps(answer), media_type="application/json")

    return await work(request, handle, write=False)


def _add(request: Request, session: Session, said: str) -> Response:
    made, id = of_object(request, session), request.path_params["id"]
    made_comment = session.comment(made.name, id, said.replace("\r\n", "\n"))
    return go(request, f"/o/{made.name}/{id}", "unreached" if made_comment.unreached else "commented")


def _show(request: Request, session: Session, said: str | None, refused: Refused | None) -> Response:
    only(request)
    made, id, number = of_object(request, session), request.path_params["id"], request.path_params["comment"]
    found = next((c for c in session.comments(made.name, id) if c.id == number and c.text is not None), None)
    if found is None or found.author.id != session.user["id"]:
        raise refuse(NO_SUCH_COMMENT)
    shell = inside(request, session, made.name)
    url = f"{shell.root}/o/{made.name}/{id}"
    page = CommentPage(
        heading=text(shell.language, "Edit comment"),
        action=f"{url}/comments/{number}",
        back_url=url,
        people_url=f"{url}/people",
        said=found.text or "" if said is None else said,
        messages=tuple(r.message(shell.language) for r in refused.refusals) if refused else (),
    )
    is_dialog = "hx-request" in request.headers
    return respond(request, "comment_dialog.html" if is_dialog else "comment.html", shell, page, 422 if refused else 200)
