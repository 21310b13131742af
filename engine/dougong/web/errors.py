"""What a request gets when something went wrong: a problem document (RFC 9457) for programs, a page for people.

`Failures` stands outermost and catches everything; routes and the other layers only raise `Refused`.
"""

import logging
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dougong.refusals import Refusal, Refused, refuse
from dougong.web import refusals as codes
from dougong.web.auth import SignInNeeded
from dougong.web.pages import errors as pages

log = logging.getLogger("dougong.web")


def problem(refused: Refused, language: str, *, instance: str | None = None, reference: str | None = None) -> Response:
    """The problem document of a refusal: `code` is the first one's, `errors` holds all of them."""
    status = refused.refusals[0].code.status if len(refused.refusals) == 1 else refused.status
    body = {
        "type": "about:blank",
        "status": status,
        "code": refused.refusals[0].code.code,
        "title": refused.refusals[0].message(language),
        "errors": [error(r, language) for r in refused.refusals],
    }
    if instance is not None:
        body["instance"] = instance
    if reference is not None:
        body["reference"] = reference
    headers = {"content-language": language}
    if status == 401:
        headers["www-authenticate"] = "Bearer"
    seconds = refused.refusals[0].params.get("seconds")
    if status == 429 and seconds is not None:
        headers["retry-after"] = str(seconds)
    return Response(orjson.dumps(body, default=str), status, headers, media_type="application/problem+json")


def error(refusal: Refusal, language: str) -> dict[str, Any]:
    """One refusal as JSON; `row` says which record of a list it is about."""
    found = {"code": refusal.code.code, "field": refusal.field, "message": refusal.message(language), "clause": refusal.clause}
    return found | {"row": refusal.params["row"]} if "row" in refusal.params else found


def answer(request: Request, refused: Refused, *, reference: str | None = None, headers: Mapping[str, str] | None = None) -> Response:
    """The response for a refusal: a problem document under /api and for whoever asks for JSON, else a page."""
    language = getattr(request.state, "language", "zh")
    if _wants_json(request):
        response = problem(refused, language, instance=request.url.path, reference=reference)
    else:
        response = pages.page(request, _status(refused), refused.refusals, reference)
    for name, value in (headers or {}).items():
        response.headers[name] = value
    return response


def handlers() -> dict[Any, Any]:
    """Starlette's exception handlers."""
    return {Refused: _refused, HTTPException: _http, SignInNeeded: _sign_in}


class Failures:
    """Outermost layer: turns whatever the layers inside raised into a response; faults are logged with a reference."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watch)
        except ClientDisconnect:
            return  # nobody is there to answer
        except Exception as failure:
            if started:
                raise
            response = _respond(Request(scope, receive), failure)
            await response(scope, receive, send)


def _respond(request: Request, failure: Exception) -> Response:
    if isinstance(failure, Refused):
        return answer(request, failure)
    reference = secrets.token_hex(4)
    log.error("fault %s at %s %s", reference, request.method, request.url.path, exc_info=failure)
    return answer(request, refuse(codes.FAULT, reference=reference), reference=reference)


async def _refused(request: Request, failure: Exception) -> Response:
    assert isinstance(failure, Refused)
    return await _inside(request, failure)


async def _inside(request: Request, refused: Refused) -> Response:
    """As `answer`, but a page stands in the frame of the app for whoever is signed in."""
    if _wants_json(request):
        return answer(request, refused)
    return await pages.framed(request, _status(refused), refused.refusals)


async def _http(request: Request, failure: Exception) -> Response:
    """Starlette's own: no route, wrong method, and what its form parser says."""
    assert isinstance(failure, HTTPException)
    if failure.status_code == 404:
        return await _inside(request, refuse(codes.NO_ROUTE, path=request.url.path))
    if failure.status_code == 405:
        allowed = (failure.headers or {}).get("Allow", "")
        return answer(request, refuse(codes.WRONG_METHOD, method=request.method, allowed=allowed), headers={"allow": allowed})
    return answer(request, refuse(codes.BAD_SHAPE, expected=("一份完好的表单", f"a whole form ({failure.detail})")))


async def _sign_in(request: Request, failure: Exception) -> Response:
    if _wants_json(request):
        return answer(request, refuse(codes.SIGN_IN_FIRST))
    target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    url = request.scope.get("root_path", "") + "/sign-in"
    return RedirectResponse(_with_next(url, target if request.method == "GET" else "/"), 303)


def _with_next(url: str, target: str) -> str:
    from_start = target not in ("", "/")
    return f"{url}?next={quote(target, safe='/')}" if from_start else url


def _wants_json(request: Request) -> bool:
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    said = request.headers.get("accept", ""), request.headers.get("content-type", "")
    return path.startswith("/api/") or any("json" in kind for kind in said)


def _status(refused: Refused) -> int:
    return refused.refusals[0].code.status if len(refused.refusals) == 1 else refused.status
