"""Serving an engine over HTTP: uvicorn with uvloop and httptools, in this process or in several.

Worker processes get what they need through the environment, and each opens its own engine on the same database.
"""

import json
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette

from dougong.engine import Engine
from dougong.flow.handlers import standard
from dougong.flow.worker import Worker
from dougong.plan.bootstrap import complete_engine_tables
from dougong.runtime.channels.public_url import URL
from dougong.web.app import build

SETTINGS = "DOUGONG_SERVE"
GRACE_SECONDS = 20  # a request that is under way when the server is stopped may take so long


@dataclass(frozen=True, slots=True)
class Settings:
    """What a server is started with. `secure`: it is reached over https; `files`: where uploads are kept (None: see `Engine.open`).

    `has_worker`: each of its processes also carries out jobs. `url`: where people open the app (None: what the environment says).
    """

    app: str
    database: str
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    secure: bool = False
    files: str | None = None
    has_worker: bool = True
    url: str | None = None


def serve(settings: Settings, started: Callable[[str], None] | None = None) -> None:
    """Serve until stopped; `started` is told the address once connections are accepted."""
    options: dict[str, Any] = {
        "host": settings.host,
        "port": settings.port,
        "loop": "uvloop",
        "http": "httptools",
        "ws": "none",
        "log_level": "warning",
        "access_log": False,
        "server_header": False,
        "timeout_graceful_shutdown": GRACE_SECONDS,
    }
    if settings.workers > 1:
        os.environ[SETTINGS] = json.dumps(asdict(settings))
        if started is not None:
            started(_address(settings.host, settings.port))
        uvicorn.run("dougong.web.server:worker", factory=True, workers=settings.workers, **options)
        return
    _Server(uvicorn.Config(_application(settings), **options), started).run()


def worker() -> Starlette:
    """The application of one worker process."""
    return _application(Settings(**json.loads(os.environ[SETTINGS])))


def _application(settings: Settings) -> Starlette:
    """The application, which carries out jobs while it serves and ends them before it stops. `Refused` for settings that cannot be read.

    All of that hangs on its lifespan: uvicorn ends the process by the signal that stopped it, and nothing after `run` is reached.
    """
    engine = _open(settings)
    environment = os.environ if settings.url is None else {**os.environ, URL: settings.url}
    jobs = Worker(engine, standard(environment)) if settings.has_worker else None
    app = build(engine, secure=settings.secure)
    inner = app.router.lifespan_context

    @asynccontextmanager
    async def closing(application: Starlette) -> AsyncIterator[None]:
        if jobs is not None:
            jobs.start()
        try:
            async with inner(application):
                yield
        finally:
            if jobs is not None:
                jobs.stop()  # nothing else is served any more
            engine.close()

    app.router.lifespan_context = closing
    return app


def _open(settings: Settings) -> Engine:
    files = Path(settings.files) if settings.files else None
    engine = Engine.open(settings.app, database=settings.database, apply=False, files_dir=files)
    complete_engine_tables(engine.database)  # of a newer engine on an older database
    return engine


class _Server(uvicorn.Server):
    """Tells when it listens, and on which port: port 0 asks the system for a free one."""

    def __init__(self, config: uvicorn.Config, started: Callable[[str], None] | None) -> None:
        super().__init__(config)
        self._tell = started

    async def startup(self, sockets: Any = None) -> None:
        """Start, then tell."""
        await super().startup(sockets)
        if self._tell is not None and self.servers:
            host, port = self.servers[0].sockets[0].getsockname()[:2]
            self._tell(_address(host, port))


def _address(host: str, port: int) -> str:
    named = "127.0.0.1" if host in ("0.0.0.0", "::") else host
    return f"http://{f'[{named}]' if ':' in named else named}:{port}"
