"""What due rules ask about the past of records: from the logs (`Logs`), or, while a record is being written, from the write itself."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from dougong.database.instants import instant_from_db
from dougong.derive import due_statements
from dougong.derive.due_statements import DueTexts
from dougong.derive.dues import Span, Visit
from dougong.model.flow import Pipeline
from dougong.runtime.gate.draft import Draft
from dougong.runtime.unit import Unit


def texts(unit: Unit) -> DueTexts:
    """The release's texts on `dg_due`."""
    compiled = unit.compiled
    found: DueTexts = compiled.question("dues", lambda: DueTexts(compiled.tables, compiled.dialect))
    return found


class Logs:
    """The past as the database keeps it, asked for all of `ids` at once."""

    def __init__(self, unit: Unit, ids: Sequence[int]) -> None:
        self._unit = unit
        self._ids = list(ids)
        self._kept: dict[Any, Mapping[int, Any]] = {}

    def visits(self, pipeline: Pipeline, id: int) -> Sequence[Visit]:
        """Lines of a pipeline's stage log, oldest first."""

        def ask() -> Mapping[int, list[Visit]]:
            found: dict[int, list[Visit]] = {}
            text = texts(self._unit).visits(pipeline.log_name)
            for record_id, before, after, at in self._all(text, object=pipeline.object):
                found.setdefault(record_id, []).append((before, after, self._instant(at)))
            return found

        lines: Sequence[Visit] = self._asked(("visits", pipeline.object, pipeline.log_name), ask).get(id, ())
        return lines

    def touched(self, object: str, id: int) -> datetime | None:
        """When somebody wrote it last."""
        return self._latest(("touched", object), id, lambda: self._all(texts(self._unit).touched, object=object))

    def changed(self, object: str, id: int, field: str) -> datetime | None:
        """When a field changed last."""
        dialect = self._unit.compiled.dialect
        name = field if dialect == "postgresql" else f'$."{field}"'
        text = self._unit.compiled.question(("due changed",), lambda: texts(self._unit).changed())
        return self._latest(("changed", object, field), id, lambda: self._all(text, object=object, field=name))

    def newest(self, child: str, through: str, id: int) -> datetime | None:
        """When the newest record that points here was made."""
        compiled = self._unit.compiled
        text = compiled.question(
            ("due newest", child, through), lambda: due_statements.newest(compiled.tables.of[child], through, compiled.dialect)
        )
        return self._latest(("newest", child, through), id, lambda: self._all(text))

    def run(self, child: str, through: str, field: str, times: int, id: int) -> Span | None:
        """The first `times` of the run that the newest record ends."""
        compiled = self._unit.compiled
        text = compiled.question(
            ("due run", child, through, field), lambda: due_statements.run(compiled.tables.of[child], through, field, compiled.dialect)
        )
        found = self._unit.connection.all(text, {"dg_key": id, "count": times})
        if len(found) < times:
            return None
        return self._instant(found[0][1]), self._instant(found[-1][1]), int(found[-1][0])

    def _latest(self, key: Any, id: int, ask: Callable[[], Sequence[tuple[Any, ...]]]) -> datetime | None:
        found: datetime | None = self._asked(key, lambda: {row[0]: self._instant(row[1]) for row in ask()}).get(id)
        return found

    def _asked(self, key: Any, ask: Callable[[], Mapping[int, Any]]) -> Mapping[int, Any]:
        if key not in self._kept:
            self._kept[key] = ask()
        return self._kept[key]

    def _all(self, text: Any, **params: Any) -> Sequence[tuple[Any, ...]]:
        return self._unit.connection.all(text, {"ids": self._ids, **params})

    def _instant(self, value: Any) -> datetime:
        return instant_from_db(value, self._unit.compiled.dialect)


class Present:
    """The past of a record that is being written, before its row is: what the write does is the newest of it."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._logs = None if draft.old is None else Logs(draft.unit, (draft.old["id"],))

    def visits(self, pipeline: Pipeline, id: int) -> Sequence[Visit]:
        """The stage log, and the move that is being made. What came before a visit to an open stage does not matter."""
        draft, old = self._draft, self._draft.old
        if old is None or self._logs is None:
            return [(None, draft.row[pipeline.field], draft.unit.now)]
        source, target = old[pipeline.field], draft.row[pipeline.field]
        if source == target:
            return self._logs.visits(pipeline, id)
        line = (source, target, draft.unit.now)
        return [*self._logs.visits(pipeline, id), line] if source in pipeline.waiting else [line]

    def touched(self, object: str, id: int) -> datetime | None:
        """Now: rules ask it only when somebody writes."""
        return self._draft.unit.now

    def changed(self, object: str, id: int, field: str) -> datetime | None:
        """Now: rules ask it only when the field changes."""
        return self._draft.unit.now

    def newest(self, child: str, through: str, id: int) -> datetime | None:
        """A new record has none."""
        return self._draft.unit.now if self._logs is None else self._logs.newest(child, through, id)

    def run(self, child: str, through: str, field: str, times: int, id: int) -> Span | None:
        """A new record has none."""
        return None if self._logs is None else self._logs.run(child, through, field, times, id)
