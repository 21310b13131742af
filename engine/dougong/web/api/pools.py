"""Pools over HTTP: what one may claim, claiming and giving back; and why a record went to whom it did."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dougong.engine import Engine
from dougong.refusals import refuse
from dougong.runtime.dispatch.explaining import Assignment, explain_assignment
from dougong.runtime.pools.claiming import PoolPage
from dougong.runtime.session import Session
from dougong.web import refusals as codes
from dougong.web.api import body
from dougong.web.api.answering import ROOT, answered, known_body, listed
from dougong.web.api.output import Writer, moment
from dougong.web.errors import error

MOST = 200


class Pools:
    """The handlers of `/api/v1/pools/{name}` and of a record's `/claim`, `/release` and `/assignments`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def routes(self) -> list[BaseRoute]:
        """The routes, before those of the records."""
        one = ROOT + "/{object}/{id:int}"
        return [
            Route(ROOT + "/pools/{name}", self.pool, methods=["GET"]),
            Route(one + "/claim", self.claim, methods=["POST"]),
            Route(one + "/release", self.release, methods=["POST"]),
            Route(one + "/assignments", self.assignments, methods=["GET"]),
        ]

    async def pool(self, request: Request) -> Response:
        """GET what one may claim: `limit`, `cursor`. Where the pool limits looking, this counts."""
        asked = body.parameters(request, ("limit", "cursor"))
        limit = body.whole_number("limit", asked["limit"]) if "limit" in asked else 50
        after = body.whole_number("cursor", asked["cursor"]) if "cursor" in asked else 0
        if not 1 <= limit <= MOST:
            raise refuse(codes.BAD_PARAMETER, name="limit", value=str(limit), expected=(f"1 到 {MOST}", f"1 to {MOST}"))
        name = request.path_params["name"]

        def work(session: Session) -> Any:
            return _page(session, session.pool(name, after=after, limit=limit))

        return await answered(self._engine, request, work, write=True)

    async def claim(self, request: Request) -> Response:
        """POST: it is one's own now; the record as one may see it. `?pool=` says out of which, where it is in several."""
        name, number = request.path_params["object"], body.record_id(request)
        pool = body.parameters(request, ("pool",)).get("pool")

        def work(session: Session) -> Any:
            return Writer(session.app).record(session.claim(name, number, pool=pool), session.language)

        return await answered(self._engine, request, work, write=True)

    async def release(self, request: Request) -> Response:
        """POST `{"reason": "…", "pool": "…"}`: back it goes; the pool is named where there are several."""
        name, number = request.path_params["object"], body.record_id(request)
        given = await known_body(request, ("reason", "pool"))
        reason, pool = given.get("reason", ""), given.get("pool")
        if not isinstance(reason, str) or not isinstance(pool, str | None):
            raise refuse(codes.BAD_SHAPE, expected=('"reason" 和 "pool" 为文本', '"reason" and "pool" as texts'))

        def work(session: Session) -> None:
            session.release(name, number, reason, pool=pool)

        return await answered(self._engine, request, work, write=True)

    async def assignments(self, request: Request) -> Response:
        """GET every time the record was given to somebody, oldest first, and why."""
        name, number = request.path_params["object"], body.record_id(request)
        body.parameters(request, ())

        def work(session: Session) -> Any:
            return listed([_assignment(each, session.language) for each in explain_assignment(session, name, number)])

        return await answered(self._engine, request, work, write=False)


def _page(session: Session, page: PoolPage) -> dict[str, Any]:
    fields = session.app.objects[page.pool.object].fields
    language = session.language

    def shown(values: Mapping[str, Any]) -> dict[str, Any]:
        return {n: v if v is None or v.__class__ is str else fields[n].type.to_json(v) for n, v in values.items()}

    records = [
        {
            "id": each.id,
            "since": moment(each.since),
            "values": shown(each.values),
            "refusals": [] if each.why_not is None else [error(r, language) for r in each.why_not.refusals],
        }
        for each in page.records
    ]
    cursor = None if page.cursor is None else str(page.cursor)
    return {"object": page.pool.object, "data": records, "next_cursor": cursor, "views_left": page.views_left}


def _assignment(each: Assignment, language: str) -> dict[str, Any]:
    chosen = 0 if language == "zh" else 1
    return {
        "at": moment(each.at),
        "user": each.user,
        "pool": each.pool,
        "clause": each.clause,
        "sentences": [sentence[chosen] for sentence in each.sentences],
    }
