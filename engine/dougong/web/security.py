"""What stands between the world and the app: security headers with a nonce, limits on bodies, and forged requests refused.

Forged requests (CSRF): the browser's own `Sec-Fetch-Site` and `Origin` first; with a session cookie also the session's token, in the header
`X-CSRF-Token` or as the first field of the form.
"""

import hmac
import re
import secrets
from urllib.parse import unquote_plus, urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dougong.refusals import refuse
from dougong.web import refusals as codes

BODY_BYTES = 8 * 1024 * 1024
UPLOAD_BYTES = 64 * 1024 * 1024
HEAD_BYTES = 8 * 1024  # how far into a form its token is looked for
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
URLENCODED = re.compile(rb"(?:^|&)csrf=([^&]*)&")
MULTIPART = re.compile(rb'name="csrf"\r\n\r\n([^\r]*)\r\n')

FIXED = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(self), geolocation=(self), microphone=(), payment=(), usb=()"),
]
POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
API_POLICY = b"default-src 'none'; frame-ancestors 'none'"


class SecurityHeaders:
    """Gives every request a nonce and every response its headers; what a handler set itself stays."""

    def __init__(self, app: ASGIApp, secure: bool) -> None:
        self.app = app
        self._fixed = [*FIXED, (b"strict-transport-security", b"max-age=31536000; includeSubDomains")] if secure else FIXED

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        is_api = scope["path"].removeprefix(scope.get("root_path", "")).startswith("/api/")
        nonce = "" if is_api else secrets.token_urlsafe(16)  # only pages have scripts
        scope.setdefault("state", {})["nonce"] = nonce

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = message["headers"] = list(message.get("headers", ()))
                names = {name for name, _ in own}
                own += [pair for pair in self._fixed if pair[0] not in names]
                if b"content-security-policy" not in names:
                    is_page = any(name == b"content-type" and value.startswith(b"text/html") for name, value in own)
                    own.append((b"content-security-policy", POLICY.format(nonce=nonce).encode() if is_page else API_POLICY))
                if b"cache-control" not in names:
                    own.append((b"cache-control", b"no-store"))
            await send(message)

        await self.app(scope, receive, with_headers)


class BodyLimit:
    """Refuses a body that is too large (R608, 413), announced or not: uploads may be larger than other bodies."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in SAFE:
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        limit = _limit(scope, headers)
        announced = headers.get("content-length", "")
        if announced.isdigit() and int(announced) > limit:
            raise _too_large(limit)
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                raise _too_large(limit)
            return message

        await self.app(scope, counted, send)


class OwnPagesOnly:
    """Refuses a changing request that another site's page made a browser send (R614). Bearer tokens need no such care: no browser adds them."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in SAFE or (scope["state"]["user_id"] is not None and not scope["state"]["csrf"]):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if not _same_origin(headers):
            raise refuse(codes.FORGED)
        token = scope["state"]["csrf"]
        if token:
            given = headers.get("x-csrf-token")
            if given is None:
                given, receive = await _from_form(headers.get("content-type", ""), receive)
            if not hmac.compare_digest(given.encode(), token.encode()):
                raise refuse(codes.FORGED)
        await self.app(scope, receive, send)


def _limit(scope: Scope, headers: Headers) -> int:
    kind = headers.get("content-type", "")
    is_upload = kind.startswith("multipart/form-data") or scope["path"].endswith("/api/v1/files")
    return UPLOAD_BYTES if is_upload else BODY_BYTES


def _too_large(limit: int) -> Exception:
    return refuse(codes.TOO_LARGE, limit=f"{limit // (1024 * 1024)} MB")


def _same_origin(headers: Headers) -> bool:
    """Whether the browser says that the request comes from here; a program that says nothing is no browser."""
    site = headers.get("sec-fetch-site")
    if site is not None and site not in ("same-origin", "none"):
        return False
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")


async def _from_form(kind: str, receive: Receive) -> tuple[str, Receive]:
    """The token in the head of a form, and a `receive` that gives the read part of the body once more."""
    if not kind.startswith(("application/x-www-form-urlencoded", "multipart/form-data")):
        return "", receive
    pattern = URLENCODED if kind.startswith("application/x") else MULTIPART
    messages: list[Message] = []
    head, found, is_last = b"", None, False
    while found is None and not is_last and len(head) < HEAD_BYTES:
        message = await receive()
        messages.append(message)
        head += message.get("body", b"")
        is_last = message["type"] != "http.request" or not message.get("more_body")
        found = pattern.search(head + b"&" if is_last else head)

    async def again() -> Message:
        return messages.pop(0) if messages else await receive()

    return (unquote_plus(found.group(1).decode("latin-1")) if found else ""), again
