"""Approvals over HTTP: those of a record, those that wait for the person who asks, and what people say to them."""

from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dougong.engine import Engine
from dougong.refusals import refuse
from dougong.runtime.approvals.view import ApprovalState, ApprovalTask
from dougong.runtime.record import Person
from dougong.runtime.session import Session
from dougong.web import refusals as codes
from dougong.web.api import body
from dougong.web.api.answering import ROOT, answered, known_body, listed
from dougong.web.api.output import moment

Given = Mapping[str, Any]
Deed = Callable[[Session, int, Given], None]
DEEDS: Mapping[str, tuple[tuple[str, ...], Deed]] = {
    "approve": (("comment",), lambda s, task, g: s.approve(task, _text(g, "comment"))),
    "reject": (("reason",), lambda s, task, g: s.reject(task, _text(g, "reason") or "")),
    "return": (("reason", "step"), lambda s, task, g: s.return_approval(task, _text(g, "reason") or "", _step(g))),
    "transfer": (("to", "comment"), lambda s, task, g: s.transfer(task, _text(g, "to") or "", _text(g, "comment"))),
    "add-signer": (
        ("to", "before", "comment"),
        lambda s, task, g: s.add_signer(task, _text(g, "to") or "", before=_flag(g, "before"), comment=_text(g, "comment")),
    ),
}


class Approvals:
    """The handlers of `/api/v1/approvals` and of a record's approvals."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def routes(self) -> list[BaseRoute]:
        """The routes, before those of the records."""
        mine = ROOT + "/approvals"
        return [
            Route(mine, self.waiting, methods=["GET"]),
            *(Route(f"{mine}/tasks/{{id:int}}/{name}", self._decide(name), methods=["POST"]) for name in DEEDS),
            Route(mine + "/{id:int}/withdraw", self.withdraw, methods=["POST"]),
            Route(ROOT + "/{object}/{id:int}/approvals", self.of_record, methods=["GET", "POST"]),
        ]

    async def waiting(self, request: Request) -> Response:
        """GET those in which the person is asked now, oldest first."""
        body.parameters(request, ())
        return await answered(self._engine, request, lambda s: listed([approval(a) for a in s.approvals_waiting()]), write=False)

    async def of_record(self, request: Request) -> Response:
        """GET the approvals of a record, newest first; POST `{"approval": name}` submits it."""
        body.parameters(request, ())
        name, number = request.path_params["object"], body.record_id(request)
        if request.method == "GET":
            return await answered(self._engine, request, lambda s: listed([approval(a) for a in s.approvals(name, number)]), write=False)
        wanted = _text(await known_body(request, ("approval",)), "approval") or ""
        return await answered(self._engine, request, lambda s: {"id": s.submit(name, number, approval=wanted)}, write=True, status=201)

    async def withdraw(self, request: Request) -> Response:
        """POST: the submitter takes it back."""
        number = body.record_id(request)
        return await answered(self._engine, request, lambda s: s.withdraw(number), write=True)

    def _decide(self, name: str) -> Callable[[Request], Any]:
        known, deed = DEEDS[name]

        async def handle(request: Request) -> Response:
            number, given = body.record_id(request), await known_body(request, known, may_lack=True)
            return await answered(self._engine, request, lambda s: deed(s, number, given), write=True)

        return handle


def approval(state: ApprovalState) -> dict[str, Any]:
    """An approval as the API gives it."""
    return {
        "id": state.id,
        "name": state.name,
        "title": state.title,
        "text": state.text,
        "object": state.object,
        "record": state.record_id,
        "state": state.state,
        "step": state.step,
        "steps": list(state.steps),
        "submitted_by": _person(state.submitted_by),
        "started_at": moment(state.started_at),
        "ended_at": moment(state.ended_at),
        "may_withdraw": state.may_withdraw,
        "due_at": moment(state.due_at),
        "waits": state.waits,
        "left_stage": state.left_stage,
        "tasks": [_task(task) for task in state.tasks],
    }


def _task(task: ApprovalTask) -> dict[str, Any]:
    return {
        "id": task.id,
        "step": task.step,
        "round": task.round,
        "kind": task.kind,
        "state": task.state,
        "person": _person(task.person),
        "in_place_of": _person(task.in_place_of),
        "asked_by": _person(task.asked_by),
        "note": task.note,
        "asked_at": moment(task.asked_at),
        "decided_by": _person(task.decided_by),
        "decided_at": moment(task.decided_at),
        "comment": task.comment,
        "to_step": task.to_step,
        "is_mine": task.is_mine,
    }


def _person(person: Person | None) -> dict[str, Any] | None:
    return None if person is None else {"id": person.id, "name": person.name}


def _text(given: Given, name: str) -> str | None:
    value = given.get(name)
    if value is None or isinstance(value, str):
        return value
    raise refuse(codes.BAD_SHAPE, expected=(f'"{name}" 为文本', f'"{name}" as a text'))


def _step(given: Given) -> int | None:
    value = given.get("step")
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise refuse(codes.BAD_SHAPE, expected=('"step" 为步骤的序号，从 0 数起', '"step" as the number of a step, from 0'))


def _flag(given: Given, name: str) -> bool:
    value = given.get(name, False)
    if isinstance(value, bool):
        return value
    raise refuse(codes.BAD_SHAPE, expected=(f'"{name}" 为 true 或 false', f'"{name}" as true or false'))
