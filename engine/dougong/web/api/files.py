"""Files over HTTP: uploaded first, then put into a field of a record by their id, and read with the rights of that record."""

import tempfile
from typing import BinaryIO
from urllib.parse import quote

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from dougong.engine import Engine
from dougong.refusals import refuse
from dougong.runtime import files
from dougong.runtime.actor import Cause
from dougong.runtime.documents.copies import Copy
from dougong.runtime.session import Session
from dougong.web import refusals as codes
from dougong.web.api.answering import kept_once
from dougong.web.api.body import MAX_ID, parameters, record_id
from dougong.web.api.idempotency import once
from dougong.web.api.output import json
from dougong.web.auth import require_user
from dougong.web.threads import in_thread

ROOT = "/api/v1"
INLINE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"})  # what a browser may show by itself

DOCUMENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"  # no script, no form, nothing from elsewhere


class Files:
    """The handlers of uploads and downloads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def routes(self) -> list[BaseRoute]:
        """The routes, before those of the records."""
        return [
            Route(ROOT + "/files", self.upload, methods=["POST"]),
            Route(ROOT + "/files/{file:int}", self.own, methods=["GET"]),
            Route(ROOT + "/inbox/{id:int}/file", self.of_message, methods=["GET"]),
            Route(ROOT + "/{object}/{id:int}/files/{file:int}", self.of_record, methods=["GET"]),
            Route(ROOT + "/{object}/{id:int}/documents/{name}", self.document, methods=["GET"]),
        ]

    async def upload(self, request: Request) -> Response:
        """POST a form with the file in `file`, or the bytes themselves with `?name=`."""
        require_user(request)
        kind = request.headers.get("content-type", "")
        if kind.startswith("multipart/form-data"):
            async with request.form(max_files=1) as form:
                given = form.get("file")
                if not isinstance(given, UploadFile) or not given.filename:
                    raise refuse(codes.FILE_MISSING)
                return await self._keep(request, given.filename, given.content_type or "", given.file)
        name = parameters(request, ("name",)).get("name")
        if not name:
            raise refuse(codes.FILE_MISSING)
        with tempfile.TemporaryFile() as content:
            async for piece in request.stream():
                content.write(piece)
            content.seek(0)
            return await self._keep(request, name, kind, content)

    async def _keep(self, request: Request, name: str, kind: str, content: BinaryIO) -> Response:
        """Keep a file once for each `Idempotency-Key`: what tells it from others is its name and what is in it."""
        user_id, now = require_user(request), self._engine.clock.now()
        stored = await in_thread(files.store, self._engine.files_dir, content)

        def handle(session: Session) -> Response:
            kept = files.write_down(session.connection, name, kind, stored, user_id, now)
            made = {"id": kept.id, "name": kept.name, "size": kept.size, "type": kept.media_type}
            return json(made, 201, {"location": f"{ROOT}/files/{kept.id}"})

        return await kept_once(self._engine, request, once(request, handle, f"{name} {stored[0]}".encode()), write=True)

    async def own(self, request: Request) -> Response:
        """GET a file one has uploaded and not yet put into a record."""
        user_id = require_user(request)
        found = await self._find(request.path_params["file"])
        if found.created_by != user_id or found.record_id is not None:
            raise refuse(codes.NO_FILE)
        return self._send(found)

    async def of_record(self, request: Request) -> Response:
        """GET a file of a record that one may see, from a field that one may see."""
        user_id, number, wanted = require_user(request), record_id(request), request.path_params["file"]
        name = request.path_params["object"]

        def carries(session: Session) -> bool:
            record = session.get(name, number)
            shown = [f.name for f in session.fields(name) if f.type.is_file and f.name not in session.masked(name)]
            kept = [record.get(field) for field in shown]
            return any(value == wanted or (isinstance(value, tuple) and wanted in value) for value in kept)

        language = request.state.language
        if not await in_thread(self._engine.run, user_id, carries, write=False, cause=Cause("api"), language=language):
            raise refuse(codes.NO_FILE)
        return self._send(await self._find(request.path_params["file"]))

    async def of_message(self, request: Request) -> Response:
        """GET the document that came with one of one's own messages."""
        user_id, number, language = require_user(request), record_id(request), request.state.language

        def file(session: Session) -> int | None:
            return session.message_file(number)

        wanted = await in_thread(self._engine.run, user_id, file, write=False, cause=Cause("api"), language=language)
        if wanted is None:
            raise refuse(codes.NO_FILE)
        return self._send(await self._find(wanted), is_document=True)

    async def document(self, request: Request) -> Response:
        """GET a document about a record with the rights of whoever asks; `as` is one of the forms that it is made as."""
        form = parameters(request, ("as",)).get("as")
        user_id, number, language = require_user(request), record_id(request), request.state.language
        object_name, name = request.path_params["object"], request.path_params["name"]

        def filled(session: Session) -> Copy:
            return session.document(object_name, number, name, form)

        copy = await in_thread(self._engine.run, user_id, filled, write=False, cause=Cause("api"), language=language)
        content = await in_thread(copy.content)
        return Response(content, media_type=copy.media_type, headers=_shown(copy.name, copy.media_type))

    async def _find(self, number: int) -> files.File:
        found = await in_thread(files.find, self._engine.database, number) if number <= MAX_ID else None
        if found is None:
            raise refuse(codes.NO_FILE)
        return found

    def _send(self, found: files.File, *, is_document: bool = False) -> Response:
        path = files.place(self._engine.files_dir, found.sha256)
        if not path.exists():
            raise refuse(codes.FILE_LOST)
        if is_document:
            return FileResponse(path, media_type=found.media_type, headers=_shown(found.name, found.media_type))
        way = "inline" if found.media_type in INLINE else "attachment"
        headers = {
            "content-disposition": f"{way}; filename*=UTF-8''{quote(found.name)}",
            "content-security-policy": "default-src 'none'; sandbox",
            "cache-control": "private, no-cache",
        }
        return FileResponse(path, media_type=found.media_type, headers=headers)


def _shown(name: str, media_type: str) -> dict[str, str]:
    """The headers of a document that the engine has made: a page or PDF to be looked at, any other to be kept."""
    way = "inline" if media_type in ("text/html", "application/pdf") else "attachment"
    return {
        "content-disposition": f"{way}; filename*=UTF-8''{quote(name)}",
        "content-security-policy": DOCUMENT_POLICY,
        "cache-control": "private, no-cache",
    }
