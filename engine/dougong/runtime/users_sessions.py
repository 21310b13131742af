"""Sessions of browsers and tokens of programs: random secrets, of which the database keeps only the SHA-256.

A session lives `SESSION_SECONDS` after it was last seen; both can be revoked, and both end with the account.
"""

import base64
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from dougong.database import Database
from dougong.database.instants import instant_from_db, instant_to_db
from dougong.refusals import refuse
from dougong.runtime import users_texts as texts
from dougong.runtime.users_refusals import NO_TOKEN
from dougong.runtime.users_texts import text

SESSION_SECONDS = 14 * 24 * 3600
SEEN_EVERY = timedelta(minutes=10)  # how exact "last seen" is: a write at every request would be too dear
TOKEN_MARK = "dg_"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is behind a secret, and the language they chose (None: none yet)."""

    user_id: int
    language: str | None


@dataclass(frozen=True, slots=True)
class Token:
    """A token as a list shows it; its secret is shown only once, when it is made."""

    id: int
    name: str
    login: str
    created_at: datetime
    used_at: datetime | None
    expires_at: datetime | None
    revoked_at: datetime | None


def open_session(database: Database, user_id: int, agent: str | None = None) -> str:
    """Start a session for a browser (`agent`: what it calls itself); the secret for its cookie: 256 random bits."""
    secret = secrets.token_urlsafe(32)
    now = datetime.now(UTC)
    values = {"hash": _hash(secret), "user_id": user_id, "agent": agent} | _times(database, now, timedelta(seconds=SESSION_SECONDS))
    with database.write() as connection:
        connection.run(text(texts.CLOSE_EXPIRED, database.dialect), {"now": values["now"]})
        connection.run(text(texts.OPEN_SESSION, database.dialect), values)
    return secret


def find_session(database: Database, secret: str) -> Identity | None:
    """The active user of a session that is still open."""
    now = datetime.now(UTC)
    times = _times(database, now, timedelta(seconds=SESSION_SECONDS))
    found = _find(database, texts.FIND_SESSION, {"hash": _hash(secret), "now": times["now"]})
    if found is None:
        return None
    if now - instant_from_db(found[2], database.dialect) > SEEN_EVERY:
        with database.write() as connection:
            connection.run(text(texts.SEE_SESSION, database.dialect), {"hash": _hash(secret), **times})
    return Identity(found[0], found[1])


def close_session(database: Database, secret: str) -> None:
    """End a session."""
    with database.write() as connection:
        connection.run(text(texts.CLOSE_SESSION, database.dialect), {"hash": _hash(secret)})


def close_sessions(database: Database, user_id: int) -> None:
    """End all sessions of a user."""
    with database.write() as connection:
        connection.run(text(texts.CLOSE_SESSIONS, database.dialect), {"user_id": user_id})


def csrf_of(secret: str) -> str:
    """The token that a page of this session sends back with every change; it cannot be turned into the secret."""
    return base64.urlsafe_b64encode(hashlib.sha256(b"csrf " + secret.encode()).digest()[:24]).decode()


def create_token(database: Database, user_id: int, name: str, days: int | None = None) -> tuple[int, str]:
    """A token for a program, valid for `days` (None: until revoked); its id and the secret, which is kept nowhere."""
    secret = TOKEN_MARK + secrets.token_urlsafe(32)
    now = datetime.now(UTC)
    times = _times(database, now, timedelta(days=days or 0))
    values = {
        "hash": _hash(secret),
        "user_id": user_id,
        "name": name,
        "now": times["now"],
        "expires_at": times["expires_at"] if days else None,
    }
    with database.write() as connection:
        row = connection.one(text(texts.MAKE_TOKEN, database.dialect), values)
    assert row is not None
    return row[0], secret


def find_token(database: Database, secret: str) -> Identity | None:
    """The active user of a token that is neither expired nor revoked."""
    now = datetime.now(UTC)
    params = {"hash": _hash(secret), "now": instant_to_db(now, database.dialect)}
    found = _find(database, texts.FIND_TOKEN, params)
    if found is None:
        return None
    if found[2] is None or now - instant_from_db(found[2], database.dialect) > SEEN_EVERY:
        with database.write() as connection:
            connection.run(text(texts.USE_TOKEN, database.dialect), params)
    return Identity(found[0], found[1])


def revoke_token(database: Database, token_id: int) -> None:
    """End a token; `Refused` R684 when there is no such token that still lives."""
    now = instant_to_db(datetime.now(UTC), database.dialect)
    with database.write() as connection:
        if not connection.run(text(texts.REVOKE_TOKEN, database.dialect), {"id": token_id, "now": now}):
            raise refuse(NO_TOKEN, id=token_id)


def tokens(database: Database) -> Sequence[Token]:
    """Every token, by id."""
    with database.read() as connection:
        rows = connection.all(text(texts.TOKENS, database.dialect))
    return [Token(*row[:3], *(None if v is None else instant_from_db(v, database.dialect) for v in row[3:])) for row in rows]


def _find(database: Database, sql: str, params: dict[str, Any]) -> tuple[Any, ...] | None:
    with database.read() as connection:
        return connection.one(text(sql, database.dialect), params)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _times(database: Database, now: datetime, life: timedelta) -> dict[str, Any]:
    return {"now": instant_to_db(now, database.dialect), "expires_at": instant_to_db(now + life, database.dialect)}
