"""Jobs over HTTP, for administrators: what waits, what could not be delivered and why; send it again, mended if need be, or give it up."""

from typing import Any, get_args

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dougong.engine import Engine
from dougong.refusals import refuse
from dougong.runtime.jobs import letters
from dougong.runtime.jobs.letters import Attempt, Letter
from dougong.runtime.jobs.outbox import State
from dougong.runtime.session import Session
from dougong.web import refusals as codes
from dougong.web.api import body
from dougong.web.api.answering import ROOT, answered, known_body
from dougong.web.api.output import moment

MOST = 500


class Jobs:
    """The handlers of `/api/v1/admin/jobs`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def routes(self) -> list[BaseRoute]:
        """The routes, before those of the records."""
        one = ROOT + "/admin/jobs/{id:int}"
        return [
            Route(ROOT + "/admin/jobs", self.jobs, methods=["GET"]),
            Route(one, self.job, methods=["GET"]),
            Route(one + "/resend", self.resend, methods=["POST"]),
            Route(one + "/give-up", self.give_up, methods=["POST"]),
        ]

    async def jobs(self, request: Request) -> Response:
        """GET those in a `state` (dead), newest first: `limit`, `before` (the id to go on from); `counts` says how many there are in each."""
        asked = body.parameters(request, ("state", "limit", "before"))
        state = _state(asked.get("state", "dead"))
        limit = min(body.whole_number("limit", asked["limit"]), MOST) if "limit" in asked else 50
        before = body.whole_number("before", asked["before"]) if "before" in asked else None

        def work(session: Session) -> Any:
            found = letters.letters(session, state, limit, before)
            return {"data": [_letter(x) for x in found], "counts": letters.counts(session)}

        return await answered(self._engine, request, work, write=False)

    async def job(self, request: Request) -> Response:
        """GET one, with everything that was tried."""
        body.parameters(request, ())
        number = body.record_id(request)

        def work(session: Session) -> Any:
            return {**_letter(letters.letter(session, number)), "attempts": [_attempt(a) for a in letters.attempts(session, number)]}

        return await answered(self._engine, request, work, write=False)

    async def resend(self, request: Request) -> Response:
        """POST `{"payload": {…}}`, or nothing: send a dead one again, saying this from now on."""
        number, given = body.record_id(request), await known_body(request, ("payload",), may_lack=True)
        return await answered(self._engine, request, lambda session: letters.resend(session, number, given.get("payload")), write=True)

    async def give_up(self, request: Request) -> Response:
        """POST: a dead one will not be sent."""
        number = body.record_id(request)
        return await answered(self._engine, request, lambda session: letters.give_up(session, number), write=True)


def _state(word: str) -> State:
    found = next((s for s in get_args(State) if s == word), None)
    if found is None:
        names = ", ".join(get_args(State))
        raise refuse(codes.BAD_PARAMETER, name="state", value=word, expected=(f"{names} 之一", f"one of {names}"))
    state: State = found
    return state


def _letter(letter: Letter) -> dict[str, Any]:
    return {
        "id": letter.id,
        "kind": letter.kind,
        "queue": letter.queue,
        "key": letter.key,
        "payload": dict(letter.payload),
        "state": letter.state,
        "due_at": moment(letter.due_at),
        "created_at": moment(letter.created_at),
        "tries": letter.tries,
        "ended_at": moment(letter.ended_at),
        "error": letter.error,
    }


def _attempt(attempt: Attempt) -> dict[str, Any]:
    return {
        "at": moment(attempt.at),
        "started_at": moment(attempt.started_at),
        "outcome": attempt.outcome,
        "error": attempt.error,
        "worker": attempt.worker,
        "actor": attempt.actor,
        "payload": None if attempt.payload is None else dict(attempt.payload),
    }
