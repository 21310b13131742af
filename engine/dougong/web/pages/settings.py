"""How things look: theme, density and rail, kept in a cookie; and the page "me" that gathers this on a phone."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from dougong.runtime.session import Session
from dougong.web.pages.request import go, local, work
from dougong.web.pages.shell import DENSITIES, THEMES, inside, look_of
from dougong.web.pages.templates import respond
from dougong.web.pages.texts import text

YEAR_SECONDS = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class MePage:
    """Context of `me.html`."""

    heading: str


async def me(request: Request) -> Response:
    """GET /me."""
    return await work(request, lambda session: _me(request, session), write=False)


def _me(request: Request, session: Session) -> Response:
    shell = inside(request, session, "me")
    return respond(request, "me.html", shell, MePage(text(shell.language, "Me")))


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
