"""Reading what a client sent: JSON bodies, query parameters, If-Match. Every mistake is a `Refused` with an R60x code."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from starlette.requests import ClientDisconnect, Request

from dougong.refusals import refuse
from dougong.web import refusals as codes
from dougong.web.nearest import nearest_words

MAX_ID = 2**63 - 1
NO_VERSION = 0  # versions count from 1
SHAPES: dict[type, tuple[str, str]] = {dict: ("一个 JSON 对象", "a JSON object"), list: ("一个 JSON 数组", "a JSON array")}
OBJECT_OR_LIST = ("一个 JSON 对象，或至少含一个对象的数组", "a JSON object or an array of at least one object")


async def json_body(request: Request, shape: type) -> Any:
    """The JSON body, checked to be a `dict` or a `list`."""
    value = await any_json(request)
    if not isinstance(value, shape):
        raise refuse(codes.BAD_SHAPE, expected=SHAPES[shape])
    return value


async def any_json(request: Request) -> Any:
    """The JSON body whatever it is; R601 for another content type, R600 when it is not JSON (RFC 8259, UTF-8)."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise refuse(codes.WRONG_TYPE, found=kind or "—", expected="application/json")
    return parse_json(await whole(request))


async def whole(request: Request) -> bytes:
    """The body. Read without the generator of `Request.body`, which costs more than the parsing of a record; kept for a second reader."""
    kept: bytes | None = getattr(request.state, "body", None)
    if kept is not None:
        return kept
    pieces: list[bytes] = []
    more = True
    while more:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        pieces.append(message.get("body", b""))
        more = message.get("more_body", False)
    found = b"".join(pieces)
    request.state.body = found
    return found


def parse_json(body: bytes) -> Any:
    """The value of a JSON text; R600 when it is none, R618 when an object has a key twice: one of the two values would be lost."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        place = (f"第 {error.lineno} 行第 {error.colno} 列读不下去", str(error))
        raise refuse(codes.BAD_JSON, reason=place) from None
    if body.count(b":") != _count_keys(value):  # colons in texts, or a key that is there twice
        json.loads(body, object_pairs_hook=_each_once)
    return value


def _count_keys(value: Any) -> int:
    if isinstance(value, dict):
        return len(value) + sum(_count_keys(v) for v in value.values() if v.__class__ in (dict, list))
    return sum(_count_keys(v) for v in value if v.__class__ in (dict, list)) if isinstance(value, list) else 0


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(name for index, (name, _) in enumerate(pairs) if name in dict(pairs[:index]))
        raise refuse(codes.KEY_TWICE, name=twice)
    return found


def parameters(request: Request, known: Iterable[str]) -> Mapping[str, str]:
    """The query parameters; an unknown one or one given twice is refused."""
    found: dict[str, str] = {}
    names = tuple(known)
    for name, value in request.query_params.multi_items():
        if name not in names:
            raise refuse(codes.UNKNOWN_PARAMETER, name=name, nearest=nearest_words(name, names))
        if name in found:
            raise refuse(codes.BAD_PARAMETER, name=name, value=value, expected=("只给一次", "it only once"))
        found[name] = value
    return found


def whole_number(name: str, text: str) -> int:
    """The value of a parameter that counts something."""
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise refuse(codes.BAD_PARAMETER, name=name, value=text, expected=("一个整数", "a whole number"))
    return int(text)


def if_match(request: Request) -> int | None:
    """The version in If-Match: `"3"`, `3` or `W/"3"`; None without the header and for `*`. A tag that is none of ours matches no version."""
    header = request.headers.get("if-match")
    if header is None or header.strip() == "*":
        return None
    tag = header.strip().removeprefix("W/")
    text = tag.strip('"')
    if text.isascii() and text.isdigit() and len(text) < 10:
        return int(text)
    if len(tag) > 1 and tag.startswith('"') and tag.endswith('"') and '"' not in text:
        return NO_VERSION
    raise refuse(codes.BAD_HEADER, name="If-Match", value=tag, expected=('"3" 这样的版本标记', 'the tag of a version, as in "3"'))


def record_id(request: Request) -> int:
    """The id in the path; one that no record can have is no route."""
    number: int = request.path_params["id"]
    if number > MAX_ID:
        raise refuse(codes.NO_ROUTE, path=request.url.path)
    return number
