"""The ASGI application of an engine: routes of the API, of sign-in and of the pages, behind the layers that every request passes.

From outside in: security headers → failures become answers → who is asking → limits on bodies → forged requests refused → routes.
"""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware

from dougong.engine import Engine
from dougong.web import health
from dougong.web.api import routes as api
from dougong.web.auth import Authentication, Identities
from dougong.web.errors import Failures, handlers
from dougong.web.pages import routes as pages
from dougong.web.security import BodyLimit, OwnPagesOnly, SecurityHeaders
from dougong.web.sign_in import Attempts, SignIn

THREADS = 16


def build(engine: Engine, *, secure: bool = False) -> Starlette:
    """The application. `secure`: it is reached over https, so cookies are bound to it (`__Host-`) and browsers are told to stay on it."""
    identities = Identities(engine)
    sign_in = SignIn(identities, Attempts(), secure)
    app = Starlette(
        routes=[*health.routes(), *api.routes(engine), *sign_in.routes(), *pages.routes()],
        middleware=[
            Middleware(SecurityHeaders, secure=secure),
            Middleware(Failures),
            Middleware(Authentication, identities=identities, secure=secure),
            Middleware(BodyLimit),
            Middleware(OwnPagesOnly),
        ],
        exception_handlers=handlers(),
        lifespan=_lifespan,
    )
    app.state.engine = engine
    return app


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    """As many threads as the database can use; an app that is mounted elsewhere runs in the threads of its host."""
    with ThreadPoolExecutor(THREADS, thread_name_prefix="dougong") as threads:
        asyncio.get_running_loop().set_default_executor(threads)
        yield
