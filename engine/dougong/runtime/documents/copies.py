"""Copies of documents: filled in, numbered and kept in the transaction that asks for them."""

import io
from dataclasses import dataclass

from dougong.model.documents import MEDIA_TYPES, Document
from dougong.refusals import refuse
from dougong.runtime import files
from dougong.runtime.documents.filling import page
from dougong.runtime.documents.forms import made_as
from dougong.runtime.documents.refusals import NO_FORM
from dougong.runtime.unit import Row, Unit


@dataclass(frozen=True, slots=True)
class Copy:
    """A document filled in: the name of its file, what it is to be made as (`html`, `pdf`, `docx`), and its text as a page."""

    name: str
    form: str
    page: str

    @property
    def media_type(self) -> str:
        """What kind of file it is."""
        return MEDIA_TYPES[self.form]

    def content(self) -> bytes:
        """The file; that of a PDF takes a while, so nobody should wait for it in a transaction. `Refused` R842, R843, R844."""
        return made_as(self.form, self.page)


def fill(unit: Unit, document: Document, row: Row, form: str | None, number: str | None = None) -> Copy:
    """A document about a record, in the first of its forms when none is named. `Refused` R841."""
    wanted = form or document.forms[0]
    if wanted not in document.forms:
        raise refuse(NO_FORM, name=document.name, form=wanted, known=", ".join(document.forms))
    name = f"{document.title.text(unit.language)} {number or row['id']}.{wanted}"
    return Copy(name, wanted, page(unit, document, row, number))


def make(unit: Unit, document: Document, row: Row, form: str, *, is_taken: bool) -> tuple[int, str | None]:
    """A copy about a record: the id of its file and its number.

    `is_taken`: the file belongs to the record from the start, to no field of it. `Refused` R842, R843, R844.
    """
    number = _number(unit, document)
    copy = fill(unit, document, row, form, number)
    about = (document.object, int(row["id"])) if is_taken else None
    stored = files.store(unit.compiled.files_dir, io.BytesIO(copy.content()))
    return files.write_down(unit.connection, copy.name, copy.media_type, stored, unit.actor.id, unit.now, about).id, number


def _number(unit: Unit, document: Document) -> str | None:
    """The next number; a transaction that is undone gives it back."""
    if document.number is None:
        return None
    wanted = {"name": f"document {document.name}", "period": document.number.period(unit.today), "count": 1}
    last = unit.connection.one(unit.compiled.statements.next_number, wanted)
    assert last is not None  # RETURNING always gives a row
    return document.number.number(int(last[0]), unit.today)
