"""Moving a record to another stage: buttons on its page, and a small form when the move asks for fields or fields are missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from dougong.derive.forms import Slot, layout
from dougong.model.app import Field, Object
from dougong.model.flow import Pipeline, Stage
from dougong.refusals import Refusal, Refused, refuse
from dougong.runtime.record import MoveState
from dougong.runtime.refusals import NO_GRANT
from dougong.runtime.session import Session
from dougong.web.pages import forms
from dougong.web.pages.forward import leads_on
from dougong.web.pages.inputs import Given, Input, input_of
from dougong.web.pages.naming import title_of
from dougong.web.pages.once import mark, once
from dougong.web.pages.reader import Reader
from dougong.web.pages.request import go, local, of_object, work
from dougong.web.pages.shell import Shell, inside
from dougong.web.pages.submitted import submitted
from dougong.web.pages.templates import respond
from dougong.web.pages.texts import text
from dougong.web.pages.uploads import keep_uploads
from dougong.web.refusals import NO_ROUTE

FORWARD_KINDS = ("open", "won", "done")


@dataclass(frozen=True, slots=True)
class MoveButton:
    """One way on. `needs_form` when the person has to fill something first; `why` says what stands in the way when it is not allowed.

    `target` is the stage's name among those of all `pipeline`s of the object. One of the main ones is docked at the foot of a phone's screen.
    `missing` is everything that the move still wants, what may be filled with it too, in the order of the form.
    `is_granted` is false where the person has no right at all to move records along the pipeline: nothing that they do would change that.
    """

    pipeline: str
    target: str
    title: str
    stage: str
    kind: str
    url: str
    is_allowed: bool
    needs_form: bool
    is_main: bool
    why: tuple[str, ...]
    is_docked: bool = False
    is_granted: bool = True
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MovePage:
    """Context of `move.html` and `move_dialog.html`."""

    heading: str
    record_title: str
    from_stage: str
    to_stage: str
    title: str
    kind: str
    action: str
    back_url: str
    next: str
    inputs: tuple[Input, ...]
    reader: Reader
    wrong: tuple[forms.Wrong, ...]
    version: int


def buttons(session: Session, shell: Shell, made: Object, record: Any) -> tuple[MoveButton, ...]:
    """The moves from where the record stands, pipeline by pipeline, the way forward first."""
    if not made.pipelines:
        return ()
    states = session.moves(made.name, record.id)
    order = form_order(session, made)
    found = [
        b
        for pipeline in made.pipelines
        for b in _of_pipeline(shell, pipeline, record, [m for m in states if m.field == pipeline.field], order)
    ]
    docked = next((b for b in found if b.is_main and (b.is_allowed or b.needs_form)), None)
    return tuple(replace(b, is_docked=b is docked) for b in found)


def form_order(session: Session, made: Object) -> dict[str, int]:
    """Where each field stands on the object's form; what the form leaves out comes after, as it is declared."""
    on_form = (slot.field.name for slot in layout(session.app, made.name).slots())
    return {name: place for place, name in enumerate(dict.fromkeys((*on_form, *made.fields)))}


def all_missing(shell: Shell, state: MoveState, order: Mapping[str, int]) -> tuple[str, ...]:
    """Everything that speaks against a move, each once: who may make it, then the fields as they stand on the form, then the rest."""

    def place(refusal: Refusal) -> tuple[int, int]:
        if refusal.code.status == 403:
            return 0, 0
        stands = None if refusal.field in (None, state.field) else order.get(str(refusal.field))
        return (2, 0) if stands is None else (1, stands)

    return tuple(dict.fromkeys(r.message(shell.language) for r in sorted((*state.refusals, *state.to_fill), key=place)))


def _of_pipeline(shell: Shell, pipeline: Pipeline, record: Any, states: Sequence[MoveState], form: Mapping[str, int]) -> list[MoveButton]:
    order = [pipeline.qualified(stage) for stage in pipeline.stages]
    stands = pipeline.qualified(record.get(pipeline.field) or "")
    here = order.index(stands) if stands in order else -1
    found: list[MoveButton] = []
    for state in states:
        stage, target = pipeline.stages[state.target], pipeline.qualified(state.target)
        found.append(
            MoveButton(
                pipeline=pipeline.name,
                target=target,
                title=(state.move.title or stage.title).text(shell.language),
                stage=stage.title.text(shell.language),
                kind=stage.kind,
                url=f"{shell.root}/o/{pipeline.object}/{record.id}/move/{target}",
                is_allowed=state.allowed,
                needs_form=bool(fields_to_fill(state)),
                is_main=False,
                why=tuple(dict.fromkeys(r.message(shell.language) for r in state.refusals)),
                missing=all_missing(shell, state, form),
                is_granted=all(r.code is not NO_GRANT for r in state.refusals),
            )
        )
    on = {pipeline.qualified(state.target) for state in states if leads_on(pipeline, state.target, record.get(pipeline.field) or "")}
    forward = [b for b in found if b.kind in FORWARD_KINDS and order.index(b.target) > here and b.target in on]
    ranked = sorted(forward, key=lambda b: (not (b.is_allowed or b.needs_form), order.index(b.target)))
    main = ranked[0].target if ranked else ""
    found.sort(key=lambda b: (b.target != main, b.kind == "lost", order.index(b.target)))
    return [replace(b, is_main=b.target == main) for b in found]


def fields_to_fill(state: MoveState) -> tuple[str, ...]:
    """What the person has to fill for the move: nothing when something else stands in its way."""
    return state.asks if state.allowed else ()


async def show(request: Request) -> Response:
    """GET /o/{object}/{id}/move/{to}: the small form; with htmx only its inside, for the dialog."""
    return await work(request, lambda session: _show(request, session, None, None), write=False)


async def move(request: Request) -> Response:
    """POST /o/{object}/{id}/move/{to}: through the gate. A script that asks for JSON hears where the record stands or what is missing."""
    given, uploads, _ = await submitted(request)
    target = local(str((await request.form()).get("next") or "")) if request.headers.get("accept") != "application/json" else ""
    marked = mark(request, given.key, given.texts, uploads)
    try:
        given = await keep_uploads(request, given, uploads)
        return await once(request, marked, lambda session: _move(request, session, given, target))
    except Refused as refused:
        if refused.status in (401, 404, 503):
            raise
        caught = refused
    return await work(request, lambda session: _show(request, session, given, caught), write=False)


def _move(request: Request, session: Session, given: Given, target: str) -> Response:
    (made, pipeline, to), record_id = _way(request, session), request.path_params["id"]
    fields = _filled(session, made, given)
    moved = session.move(made.name, record_id, to, fields, version=given.version, pipeline=pipeline.name)
    if request.headers.get("accept") == "application/json":
        return Response(orjson.dumps({"stage": pipeline.qualified(to), "version": moved.version}), media_type="application/json")
    return go(request, target if target not in ("", "/") else f"/o/{made.name}/{record_id}", "moved")


def _filled(session: Session, made: Object, given: Given) -> dict[str, Any]:
    return {n: forms.raw_value(made.fields[n].type.is_many, texts) for n, texts in given.texts.items() if n in made.fields}


def _way(request: Request, session: Session) -> tuple[Object, Pipeline, str]:
    """The object, the pipeline and the stage of the address; a stage that there is not is an address that is not there."""
    made = of_object(request, session)
    found = made.placed(request.path_params["to"])
    if found is None:
        raise refuse(NO_ROUTE, path=request.url.path)
    return made, *found


def _show(request: Request, session: Session, given: Given | None, refused: Refused | None) -> Response:
    made, pipeline, to = _way(request, session)
    record = session.get(made.name, request.path_params["id"])
    shell = inside(request, session, made.name)
    state = next((m for m in session.moves(made.name, record.id) if m.target == to and m.field == pipeline.field), None)
    messages = refused.refusals if refused is not None else state.refusals if state is not None else ()
    if refused is not None and request.headers.get("accept") == "application/json":
        opens = state is not None and bool(fields_to_fill(state))
        answer = {"why": [m.message(shell.language) for m in messages], "form": str(request.url.path) if opens else None}
        return Response(orjson.dumps(answer), 422, media_type="application/json")
    page = build(session, shell, made, record, (pipeline, to), state, given, refused)
    is_dialog = "hx-request" in request.headers
    return respond(request, "move_dialog.html" if is_dialog else "move.html", shell, page, 422 if refused is not None else 200)


def build(
    session: Session,
    shell: Shell,
    made: Object,
    record: Any,
    way: tuple[Pipeline, str],
    state: MoveState | None,
    given: Given | None,
    refused: Refused | None,
) -> MovePage:
    """The form for one move: only what it asks for or misses."""
    pipeline, to = way
    names = fields_to_fill(state) if state is not None else ()
    by_field, general = forms.split(refused, shell, made, set(names))
    if refused is None and state is not None and not names:
        general = [("", message) for message in all_missing(shell, state, form_order(session, made))]
    inputs = []
    for index, name in enumerate(names):
        slot = _slot(made.fields[name])
        raw: Sequence[str] | None = given.texts.get(name) if given is not None else None
        one = input_of(session, shell, made.name, slot, record.get(name), raw)
        inputs.append(replace(one, is_required=True, error=by_field.get(name, ""), prefix="m-", is_focused=index == 0))
    stages = pipeline.stages
    title = title_of(made, record, shell.reading)
    return MovePage(
        heading=title,
        record_title=title,
        from_stage=stages[record.get(pipeline.field) or pipeline.start.name].title.text(shell.language),
        to_stage=stages[to].title.text(shell.language),
        title=_title(shell, stages[to], state),
        kind=stages[to].kind,
        action=f"{shell.root}/o/{made.name}/{record.id}/move/{pipeline.qualified(to)}",
        back_url=f"{shell.root}/o/{made.name}/{record.id}",
        next="",
        inputs=tuple(inputs),
        reader=Reader(shell.reading, shell.root, session.now),
        wrong=forms.summary(by_field, general, {n: f.title.text(shell.language) for n, f in made.fields.items()}, "m-"),
        version=record.version,
    )


def _slot(field: Field) -> Slot:
    few = 0 < len(field.type.choices) <= 6 and not field.type.is_many
    return Slot(field, field.type.widget, "buttons" if few else None, True)


def _title(shell: Shell, target: Stage, state: MoveState | None) -> str:
    """What the move calls itself, else where it leads."""
    if state is not None and state.move.title is not None:
        return state.move.title.text(shell.language)
    return text(shell.language, "Move to %(stage)s", stage=target.title.text(shell.language))
