"""/healthz: the process answers. /readyz: it can also reach its database and runs a release."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from dougong.engine import Engine
from dougong.web.threads import in_thread


def routes() -> list[BaseRoute]:
    """The two routes."""
    return [Route("/healthz", _alive), Route("/readyz", _ready)]


async def _alive(request: Request) -> Response:
    return JSONResponse({"status": "ok"})


async def _ready(request: Request) -> Response:
    """503 with a problem document when the database cannot be reached (the database layer refuses)."""
    release = await in_thread(_ask, request.app.state.engine)
    return JSONResponse({"status": "ready", "release": release})


def _ask(engine: Engine) -> int:
    with engine.database.read() as connection:
        connection.one("SELECT 1")
    return engine.release.id
