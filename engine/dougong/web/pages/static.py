"""The bundled files: names carry a hash of the content, so that browsers keep them for ever; gzip is made once and kept in memory."""

import gzip
from functools import lru_cache
from mimetypes import guess_type

from starlette.requests import Request
from starlette.responses import Response

from dougong.refusals import refuse
from dougong.web import refusals as codes
from dougong.web.pages.assets import DIST

FOR_EVER = "public, max-age=31536000, immutable"


async def bundle(request: Request) -> Response:
    """GET /static/dist/{name}."""
    name = request.path_params["name"]
    path = DIST / name
    if "/" in name or not path.is_file():
        raise refuse(codes.NO_ROUTE, path=request.url.path)
    is_zipped = "gzip" in request.headers.get("accept-encoding", "")
    headers = {"cache-control": FOR_EVER, "vary": "accept-encoding"} | ({"content-encoding": "gzip"} if is_zipped else {})
    kind = "text/javascript" if name.endswith(".js") else guess_type(name)[0] or "application/octet-stream"
    return Response(_content(name, is_zipped, path.stat().st_mtime), headers=headers, media_type=kind)


@lru_cache(maxsize=128)
def _content(name: str, is_zipped: bool, changed: float) -> bytes:
    content = (DIST / name).read_bytes()
    return gzip.compress(content, 9, mtime=0) if is_zipped else content
