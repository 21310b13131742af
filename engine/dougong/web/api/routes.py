"""The routes of the API, those with fixed names first."""

from starlette.routing import BaseRoute

from dougong.engine import Engine
from dougong.web.api.description import Description
from dougong.web.api.files import Files
from dougong.web.api.people import People
from dougong.web.api.records import Records


def routes(engine: Engine) -> list[BaseRoute]:
    """Every route under /api/v1."""
    return [*Description(engine).routes(), *Files(engine).routes(), *People(engine).routes(), *Records(engine).routes()]
