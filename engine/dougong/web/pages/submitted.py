"""A submitted form as plain texts: what was typed, what had stood there, which version it was of; files go through the file store."""

from typing import Any

import orjson
from starlette.datastructures import UploadFile
from starlette.requests import Request

from dougong.web.pages.inputs import Given

RESERVED = frozenset({"csrf", "_version", "_base", "_find", "_key", "next"})


async def submitted(request: Request) -> tuple[Given, dict[str, list[UploadFile]], str | None]:
    """The form; uploads by field name (plain file inputs, used without script); the link field whose "find" was pressed."""
    form = await request.form(max_files=50, max_fields=2000)
    texts: dict[str, list[str]] = {}
    uploads: dict[str, list[UploadFile]] = {}
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            if value.filename:
                uploads.setdefault(name.removesuffix("~file"), []).append(value)
            else:
                await value.close()
        elif name not in RESERVED:
            texts.setdefault(name, []).append(value)
    version = str(form.get("_version") or "")
    find = form.get("_find")
    given = Given(texts, _base(form.get("_base")), int(version) if version.isdigit() else None, str(form.get("_key") or ""))
    return given, uploads, find if isinstance(find, str) else None


def _base(raw: Any) -> dict[str, list[str]]:
    """What stood in the inputs when the form was opened; anything that is not that is no base at all."""
    try:
        found = orjson.loads(raw) if isinstance(raw, str) and raw else {}
    except orjson.JSONDecodeError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {k: [str(v) for v in values] for k, values in found.items() if isinstance(values, list)}
