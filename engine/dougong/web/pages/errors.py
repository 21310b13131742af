"""The page for a request that went wrong: what happened, what to do, and the way home."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from dougong.refusals import Refusal, Refused
from dougong.web.pages.request import work
from dougong.web.pages.shell import Shell, inside, outside
from dougong.web.pages.templates import respond
from dougong.web.pages.texts import noted, text

SYMBOLS = {401: "lock", 403: "lock", 404: "zoom-question", 409: "arrows-exchange", 413: "package", 429: "clock", 503: "database"}
HEADINGS = {403: noted("Not allowed"), 404: noted("Not found"), 503: noted("Not available right now")}
OTHERWISE = noted("Go back and try again.")
ADVICE = {
    401: noted("Sign in and try again."),
    403: noted("If you need this, ask an administrator for the right."),
    404: noted("Look at the address again, or search for it."),
    409: noted("Go back, reload the page and look again."),
    503: noted("Nothing was lost. Try again in a moment."),
}


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """Context of `error.html`."""

    heading: str
    symbol: str
    messages: tuple[str, ...]
    advice: str
    reference: str
    status: int


async def framed(request: Request, status: int, refusals: Sequence[Refusal]) -> Response:
    """The error page for somebody who is signed in: inside the frame, so that the next step is at hand."""
    if request.state.user_id is None or "hx-request" in request.headers:
        return page(request, status, refusals)
    try:
        return await work(request, lambda session: page(request, status, refusals, shell=inside(request, session)), write=False)
    except Refused:
        return page(request, status, refusals)


def page(
    request: Request, status: int, refusals: Sequence[Refusal], reference: str | None = None, *, shell: Shell | None = None
) -> Response:
    """The error page; a piece of it when htmx asked for a piece. Without a frame it needs no database."""
    shell = shell or outside(request)
    messages = tuple(dict.fromkeys(r.message(shell.language) for r in refusals))
    heading = HEADINGS.get(status, noted("That did not work"))
    made = ErrorPage(
        heading=text(shell.language, heading),
        symbol=SYMBOLS.get(status, "alert-triangle"),
        messages=messages,
        advice=text(shell.language, ADVICE.get(status, OTHERWISE)),
        reference=reference or "",
        status=status,
    )
    is_piece = "hx-request" in request.headers
    return respond(request, "error_piece.html" if is_piece else "error.html", shell, made, status)
