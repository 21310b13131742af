"""Doors of the app over HTTP: messages that gateways bring, data that other systems send, and what came in, for administrators.

Nobody is signed in who comes through a door: the body is signed with the door's secret (see `runtime.channels.signature`).
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dougong.database.errors import StaleSchema, UniqueViolation
from dougong.engine import Engine
from dougong.fields.plain_text import read_text
from dougong.refusals import Refused, refuse
from dougong.runtime.actor import Cause
from dougong.runtime.channels import refusals as door_codes
from dougong.runtime.channels.doors import Kind, door
from dougong.runtime.channels.received import LONGEST_ID, STATES, Came, Taken
from dougong.runtime.channels.sessions import Said
from dougong.runtime.channels.signature import SIGNATURE, TIMESTAMP, verify
from dougong.runtime.session import Session
from dougong.web import refusals as codes
from dougong.web.api import body
from dougong.web.api.answering import ROOT, answered, listed
from dougong.web.api.output import json, moment
from dougong.web.errors import problem
from dougong.web.threads import in_thread

MOST = 200
STATUS = {"done": 201, "nobody": 202, "refused": 202, "malformed": 400}


class Doors:
    """The handlers of `/api/v1/channels`, `/api/v1/webhooks`, a record's conversation and `/api/v1/admin/received`."""

    def __init__(self, engine: Engine, environment: Mapping[str, str]) -> None:
        self._engine = engine
        self._environment = environment

    def routes(self) -> list[BaseRoute]:
        """The routes, before those of the records."""
        return [
            Route(ROOT + "/channels/{name}/messages", self.message, methods=["POST"]),
            Route(ROOT + "/webhooks/{name}", self.webhook, methods=["POST"]),
            Route(ROOT + "/{object}/{id:int}/conversation", self.conversation, methods=["GET"]),
            Route(ROOT + "/admin/received", self.received, methods=["GET"]),
            Route(ROOT + "/admin/received/{id:int}/take", self.take, methods=["POST"]),
        ]

    async def message(self, request: Request) -> Response:
        """POST `{"from", "text", "id", "at"}`, signed."""
        name = request.path_params["name"]
        channel = self._engine.app.channels.get(name)
        if channel is None or channel.kind != "http":
            raise refuse(door_codes.NO_SUCH_DOOR, name=name, what=("渠道", "channel"))
        return await self._take(request, "CHANNEL", name, lambda s, content, id: s.receive_message(name, content, id))

    async def webhook(self, request: Request) -> Response:
        """POST the declared payload, signed; `Idempotency-Key` names it."""
        name = request.path_params["name"]
        if name not in self._engine.app.webhooks:
            raise refuse(door_codes.NO_SUCH_DOOR, name=name, what=("webhook", "webhook"))
        return await self._take(request, "WEBHOOK", name, lambda s, content, id: s.receive_webhook(name, content, id))

    async def _take(self, request: Request, kind: Kind, name: str, take: Callable[[Session, bytes, str], Taken]) -> Response:
        body.parameters(request, ())
        settings, content = door(self._environment, kind, name), await body.whole(request)
        if settings.secret is None:
            raise refuse(door_codes.NO_SECRET, name=f"{settings.setting}_SECRET")
        moment_of, signature = request.headers.get(TIMESTAMP), request.headers.get(SIGNATURE)
        verify(settings.secret, content, moment_of, signature, self._engine.clock.now())
        external = _named(request) or hashlib.sha256(f"{moment_of}.".encode() + content).hexdigest()
        cause = Cause(kind.lower(), f"{name} {external}")

        def work() -> Taken:
            with self._engine.system_session("door", cause=cause, language=request.state.language) as session:
                return take(session, content, external)

        try:
            taken = await in_thread(work)
        except (UniqueViolation, StaleSchema):
            taken = await in_thread(work)  # the same came twice at once and the other one is in; or a newer release was applied
        return _answer(taken, request.state.language)

    async def conversation(self, request: Request) -> Response:
        """GET what was said on channels to and by a record, oldest first."""
        body.parameters(request, ())
        name, number = request.path_params["object"], body.record_id(request)
        return await answered(self._engine, request, lambda s: listed([_said(x) for x in s.conversation(name, number)]), write=False)

    async def received(self, request: Request) -> Response:
        """GET what came in, newest first: `state`, `limit`, `before` (the id to go on from)."""
        asked = body.parameters(request, ("state", "limit", "before"))
        state = asked.get("state")
        if state is not None and state not in STATES:
            names = ", ".join(STATES)
            raise refuse(codes.BAD_PARAMETER, name="state", value=state, expected=(f"{names} 之一", f"one of {names}"))
        limit = min(body.whole_number("limit", asked["limit"]), MOST) if "limit" in asked else 50
        before = body.whole_number("before", asked["before"]) if "before" in asked else None

        def work(session: Session) -> Any:
            found, counts = session.came_in(state, before=before, limit=limit)
            return {"data": [_came(x, request.state.language) for x in found], "counts": counts}

        return await answered(self._engine, request, work, write=False)

    async def take(self, request: Request) -> Response:
        """POST: what could not be taken in is tried once more."""
        body.parameters(request, ())
        number = body.record_id(request)
        return await answered(self._engine, request, lambda s: _told(s.take_again(number)), write=True)


def _named(request: Request) -> str | None:
    """What the sender calls it."""
    given = request.headers.get("idempotency-key")
    if given is None:
        return None
    found, refusal = read_text(given, LONGEST_ID)
    if found is None or refusal is not None:
        raise refuse(codes.BAD_PARAMETER, name="Idempotency-Key", value=given[:50], expected=("1 到 200 个字符", "1 to 200 characters"))
    return found


def _answer(taken: Taken, language: str) -> Response:
    if taken.state == "malformed":
        response = problem(Refused(taken.problems), language)
        response.status_code = STATUS["malformed"]
        return response
    return json(_told(taken), 200 if taken.repeated else STATUS[taken.state])


def _told(taken: Taken) -> dict[str, Any]:
    """A sender learns whether it was taken in, and nothing about the records behind it."""
    return {"id": taken.id, "state": taken.state, "repeated": taken.repeated}


def _said(said: Said) -> dict[str, Any]:
    return {
        "id": said.id,
        "channel": said.channel,
        "direction": said.direction,
        "text": said.text,
        "at": moment(said.at),
        "state": said.state,
        "error": said.error,
    }


def _came(came: Came, language: str) -> dict[str, Any]:
    return {
        "id": came.id,
        "door": came.door,
        "external_id": came.external_id,
        "at": moment(came.at),
        "body": came.body,
        "state": came.state,
        "problems": [{"code": p["code"], "field": p["field"], "message": p[language]} for p in came.problems],
        "object": came.object,
        "record": came.record_id,
    }
