"""POST /sign-in, /sign-out and /language: for the forms of the pages and, with a JSON body, for programs."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any
from urllib.parse import urlencode

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from dougong.refusals import Refusal, Refused, refuse
from dougong.runtime import users, users_sessions
from dougong.web import refusals as codes
from dougong.web.api.body import json_body
from dougong.web.auth import LANGUAGE_COOKIE, Identities, cookie_name
from dougong.web.threads import in_thread

PER_LOGIN = RateLimitItemPerMinute(8, 5)  # failures of one account in five minutes
PER_ADDRESS = RateLimitItemPerMinute(40, 5)  # failures from one address: an office shares one
YEAR_SECONDS = 365 * 24 * 3600


class Attempts:
    """Counts failed sign-ins per account and per address."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def check(self, login: str, address: str) -> None:
        """`Refused` R613 when either has failed too often; says how long to wait."""
        for item, key in self._keys(login, address):
            if not self._limiter.test(item, key):
                wait = self._limiter.get_window_stats(item, key).reset_time - time.time()
                raise refuse(codes.TOO_OFTEN, seconds=max(1, ceil(wait)))

    def failed(self, login: str, address: str) -> None:
        """Count one failure."""
        for item, key in self._keys(login, address):
            self._limiter.hit(item, key)

    @staticmethod
    def _keys(login: str, address: str) -> tuple[tuple[RateLimitItemPerMinute, str], ...]:
        return (PER_LOGIN, f"login {login.casefold()}"), (PER_ADDRESS, f"address {address}")


@dataclass(frozen=True, slots=True)
class SignIn:
    """The three handlers and what they share."""

    identities: Identities
    attempts: Attempts
    secure: bool

    def routes(self) -> list[BaseRoute]:
        """The routes, to be put before those of the pages."""
        return [
            Route("/sign-in", self.sign_in, methods=["POST"]),
            Route("/sign-out", self.sign_out, methods=["POST"]),
            Route("/language", self.language, methods=["POST"]),
        ]

    async def sign_in(self, request: Request) -> Response:
        """Check login and password; a form goes on to `next`, a program gets its user."""
        given, is_json = await _given(request)
        login, target = given.get("login", "").strip(), local(given.get("next", ""))
        try:
            user_id = await self._authenticate(request, login, given.get("password", ""))
        except Refused as refused:
            if is_json:
                raise
            return _redirect(request, "/sign-in?" + _again(refused.refusals[0], login, target))
        secret = await in_thread(users_sessions.open_session, request.app.state.engine.database, user_id, request.headers.get("user-agent"))
        response = JSONResponse({"user": user_id, "csrf": users_sessions.csrf_of(secret)}) if is_json else _redirect(request, target)
        self._set(response, cookie_name(self.secure), secret, users_sessions.SESSION_SECONDS)
        return response

    async def sign_out(self, request: Request) -> Response:
        """End the session everywhere it is known."""
        secret = request.state.session
        if secret is not None:
            await in_thread(users_sessions.close_session, request.app.state.engine.database, secret)
            self.identities.forget(secret)
        response = _redirect(request, "/sign-in")
        response.delete_cookie(cookie_name(self.secure), path="/", secure=self.secure, httponly=True, samesite="lax")
        return response

    async def language(self, request: Request) -> Response:
        """Remember the language: with the user, or in the browser when nobody is signed in."""
        given, _ = await _given(request)
        chosen = given.get("language", "")
        if chosen not in ("zh", "en"):
            raise refuse(codes.BAD_LANGUAGE, found=chosen)
        response = _redirect(request, local(given.get("next", "")))
        if request.state.user_id is not None:
            await in_thread(users.set_language, request.app.state.engine.database, request.state.user_id, chosen)
            self.identities.forget(request.state.session or "")
        self._set(response, LANGUAGE_COOKIE, chosen, YEAR_SECONDS)
        return response

    async def _authenticate(self, request: Request, login: str, password: str) -> int:
        address = request.client.host if request.client else ""
        self.attempts.check(login, address)
        user_id = await in_thread(users.authenticate, request.app.state.engine.database, login, password)
        if user_id is None:
            self.attempts.failed(login, address)
            raise refuse(codes.WRONG_PASSWORD)
        return user_id

    def _set(self, response: Response, name: str, value: str, seconds: int) -> None:
        response.set_cookie(name, value, max_age=seconds, path="/", secure=self.secure, httponly=True, samesite="lax")


def local(target: str) -> str:
    """`target` when it is a path on this site, else the home page: a link to sign in must not lead elsewhere."""
    is_path = target.startswith("/") and not target.startswith(("//", "/\\")) and target.isprintable()
    return target if is_path else "/"


async def _given(request: Request) -> tuple[Mapping[str, str], bool]:
    """The fields of the form or of the JSON body, texts only."""
    is_json = request.headers.get("content-type", "").startswith("application/json")
    given: Mapping[str, Any] = await json_body(request, dict) if is_json else await request.form()
    return {key: value for key, value in given.items() if isinstance(value, str)}, is_json


def _again(refusal: Refusal, login: str, target: str) -> str:
    seconds = refusal.params.get("seconds")
    return urlencode({"error": refusal.code.code, "login": login, "next": target} | ({"seconds": seconds} if seconds else {}))


def _redirect(request: Request, path: str) -> Response:
    root = request.scope.get("root_path", "")
    return RedirectResponse(path if root and path.startswith(root + "/") else root + path, 303)
