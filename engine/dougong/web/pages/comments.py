"""What people say about a record: written on its page, taken back by who said it."""

from starlette.requests import Request
from starlette.responses import Response

from dougong.refusals import Refused
from dougong.runtime.session import Session
from dougong.web.pages import record
from dougong.web.pages.request import go, of_object, work


async def add(request: Request) -> Response:
    """POST /o/{object}/{id}/comments: `text`; `@姓名` and `@login` tell colleagues. What was refused stays in the form."""
    said = str((await request.form()).get("text") or "")
    try:
        return await work(request, lambda session: _add(request, session, said), write=True)
    except Refused as refused:
        if refused.status in (401, 404, 503):
            raise
        caught = refused
    return await work(request, lambda session: record.respond_with(request, session, refused=caught, said=said), write=False)


async def delete(request: Request) -> Response:
    """POST /o/{object}/{id}/comments/{comment}/delete: only one's own."""

    def handle(session: Session) -> Response:
        made, id = of_object(request, session), request.path_params["id"]
        session.delete_comment(made.name, id, request.path_params["comment"])
        return go(request, f"/o/{made.name}/{id}", "deleted")

    return await work(request, handle, write=True)


def _add(request: Request, session: Session, said: str) -> Response:
    made, id = of_object(request, session), request.path_params["id"]
    made_comment = session.comment(made.name, id, said.replace("\r\n", "\n"))
    return go(request, f"/o/{made.name}/{id}", "unreached" if made_comment.unreached else "commented")
