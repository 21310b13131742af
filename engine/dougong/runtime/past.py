"""What the rules of a unit of work ask about the past of records: the stage log and the history, read once and for records seen together at once.

A record that is being changed counts with the change: it is looked at as it will be, and its move is not in the log yet.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dougong_dsl.expression.history import Moved, Stay, stays_of
from dougong_dsl.expression.sql_history import is_change_of
from sqlalchemy import bindparam, func, select

from dougong.database.connection import Connection
from dougong.database.instants import instant_from_db
from dougong.database.text import Text, compile_text
from dougong.runtime.compiled import Compiled

AT_ONCE = 500
Row = Mapping[str, Any]


class Past:
    """The past of records, kept while a transaction lasts and forgotten record by record as they are written.

    `kept` gives a record as the transaction last saw it stored.
    """

    __slots__ = ("_approved", "_compiled", "_connection", "_counts", "_kept", "_lines", "_together")

    def __init__(self, compiled: Compiled, connection: Connection, kept: Callable[[str, int], Row | None]) -> None:
        self._compiled = compiled
        self._connection = connection
        self._kept = kept
        self._lines: dict[tuple[str, int], dict[str | None, list[Moved]]] = {}  # by the pipeline's name in the log
        self._counts: dict[tuple[str, int], dict[tuple[str, ...], int]] = {}
        self._approved: dict[tuple[str, int], dict[tuple[str, ...], bool]] = {}
        self._together: dict[str, Sequence[Row]] = {}

    def seen_together(self, object_name: str, rows: Sequence[Row]) -> None:
        """These records were read in one go: whoever asks about one of them will ask about the others."""
        self._together[object_name] = rows

    def forget(self, object_name: str, record_id: int) -> None:
        """The record is another one now."""
        if self._lines or self._counts or self._approved:
            self._approved.pop((object_name, record_id), None)
            self._lines.pop((object_name, record_id), None)
            self._counts.pop((object_name, record_id), None)

    def forget_all(self) -> None:
        """What was read may have been undone."""
        self._lines.clear()
        self._counts.clear()
        self._approved.clear()
        self._together.clear()

    def stays(self, object_name: str, row: Row, column: str = "stage", log: str | None = None) -> Sequence[Stay]:
        """The stays of a record in stages of a pipeline that it has left, oldest first; a move under way ends the last one."""
        record_id = row["id"]
        if record_id is None:
            return ()
        key = (object_name, record_id)
        if key not in self._lines:
            self._load_lines(object_name, self._wanted(object_name, record_id))
        found = stays_of(self._lines[key].get(log, ()), row["created_at"])
        before, since = self._before(object_name, row), f"{column}_since"
        if before is not None and before[column] != row[column] and before[column] is not None:
            found.append(Stay(before[column], before[since], row[since]))
        return found

    def changes(self, object_name: str, row: Row, names: tuple[str, ...]) -> int:
        """How often a field of a record changed, the change under way included."""
        record_id = row["id"]
        if record_id is None:
            return 0
        known = self._counts.setdefault((object_name, record_id), {})
        if names not in known:
            self._load_counts(object_name, self._wanted(object_name, record_id), names)
        before = self._before(object_name, row)
        return self._counts[(object_name, record_id)][names] + (before is not None and before[names[0]] != row[names[0]])

    def approved(self, object_name: str, row: Row, names: tuple[str, ...]) -> bool:
        """Whether the last approval of a record under a name ended well."""
        record_id = row["id"]
        if record_id is None:
            return False
        known = self._approved.setdefault((object_name, record_id), {})
        if names not in known:
            self._load_approved(object_name, self._wanted(object_name, record_id), names)
        return self._approved[(object_name, record_id)][names]

    def _before(self, object_name: str, row: Row) -> Row | None:
        """The stored record, when `row` is what it is about to become."""
        stored = self._kept(object_name, row["id"])
        return stored if stored is not None and stored is not row and stored["version"] == row["version"] else None

    def _wanted(self, object_name: str, record_id: int) -> list[int]:
        """The record, and some of those that were read with it."""
        ids = [r["id"] for r in self._together.get(object_name, ())]
        if record_id not in ids:
            return [record_id]
        start = ids.index(record_id)
        return ids[start : start + AT_ONCE]

    def _load_lines(self, object_name: str, ids: list[int]) -> None:
        text = self._compiled.question(("stays",), self._lines_text)
        self._lines.update({(object_name, i): {} for i in ids})
        for record_id, log, source, at in self._connection.all(text, {"object": object_name, "keys": ids}):
            lines = self._lines[(object_name, record_id)].setdefault(log, [])
            lines.append(Moved(source, instant_from_db(at, self._compiled.dialect)))

    def _load_counts(self, object_name: str, ids: list[int], names: tuple[str, ...]) -> None:
        text = self._compiled.question(("changes", names), lambda: self._counts_text(names))
        for i in ids:
            self._counts.setdefault((object_name, i), {})[names] = 0
        for record_id, count in self._connection.all(text, {"object": object_name, "keys": ids}):
            self._counts[(object_name, record_id)][names] = count

    def _load_approved(self, object_name: str, ids: list[int], names: tuple[str, ...]) -> None:
        text = self._compiled.question(("approved", names), lambda: self._approved_text(names))
        for i in ids:
            self._approved.setdefault((object_name, i), {})[names] = False
        for record_id, state in self._connection.all(text, {"object": object_name, "keys": ids}):
            self._approved[(object_name, record_id)][names] = state == "approved"

    def _approved_text(self, names: tuple[str, ...]) -> Text:
        c = self._compiled.tables.engine.approval.c
        asked = (c.object == bindparam("object"), c.record_id.in_(bindparam("keys", expanding=True)), c.name.in_(names))
        return compile_text(select(c.record_id, c.state).where(*asked).order_by(c.id), self._compiled.dialect)

    def _lines_text(self) -> Text:
        c = self._compiled.tables.engine.stage_log.c
        asked = (c.object == bindparam("object"), c.record_id.in_(bindparam("keys", expanding=True)))
        return compile_text(select(c.record_id, c.pipeline, c.from_stage, c.at).where(*asked).order_by(c.id), self._compiled.dialect)

    def _counts_text(self, names: tuple[str, ...]) -> Text:
        log = self._compiled.tables.engine.change
        asked = (log.c.object == bindparam("object"), log.c.record_id.in_(bindparam("keys", expanding=True)))
        query = select(log.c.record_id, func.count()).where(*asked, is_change_of(log, names, self._compiled.dialect))
        return compile_text(query.group_by(log.c.record_id), self._compiled.dialect)
