"""Records in parts over HTTP: what a record is split into and what that adds up to; splitting it in one request."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dougong.engine import Engine
from dougong.refusals import refuse
from dougong.runtime.session import Session
from dougong.runtime.splits.view import Parts
from dougong.web import refusals as codes
from dougong.web.api import body
from dougong.web.api.answering import ROOT, answered, known_body, listed
from dougong.web.api.output import Writer

KEYS = ("parts", "values", "into")
MOST = 1000  # parts of one request


class Splits:
    """The handler of a record's `/split`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def routes(self) -> list[BaseRoute]:
        """The routes, before those of the records."""
        path = ROOT + "/{object}/{id:int}/split"
        return [Route(path, self.show, methods=["GET"]), Route(path, self.split, methods=["POST"])]

    async def show(self, request: Request) -> Response:
        """GET one entry for each kind of part."""
        body.parameters(request, ())
        name, number = request.path_params["object"], body.record_id(request)
        return await answered(
            self._engine, request, lambda session: listed([_parts(session, p) for p in session.parts(name, number)]), write=False
        )

    async def split(self, request: Request) -> Response:
        """POST `{"parts": [{…}], "values": {…}, "into": "…"}`; If-Match may hold the record's version. The parts as they are now."""
        body.parameters(request, ())
        name, number, version = request.path_params["object"], body.record_id(request), body.if_match(request)
        given = await known_body(request, KEYS)
        parts, values, into = _read(given)

        def work(session: Session) -> Any:
            writer = Writer(session.app)
            made = session.split(name, number, parts=parts, values=values, into=into, version=version)
            return listed([writer.record(record, session.language) for record in made])

        return await answered(self._engine, request, work, write=True)


def _read(given: Mapping[str, Any]) -> tuple[list[dict[str, Any]], dict[str, Any], str | None]:
    parts, values, into = given.get("parts"), given.get("values", {}), given.get("into")
    is_list = isinstance(parts, list) and len(parts) <= MOST and all(isinstance(part, dict) for part in parts)
    if not is_list or not isinstance(values, dict) or not isinstance(into, str | None):
        expected = (
            f'"parts" 为最多 {MOST} 个 JSON 对象的数组，"values" 为 JSON 对象，"into" 为文本',
            f'"parts" as an array of at most {MOST} JSON objects, "values" as a JSON object, "into" as a text',
        )
        raise refuse(codes.BAD_SHAPE, expected=expected)
    assert isinstance(parts, list)
    return parts, values, into


def _parts(session: Session, found: Parts) -> dict[str, Any]:
    writer, rule = Writer(session.app), found.rule
    fields = session.app.objects[rule.whole].fields

    def number(name: str, value: Any) -> Any:
        return fields[name].type.to_json(value)

    return {
        "into": rule.part,
        "by": rule.link,
        "pipeline": rule.pipeline.name,
        "close_when": rule.closing,
        "parts": [writer.record(record, session.language) for record in found.parts],
        "done": sorted(found.done),
        "hidden": found.hidden,
        "sums": {
            name: {"whole": number(name, each.whole), "parts": number(name, each.parts), "rest": number(name, each.rest)}
            for name, each in found.sums.items()
        },
    }
