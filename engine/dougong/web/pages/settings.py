"""The page "me": how things look (kept in a cookie), how this person wants to be told of things, and who acts while they are away."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from dougong.model.channels import Channel
from dougong.refusals import Refused, refuse
from dougong.runtime.channels.writing import USER
from dougong.runtime.people.inbox import KINDS, MAIL
from dougong.runtime.people.preferences import Preferences, read_preferences
from dougong.runtime.people.refusals import BAD_ABSENCE
from dougong.runtime.session import Session
from dougong.web.pages import times
from dougong.web.pages.inbox import KIND_TITLES
from dougong.web.pages.request import go, local, only, work
from dougong.web.pages.shell import DENSITIES, THEMES, Shell, inside, look_of
from dougong.web.pages.templates import respond
from dougong.web.pages.texts import text

NOTIFY = "notify"  # the one kind of message that goes out on declared channels
YEAR_SECONDS = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class AwayLine:
    """An absence that is not over."""

    id: int
    from_day: str
    until_day: str
    delegate: str
    is_now: bool


@dataclass(frozen=True, slots=True)
class MePage:
    """Context of `me.html`. `kinds` are (name, title, whether mail comes), `channels` likewise those that the app has beside mail; `people` are (id, name) of those who can act instead."""

    heading: str
    kinds: tuple[tuple[str, str, bool], ...]
    channels: tuple[tuple[str, str, bool], ...]
    quiet_from: str
    quiet_until: str
    digest_at: str
    away: tuple[AwayLine, ...]
    people: tuple[tuple[int, str], ...]
    today: str
    messages: tuple[str, ...]
    typed: dict[str, str]


async def me(request: Request) -> Response:
    """GET /me."""
    return await work(request, lambda session: _me(request, session, {}, None), write=False)


async def told(request: Request) -> Response:
    """POST /me/told: which kinds come by mail, quiet hours, one mail a day."""
    form = await request.form()

    def handle(session: Session) -> Response:
        wanted = {str(kind) for kind in form.getlist("mail")}
        open_channels = {str(name) for name in form.getlist("channel")}
        channels = {f"{c.name}:{NOTIFY}" for c in _channels(session)}
        known = {f"{MAIL}:{kind}" for kind in KINDS} | channels
        others = session.preferences().muted - known
        muted = others | {f"{MAIL}:{kind}" for kind in KINDS if kind not in wanted}
        muted |= {f"{c.name}:{NOTIFY}" for c in _channels(session) if c.name not in open_channels}
        session.set_preferences(read_preferences(muted, *(_text(form, n) or None for n in ("quiet_from", "quiet_until", "digest_at"))))
        return go(request, "/me", "saved")

    return await _attempt(request, form, handle)


async def away(request: Request) -> Response:
    """POST /me/away: first day, last day, and who acts."""
    form = await request.form()

    def handle(session: Session) -> Response:
        first, last = _day(form, "from"), _day(form, "until")
        delegate = _text(form, "delegate")
        if not delegate.isdecimal() or len(delegate) > 18:
            raise refuse(BAD_ABSENCE)
        zone = session.app.zone
        start, end = (datetime.combine(day, time(), zone) for day in (first, last + timedelta(days=1)))
        session.set_absence(session.user["id"], start, end, int(delegate))
        return go(request, "/me", "saved")

    return await _attempt(request, form, handle)


async def end_away(request: Request) -> Response:
    """POST /me/away/{id}/end: back again."""

    def handle(session: Session) -> Response:
        session.end_absence(request.path_params["id"])
        return go(request, "/me", "saved")

    return await work(request, handle, write=True)


async def _attempt(request: Request, form: FormData, handle: Any) -> Response:
    try:
        return await work(request, handle, write=True)
    except Refused as refused:
        if refused.status in (401, 404, 503):
            raise
        caught = refused
    typed = {name: value for name, value in form.items() if isinstance(value, str)}
    return await work(request, lambda session: _me(request, session, typed, caught), write=False)


def _me(request: Request, session: Session, typed: dict[str, str], refused: Refused | None) -> Response:
    only(request)
    shell = inside(request, session, "me")
    wanted: Preferences = session.preferences()
    quiet = wanted.quiet
    page = MePage(
        heading=text(shell.language, "Me"),
        kinds=tuple((k, text(shell.language, KIND_TITLES[k]), f"{MAIL}:{k}" not in wanted.muted) for k in KINDS),
        channels=tuple((c.name, c.title.text(shell.language), f"{c.name}:{NOTIFY}" not in wanted.muted) for c in _channels(session)),
        quiet_from=typed.get("quiet_from", f"{quiet[0]:%H:%M}" if quiet else ""),
        quiet_until=typed.get("quiet_until", f"{quiet[1]:%H:%M}" if quiet else ""),
        digest_at=typed.get("digest_at", f"{wanted.digest_at:%H:%M}" if wanted.digest_at else ""),
        away=_away(session, shell),
        people=_others(session),
        today=session.today.isoformat(),
        messages=tuple(r.message(shell.language) for r in refused.refusals) if refused else (),
        typed=typed,
    )
    return respond(request, "me.html", shell, page, 422 if refused else 200)


def _channels(session: Session) -> list[Channel]:
    """The channels of the app on which users are written to, beside mail."""
    return [c for c in session.app.channels.values() if c.name != MAIL and USER in c.objects]


def _away(session: Session, shell: Shell) -> tuple[AwayLine, ...]:
    found = session.absences()
    names = dict(_others(session))
    return tuple(
        AwayLine(
            a.id,
            times.exact(a.from_at, shell.zone)[:10],
            times.exact(a.until_at - timedelta(seconds=1), shell.zone)[:10],
            names.get(a.delegate, f"#{a.delegate}"),
            a.from_at <= session.now < a.until_at,
        )
        for a in found
    )


def _others(session: Session) -> tuple[tuple[int, str], ...]:
    me = session.user["id"]
    found = [(u["id"], u["name"] or u["login"]) for u in session.unit.users() if u["id"] != me]
    return tuple(sorted(found, key=lambda pair: pair[1]))


def _day(form: FormData, name: str) -> date:
    try:
        return date.fromisoformat(_text(form, name))
    except ValueError:
        raise refuse(BAD_ABSENCE) from None


def _text(form: FormData, name: str) -> str:
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""


async def look(request: Request) -> Response:
    """POST /look: one of theme, density or rail; the rest stays as it was."""
    form = await request.form()
    was = look_of(request)
    theme = _one(form.get("theme"), THEMES, was.theme)
    density = _one(form.get("density"), DENSITIES, was.density)
    rail = _one(form.get("rail"), ("wide", "slim"), was.rail)
    response = go(request, local(str(form.get("next") or "/")))
    response.set_cookie("dougong-look", f"{theme}.{density}.{rail}", max_age=YEAR_SECONDS, path="/", samesite="lax", httponly=True)
    return response


def _one(given: Any, allowed: tuple[str, ...], otherwise: str) -> str:
    return given if isinstance(given, str) and given in allowed else otherwise
