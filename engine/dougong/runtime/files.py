"""Kept files: contents lie in a folder by their SHA-256, `dg_file` holds name, type, size and who brought them.

A file is kept first and put into a field of a record by its id afterwards; until then it is its uploader's alone.
"""

import hashlib
import os
import tempfile
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

import sqlalchemy as sa

from dougong.database import Connection, Database
from dougong.database.instants import instant_to_db
from dougong.database.text import Dialect, Text, compile_text

LONGEST_NAME = 200
PIECE_BYTES = 1024 * 1024
ADD = (
    "INSERT INTO dg_file (name, media_type, size, sha256, created_at, created_by, object, record_id) "
    "VALUES (:name, :media_type, :size, :sha256, :created_at, :created_by, :object, :record_id) RETURNING id"
)
FIND = "SELECT name, media_type, size, sha256, created_by, record_id FROM dg_file WHERE id = :id"


@dataclass(frozen=True, slots=True)
class File:
    """A kept file; `size` in bytes."""

    id: int
    name: str
    media_type: str
    size: int
    sha256: str
    created_by: int | None
    record_id: int | None = None


def keep(
    database: Database, folder: Path, name: str, media_type: str, content: BinaryIO, user_id: int | None, at: datetime | None = None
) -> File:
    """Keep a content and write it down; it is on the disk before the database knows of it. `at`: when it was brought, by default now."""
    stored = store(folder, content)
    with database.write() as connection:
        return write_down(connection, name, media_type, stored, user_id, at or datetime.now(UTC))


def write_down(
    connection: Connection,
    name: str,
    media_type: str,
    stored: tuple[str, int],
    user_id: int | None,
    at: datetime,
    about: tuple[str, int] | None = None,
) -> File:
    """The row of a content that `store` has put on the disk. `about`: object and id of a record that it belongs to from the start."""
    digest, size = stored
    file = File(0, plain_name(name), plain_type(media_type), size, digest, user_id, None if about is None else about[1])
    row = {"name": file.name, "media_type": file.media_type, "size": size, "sha256": digest, "created_by": user_id}
    place = {"object": about and about[0], "record_id": about and about[1]}
    made = connection.one(_text(ADD, connection.dialect), {**row, **place, "created_at": instant_to_db(at, connection.dialect)})
    assert made is not None
    return replace(file, id=made[0])


def find(database: Database, number: int) -> File | None:
    """What is written down of a file."""
    with database.read() as connection:
        row = connection.one(_text(FIND, database.dialect), {"id": number})
    return None if row is None else File(number, *row)


def place(folder: Path, digest: str) -> Path:
    """Where a content lies: in one of 256 folders, so that none grows without bound."""
    return folder / digest[:2] / digest


def plain_name(name: str) -> str:
    """The last part of a file's name, without control characters, short enough."""
    last = name.replace("\\", "/").rpartition("/")[2]
    text = "".join(c for c in last if c.isprintable()).strip(". ")
    stem, dot, ending = text.rpartition(".")
    return (
        f"{stem[: max(1, LONGEST_NAME - len(ending) - 1)]}{dot}{ending}"[-LONGEST_NAME:] if len(text) > LONGEST_NAME else text
    ) or "file"


def plain_type(media_type: str) -> str:
    """A media type (RFC 9110 §8.3.1) without parameters; anything odd is just bytes."""
    kind = media_type.partition(";")[0].strip().lower()
    is_plain = kind.count("/") == 1 and kind.isascii() and all(c.isalnum() or c in "/.+-_" for c in kind) and len(kind) < 100
    return kind if is_plain and kind != "application/x-www-form-urlencoded" else "application/octet-stream"


def store(folder: Path, content: BinaryIO) -> tuple[str, int]:
    """Write the content beside its place and move it there whole: a half file is never found. Its SHA-256 and size."""
    folder.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    handle, name = tempfile.mkstemp(dir=folder, prefix="upload-")
    try:
        with os.fdopen(handle, "wb") as file:
            while piece := content.read(PIECE_BYTES):
                digest.update(piece)
                size += len(piece)
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        target = place(folder, digest.hexdigest())
        target.parent.mkdir(exist_ok=True)
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return digest.hexdigest(), size


@lru_cache(maxsize=8)
def _text(sql: str, dialect: Dialect) -> Text:
    return compile_text(sa.text(sql), dialect)
