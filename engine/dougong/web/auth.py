"""Who is asking: a session cookie or a bearer token becomes `request.state.user_id`, `.language` and `.csrf`.

A look-up is kept for less than a second, so that a revoked session or token is out within a second and a busy client costs no query.
"""

import time
from dataclasses import dataclass

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from dougong.engine import Engine
from dougong.refusals import refuse
from dougong.runtime.users_sessions import Identity, csrf_of, find_session, find_token
from dougong.web import refusals as codes
from dougong.web.threads import in_thread

KEPT_SECONDS = 0.9
KEPT_MOST = 10_000
LANGUAGE_COOKIE = "dougong-language"


class SignInNeeded(Exception):
    """A page that only a signed-in person may see was asked for by nobody in particular."""


def cookie_name(secure: bool) -> str:
    """The name of the session cookie; over https the browser itself then refuses a cookie set by a neighbouring host."""
    return "__Host-dougong" if secure else "dougong"


def require_user(request: Request) -> int:
    """The id of the signed-in user; `SignInNeeded` when there is none."""
    user_id: int | None = request.state.user_id
    if user_id is None:
        raise SignInNeeded
    return user_id


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the headers of a request say about its sender."""

    session: str | None
    token: str | None
    accept_language: str | None
    language_cookie: str | None


class Identities:
    """Finds the identity behind a secret, remembering it for `KEPT_SECONDS`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._kept: dict[str, tuple[float, Identity]] = {}

    async def of(self, asked: _Asked) -> Identity | None:
        """The identity; None for an anonymous request or a session that is over; `Refused` R611 for a wrong token."""
        secret = asked.token or asked.session
        if secret is None:
            return None
        now = time.monotonic()
        kept = self._kept.get(secret)
        if kept is not None and kept[0] > now:
            return kept[1]
        find = find_token if asked.token else find_session
        found = await in_thread(find, self._engine.database, secret)
        if found is None:
            self._kept.pop(secret, None)
            if asked.token:
                raise refuse(codes.BAD_TOKEN)
            return None
        if len(self._kept) >= KEPT_MOST:
            self._kept.clear()
        self._kept[secret] = (now + KEPT_SECONDS, found)
        return found

    def forget(self, secret: str) -> None:
        """Drop a secret at once: it was just signed out, or its user's language changed."""
        self._kept.pop(secret, None)


class Authentication:
    """The layer that fills `request.state`; it never refuses an anonymous request, only a wrong token."""

    def __init__(self, app: ASGIApp, identities: Identities, secure: bool) -> None:
        self.app = app
        self._identities = identities
        self._cookie = cookie_name(secure)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        asked = _read(scope, self._cookie)
        state = scope.setdefault("state", {})
        state["user_id"], state["csrf"], state["session"] = None, "", None
        state["language"] = spoken(asked.accept_language) or "zh"
        identity = await self._identities.of(asked)
        if identity is not None:
            state["user_id"] = identity.user_id
            if asked.token is None and asked.session is not None:
                state["session"], state["csrf"] = asked.session, csrf_of(asked.session)
        state["language"] = _language(scope, asked, identity)
        await self.app(scope, receive, send)


def spoken(accept_language: str | None) -> str | None:
    """`zh` or `en`, whichever the header (RFC 9110 §12.5.4) likes more; None when it names neither."""
    best: tuple[float, str] | None = None
    for part in (accept_language or "").split(","):
        tag, _, parameter = part.partition(";")
        language = tag.strip().lower().split("-")[0]
        if language not in ("zh", "en"):
            continue
        weight = _weight(parameter)
        if weight > 0 and (best is None or weight > best[0]):
            best = (weight, language)
    return best[1] if best else None


def _weight(parameter: str) -> float:
    key, _, value = parameter.partition("=")
    if key.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


def _language(scope: Scope, asked: _Asked, identity: Identity | None) -> str:
    """Programs get what they ask for; people what they chose, then what their browser says."""
    own = identity.language if identity else None
    wanted = spoken(asked.accept_language)
    path = scope["path"].removeprefix(scope.get("root_path", ""))
    order = (wanted, own) if path.startswith("/api/") else (own, asked.language_cookie, wanted)
    return next((language for language in order if language in ("zh", "en")), "zh")


def _read(scope: Scope, cookie: str) -> _Asked:
    session = token = accept = language = None
    for name, value in scope["headers"]:
        if name == b"cookie":
            cookies = _cookies(value.decode("latin-1"))
            session, language = cookies.get(cookie), cookies.get(LANGUAGE_COOKIE)
        elif name == b"authorization":
            kind, _, rest = value.decode("latin-1").partition(" ")
            if kind.lower() == "bearer" and rest.strip():
                token = rest.strip()
        elif name == b"accept-language":
            accept = value.decode("latin-1")
    return _Asked(session, token, accept, language)


def _cookies(header: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in header.split(";"))
    return {name.strip(): value.strip() for name, _, value in pairs}
