"""Which rows of a file are records already: found by the key, in few queries, within what the importing person may see."""

from collections.abc import Iterable, Sequence
from typing import Any

from dougong.model.app import Field
from dougong.runtime.record import Record
from dougong.runtime.session import Session

PAGE = 500
CONDITION_CHARACTERS = 3000  # an expression may have 4,000
WHOLE_TABLE = 4  # a table of up to so many times the rows of the file is read as a whole


class Existing:
    """Records of one object by the value of their key."""

    def __init__(self, session: Session, object: str, key: Field, rows: int) -> None:
        self._object = object
        self._key = key
        self._found: dict[Any, Record] = {}
        count = session.count(object)
        self._is_whole = count <= WHOLE_TABLE * rows
        if self._is_whole and count:
            self._read(session, None)

    def load(self, session: Session, values: Iterable[Any]) -> None:
        """Make sure that the records with these keys are known."""
        if self._is_whole:
            return
        self._found.clear()
        for some in _chunks([self._key.type.literal(v) for v in values]):
            self._read(session, f"{self._key.name} in ({', '.join(some)})")

    def get(self, value: Any) -> Record | None:
        """The record with this key."""
        return self._found.get(value)

    def _read(self, session: Session, where: str | None) -> None:
        cursor = None
        while True:
            page = session.find(self._object, where=where, order="id", limit=PAGE, cursor=cursor)
            self._found.update((r.get(self._key.name), r) for r in page.records)
            cursor = page.next_cursor
            if cursor is None:
                return


def _chunks(literals: Sequence[str]) -> Iterable[list[str]]:
    chunk: list[str] = []
    size = 0
    for literal in literals:
        if chunk and size + len(literal) > CONDITION_CHARACTERS:
            yield chunk
            chunk, size = [], 0
        chunk.append(literal)
        size += len(literal) + 2
    if chunk:
        yield chunk
