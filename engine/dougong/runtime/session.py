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
from dougong.model.documents import Document
from dougong.model.faces import View
from dougong.model.rights import ActionName
from dougong.refusals import Refusal, Refused, refuse
from dougong.runtime import refusals as codes
from dougong.runtime import triggers
from dougong.runtime.approvals import decide, view
from dougong.runtime.approvals.start import submit
from dougong.runtime.approvals.view import ApprovalState
from dougong.runtime.channels.sessions import ChannelSession
from dougong.runtime.documents.copies import Copy, fill
from dougong.runtime.documents.refusals import NO_DOCUMENT
from dougong.runtime.gate import batch, preview, proposals, stages, submitting, write
from dougong.runtime.gate.draft import Draft
from dougong.runtime.gate.proposals import Proposal
from dougong.runtime.gates.sessions import GateSession
from dougong.runtime.people.sessions import PeopleSession
from dougong.runtime.pools import claiming
from dougong.runtime.pools.claiming import PoolPage
from dougong.runtime.read import attached, changes, finding, groups, titles
from dougong.runtime.read.view import as_record, visible_fields
from dougong.runtime.record import Attached, Change, MoveState, Page, Preview, Recent, Record
from dougong.runtime.splits.sessions import SplitSession
from dougong.runtime.triggers import Explanation, LogPage, Rehearsal
from dougong.runtime.unit import Row, Unit


class Session(PeopleSession, ChannelSession, GateSession, SplitSession):
    """One unit of work of one actor. Not shared between threads, of no use after its `with` block."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    @property
    def unit(self) -> Unit:
        """What the gates share in this transaction: for the engine's own parts, which stand below a session."""
        return self._unit

    @property
    def app(self) -> App:
        """The app as it was applied."""
        return self._unit.compiled.app

    @property
    def user(self) -> Mapping[str, Any]:
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

    def leave_work(self) -> None:
        """What is written here leaves work for a worker: let it know when it is committed."""
        self._may_write()
        self._unit.leaves_work = True

    def create(self, object: str, values: Mapping[str, Any] | None = None, /, **fields: Any) -> Record:
        """Make a record. Values are canonical, JSON values, or text as people type it. `stage` only with the right to import."""
        self._may_write()
        return self._written(write.create(self._unit, object, {**(values or {}), **fields}))

    def submit_form(
        self, object: str, form: str, values: Mapping[str, Any], id: int | None = None, *, version: int | None = None
    ) -> Record:
        """Make a record through a form, or change record `id`: triggers that wait for the form hear of it. `Refused` R829, R830."""
        self._may_write()
        return self._written(submitting.submit(self._unit, object, form, values, id, version))

    def place(self, object: str, values: Mapping[str, Any]) -> int:
        """Put a record there without setting anything off; its id. Only for scenarios, which begin in the middle of things."""
        self._may_write()
        return int(write.place(self._unit, object, values).row["id"])

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

    def move(self, object: str | Record, *rest: Any, version: int | None = None, pipeline: str | None = None, **asked: Any) -> Record:
        """Move to a stage: `move("lead", 7, "won", {"reason": …})` or `move(lead, "won", reason=…)`; `pipeline` where it is not the main one."""
        self._may_write()
        if isinstance(object, Record):
            (to, *more), record_id = rest, None
        else:
            record_id, to, *more = rest
        values: Mapping[str, Any] = more[0] if more and more[0] else {}
        name, key, version = _target(object, record_id, version)
        if to is None or to == "":
            raise refuse(codes.NO_SUCH_STAGE, field="stage", stage="")
        column = stages.column_of(self._unit.compiled.rules(name), pipeline)
        return self._written(write.update(self._unit, name, key, {**values, **asked, column: to}, version))

    def delete(self, object: str | Record, id: int | None = None, *, version: int | None = None) -> None:
        """Delete a record; refused while records link to it."""
        self._may_write()
        name, record_id, version = _target(object, id, version)
        write.delete(self._unit, name, record_id, version)

    def get(self, object: str, id: int) -> Record:
        """One record; `Refused` R404 when it is absent or not visible, with the same answer."""
        return finding.get(self._unit, object, id)

    def documents(self, object: str) -> list[Document]:
        """The documents that can be made of a record of this object."""
        return [each for each in self.app.documents.values() if each.object == object]

    def document(self, object: str, id: int, name: str, form: str | None = None) -> Copy:
        """A document about a record as a file, without a number, showing what the actor may see. `Refused` R404, R840, R841.

        `form`: `html`, `pdf` or `docx`, by default the first that the document is made as. `content()` makes the file, best when the session is over.
        """
        finding.get(self._unit, object, id)
        found = self.app.documents.get(name)
        row = self._unit.row(object, id)
        if found is None or found.object != object or row is None:
            raise refuse(NO_DOCUMENT, name=name)
        return fill(self._unit, found, row, form)

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

    def submit(self, object: str | Record, id: int | None = None, /, *, approval: str) -> int:
        """Start an approval of a record that the actor may change; the approval's number. `Refused` R350–R352, R354, R362, and the gate's."""
        self._may_write()
        name, record_id, _ = _target(object, id, None)
        return submit(self._unit, name, record_id, approval)

    def approve(self, task: int, comment: str | None = None) -> None:
        """Agree as one who is asked. `Refused` R353, R355."""
        self._may_write()
        decide.approve(self._unit, task, comment)

    def reject(self, task: int, reason: str) -> None:
        """Disagree as one who is asked: the approval ends. `Refused` R353, R355, R357."""
        self._may_write()
        decide.reject(self._unit, task, reason)

    def return_approval(self, task: int, reason: str, step: int | None = None) -> None:
        """Send back to an earlier step (from 0), or to the submitter. `Refused` R353, R355, R357, R358."""
        self._may_write()
        decide.return_(self._unit, task, reason, step)

    def transfer(self, task: int, login: str, comment: str | None = None) -> None:
        """Let somebody else decide instead. `Refused` R353, R355, R360, R361."""
        self._may_write()
        decide.transfer(self._unit, task, login, comment)

    def add_signer(self, task: int, login: str, *, before: bool = False, comment: str | None = None) -> None:
        """Ask somebody else as well, before the actor decides or after. `Refused` R353, R355, R360, R361."""
        self._may_write()
        decide.add_signer(self._unit, task, login, before=before, comment=comment)

    def claim(self, object: str | Record, id: int | None = None, *, pool: str | None = None) -> Record:
        """Take a record out of its pool, out of `pool` where it is in several. `Refused` R371–R376."""
        self._may_write()
        name, record_id, _ = _target(object, id, None)
        return self._written(claiming.claim(self._unit, name, record_id, pool))

    def release(self, object: str | Record, id: int | None = None, reason: str = "", *, pool: str | None = None) -> Record:
        """Give one's record back to its pool (`pool` where there are several). `Refused` R377–R379."""
        self._may_write()
        name, record_id, _ = _target(object, id, None)
        return self._written(claiming.release(self._unit, name, record_id, reason, pool))

    def pool(self, name: str, *, after: int = 0, limit: int = claiming.PAGE) -> PoolPage:
        """What the actor may claim from a pool, with the fields that the pool shows; looking may be counted. `Refused` R370, R371."""
        self._may_write()
        return claiming.look(self._unit, name, after, limit)

    def withdraw(self, approval: int) -> None:
        """Take back what the actor submitted. `Refused` R353, R355, R356."""
        self._may_write()
        decide.withdraw(self._unit, approval)

    def approvals(self, object: str | Record, id: int | None = None) -> list[ApprovalState]:
        """All approvals of a visible record, newest first."""
        name, record_id, _ = _target(object, id, None)
        finding.get(self._unit, name, record_id)
        return view.of_record(self._unit, name, record_id)

    def approvals_waiting(self) -> list[ApprovalState]:
        """The running approvals that wait for the actor, oldest first."""
        return view.waiting_for(self._unit)

    def approvals_waiting_count(self) -> int:
        """How many they are."""
        return view.waiting_count(self._unit)

    def trigger_log(
        self, object: str | None = None, id: int | None = None, trigger: str | None = None, limit: int = 50, cursor: str | None = None
    ) -> LogPage:
        """What fired, newest first, for administrators: of a trigger, on an object, on a record."""
        return triggers.trigger_log(self._unit, object, id, trigger, limit, cursor)

    def explain_trigger(self, trigger: str, object: str, id: int) -> Explanation:
        """Why a trigger fired on a record, or did not, for administrators."""
        return triggers.explain_trigger(self._unit, trigger, object, id)

    def dry_run(self, trigger: str, object: str, id: int) -> Rehearsal:
        """What a trigger would do to a record now; nothing is kept. For administrators."""
        return triggers.dry_run(self._unit, trigger, object, id)

    def proposals(self) -> list[Proposal]:
        """The moves that wait for the actor's yes, newest first."""
        return proposals.open_proposals(self._unit)

    def accept_proposal(self, id: int, values: Mapping[str, Any] | None = None) -> Record:
        """Make a proposed move, with the values it asks for; `Refused` R432 when there is no such proposal."""
        self._may_write()
        return self._written(proposals.accept(self._unit, id, values or {}))

    def decline_proposal(self, id: int) -> None:
        """Say no to a proposed move."""
        self._may_write()
        proposals.decline(self._unit, id)

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

    def matches(self, expression: Expression, object: str, id: int, names: Mapping[str, Any]) -> bool:
        """Whether a condition is true of a stored record, whoever may see it; `names` stand beside its fields."""
        unit = self._unit
        row = unit.row(object, id)
        if row is None:
            return False
        seen = Row(unit.compiled.rules(object), unit, {**names, **row})
        return unit.compiled.program(expression)(seen, unit.plain) is True

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
