"""What a program, a page or a request does with an app: one actor, one transaction, every read and write through the gates.

`Engine.session` opens one. A `Refused` of a write leaves nothing of that write behind; when it came half way (a trigger refused), the whole
transaction is spoiled and will not be committed.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from dougong_dsl.expression import Expression

from dougong.database.connection import Connection
from dougong.fields.base import Language
from dougong.model.app import App, Field, Object
from dougong.model.faces import View
from dougong.model.rights import ActionName
from dougong.refusals import Refusal, Refused, refuse
from dougong.runtime import refusals as codes
from dougong.runtime.gate import batch, preview, write
from dougong.runtime.gate.draft import Draft
from dougong.runtime.read import attached, changes, finding, groups, titles, todos
from dougong.runtime.read.view import as_record, visible_fields
from dougong.runtime.record import Attached, Change, MoveState, Page, Preview, Recent, Record, Todo
from dougong.runtime.unit import Unit


class Session:
    """One unit of work of one actor. Not shared between threads, of no use after its `with` block."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    @property
    def app(self) -> App:
        """The app as it was applied."""
        return self._unit.compiled.app

    @property
    def user(self) -> Mapping[str, Any]:
    @property
    def unit(self) -> Unit:
        """What the gates share in this transaction: for the engine's own parts, which stand below a session."""
        return self._unit

        """The acting user's own record: id, login, name, roles, attributes; empty for the system."""
        return self._unit.actor.values

    @property
    def connection(self) -> Connection:
        """The connection of the transaction, for the engine's own tables. What is written through it passes no gate."""
        return self._unit.connection

    @property
    def language(self) -> Language:
        """The reader's language."""
        return self._unit.language

    @property
    def now(self) -> datetime:
        """The instant of this unit of work, in UTC."""
        return self._unit.now

    @property
    def today(self) -> date:
        """The day of this unit of work in the app's zone."""
        return self._unit.today

    def create(self, object: str, values: Mapping[str, Any] | None = None, /, **fields: Any) -> Record:
        """Make a record. Values are canonical, JSON values, or text as people type it. `stage` only with the right to import."""
        self._may_write()
        return self._written(write.create(self._unit, object, {**(values or {}), **fields}))

    def create_many(self, object: str, rows: Sequence[Mapping[str, Any]], *, mode: str = "import") -> list[Record | Refused]:
        """Make many records in batches, each row on its own: in its place the record or why it was refused.

        With `mode="import"` titles of options are read like their names.
        """
        self._may_write()
        results = batch.create_many(self._unit, object, rows, titles=mode == "import")
        return [r if isinstance(r, Refused) else self._written(r) for r in results]

    def update(
        self,
        object: str | Record,
        id: int | None = None,
        values: Mapping[str, Any] | None = None,
        /,
        *,
        version: int | None = None,
        **fields: Any,
    ) -> Record:
        """Change fields: `update("lead", 7, {"name": …}, version=3)` or `update(lead, name=…)`, which takes the record's version."""
        self._may_write()
        name, record_id, version = _target(object, id, version)
        return self._written(write.update(self._unit, name, record_id, {**(values or {}), **fields}, version))

    def move(self, object: str | Record, *rest: Any, version: int | None = None, **asked: Any) -> Record:
        """Move to a stage: `move("lead", 7, "won", {"reason": …})` or `move(lead, "won", reason=…)`."""
        self._may_write()
        if isinstance(object, Record):
            (to, *more), record_id = rest, None
        else:
            record_id, to, *more = rest
        values: Mapping[str, Any] = more[0] if more and more[0] else {}
        name, key, version = _target(object, record_id, version)
        if to is None or to == "":
            raise refuse(codes.NO_SUCH_STAGE, field="stage", stage="")
        return self._written(write.update(self._unit, name, key, {**values, **asked, "stage": to}, version))

    def delete(self, object: str | Record, id: int | None = None, *, version: int | None = None) -> None:
        """Delete a record; refused while records link to it."""
        self._may_write()
        name, record_id, version = _target(object, id, version)
        write.delete(self._unit, name, record_id, version)

    def get(self, object: str, id: int) -> Record:
        """One record; `Refused` R404 when it is absent or not visible, with the same answer."""
        return finding.get(self._unit, object, id)

    def find(
        self,
        object: str,
        *,
        where: str | None = None,
        order: str | None = None,
        limit: int = 50,
        cursor: str | None = None,
        fields: Sequence[str] | None = None,
        search: str | None = None,
        view: View | None = None,
    ) -> Page:
        """A page of at most `limit` (1–1,000) visible records: `where` is an expression, `order` is `-score, name`, `view` adds its own filter and order."""
        return finding.find(self._unit, object, finding.Wanted(where, order, limit, cursor, fields, search, view))

    def count(self, object: str, where: str | None = None, search: str | None = None, view: View | None = None) -> int:
        """How many visible records there are."""
        return groups.count(self._unit, object, where, search, view)

    def group(
        self, object: str, by: str = "stage", where: str | None = None, sum: str | None = None, view: View | None = None
    ) -> list[tuple[Any, int, Any]]:
        """(value, records, sum) per value of a field, over the visible records, in the order of the values."""
        return groups.group(self._unit, object, by, where, sum, view)

    def history(self, object: str, id: int) -> list[Change]:
        """What happened to a visible record, newest first, as far as its fields are readable."""
        return changes.history(self._unit, object, id)

    def moves(self, object: str | Record, id: int | None = None) -> list[MoveState]:
        """The moves that leave the record's stage, and what stands against each."""
        name, record_id, _ = _target(object, id, None)
        return preview.moves(self._unit, name, record_id)

    def titles(self, object: str, ids: Sequence[int]) -> dict[int, str]:
        """Titles of the records that the actor may see."""
        return titles.titles(self._unit, object, ids)

    def files(self, ids: Sequence[int]) -> list[Attached]:
        """Name, type and size of files that stand in records the actor can see, or that the actor brought and no record has yet."""
        return attached.files(self._unit, ids)

    def preview(self, object: str, values: Mapping[str, Any], id: int | None = None) -> Preview:
        """What a form with these values would become; nothing is written."""
        return preview.preview(self._unit, object, values, id)

    def judge(self, object: str, values: Mapping[str, Any], id: int | None = None, *, wrong: Iterable[str] = ()) -> tuple[Refusal, ...]:
        """Everything that speaks against a row of an import (against a change of record `id`), nothing written.

        `wrong` are the fields whose values the import could not read itself.
        """
        self._may_write()
        return preview.against(self._unit, object, values, id, wrong)

    def recent(self, limit: int = 20) -> list[Recent]:
        """The records that were changed last, each once, newest first, as far as they are visible."""
        return changes.recent(self._unit, limit)

    def todos(self) -> list[Todo]:
        """The actor's open to-dos, newest first."""
        return todos.open_todos(self._unit)

    def finish_todo(self, id: int) -> None:
        """Mark one of the actor's own to-dos as done; `Refused` R409 when there is none."""
        self._may_write()
        todos.finish(self._unit, id)

    def may(self, action: ActionName, object: str) -> bool:
        """Whether there is any grant for the action."""
        return bool(self._unit.access.rights(self._object(object).name, action))

    def given(self, action: ActionName, object: str, id: int) -> frozenset[str] | None:
        """The fields that the actor's grants for the action cover on this one record; None when they do not cover the record."""
        row = self._unit.row(self._object(object).name, id)
        matching = [] if row is None else self._unit.matching(object, action, row)
        return self._unit.access.rights(object, action).fields_of(matching)[0] if matching else None

    def fields(self, object: str, action: ActionName = "read") -> list[Field]:
        """The declared fields that the actor may see, or write, on at least some records, in declared order."""
        return visible_fields(self._unit, self._object(object), action)

    def masked(self, object: str) -> frozenset[str]:
        """The fields that the actor sees at best masked."""
        return self._unit.access.reads(self._object(object).name).masked

    def holds(self, expression: Expression, row: Mapping[str, Any]) -> bool:
        """Whether a condition of the definition (a form's section) is true of a row as it stands; missing fields are blank."""
        return self._unit.compiled.program(expression)(row, self._unit.plain) is True

    def _object(self, name: str) -> Object:
        return self._unit.compiled.rules(name).object

    def _written(self, draft: Draft) -> Record:
        unit, name = self._unit, draft.rules.name
        row = unit.row(name, draft.row["id"])  # triggers may have changed it since
        return as_record(unit, draft.rules, draft.row if row is None else row, tuple(draft.warnings))

    def _may_write(self) -> None:
        if not self._unit.is_write:
            raise refuse(codes.READ_ONLY)
        if self._unit.is_spoiled:
            raise refuse(codes.SPOILED)


def _target(object: str | Record, record_id: Any, version: int | None) -> tuple[str, int, int | None]:
    if isinstance(object, Record):
        return object.object, object.id, object.version if version is None else version
    return object, int(record_id), version
