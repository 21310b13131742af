"""Jobs for administrators: what waits, what could not be delivered and why; mend what it says, send it again, give it up."""

import re
from dataclasses import dataclass

import orjson
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from dougong.refusals import Refused, refuse
from dougong.runtime.due.listing import OpenDue, open_dues
from dougong.runtime.jobs import letters
from dougong.runtime.jobs.letters import Letter
from dougong.runtime.jobs.refusals import NOT_JSON
from dougong.runtime.session import Session
from dougong.web import refusals as codes
from dougong.web.pages.admin import number, only_admins
from dougong.web.pages.deadlines import countdown, tone
from dougong.web.pages.reader import Reader
from dougong.web.pages.request import go, only, work
from dougong.web.pages.shell import Shell
from dougong.web.pages.templates import respond
from dougong.web.pages.texts import noted, text
from dougong.web.pages.todos import titles_of

SHOWN = 50
CHINESE = re.compile("[\u4e00-\u9fff]")
STATES = {
    "dead": (noted("Not delivered"), "bad"),
    "waiting": (noted("Waiting"), "warn"),
    "running": (noted("Running"), "calm"),
    "done": (noted("Delivered"), "good"),
    "cancelled": (noted("Given up"), ""),
}
KINDS = {
    "mail": noted("Mail"),
    "digest": noted("Daily digest"),
    "send": noted("Message on a channel"),
    "call": noted("Call of a connector"),
}
OUTCOMES = {
    "done": noted("delivered"),
    "failed": noted("failed, will be tried again"),
    "dead": noted("failed for good"),
    "lost": noted("the worker died"),
    "deferred": noted("put off"),
    "mended": noted("mended"),
    "resent": noted("sent again"),
    "cancelled": noted("given up"),
}


@dataclass(frozen=True, slots=True)
class JobLine:
    """One job."""

    id: int
    kind: str
    key: str
    url: str
    state: str
    tone: str
    tries: int
    at: Markup
    error: str


@dataclass(frozen=True, slots=True)
class JobsPage:
    """Context of `admin_jobs.html`; `states` are (address, title, count, whether it is shown)."""

    heading: str
    states: tuple[tuple[str, str, int, bool], ...]
    jobs: tuple[JobLine, ...]
    older_url: str | None


@dataclass(frozen=True, slots=True)
class AttemptLine:
    """One line of a job's story."""

    outcome: str
    at: Markup
    error: str
    who: str
    payload: str


@dataclass(frozen=True, slots=True)
class JobPage:
    """Context of `admin_job.html`."""

    heading: str
    job: JobLine
    list_url: str
    is_dead: bool
    payload: str
    attempts: tuple[AttemptLine, ...]
    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DueLine:
    """One moment that is still to come."""

    title: str
    key: str
    clause: str
    about: str
    url: str
    words: str
    at: str
    tone: str
    error: str


@dataclass(frozen=True, slots=True)
class DuesPage:
    """Context of `admin_dues.html`."""

    heading: str
    objects: tuple[tuple[str, str], ...]
    object: str
    dues: tuple[DueLine, ...]
    more_url: str | None


async def show(request: Request) -> Response:
    """GET /admin/jobs?state=dead|waiting|running|done|cancelled&before=…"""
    return await work(request, lambda session: _show(request, session), write=False)


async def one(request: Request) -> Response:
    """GET /admin/jobs/{id}."""
    return await work(request, lambda session: _one(request, session, None, None), write=False)


async def mend(request: Request) -> Response:
    """POST /admin/jobs/{id}: `do` is resend (with `payload`, perhaps mended) or give_up."""
    form = await request.form()
    payload, what = str(form.get("payload") or ""), str(form.get("do") or "")

    def handle(session: Session) -> Response:
        only_admins(request, session, "jobs")
        if what == "give_up":
            letters.give_up(session, request.path_params["id"])
        else:
            letters.resend(session, request.path_params["id"], _parsed(payload))
        return go(request, "/admin/jobs", "given_up" if what == "give_up" else "resent")

    try:
        return await work(request, handle, write=True)
    except Refused as refused:
        if refused.status in (401, 403, 404, 503):
            raise
        caught = refused
    return await work(request, lambda session: _one(request, session, payload, caught), write=False)


async def dues(request: Request) -> Response:
    """GET /admin/dues?object=…&skip=…"""
    return await work(request, lambda session: _dues(request, session), write=False)


def _parsed(payload: str) -> dict[str, object]:
    try:
        found = orjson.loads(payload)
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        raise refuse(NOT_JSON, field="payload")
    return found


def _show(request: Request, session: Session) -> Response:
    shell = only_admins(request, session, "jobs")
    only(request, "state", "before")
    counts = letters.counts(session)
    asked = request.query_params.get("state") or ("dead" if counts["dead"] else "waiting")
    state = next((s for s in letters.STATES if s == asked), None)
    if state is None:
        words = ", ".join(letters.STATES)
        raise refuse(codes.BAD_PARAMETER, name="state", value=asked, expected=(words, words))
    found = letters.letters(session, state, SHOWN, number(request, "before"))
    url = f"{shell.root}/admin/jobs?state="
    page = JobsPage(
        heading=text(shell.language, "Jobs"),
        states=tuple((url + s, text(shell.language, STATES[s][0]), counts[s], s == state) for s in letters.STATES),
        jobs=tuple(_job(session, shell, j) for j in found),
        older_url=f"{url}{state}&before={found[-1].id}" if len(found) == SHOWN else None,
    )
    return respond(request, "admin_jobs.html", shell, page)


def _one(request: Request, session: Session, typed: str | None, refused: Refused | None) -> Response:
    shell = only_admins(request, session, "jobs")
    only(request)
    job = letters.letter(session, request.path_params["id"])
    pretty = orjson.dumps(job.payload, option=orjson.OPT_INDENT_2).decode()
    page = JobPage(
        heading=f"{_kind(shell, job)} #{job.id}",
        job=_job(session, shell, job),
        list_url=f"{shell.root}/admin/jobs",
        is_dead=job.state == "dead",
        payload=pretty if typed is None else typed,
        attempts=tuple(_attempts(session, shell, job.id)),
        messages=tuple(r.message(shell.language) for r in refused.refusals) if refused else (),
    )
    return respond(request, "admin_job.html", shell, page, 422 if refused else 200)


def _job(session: Session, shell: Shell, job: Letter) -> JobLine:
    words, tone = STATES[job.state]
    at = Reader(shell.reading, shell.root, session.now).time(job.ended_at or job.due_at)
    url = f"{shell.root}/admin/jobs/{job.id}"
    error = spoken(job.error or "", shell.language)
    return JobLine(job.id, _kind(shell, job), job.key, url, text(shell.language, words), tone, job.tries, at, error)


def _kind(shell: Shell, job: Letter) -> str:
    return text(shell.language, KINDS[job.kind]) if job.kind in KINDS else job.kind


def spoken(error: str, language: str) -> str:
    """The half of an error of the engine's own that is in the reader's language: they are kept as `Chinese / English`."""
    zh, _, en = error.rpartition(" / ")
    is_both = bool(zh and en) and bool(CHINESE.search(zh)) and not CHINESE.search(en)
    return (zh if language == "zh" else en) if is_both else error


def _attempts(session: Session, shell: Shell, id: int) -> list[AttemptLine]:
    reader = Reader(shell.reading, shell.root, session.now)
    found = letters.attempts(session, id)
    people = session.titles("user", sorted({a.actor for a in found if a.actor is not None}))
    return [
        AttemptLine(
            text(shell.language, OUTCOMES.get(a.outcome, a.outcome)),
            reader.time(a.at),
            spoken(a.error or "", shell.language),
            people.get(a.actor, f"#{a.actor}") if a.actor is not None else a.worker or "",
            orjson.dumps(a.payload, option=orjson.OPT_INDENT_2).decode() if a.payload is not None else "",
        )
        for a in found
    ]


def _dues(request: Request, session: Session) -> Response:
    shell = only_admins(request, session, "dues")
    only(request, "object", "skip")
    object, skip = request.query_params.get("object", ""), number(request, "skip") or 0
    found = open_dues(session.unit, object or None, SHOWN, skip)
    titles = titles_of(session, [(d.object, d.record_id) for d in found if d.record_id])
    url = f"{shell.root}/admin/dues?object={object}"
    page = DuesPage(
        heading=text(shell.language, "What is due"),
        objects=tuple((o.name, o.title.text(shell.language)) for o in session.app.objects.values() if not o.is_system),
        object=object,
        dues=tuple(_due(session, shell, d, titles) for d in found),
        more_url=f"{url}&skip={skip + SHOWN}" if len(found) == SHOWN else None,
    )
    return respond(request, "admin_dues.html", shell, page)


def _due(session: Session, shell: Shell, due: OpenDue, titles: dict[tuple[str, int], str]) -> DueLine:
    key = (due.object, due.record_id)
    made = session.app.objects.get(due.object)
    is_review = due.key.startswith("stage:") and due.key.split(":")[2] == "review"
    return DueLine(
        title=due.title[0 if shell.language == "zh" else 1],
        key=due.key,
        clause=due.clause,
        about=titles.get(key) or (f"{made.title.text(shell.language)} #{due.record_id}" if made and due.record_id else ""),
        url=f"{shell.root}/o/{due.object}/{due.record_id}" if key in titles else "",
        words=countdown(due.due_at, session.now, shell.language, is_review=is_review),
        at=Reader(shell.reading, shell.root, session.now).exact(due.due_at),
        tone=tone(due.due_at, session.now, is_review=is_review),
        error=spoken(due.error or "", shell.language),
    )
