"""Gates over HTTP: what stands open, actions ticked off and withdrawn, exceptions; and the moves with what stands against each."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dougong.engine import Engine
from dougong.refusals import Refusal, refuse
from dougong.runtime.gates.state import GateItem
from dougong.runtime.record import MoveState
from dougong.runtime.session import Session
from dougong.web import refusals as codes
from dougong.web.api import body
from dougong.web.api.answering import answered
from dougong.web.api.output import moment

ROOT = "/api/v1/{object}/{id:int}"
EXCEPTION = ("stage", "item", "reason", "until")


class Gates:
    """The handlers of a record's `/gates`, `/moves`, `/actions/…` and `/exceptions`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def routes(self) -> list[BaseRoute]:
        """The routes, before those of the records."""
        return [
            Route(ROOT + "/gates", self.gates, methods=["GET"]),
            Route(ROOT + "/moves", self.moves, methods=["GET"]),
            Route(ROOT + "/actions/{action}", self.action, methods=["POST", "DELETE"]),
            Route(ROOT + "/exceptions", self.exception, methods=["POST"]),
        ]

    async def gates(self, request: Request) -> Response:
        """GET what the gates in front of a record ask for, and what those behind it have lost."""
        body.parameters(request, ())
        name, number, language = request.path_params["object"], body.record_id(request), request.state.language
        return await self._run(
            request, lambda s: {"data": [_item(i, language) for i in s.gates(name, number) if i.is_readable]}, write=False
        )

    async def moves(self, request: Request) -> Response:
        """GET the moves that leave the record's stage, whether each may be made now, and why not."""
        body.parameters(request, ())
        name, number, language = request.path_params["object"], body.record_id(request), request.state.language
        return await self._run(request, lambda s: {"data": [_move(m, language) for m in s.moves(name, number)]}, write=False)

    async def action(self, request: Request) -> Response:
        """POST `{"place": …}` ticks off; DELETE withdraws."""
        body.parameters(request, ())
        name, number, action = request.path_params["object"], body.record_id(request), request.path_params["action"]
        if request.method == "DELETE":
            return await self._run(request, lambda s: s.undo_action(name, number, action), write=True)
        given = await body.json_body(request, dict) if await body.whole(request) else {}
        if given.keys() - {"place"}:
            raise refuse(codes.BAD_SHAPE, expected=('可以带 "place"（地点）的 JSON 对象', 'a JSON object that may have "place"'))
        return await self._run(request, lambda s: s.do_action(name, number, action, given.get("place")), write=True)

    async def exception(self, request: Request) -> Response:
        """POST `{"stage", "item", "reason", "until"}`."""
        body.parameters(request, ())
        name, number = request.path_params["object"], body.record_id(request)
        given = await body.json_body(request, dict)
        if given.keys() != set(EXCEPTION) or not all(isinstance(v, str) for v in given.values()):
            expected = ('带有 "stage"、"item"、"reason"、"until" 的 JSON 对象', 'a JSON object with "stage", "item", "reason" and "until"')
            raise refuse(codes.BAD_SHAPE, expected=expected)
        until = _instant(given["until"])
        return await self._run(
            request, lambda s: s.except_gate(name, number, given["stage"], given["item"], given["reason"], until), write=True
        )

    async def _run(self, request: Request, work: Callable[[Session], Any], *, write: bool) -> Response:
        return await answered(self._engine, request, work, write=write)


def _instant(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise refuse(codes.BAD_SHAPE, expected=("ISO 8601 格式的时刻", "an instant as ISO 8601 writes it")) from None


def _refusal(refusal: Refusal, language: str) -> dict[str, Any]:
    return {"code": refusal.code.code, "field": refusal.field, "message": refusal.message(language), "clause": refusal.clause}


def _move(state: MoveState, language: str) -> dict[str, Any]:
    title = None if state.move.title is None else getattr(state.move.title, language)
    return {
        "pipeline": state.pipeline,
        "to": state.target,
        "title": title,
        "allowed": state.allowed,
        "asks": list(state.asks),
        "refusals": [_refusal(r, language) for r in state.refusals],
    }


def _item(item: GateItem, language: str) -> dict[str, Any]:
    done, held = item.done, item.exception
    return {
        "pipeline": item.pipeline,
        "stage": item.stage,
        "when": item.when,
        "item": item.item,
        "kind": item.kind,
        "title": getattr(item.title, language),
        "is_there": item.refusal is None,
        "refusal": None if item.refusal is None else _refusal(item.refusal, language),
        "done": None
        if done is None
        else {"at": moment(done.at), "by": done.by, "place": done.place, "latitude": done.latitude, "longitude": done.longitude},
        "exception": None if held is None else {"reason": held.reason, "until": moment(held.until), "by": held.by, "at": moment(held.at)},
        "files": [
            {"id": file.id, "name": file.name, "at": moment(file.at), "refusals": [_refusal(r, language) for r in why]}
            for file, why in item.files
        ],
        "may_do": item.may_do,
        "may_except": item.may_except,
    }
