"""The page that splits a record: a row for each part, what is left blank gets the rest. Works without script: "more rows" is a button."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from dougong.derive.forms import Slot
from dougong.model.app import Field, Object
from dougong.refusals import Refused, refuse
from dougong.runtime.session import Session
from dougong.runtime.splits.refusals import NO_SPLITS
from dougong.runtime.splits.view import Parts
from dougong.web.pages import forms
from dougong.web.pages.forms import Wrong
from dougong.web.pages.inputs import Input, input_of
from dougong.web.pages.naming import title_of
from dougong.web.pages.once import mark_of, once
from dougong.web.pages.reader import Reader
from dougong.web.pages.request import go, of_object, only, work
from dougong.web.pages.shell import Shell, inside
from dougong.web.pages.templates import respond
from dougong.web.pages.texts import text

MOST_ROWS = 200
MORE = 3  # rows that the button adds
Row = tuple[str, Mapping[str, list[str]], bool]  # the part's id, what was typed by field, whether it goes


@dataclass(frozen=True, slots=True)
class PartRow:
    """One row; `id` of a part that is there, `is_gone` when it is to be taken away."""

    index: int
    id: int | None
    title: str
    inputs: tuple[Input, ...]
    is_gone: bool


@dataclass(frozen=True, slots=True)
class SplitPage:
    """Context of `split.html`; `wholes` are the sums of the record itself: inputs, or (title, text) where they may not be changed."""

    heading: str
    about: str
    part_title: str
    action: str
    back_url: str
    wholes: tuple[Input, ...]
    fixed: tuple[tuple[str, str], ...]
    rows: tuple[PartRow, ...]
    reader: Reader
    version: str
    has_sums: bool
    wrong: tuple[Wrong, ...]


@dataclass(frozen=True, slots=True)
class Typed:
    """What was sent; `wholes` are the record's own sums."""

    rows: tuple[Row, ...] = ()
    wholes: Mapping[str, str] = field(default_factory=dict)
    version: str = ""


async def show(request: Request) -> Response:
    """GET /o/{object}/{id}/split?into=…"""
    only(request, "into")
    return await work(request, lambda session: _show(request, session, None, None), write=False)


async def split(request: Request) -> Response:
    """POST the same address; the button "more rows" only draws the form again."""
    form = await request.form(max_fields=20_000)
    if "_more" in form:
        return await work(request, lambda session: _show(request, session, _typed(form, MORE), None), write=False)
    try:
        return await once(request, mark_of(request, form), lambda session: _split(request, session, _typed(form, 0)))
    except Refused as refused:
        if refused.status in (401, 404, 503):
            raise
        caught = refused
    return await work(request, lambda session: _show(request, session, _typed(form, 0), caught), write=False)


def _typed(form: FormData, more: int) -> Typed:
    count = str(form.get("rows") or "")
    found: list[Row] = []
    for index in range(min(int(count), MOST_ROWS) if count.isdigit() and len(count) < 6 else 0):
        own = f"{index}-"
        names = dict.fromkeys(name for name in form if name.startswith(own) and "~" not in name)
        texts = {name.removeprefix(own): [str(v) for v in form.getlist(name)] for name in names}
        found.append((str(form.get(f"id-{index}") or ""), texts, f"gone-{index}" in form))
    found += [("", {}, False)] * more
    wholes = {name.removeprefix("w-"): str(value) for name, value in form.items() if name.startswith("w-")}
    return Typed(tuple(found[:MOST_ROWS]), wholes, str(form.get("_version") or ""))


def _split(request: Request, session: Session, typed: Typed) -> Response:
    made, id = of_object(request, session), request.path_params["id"]
    shell = inside(request, session, made.name)
    parts = _parts(request, session, made)
    names = _fields(session, parts)
    there = {part.id: part for part in parts.parts}
    given = [_given(shell, names, there, row) for row in typed.rows if _is_kept(row)]
    own = session.get(made.name, id)
    values = {n: t for n, t in typed.wholes.items() if n in parts.rule.sums and t != _text(shell, made.fields[n], own.get(n))}
    version = int(typed.version) if typed.version.isdigit() else None
    session.split(made.name, id, parts=given, values=values, into=parts.rule.part, version=version)
    return go(request, f"/o/{made.name}/{id}", "saved")


def _is_kept(row: Row) -> bool:
    """Whether a row is a part: one that stays, or a new one in which something is typed."""
    number, texts, is_gone = row
    return not is_gone and (bool(number) or any(t.strip() for each in texts.values() for t in each))


def _given(shell: Shell, names: Sequence[Field], there: Mapping[int, Any], row: Row) -> dict[str, Any]:
    """A part as the operation takes it: of one that is there only what was typed anew."""
    number, texts, _ = row
    known = there.get(int(number)) if number.isdigit() else None
    values = {f.name: forms.raw_value(f.type.is_many, texts[f.name]) for f in names if f.name in texts}
    if number:
        values = {
            f.name: values[f.name] for f in names if f.name in values and values[f.name] != _text(shell, f, known and known.get(f.name))
        }
        return {"id": int(number) if number.isdigit() else number, **values}
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def _text(shell: Shell, one: Field, value: Any) -> Any:
    """What stands in the input of a value."""
    if value is None:
        return [] if one.type.is_many else ""
    if one.type.target or one.type.choices:
        return [str(v) for v in value] if one.type.is_many else str(value)
    return one.type.form_text(value, shell.reading)


def _parts(request: Request, session: Session, made: Object) -> Parts:
    """The split of the address; `Refused` R385 where there is none."""
    into = request.query_params.get("into")
    for found in session.parts(made.name, request.path_params["id"]):
        if into in (None, "", found.rule.part):
            return found
    raise refuse(NO_SPLITS, object=(made.title.zh, made.title.en))


def _fields(session: Session, parts: Parts) -> list[Field]:
    """What a row asks for: the part's title, its sums, and what a new part cannot do without."""
    part = session.app.objects[parts.rule.part]
    writable = {f.name for f in session.fields(part.name, "create")} | {f.name for f in session.fields(part.name, "update")}
    wanted = [n for n, f in part.fields.items() if n == part.record_title or n in parts.rule.sums or (f.required and f.default is None)]
    files = [n for n in wanted if part.fields[n].type.is_file]
    return [part.fields[n] for n in wanted if n in writable and n != parts.rule.link and n not in files]


def _show(request: Request, session: Session, typed: Typed | None, refused: Refused | None) -> Response:
    made = of_object(request, session)
    record = session.get(made.name, request.path_params["id"])
    shell = inside(request, session, made.name)
    page = _page(request, session, shell, made, record, typed, refused)
    return respond(request, "split.html", shell, page, 422 if refused else 200)


def _page(
    request: Request, session: Session, shell: Shell, made: Object, record: Any, typed: Typed | None, refused: Refused | None
) -> SplitPage:
    parts = _parts(request, session, made)
    names, part = _fields(session, parts), session.app.objects[parts.rule.part]
    rows = (
        typed.rows
        if typed is not None
        else (*((str(p.id), {}, False) for p in parts.parts), *[("", {}, False)] * (2 if parts.parts else 3))
    )
    there = {str(p.id): p for p in parts.parts}
    errors, general = _errors(shell, part, refused, typed)
    writable = session.given("update", made.name, record.id) or frozenset()
    sums = [made.fields[n] for n in parts.rule.sums if n in record]
    wholes = [f for f in sums if f.name in writable]
    url = f"{shell.root}/o/{made.name}/{record.id}"
    return SplitPage(
        heading=text(shell.language, "Split: %(record)s", record=title_of(made, record, shell.reading)),
        about=title_of(made, record, shell.reading),
        part_title=part.title.text(shell.language),
        action=f"{url}/split?into={part.name}",
        back_url=url,
        wholes=tuple(_whole(session, shell, made, f, record, typed, errors) for f in wholes),
        fixed=tuple((f.title.text(shell.language), f.type.format(record.get(f.name), shell.reading)) for f in sums if f not in wholes),
        rows=tuple(_row(session, shell, part, names, i, row, there.get(row[0]), errors) for i, row in enumerate(rows)),
        reader=Reader(shell.reading, shell.root, session.now),
        version=typed.version if typed is not None else str(record.version),
        has_sums=bool(parts.rule.sums),
        wrong=(*(Wrong(f"#p-{k}", "", m) for k, m in errors.items()), *(Wrong("", "", m) for m in general)),
    )


def _whole(session: Session, shell: Shell, made: Object, one: Field, record: Any, typed: Typed | None, errors: Mapping[str, str]) -> Input:
    raw = [typed.wholes[one.name]] if typed is not None and one.name in typed.wholes else None
    found = input_of(session, shell, made.name, Slot(one, one.type.widget, None, False), record.get(one.name), raw)
    return replace(found, name=f"w-{one.name}", prefix="p-", is_required=False, error=errors.get(f"w-{one.name}", ""))


def _row(
    session: Session,
    shell: Shell,
    part: Object,
    names: Sequence[Field],
    index: int,
    row: Row,
    known: Any | None,
    errors: Mapping[str, str],
) -> PartRow:
    number, texts, is_gone = row
    inputs = []
    for one in names:
        value = known.get(one.name) if known is not None else None
        found = input_of(session, shell, part.name, Slot(one, one.type.widget, None, False), value, texts.get(one.name))
        name = f"{index}-{one.name}"
        inputs.append(replace(found, name=name, prefix="p-", is_required=False, help="", error=errors.get(name, "")))
    title = "" if known is None else title_of(part, known, shell.reading)
    return PartRow(index, int(number) if number.isdigit() else None, title, tuple(inputs), is_gone)


def _errors(shell: Shell, part: Object, refused: Refused | None, typed: Typed | None) -> tuple[dict[str, str], list[str]]:
    """Messages by the name of their input, and those that belong to none."""
    rows = [index for index, row in enumerate(typed.rows) if _is_kept(row)] if typed is not None else []
    found: dict[str, str] = {}
    general: list[str] = []
    for refusal in refused.refusals if refused is not None else ():
        words = (refusal.field or "").split(".")
        at = int(words[1]) if len(words) == 3 and words[0] == "parts" and words[1].isdigit() else None
        message = refusal.message(shell.language)
        if at is not None and at < len(rows) and words[2] in part.fields:
            found[f"{rows[at]}-{words[2]}"] = message
        elif message not in general:
            general.append(message)
    return found, general
