"""The way of a page's request: who is asking, which object and record, the unit of work in a thread."""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dougong.model.app import Object
from dougong.refusals import refuse
from dougong.runtime import refusals as codes
from dougong.runtime.actor import Cause
from dougong.runtime.session import Session
from dougong.web import refusals as web_codes
from dougong.web.auth import require_user
from dougong.web.nearest import nearest_words
from dougong.web.threads import in_thread


async def work(request: Request, handle: Callable[[Any], Response], *, write: bool) -> Response:
    """Run a page's unit of work as the signed-in user; the session lives in the worker thread only."""
    user_id = require_user(request)
    engine = request.app.state.engine
    return await in_thread(engine.run, user_id, handle, write=write, cause=Cause("form"), language=request.state.language)


def of_object(request: Request, session: Session) -> Object:
    """The object of the address; the same answer for one that is not there and one that may not be read."""
    name = request.path_params["object"]
    made: Object | None = session.app.objects.get(name)
    if made is None or not session.may("read", name):
        raise refuse(codes.UNKNOWN_OBJECT, name=name)
    return made


def only(request: Request, *names: str, prefix: str = "") -> None:
    """Refuse (R606) an address that asks for something the page does not know: what it shows would not be what was asked for."""
    known = ("note", *names)
    for name in request.query_params:
        if name not in known and not (prefix and name.startswith(prefix)):
            raise refuse(web_codes.UNKNOWN_PARAMETER, name=name, nearest=nearest_words(name, known))


def go(request: Request, path: str, note: str = "") -> Response:
    """POST-redirect-GET: on to `path` of this app, with a word on what was done."""
    root = request.scope.get("root_path", "")
    target = path if root and path.startswith(root + "/") else root + path
    if note:
        target += ("&" if "?" in target else "?") + f"note={note}"
    return RedirectResponse(target, 303)


def local(target: str) -> str:
    """`target` when it is a path of this site, else the home page."""
    is_path = target.startswith("/") and not target.startswith(("//", "/\\")) and target.isprintable()
    return target if is_path else "/"
