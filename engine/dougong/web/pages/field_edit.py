"""One fact edited in place: the pencil asks for its input, saving answers with the fact as it is now."""

from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import Response

from dougong.derive.forms import Slot
from dougong.refusals import Refused, refuse
from dougong.runtime import refusals as codes
from dougong.runtime.session import Session
from dougong.web.pages import forms
from dougong.web.pages.facets import facet
from dougong.web.pages.inputs import Given, Input, input_of
from dougong.web.pages.reader import Reader
from dougong.web.pages.reading import reader_for
from dougong.web.pages.record import Fact
from dougong.web.pages.request import go, of_object, work
from dougong.web.pages.shell import inside
from dougong.web.pages.submitted import submitted
from dougong.web.pages.templates import respond
from dougong.web.pages.uploads import keep_uploads


@dataclass(frozen=True, slots=True)
class FieldPage:
    """Context of `field_edit.html`."""

    heading: str
    action: str
    back_url: str
    input: Input
    reader: Reader
    version: int


@dataclass(frozen=True, slots=True)
class FactPage:
    """Context of `fact.html`."""

    heading: str
    fact: Fact


async def show(request: Request) -> Response:
    """GET /o/{object}/{id}/field/{name}: the input; `?as=fact` the fact again (cancel); `?in=dialog` with a frame of its own."""
    return await work(request, lambda session: _show(request, session, None, None), write=False)


async def save(request: Request) -> Response:
    """POST the same address: write the one field."""
    given, uploads, _ = await submitted(request)
    try:
        given = await keep_uploads(request, given, uploads)
        return await work(request, lambda session: _save(request, session, given), write=True)
    except Refused as refused:
        if refused.status in (401, 404, 503):
            raise
        caught = refused
    return await work(request, lambda session: _show(request, session, given, caught), write=False)


def _save(request: Request, session: Session, given: Given) -> Response:
    made, record_id, name = of_object(request, session), request.path_params["id"], request.path_params["name"]
    field = made.fields.get(name)
    if field is None:
        raise refuse(codes.UNKNOWN_FIELD, field=name, name=name)
    value = forms.raw_value(field.type.is_many, given.texts.get(name, []))
    session.update(made.name, record_id, {name: value}, version=given.version)
    if "hx-request" not in request.headers or request.query_params.get("in") == "dialog":
        return go(request, f"/o/{made.name}/{record_id}", "saved")
    # Other facts may be computed from this one: the page is read anew
    return Response(headers={"HX-Redirect": f"{request.scope.get('root_path', '')}/o/{made.name}/{record_id}?note=saved"})


def _show(request: Request, session: Session, given: Given | None, refused: Refused | None) -> Response:
    made = of_object(request, session)
    name = request.path_params["name"]
    record = session.get(made.name, request.path_params["id"])
    shell = inside(request, session, made.name)
    field = next((f for f in session.fields(made.name, "update") if f.name == name), None)
    url = f"{shell.root}/o/{made.name}/{record.id}"
    shown = facet(session.app, made, name, shell.language)
    if field is None or shown is None:
        return go(request, f"/o/{made.name}/{record.id}")
    if request.query_params.get("as") == "fact":
        reader = reader_for(session, shell, [shown], [record])
        fact = Fact(name, shown.title, shown.show(record.get(name), reader), f"{url}/field/{name}")
        return respond(request, "fact.html", shell, FactPage("", fact))
    messages, general = forms.split(refused, shell, made, {name})
    one = input_of(
        session, shell, made.name, Slot(field, field.type.widget, None, True), record.get(name), given.texts.get(name) if given else None
    )
    error = " ".join([*messages.values(), *(message for _, message in general)])
    one = replace(one, error=error, is_required=field.required, prefix="e-", is_focused=True)
    version = given.version if given is not None and given.version is not None else record.version
    page = FieldPage(shown.title, f"{url}/field/{name}", url, one, Reader(shell.reading, shell.root, session.now), version)
    dialog = "field_dialog.html" if request.query_params.get("in") == "dialog" else "field_edit.html"
    template = dialog if "hx-request" in request.headers else "field_page.html"
    return respond(request, template, shell, page, 422 if refused is not None else 200)
