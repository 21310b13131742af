"""One request, one unit of work as the person who asks, its result as JSON."""

from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from dougong.engine import Engine
from dougong.refusals import refuse
from dougong.runtime.actor import Cause
from dougong.runtime.session import Session
from dougong.web import refusals as codes
from dougong.web.api import body
from dougong.web.api.output import json
from dougong.web.auth import require_user
from dougong.web.threads import in_thread

ROOT = "/api/v1"
Work = Callable[[Session], Any]


async def answered(engine: Engine, request: Request, work: Work, *, write: bool, status: int = 200) -> Response:
    """What `work` gives as JSON; 204 for nothing."""
    user_id, cause = require_user(request), Cause("api", request.headers.get("x-request-id"))
    found = await in_thread(engine.run, user_id, work, write=write, cause=cause, language=request.state.language)
    return Response(status_code=204) if found is None else json(found, status)


def listed(items: list[Any]) -> dict[str, Any]:
    """A list as the API gives it."""
    return {"data": items}


async def known_body(request: Request, known: tuple[str, ...], *, may_lack: bool = False) -> Mapping[str, Any]:
    """A JSON object with no other names than these; with `may_lack` no body at all is an empty one. `Refused` R600, R601, R607."""
    if may_lack and not await body.whole(request):
        return {}
    given: dict[str, Any] = await body.json_body(request, dict)
    if not given.keys() <= set(known):
        names = ", ".join(known)
        raise refuse(codes.BAD_SHAPE, expected=(f"只含 {names} 的 JSON 对象", f"a JSON object with no more than {names}"))
    return given
