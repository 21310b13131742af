"""One row of the file becomes the values of a record: links, users and stages found by what they are called, all else left to the gate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dougong.exchange import refusals as codes
from dougong.exchange.columns import Column
from dougong.exchange.lookups import Directory, find_stage
from dougong.exchange.tables import Row
from dougong.fields.base import Reading
from dougong.model.app import App, Object
from dougong.refusals import Refusal
from dougong.runtime.session import Session


@dataclass(frozen=True, slots=True)
class Prepared:
    """A row with its values; `refusals` say why it cannot go on, `waits` that it links to a record that may yet come with this file."""

    row: Row
    values: Mapping[str, Any]
    refusals: tuple[Refusal, ...] = ()
    waits: bool = False


class Preparer:
    """Prepares rows of one import. Blank cells say nothing: a new record gets its default, an old one keeps its value."""

    def __init__(self, app: App, obj: Object, columns: Sequence[Column], width: int) -> None:
        self.obj = obj
        self.columns = columns
        self._app = app
        self._width = width
        self._directories: dict[str, Directory] = {}
        ways = {pipeline.field: pipeline for pipeline in obj.pipelines}
        self._stages = [(c, ways[c.field]) for c in columns if c.field in ways]
        targets = [(c, obj.fields[c.field].type.target) for c in columns if c.field not in ways]
        self._plain = [c for c, target in targets if target is None]
        self._links = [(c, target) for c, target in targets if target is not None]

    def prepare(self, session: Session, row: Row) -> Prepared:
        """The values of a row."""
        cells = row.cells
        if len(cells) > self._width and any(c is not None for c in cells[self._width :]):
            return Prepared(row, {}, (Refusal(codes.TOO_MANY_CELLS, {"found": len(cells), "expected": self._width}),))
        count = len(cells)
        values = {c.field: cell for c in self._plain if c.position < count and (cell := cells[c.position]) is not None}
        refusals: list[Refusal] = []
        waits = False
        for column, target in self._links:
            cell = cells[column.position] if column.position < count else None
            if cell is None:
                continue
            found = self.directory(session, target).find(str(cell))
            if isinstance(found, Refusal):
                refusals.append(_about(found, column.field))
                waits = waits or (target == self.obj.name and found.code is codes.NO_LINK)
            else:
                values[column.field] = found
        for column, pipeline in self._stages:
            cell = cells[column.position] if column.position < count else None
            stage = find_stage(pipeline, str(cell)) if cell is not None else None
            if isinstance(stage, Refusal):
                refusals.append(_about(stage, pipeline.field))
            elif stage is not None:
                values[pipeline.field] = stage
        return Prepared(row, values, tuple(refusals), waits and all(r.code is codes.NO_LINK for r in refusals))

    def directory(self, session: Session, target: str) -> Directory:
        """The directory of an object, made when first needed."""
        if target not in self._directories:
            self._directories[target] = Directory(session, self._app.objects[target])
        return self._directories[target]

    def created(self, number: int, values: Mapping[str, Any]) -> None:
        """Tell that a row is in: later rows may link to it."""
        directory = self._directories.get(self.obj.name)
        if directory is not None:
            directory.add(number, [values.get(self.obj.record_title)])

    def canonical(self, values: Mapping[str, Any], reading: Reading) -> tuple[dict[str, Any], list[Refusal]]:
        """The values as the gate will keep them, to be compared with a record that is already there."""
        found: dict[str, Any] = {}
        refusals: list[Refusal] = []
        for name, raw in values.items():
            if any(name == pipeline.field for pipeline in self.obj.pipelines):
                found[name] = raw
                continue
            value, refusal = self.obj.fields[name].type.parse_options(raw, reading)
            if refusal is not None:
                refusals.append(_about(refusal, name))
            found[name] = value
        return found, refusals

    def headers(self, refusals: Sequence[Refusal]) -> tuple[str, ...]:
        """The columns that refusals are about."""
        by_field = {c.field: c.header for c in self.columns}
        return tuple(dict.fromkeys(by_field.get(r.field, r.field) for r in refusals if r.field is not None))


def _about(refusal: Refusal, field: str) -> Refusal:
    return Refusal(refusal.code, refusal.params, field, refusal.clause)
