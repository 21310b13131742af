"""Creating and editing: GET shows the form, POST writes through the gate and goes on, or shows the form again as it was typed (422)."""

from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from dougong.model.app import Object
from dougong.refusals import Refused
from dougong.runtime.session import Session
from dougong.web.pages import forms
from dougong.web.pages.inputs import Given
from dougong.web.pages.once import mark, once
from dougong.web.pages.request import go, local, of_object, only, work
from dougong.web.pages.shell import inside
from dougong.web.pages.submitted import submitted
from dougong.web.pages.templates import respond
from dougong.web.pages.uploads import keep_uploads


async def new(request: Request) -> Response:
    """GET /o/{object}/new: values in the address (`?customer=3`) are filled in already."""
    return await work(request, lambda session: _form(request, session), write=False)


async def create(request: Request) -> Response:
    """POST /o/{object}/new: a form that is sent twice makes one record."""
    return await _write(request, _create)


async def edit(request: Request) -> Response:
    """GET /o/{object}/{id}/edit."""
    return await work(request, lambda session: _form(request, session), write=False)


async def update(request: Request) -> Response:
    """POST /o/{object}/{id}/edit: only what the person changed is written, against the version they saw."""
    return await _write(request, _update)


async def preview(request: Request) -> Response:
    """POST /o/{object}/preview: computed values, required and shown fields of a form as it stands, as JSON."""
    given, _, _ = await submitted(request)
    record = int(request.query_params["id"]) if request.query_params.get("id", "").isdigit() else None
    return await work(request, lambda session: _preview(request, session, given, record), write=False)


async def _write(request: Request, handle: Any) -> Response:
    given, uploads, find = await submitted(request)
    if find is not None:
        await request.close()
        return await work(request, lambda session: _form(request, session, given, find=find), write=False)
    marked = mark(request, given.key, given.texts, uploads)
    try:
        given = await keep_uploads(request, given, uploads)
        return await once(request, marked, lambda session: handle(request, session, given))
    except Refused as refused:
        if refused.status in (401, 404, 503):
            raise
        caught = refused
    return await work(request, lambda session: _form(request, session, given, caught), write=False)


def _form(
    request: Request, session: Session, given: Given | None = None, refused: Refused | None = None, find: str | None = None
) -> Response:
    made = of_object(request, session)
    record_id = request.path_params.get("id")
    record = session.get(made.name, record_id) if record_id is not None else None
    plan = forms.form_layout(session, made, "create" if record is None else "update")
    shell = inside(request, session, made.name)
    values = {} if record is not None else _prefilled(request, session, made)
    page = forms.build(session, shell, made, plan, record=record, values=values, given=given, refused=refused, find=find)
    status = 409 if page.is_stale else 422 if refused is not None else 200
    return respond(request, "form.html", shell, page, status)


def _prefilled(request: Request, session: Session, made: Object) -> dict[str, str]:
    """The values of the address (`?customer=3`); a record that this person may not see is left out."""
    fields = {f.name: f for f in session.fields(made.name, "create")}
    only(request, "next", *fields)
    given = {n: v for n, v in request.query_params.items() if n in fields}
    return {n: v for n, v in given.items() if not fields[n].type.target or _is_there(session, fields[n].type.target, v)}


def _is_there(session: Session, target: str | None, number: str) -> bool:
    return bool(target and number.isdecimal() and len(number) < 19 and session.titles(target, [int(number)]))


def _create(request: Request, session: Session, given: Given) -> Response:
    made = of_object(request, session)
    plan = forms.form_layout(session, made, "create")
    values = forms.values_of(plan, given, only_changed=False)
    record = session.create(made.name, values) if plan.form is None else session.submit_form(made.name, plan.form, values)
    return go(
        request, local(request.query_params.get("next", "")) if "next" in request.query_params else f"/o/{made.name}/{record.id}", "created"
    )


def _update(request: Request, session: Session, given: Given) -> Response:
    made, record_id = of_object(request, session), request.path_params["id"]
    plan = forms.form_layout(session, made, "update")
    values = forms.values_of(plan, given, only_changed=True)
    if values and plan.form is not None:
        session.submit_form(made.name, plan.form, values, record_id, version=given.version)
    elif values:
        session.update(made.name, record_id, values, version=given.version)
    return go(request, f"/o/{made.name}/{record_id}", "saved" if values else "")


def _preview(request: Request, session: Session, given: Given, record_id: int | None) -> Response:
    made: Object = of_object(request, session)
    plan = forms.form_layout(session, made, "create" if record_id is None else "update")
    shell = inside(request, session, made.name)
    try:
        found = session.preview(made.name, forms.values_of(plan, given, only_changed=record_id is not None), record_id)
    except Refused:
        return Response(status_code=204)
    computed = {s.field.name: s for s in plan.slots() if s.widget == "computed"}
    answer = {
        "values": {n: s.field.type.format(found.values.get(n), shell.reading) for n, s in computed.items() if not s.field.type.target},
        "required": sorted(found.required),
        "shown": sorted(found.shown),
    }
    return Response(orjson.dumps(answer), media_type="application/json")


async def rules(request: Request) -> Response:
    """GET /o/{object}/rules.js?for=create: the form's rules as a module, for this person."""
    return await work(request, lambda session: _rules(request, session), write=False)


def _rules(request: Request, session: Session) -> Response:
    made = of_object(request, session)
    plan = forms.form_layout(session, made, "update" if request.query_params.get("for") == "update" else "create")
    code = forms.rules_of(session, made, plan).module
    return Response(code, media_type="text/javascript", headers={"cache-control": "private, max-age=600"})
