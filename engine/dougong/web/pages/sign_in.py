"""GET /sign-in: the page; what it posts is taken by `dougong.web.sign_in`."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dougong.web import refusals as codes
from dougong.web.pages.request import local
from dougong.web.pages.shell import outside
from dougong.web.pages.templates import respond
from dougong.web.pages.texts import text


@dataclass(frozen=True, slots=True)
class SignInPage:
    """Context of `sign_in.html`; `error` says why the last attempt failed."""

    heading: str
    login: str
    next: str
    error: str


async def show(request: Request) -> Response:
    """The page; somebody who is signed in already goes on."""
    target = local(request.query_params.get("next", "") or "/")
    shell = outside(request)
    if request.state.user_id is not None:
        return RedirectResponse(target if target != "/" else shell.root + "/", 303)
    error = _error(request.query_params.get("error", ""), request.query_params.get("seconds", ""), shell.language)
    page = SignInPage(text(shell.language, "Sign in"), request.query_params.get("login", ""), target, error)
    return respond(request, "sign_in.html", shell, page, 422 if error else 200)


def _error(code: str, seconds: str, language: str) -> str:
    if code == codes.TOO_OFTEN.code and seconds.isdigit():
        return (codes.TOO_OFTEN.zh if language == "zh" else codes.TOO_OFTEN.en).format(seconds=seconds)
    return codes.sentence(code, language)
