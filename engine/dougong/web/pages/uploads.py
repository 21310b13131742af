"""Files from plain file inputs: kept in the store first, then the form carries their ids like those uploaded by script."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from starlette.datastructures import UploadFile
from starlette.requests import Request

from dougong.runtime import files
from dougong.web.auth import require_user
from dougong.web.pages.inputs import Given
from dougong.web.threads import in_thread


async def keep_uploads(request: Request, given: Given, uploads: Mapping[str, Sequence[UploadFile]]) -> Given:
    """The form with the ids of the files that came with it."""
    if not uploads:
        return given
    user_id, engine = require_user(request), request.app.state.engine
    texts = {name: list(values) for name, values in given.texts.items()}
    for name, sent in uploads.items():
        for file in sent:
            kind = file.content_type or ""
            kept = await in_thread(
                files.keep, engine.database, engine.files_dir, file.filename or "", kind, file.file, user_id, engine.clock.now()
            )
            texts.setdefault(name, []).append(str(kept.id))
            await file.close()
    return replace(given, texts=texts)
