"""The routes of the API, those with fixed names first."""

from os import environ

from starlette.routing import BaseRoute

from dougong.engine import Engine
from dougong.web.api.approvals import Approvals
from dougong.web.api.description import Description
from dougong.web.api.doors import Doors
from dougong.web.api.files import Files
from dougong.web.api.flow import Flow
from dougong.web.api.gates import Gates
from dougong.web.api.jobs import Jobs
from dougong.web.api.people import People
from dougong.web.api.pools import Pools
from dougong.web.api.records import Records
from dougong.web.api.splits import Splits


def routes(engine: Engine) -> list[BaseRoute]:
    """Every route under /api/v1."""
    faces = (
        Description(engine),
        Files(engine),
        People(engine),
        Approvals(engine),
        Flow(engine),
        Jobs(engine),
        Pools(engine),
        Gates(engine),
        Doors(engine, environ),
        Splits(engine),
    )
    return [route for face in (*faces, Records(engine)) for route in face.routes()]
