"""One request, one unit of work as the person who asks, its result as JSON."""

from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from dougong.database import UniqueViolation
from dougong.engine import Engine
from dougong.refusals import refuse
from dougong.runtime.actor import Cause
from dougong.runtime.session import Session
from dougong.web import refusals as codes
from dougong.web.api import body, idempotency
from dougong.web.api.output import json
from dougong.web.auth import require_user
from dougong.web.threads import in_thread

ROOT = "/api/v1"
Work = Callable[[Session], Any]
Handle = Callable[[Session], Response]


async def answered(engine: Engine, request: Request, work: Work, *, write: bool, status: int = 200) -> Response:
    """What `work` gives as JSON; 204 for nothing."""

    def handle(session: Session) -> Response:
        found = work(session)
        return Response(status_code=204) if found is None else json(found, status)

    return await carried_out(engine, request, handle, write=write)


async def carried_out(engine: Engine, request: Request, handle: Handle, *, write: bool, one_query: bool = False) -> Response:
    """`handle` as a unit of work of whoever asks. A request that writes is done once for each `Idempotency-Key`, whatever route it takes."""
    if write and request.method != "GET" and idempotency.HEADER in request.headers:
        handle = idempotency.once(request, handle, await body.whole(request))
    return await kept_once(engine, request, handle, write=write, one_query=one_query)


async def kept_once(engine: Engine, request: Request, handle: Handle, *, write: bool, one_query: bool = False) -> Response:
    """The same for a `handle` that knows its key already, if it has one."""
    user_id, cause = require_user(request), Cause("api", request.headers.get("x-request-id"))
    language = request.state.language
    try:
        return await in_thread(engine.run, user_id, handle, write=write, cause=cause, language=language, one_query=one_query)
    except UniqueViolation as violation:
        if violation.table != idempotency.TABLE:
            raise
        # two requests with one key met: the other one is in, so this one finds its answer
        return await in_thread(engine.run, user_id, handle, write=write, cause=cause, language=language)


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
