"""A request sent again gets the first answer again, and nothing is done twice: `Idempotency-Key` of the API, the hidden key of a form.

The answer is kept in the transaction of the work itself, so there is no moment in which one is there without the other.
"""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache
from typing import Any

import orjson
import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import Response

from dougong.database.connection import Connection
from dougong.database.instants import instant_to_db
from dougong.database.text import Dialect, Text, compile_text
from dougong.refusals import refuse
from dougong.runtime.refusals import KEY_REUSED
from dougong.runtime.session import Session
from dougong.web import refusals as codes

KEPT = timedelta(hours=24)
LONGEST_KEY = 200
HEADER = "idempotency-key"
TABLE = "dg_idempotency"
FIND = "SELECT request, status, response FROM dg_idempotency WHERE user_id = :user_id AND key = :key"
KEEP = "INSERT INTO dg_idempotency (user_id, key, request, status, response, at) VALUES (:user_id, :key, :request, :status, :response, :at)"
FORGET = "DELETE FROM dg_idempotency WHERE at < :before"


def once(request: Request, work: Callable[[Session], Response], content: bytes) -> Callable[[Session], Response]:
    """`work`, done at most once per user and key; without the header `work` itself. A key of another request is refused (R502).

    `content` is what tells this request from others to the same address: its body.
    """
    key = key_of(request)
    if key is None:
        return work
    digest = hashlib.sha256(f"{request.method} {request.url.path}?{request.url.query}\n".encode() + content).hexdigest()
    return remembered(key, digest, work)


def key_of(request: Request) -> str | None:
    """The key that the request came with. `Refused` R605."""
    key = request.headers.get(HEADER)
    if key is not None and not 0 < len(key) <= LONGEST_KEY:
        raise refuse(codes.BAD_PARAMETER, name="Idempotency-Key", value=key[:50], expected=("1 到 200 个字符", "1 to 200 characters"))
    return key


def remembered(key: str, digest: str, work: Callable[[Session], Response]) -> Callable[[Session], Response]:
    """`work`, whose answer is kept under `key` for the acting user; the key with another `digest` is refused (R502).

    Raises `UniqueViolation` of `TABLE` when two of them meet: the other one is in, so that trying again finds its answer.
    """

    def kept(session: Session) -> Response:
        connection, name = session.connection, {"user_id": session.user["id"], "key": key}
        found = connection.one(_text(FIND, connection), name)
        if found is not None:
            return _again(found, digest)
        response = work(session)
        now = instant_to_db(session.now, connection.dialect)
        connection.run(_text(FORGET, connection), {"before": instant_to_db(session.now - KEPT, connection.dialect)})
        answer = {
            "body": bytes(response.body).decode(),
            "headers": {k: v for k, v in response.headers.items() if k in ("etag", "location")},
        }
        entry = {"request": digest, "status": response.status_code, "response": orjson.dumps(answer).decode(), "at": now}
        connection.run(_text(KEEP, connection), name | entry)
        return response

    return kept


def _again(found: tuple[Any, ...], digest: str) -> Response:
    request, status, answer = found
    if request != digest:
        raise refuse(KEY_REUSED)
    kept = orjson.loads(answer) if isinstance(answer, str) else answer
    return Response(kept["body"], status, kept["headers"] | {"idempotency-replayed": "true"}, media_type="application/json")


@lru_cache(maxsize=8)
def _compiled(sql: str, dialect: Dialect) -> Text:
    return compile_text(sa.text(sql), dialect)


def _text(sql: str, connection: Connection) -> Text:
    return _compiled(sql, connection.dialect)
