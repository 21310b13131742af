"""What rules do, over HTTP: proposed moves, what is due of a record and why, and for administrators the trigger log and its answers."""

from collections.abc import Callable, Coroutine
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dougong.engine import Engine
from dougong.refusals import refuse
from dougong.runtime.due.explain import DueReason, explain_due
from dougong.runtime.firing import Firing
from dougong.runtime.gate.proposals import Proposal
from dougong.runtime.scores.explaining import ScoreReason, explain_scores
from dougong.runtime.session import Session
from dougong.runtime.triggers import Entry, Explanation, Rehearsal
from dougong.web import refusals as codes
from dougong.web.api import body
from dougong.web.api.answering import ROOT, answered, known_body, listed
from dougong.web.api.output import Writer, moment
from dougong.web.errors import error

LOG_PARAMETERS = ("object", "record", "trigger", "limit", "cursor")


class Flow:
    """The handlers of `/api/v1/inbox/proposals`, `/api/v1/admin/triggers` and of a record's `dues`, `scores` and `triggers`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def routes(self) -> list[BaseRoute]:
        """The routes, before those of the records."""
        proposal, one = ROOT + "/inbox/proposals/{id:int}", ROOT + "/{object}/{id:int}"
        return [
            Route(ROOT + "/inbox/proposals", self.proposals, methods=["GET"]),
            Route(proposal + "/accept", self.accept, methods=["POST"]),
            Route(proposal + "/decline", self.decline, methods=["POST"]),
            Route(ROOT + "/admin/triggers", self.log, methods=["GET"]),
            Route(one + "/dues", self.dues, methods=["GET"]),
            Route(one + "/scores", self.scores, methods=["GET"]),
            Route(one + "/triggers/{trigger}", self.explain, methods=["GET"]),
            Route(one + "/triggers/{trigger}/dry-run", self.dry_run, methods=["POST"]),
        ]

    async def proposals(self, request: Request) -> Response:
        """GET the moves that wait for one's yes, newest first."""
        body.parameters(request, ())
        return await answered(self._engine, request, lambda session: listed([_proposal(p) for p in session.proposals()]), write=False)

    async def accept(self, request: Request) -> Response:
        """POST `{"values": {…}}` or nothing: make the move, as oneself; the record as it is then."""
        number, given = body.record_id(request), await known_body(request, ("values",), may_lack=True)
        values = given.get("values", {})
        if not isinstance(values, dict):
            raise refuse(codes.BAD_SHAPE, expected=('"values" 为 JSON 对象', '"values" as a JSON object'))

        def work(session: Session) -> Any:
            return Writer(session.app).record(session.accept_proposal(number, values), session.language)

        return await answered(self._engine, request, work, write=True)

    async def decline(self, request: Request) -> Response:
        """POST: no."""
        number = body.record_id(request)
        return await answered(self._engine, request, lambda session: session.decline_proposal(number), write=True)

    async def dues(self, request: Request) -> Response:
        """GET what is due of a record and why, the next first, for whoever may see the record."""
        body.parameters(request, ())
        name, number = request.path_params["object"], body.record_id(request)

        def work(session: Session) -> Any:
            return listed([due_json(r, session.language) for r in explain_due(session, name, number)])

        return await answered(self._engine, request, work, write=False)

    async def scores(self, request: Request) -> Response:
        """GET the scores of a record and where their points come from, for whoever may see them."""
        body.parameters(request, ())
        name, number = request.path_params["object"], body.record_id(request)

        def work(session: Session) -> Any:
            return listed([_score(r, session.language) for r in explain_scores(session, name, number)])

        return await answered(self._engine, request, work, write=False)

    async def log(self, request: Request) -> Response:
        """GET what fired, newest first: of `trigger`, on `object`, on `record` of it."""
        asked = body.parameters(request, LOG_PARAMETERS)
        record = body.whole_number("record", asked["record"]) if "record" in asked else None
        limit = body.whole_number("limit", asked["limit"]) if "limit" in asked else 50

        def work(session: Session) -> Any:
            page = session.trigger_log(asked.get("object"), record, asked.get("trigger"), limit, asked.get("cursor"))
            return {"data": [_entry(e) for e in page.entries], "next_cursor": page.next_cursor}

        return await answered(self._engine, request, work, write=False)

    async def explain(self, request: Request) -> Response:
        """GET why a trigger fired on a record, or did not."""
        return await self._asked(
            request, lambda s, name, number, trigger: _explanation(s.explain_trigger(trigger, name, number), s.language)
        )

    async def dry_run(self, request: Request) -> Response:
        """POST: what it would do to the record now; nothing of it is kept."""
        return await self._asked(
            request, lambda s, name, number, trigger: _rehearsal(s.dry_run(trigger, name, number), s.language), write=True
        )

    def _asked(
        self, request: Request, ask: Callable[[Session, str, int, str], Any], *, write: bool = False
    ) -> Coroutine[Any, Any, Response]:
        body.parameters(request, ())
        name, number, trigger = request.path_params["object"], body.record_id(request), request.path_params["trigger"]
        return answered(self._engine, request, lambda session: ask(session, name, number, trigger), write=write)


def _score(reason: ScoreReason, language: str) -> dict[str, Any]:
    chosen = 0 if language == "zh" else 1
    parts = [{"points": p.points, "why": p.why[chosen], "clause": p.clause, "at": moment(p.at)} for p in reason.parts]
    return {"name": reason.name, "title": reason.title[chosen], "total": reason.total, "band": reason.band, "parts": parts}


def due_json(reason: DueReason, language: str) -> dict[str, Any]:
    """One moment of a record, with the sentence that says how it comes about."""
    chosen = 0 if language == "zh" else 1
    return {
        "key": reason.key,
        "kind": reason.kind,
        "title": reason.title[chosen],
        "due_at": moment(reason.due_at),
        "fired_at": moment(reason.fired_at),
        "start_at": moment(reason.start_at),
        "amounts": [a[chosen] for a in reason.amounts],
        "calendar": reason.calendar,
        "pauses": [{"from": moment(a), "until": moment(b)} for a, b in reason.pauses],
        "sentence": reason.sentence()[chosen],
        "clause": reason.clause,
    }


def _proposal(proposal: Proposal) -> dict[str, Any]:
    return {
        "id": proposal.id,
        "object": proposal.object,
        "record": proposal.record_id,
        "from": proposal.from_stage,
        "to": proposal.to_stage,
        "text": proposal.text,
        "trigger": proposal.trigger,
        "created_at": moment(proposal.created_at),
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "at": moment(entry.at),
        "trigger": entry.trigger,
        "object": entry.object,
        "record": entry.record_id,
        "event": entry.event,
        "release": entry.release,
        "actor": {"id": entry.actor.id, "name": entry.actor.name},
        "cause": entry.cause,
        "cause_id": entry.cause_id,
        "chain": _chain(entry.chain),
        "seen": dict(entry.seen),
        "did": list(entry.did),
        "refused": None if entry.refused is None else list(entry.refused),
    }


def _explanation(found: Explanation, language: str) -> dict[str, Any]:
    return {
        "trigger": found.trigger,
        "object": found.object,
        "record": found.record_id,
        "has_fired": found.has_fired,
        "verdict": found.verdict[0 if language == "zh" else 1],
        "steps": [{"about": s.about, "holds": s.holds, "text": s.text(language), "clause": s.clause} for s in found.steps],
    }


def _rehearsal(found: Rehearsal, language: str) -> dict[str, Any]:
    chosen = 0 if language == "zh" else 1
    return {
        "trigger": found.trigger,
        "object": found.object,
        "record": found.record_id,
        "firings": [_firing(f) for f in found.firings],
        "refusals": [error(r, language) for r in found.refusals],
        "why_not": None if found.why_not is None else found.why_not[chosen],
    }


def _firing(firing: Firing) -> dict[str, Any]:
    return {
        "trigger": firing.trigger,
        "object": firing.object,
        "record": firing.record_id,
        "event": firing.event,
        "chain": _chain(firing.chain),
        "seen": dict(firing.seen),
        "did": firing.did,
        "clause": firing.clause,
    }


def _chain(chain: Any) -> list[dict[str, Any]]:
    return [{"trigger": trigger, "record": record} for trigger, record in chain]
