"""Copies of documents: filled in, numbered and kept in the transaction that asks for them."""

from dougong.model.documents import Document
from dougong.runtime import files
from dougong.runtime.documents.filling import page
from dougong.runtime.unit import Row, Unit

MEDIA_TYPE = "text/html"


def make(unit: Unit, document: Document, row: Row, *, is_taken: bool) -> tuple[int, str | None]:
    """A copy about a record: the id of its file and its number. `is_taken`: the file belongs to the record from the start, to no field of it."""
    number = _number(unit, document)
    content = page(unit, document, row, number).encode()
    name = f"{document.title.text(unit.language)} {number or row['id']}.html"
    about = (document.object, int(row["id"])) if is_taken else None
    return files.keep_within(unit.connection, unit.compiled.files_dir, name, MEDIA_TYPE, content, unit.actor.id, unit.now, about), number


def _number(unit: Unit, document: Document) -> str | None:
    """The next number; a transaction that is undone gives it back."""
    if document.number is None:
        return None
    wanted = {"name": f"document {document.name}", "period": document.number.period(unit.today), "count": 1}
    last = unit.connection.one(unit.compiled.statements.next_number, wanted)
    assert last is not None  # RETURNING always gives a row
    return document.number.number(int(last[0]), unit.today)
