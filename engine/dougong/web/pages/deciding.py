"""Deciding an approval: one tap for a yes; a small form for what needs a reason, a person or a step. And submitting, withdrawing."""

from dataclasses import dataclass

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from dougong.refusals import Refused, refuse
from dougong.runtime.approvals.refusals import NOT_ASKED
from dougong.runtime.approvals.view import ApprovalState
from dougong.runtime.session import Session
from dougong.web.pages.once import mark_of, once
from dougong.web.pages.request import go, local, of_object, only, work
from dougong.web.pages.shell import inside
from dougong.web.pages.templates import respond
from dougong.web.pages.texts import noted, text
from dougong.web.refusals import NO_ROUTE

WAYS = {
    "approve": noted("Approve"),
    "reject": noted("Reject"),
    "return": noted("Send back"),
    "transfer": noted("Pass on"),
    "sign": noted("Add a signer"),
}
NEEDS_REASON = ("reject", "return")
NEEDS_PERSON = ("transfer", "sign")


@dataclass(frozen=True, slots=True)
class DecidePage:
    """Context of `decide.html` and `decide_dialog.html`; `typed` is what stood in the form when it was refused."""

    heading: str
    way: str
    button: str
    about: str
    action: str
    back_url: str
    needs_reason: bool
    people: tuple[tuple[str, str], ...]
    steps: tuple[tuple[int, str], ...]
    messages: tuple[str, ...]
    typed: dict[str, str]


async def show(request: Request) -> Response:
    """GET /approvals/tasks/{task}/{way}: the small form; with htmx only its inside, for the dialog."""
    return await work(request, lambda session: _show(request, session, {}, None), write=False)


async def decide(request: Request) -> Response:
    """POST the same address."""
    form = await request.form()
    given = _texts(form)
    try:
        return await once(request, mark_of(request, form), lambda session: _decide(request, session, given))
    except Refused as refused:
        if refused.status in (401, 404, 503):
            raise
        caught = refused
    return await work(request, lambda session: _show(request, session, given, caught), write=False)


async def withdraw(request: Request) -> Response:
    """POST /approvals/{id}/withdraw."""
    form = await request.form()
    given = _texts(form)

    def handle(session: Session) -> Response:
        session.withdraw(request.path_params["id"])
        return go(request, local(given.get("next", "/")), "withdrawn")

    return await once(request, mark_of(request, form), handle)


async def submit(request: Request) -> Response:
    """POST /o/{object}/{id}/submit/{approval}."""

    def handle(session: Session) -> Response:
        made, id = of_object(request, session), request.path_params["id"]
        session.submit(made.name, id, approval=request.path_params["approval"])
        return go(request, f"/o/{made.name}/{id}", "submitted")

    return await once(request, mark_of(request, await request.form()), handle)


def _decide(request: Request, session: Session, given: dict[str, str]) -> Response:
    task, way, comment = request.path_params["task"], _way(request), given.get("comment") or None
    if way == "approve":
        session.approve(task, comment)
    elif way == "reject":
        session.reject(task, comment or "")
    elif way == "return":
        step = given.get("step", "")
        session.return_approval(task, comment or "", int(step) if step.isdigit() and len(step) < 6 else None)
    elif way == "transfer":
        session.transfer(task, given.get("login", ""), comment)
    else:
        session.add_signer(task, given.get("login", ""), before=given.get("when") == "before", comment=comment)
    if given.get("message", "").isdecimal() and len(given["message"]) < 19:
        session.read_message(int(given["message"]))
    return go(request, local(given.get("next", "/todos")), "decided")


def _show(request: Request, session: Session, given: dict[str, str], refused: Refused | None) -> Response:
    only(request, "next")
    way, state = _way(request), _asked(session, request.path_params["task"])
    if state is None:
        if refused is not None:
            raise refused
        raise refuse(NOT_ASKED)
    shell = inside(request, session, "todos")
    page = DecidePage(
        heading=state.title,
        way=way,
        button=text(shell.language, WAYS[way]),
        about=state.text,
        action=f"{shell.root}/approvals/tasks/{request.path_params['task']}/{way}",
        back_url=local(given.get("next") or request.query_params.get("next") or "/todos"),
        needs_reason=way in NEEDS_REASON,
        people=_people(session) if way in NEEDS_PERSON else (),
        steps=tuple(enumerate(state.steps[: state.step])) if way == "return" else (),
        messages=tuple(r.message(shell.language) for r in refused.refusals) if refused else (),
        typed=given,
    )
    is_dialog = "hx-request" in request.headers
    return respond(request, "decide_dialog.html" if is_dialog else "decide.html", shell, page, 422 if refused else 200)


def _asked(session: Session, task: int) -> ApprovalState | None:
    """The running approval in which this is the reader's task."""
    return next((s for s in session.approvals_waiting() if any(t.id == task and t.is_mine for t in s.tasks)), None)


def _people(session: Session) -> tuple[tuple[str, str], ...]:
    """Everybody else as (login, name)."""
    me = session.user["id"]
    found = [(u["login"], u["name"] or u["login"]) for u in session.unit.users() if u["id"] != me]
    return tuple(sorted(found, key=lambda pair: pair[1]))


def _way(request: Request) -> str:
    way: str = request.path_params["way"]
    if way not in WAYS:
        raise refuse(NO_ROUTE, path=request.url.path)
    return way


def _texts(form: FormData) -> dict[str, str]:
    return {name: value.strip() for name, value in form.items() if isinstance(value, str)}
