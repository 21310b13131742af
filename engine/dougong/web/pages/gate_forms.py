"""Acting on gates from a record's page: ticking actions off, bringing evidence, granting exceptions."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from dougong.model.app import Object
from dougong.model.gate_fields import UNSUPPORTED_AT
from dougong.refusals import Refused, refuse
from dougong.runtime import refusals as codes
from dougong.runtime.gates.refusals import ENDED_ALREADY
from dougong.runtime.gates.state import GateItem
from dougong.runtime.session import Session
from dougong.web.pages import record
from dougong.web.pages.gate_panel import until_default
from dougong.web.pages.inputs import Given
from dougong.web.pages.naming import title_of
from dougong.web.pages.once import mark, mark_of, once
from dougong.web.pages.request import go, of_object, only, work
from dougong.web.pages.shell import inside
from dougong.web.pages.submitted import submitted
from dougong.web.pages.templates import respond
from dougong.web.pages.texts import text
from dougong.web.pages.uploads import keep_uploads
from dougong.web.refusals import NO_ROUTE


@dataclass(frozen=True, slots=True)
class ExceptionPage:
    """Context of `exception.html` and `exception_dialog.html`."""

    heading: str
    about: str
    missing: str
    action: str
    back_url: str
    reason: str
    until: str
    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WithdrawPage:
    """Context of `withdraw.html` and `withdraw_dialog.html`; `stage` is the one that would be left without support, empty when none is."""

    heading: str
    about: str
    stage: str
    action: str
    back_url: str


async def do(request: Request) -> Response:
    """POST /o/{object}/{id}/actions/{action}: `place`, `latitude` and `longitude` where the place is asked for."""
    form = await request.form()
    place = _place(form)

    def handle(session: Session) -> Response:
        made, id = of_object(request, session), request.path_params["id"]
        session.do_action(made.name, id, request.path_params["action"], place)
        return go(request, f"/o/{made.name}/{id}", "ticked")

    return await _answered(request, mark_of(request, form), handle)


async def ask_undo(request: Request) -> Response:
    """GET /o/{object}/{id}/actions/{action}/undo: what follows from withdrawing it; with htmx only the inside of the dialog."""
    return await work(request, lambda session: _ask_undo(request, session), write=False)


async def undo(request: Request) -> Response:
    """POST the same address."""

    def handle(session: Session) -> Response:
        made, id = of_object(request, session), request.path_params["id"]
        before = _is_unsupported(session, made, id)
        session.undo_action(made.name, id, request.path_params["action"])
        is_lost = _is_unsupported(session, made, id) and not before
        return go(request, f"/o/{made.name}/{id}", "unsupported" if is_lost else "unticked")

    return await _answered(request, mark_of(request, await request.form()), handle)


def _is_unsupported(session: Session, made: Object, id: int) -> bool:
    row = session.unit.row(made.name, id)
    since = None if row is None else row.get(UNSUPPORTED_AT)
    return since is not None and since <= session.now


def _ask_undo(request: Request, session: Session) -> Response:
    only(request)
    made, id, action = of_object(request, session), request.path_params["id"], request.path_params["action"]
    held = session.get(made.name, id)
    found = next((i for i in session.gates(made.name, id) if i.item == action and i.done is not None and i.may_do), None)
    if found is None:
        raise refuse(NO_ROUTE, path=request.url.path)
    shell = inside(request, session, made.name)
    pipeline = made.named(found.pipeline)
    stage = pipeline.stages.get(held.get(pipeline.field) or "") if found.is_support else None
    url = f"{shell.root}/o/{made.name}/{id}"
    page = WithdrawPage(
        heading=text(shell.language, "Take “%(action)s” back?", action=found.title.text(shell.language)),
        about=title_of(made, held, shell.reading),
        stage=stage.title.text(shell.language) if stage is not None else "",
        action=f"{url}/actions/{action}/undo",
        back_url=url,
    )
    return respond(request, "withdraw_dialog.html" if "hx-request" in request.headers else "withdraw.html", shell, page)


async def bring(request: Request) -> Response:
    """POST /o/{object}/{id}/evidence/{field}: files, beside those in a field that takes several, else in the place of the one there."""
    given, uploads, _ = await submitted(request)
    marked = mark(request, given.key, given.texts, uploads)
    name = request.path_params["field"]
    sent = {name: uploads[name]} if name in uploads else {}

    try:
        brought = await keep_uploads(request, Given(), sent)
    except Refused as refused:
        return await _refused(request, refused)
    return await _answered(request, marked, lambda session: _bring(request, session, brought.texts.get(name, [])))


async def ask(request: Request) -> Response:
    """GET /o/{object}/{id}/exceptions/{stage}/{item}: reason and end; with htmx only the inside of the dialog."""
    return await work(request, lambda session: _ask(request, session, None, None), write=False)


async def grant(request: Request) -> Response:
    """POST the same address."""
    form = await request.form()
    try:
        return await once(request, mark_of(request, form), lambda session: _grant(request, session, form))
    except Refused as refused:
        if refused.status in (401, 404, 503):
            raise
        caught = refused
    return await work(request, lambda session: _ask(request, session, form, caught), write=False)


def _bring(request: Request, session: Session, ids: list[str]) -> Response:
    made, id, name = of_object(request, session), request.path_params["id"], request.path_params["field"]
    field = made.fields.get(name)
    if field is None or field.type.widget != "file":
        raise refuse(codes.UNKNOWN_FIELD, field=name, name=name)
    if not ids:
        return go(request, f"/o/{made.name}/{id}")
    held = session.get(made.name, id)
    here = held.get(name)
    value = [*(here or ()), *map(int, ids)] if field.type.is_many else int(ids[-1])
    session.update(made.name, id, {name: value}, version=held.version)
    return go(request, f"/o/{made.name}/{id}", "saved")


def _grant(request: Request, session: Session, form: FormData) -> Response:
    made, id = of_object(request, session), request.path_params["id"]
    try:
        until = datetime.fromisoformat(str(form.get("until") or ""))
    except ValueError:
        raise refuse(ENDED_ALREADY) from None
    session.except_gate(made.name, id, request.path_params["stage"], request.path_params["item"], str(form.get("reason") or ""), until)
    return go(request, f"/o/{made.name}/{id}", "excepted")


def _ask(request: Request, session: Session, form: FormData | None, refused: Refused | None) -> Response:
    only(request)
    made, id = of_object(request, session), request.path_params["id"]
    stage, item = request.path_params["stage"], request.path_params["item"]
    found = next((i for i in session.gates(made.name, id) if i.item == item and _at(made, i) == stage and i.may_except and i.refusal), None)
    if found is None or found.refusal is None:
        raise refuse(NO_ROUTE, path=request.url.path)
    shell = inside(request, session, made.name)
    held = session.get(made.name, id)
    page = ExceptionPage(
        heading=text(shell.language, "Let it pass without “%(item)s”", item=found.title.text(shell.language)),
        about=title_of(made, held, shell.reading),
        missing=found.refusal.message(shell.language),
        action=f"{shell.root}/o/{made.name}/{id}/exceptions/{stage}/{item}",
        back_url=f"{shell.root}/o/{made.name}/{id}",
        reason=str(form.get("reason") or "") if form is not None else "",
        until=str(form.get("until") or "") if form is not None else until_default(session.now, shell),
        messages=tuple(r.message(shell.language) for r in refused.refusals) if refused else (),
    )
    is_dialog = "hx-request" in request.headers
    return respond(request, "exception_dialog.html" if is_dialog else "exception.html", shell, page, 422 if refused else 200)


def _at(made: Object, item: GateItem) -> str:
    """The stage of a gate, among those of all pipelines."""
    return made.named(item.pipeline).qualified(item.stage)


async def _answered(request: Request, marked: str, handle: Callable[[Session], Response]) -> Response:
    """The work of a small form on the page; what was refused is told on the page."""
    try:
        return await once(request, marked, handle)
    except Refused as refused:
        return await _refused(request, refused)


async def _refused(request: Request, refused: Refused) -> Response:
    if refused.status in (401, 404, 503):
        raise refused
    return await work(request, lambda session: record.respond_with(request, session, refused=refused), write=False)


def _place(form: FormData) -> dict[str, object] | None:
    """What was said about the place; degrees that are no numbers are left for the gate to refuse."""
    name, degrees = str(form.get("place") or "").strip(), [str(form.get(n) or "") for n in ("latitude", "longitude")]
    if not name and not any(degrees):
        return None
    latitude, longitude = (_number(d) for d in degrees)
    return {"name": name or None, "latitude": latitude, "longitude": longitude}


def _number(raw: str) -> float | str | None:
    try:
        return float(raw) if raw else None
    except ValueError:
        return raw
