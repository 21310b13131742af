"""Records over HTTP: list, read, create, change, delete, move, history. Each request is one unit of work in one thread hop."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dougong.engine import Engine
from dougong.model.app import App
from dougong.refusals import Refused, refuse
from dougong.runtime.session import Session
from dougong.web import refusals as codes
from dougong.web.api import body
from dougong.web.api.answering import carried_out
from dougong.web.api.output import Writer, json, tagged

LIST_PARAMETERS = ("where", "order", "fields", "limit", "cursor", "search")
LIST_DEFAULT = 50
MOST_AT_ONCE = 1000
ROOT = "/api/v1"


class Records:
    """The handlers of `/api/v1/{object}…`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer: Writer | None = None

    def routes(self) -> list[BaseRoute]:
        """The routes, after those with fixed names."""
        return [
            Route(ROOT + "/{object}", self.collection, methods=["GET", "POST"]),
            Route(ROOT + "/{object}/{id:int}", self.item, methods=["GET", "PATCH", "DELETE"]),
            Route(ROOT + "/{object}/{id:int}/move", self.move, methods=["POST"]),
            Route(ROOT + "/{object}/{id:int}/history", self.history, methods=["GET"]),
        ]

    async def collection(self, request: Request) -> Response:
        """GET a page, POST one record or a list."""
        return await (self._create(request) if request.method == "POST" else self._list(request))

    async def item(self, request: Request) -> Response:
        """GET, PATCH (`form` where the values come through one) or DELETE one record."""
        body.parameters(request, ("form",) if request.method == "PATCH" else ())
        if request.method == "PATCH":
            return await self._update(request)
        return await (self._delete(request) if request.method == "DELETE" else self._get(request))

    async def _list(self, request: Request) -> Response:
        asked = body.parameters(request, LIST_PARAMETERS)
        name = request.path_params["object"]
        limit = body.whole_number("limit", asked["limit"]) if "limit" in asked else LIST_DEFAULT
        fields = [f.strip() for f in asked["fields"].split(",") if f.strip()] if asked.get("fields") else None

        def work(session: Session) -> Response:
            page = session.find(
                name,
                where=asked.get("where") or None,
                order=asked.get("order") or None,
                limit=limit,
                cursor=asked.get("cursor") or None,
                fields=fields,
                search=asked.get("search") or None,
            )
            return json(self.writer(session.app).page(page))

        return await self._run(request, work, write=False, one_query=True)

    async def _create(self, request: Request) -> Response:
        form = body.parameters(request, ("form",)).get("form")
        name, given = request.path_params["object"], await body.any_json(request)
        language = request.state.language
        many = given if isinstance(given, list) else None
        if not (isinstance(given, dict) or (many and all(isinstance(row, dict) for row in many))):
            raise refuse(codes.BAD_SHAPE, expected=body.OBJECT_OR_LIST)
        if many is not None and form is not None:
            raise refuse(codes.BAD_SHAPE, expected=body.SHAPES[dict])
        if many is not None and len(many) > MOST_AT_ONCE:
            raise refuse(codes.TOO_MANY, limit=MOST_AT_ONCE, found=len(many))

        def work(session: Session) -> Response:
            writer = self.writer(session.app)
            if many is not None:
                made = [writer.record(r, language) for r in create_all(session, name, many)]
                return json({"data": made, "next_cursor": None}, 201)
            record = session.create(name, given) if form is None else session.submit_form(name, form, given)
            return tagged(writer.record(record, language), 201, {"location": f"{ROOT}/{quote(name)}/{record.id}"})

        return await self._run(request, work, write=True)

    async def _get(self, request: Request) -> Response:
        name, number = request.path_params["object"], body.record_id(request)

        def work(session: Session) -> Response:
            return tagged(self.writer(session.app).record(session.get(name, number)))

        return await self._run(request, work, write=False, one_query=True)

    async def _update(self, request: Request) -> Response:
        form = request.query_params.get("form")
        name, number, version = request.path_params["object"], body.record_id(request), body.if_match(request)
        values, language = await body.json_body(request, dict), request.state.language

        def work(session: Session) -> Response:
            if form is None:
                changed = session.update(name, number, values, version=version)
            else:
                changed = session.submit_form(name, form, values, number, version=version)
            return tagged(self.writer(session.app).record(changed, language))

        return await self._run(request, work, write=True)

    async def _delete(self, request: Request) -> Response:
        name, number, version = request.path_params["object"], body.record_id(request), body.if_match(request)

        def work(session: Session) -> Response:
            session.delete(name, number, version=version)
            return Response(status_code=204)

        return await self._run(request, work, write=True)

    async def move(self, request: Request) -> Response:
        """POST `{"to": stage, field: value …}`, with `"pipeline"` where it is not the main one."""
        body.parameters(request, ())
        name, number, version = request.path_params["object"], body.record_id(request), body.if_match(request)
        values, language = dict(await body.json_body(request, dict)), request.state.language
        target, pipeline = values.pop("to", None), values.pop("pipeline", None)
        if not isinstance(target, str) or not isinstance(pipeline, str | None):
            raise refuse(codes.BAD_SHAPE, expected=('带有 "to"(目标阶段)的 JSON 对象', 'a JSON object with "to", the stage to move to'))

        def work(session: Session) -> Response:
            record = session.move(name, number, target, values, version=version, pipeline=pipeline)
            return tagged(self.writer(session.app).record(record, language))

        return await self._run(request, work, write=True)

    async def history(self, request: Request) -> Response:
        """GET the changes of a record, newest first."""
        body.parameters(request, ())
        name, number = request.path_params["object"], body.record_id(request)

        def work(session: Session) -> Response:
            writer = self.writer(session.app)
            return json({"data": [writer.change(name, c) for c in session.history(name, number)], "next_cursor": None})

        return await self._run(request, work, write=False)

    def writer(self, app: App) -> Writer:
        """The writer of the release that this unit of work runs on."""
        if self._writer is None or self._writer.app is not app:
            self._writer = Writer(app)
        return self._writer

    async def _run(self, request: Request, work: Callable[[Session], Response], *, write: bool, one_query: bool = False) -> Response:
        return await carried_out(self._engine, request, work, write=write, one_query=one_query)


def create_all(session: Session, name: str, rows: list[Mapping[str, Any]]) -> list[Any]:
    """All of the rows or none: the refusals of every row come together, each with its `row`."""
    results = session.create_many(name, rows, mode="api")
    refused = [
        replace(r, params={**r.params, "row": index})
        for index, result in enumerate(results)
        if isinstance(result, Refused)
        for r in result.refusals
    ]
    if refused:
        raise Refused(refused)
    return results
