"""A form that is sent twice does its work once: the hidden `_key` that every rendered form carries, together with what was filled in, tells it."""

import hashlib
from collections.abc import Callable, Mapping, Sequence

import orjson
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from dougong.database import UniqueViolation
from dougong.runtime.session import Session
from dougong.web.api.idempotency import TABLE, remembered
from dougong.web.pages.request import work

Texts = Mapping[str, Sequence[str]]
Files = Mapping[str, Sequence[UploadFile]]


def mark(request: Request, key: str, texts: Texts, files: Files) -> str:
    """What tells this form, filled like this, from every other; empty for one that came without a key."""
    if not key:
        return ""
    sent = {name: [f"{f.filename} {f.size}" for f in some] for name, some in files.items()}
    whole = orjson.dumps([request.url.path, key, dict(texts), sent], option=orjson.OPT_SORT_KEYS)
    return "form:" + hashlib.sha256(whole).hexdigest()


async def once(request: Request, marked: str, handle: Callable[[Session], Response]) -> Response:
    """`handle` as a unit of work; the same form sent again gets the first answer again. What was refused may be sent again."""
    if not marked:
        return await work(request, handle, write=True)
    kept = remembered(marked, marked, handle)
    try:
        return await work(request, kept, write=True)
    except UniqueViolation as violation:
        if violation.table != TABLE:
            raise
        return await work(request, kept, write=True)


def mark_of(request: Request, form: FormData) -> str:
    """`mark` of a form without files."""
    texts: dict[str, list[str]] = {}
    for name, value in form.multi_items():
        if isinstance(value, str) and name not in ("csrf", "_key"):
            texts.setdefault(name, []).append(value)
    return mark(request, str(form.get("_key") or ""), texts, {})
