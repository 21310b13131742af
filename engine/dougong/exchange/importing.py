"""The import: a table file becomes records through the write gate, in batches; refused rows are reported, good ones are in.

Rows are told apart by a key (a unique field): a record with that key is left alone when it is equal and changed through the gate when not,
so that running an import again changes nothing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from dougong.database import Unavailable
from dougong.exchange import refusals as codes
from dougong.exchange.columns import STAGE, Column, match_columns, near
from dougong.exchange.existing import Existing
from dougong.exchange.report import Rejected, Report
from dougong.exchange.rows import Prepared, Preparer
from dougong.exchange.tables import Row, Table, read_table
from dougong.fields.base import Language, Reading
from dougong.model.app import App, Object
from dougong.refusals import Refusal, Refused, refuse
from dougong.runtime.record import Record
from dougong.runtime.refusals import UNKNOWN_OBJECT
from dougong.runtime.session import Session

BATCH = 500
Sessions = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asks of an import: `chosen` maps columns to fields, `key` is the field that tells rows apart."""

    object: str
    chosen: Mapping[str, str] = field(default_factory=dict)
    key: str | None = None
    sheet: str | None = None
    is_dry: bool = False
    language: Language = "zh"


def import_file(
    app: App, sessions: Sessions, path: Path, wish: Wish, progress: Callable[[int], None] | None = None
) -> tuple[Table, Report]:
    """Import a file; `progress` is told how many rows are done. `Refused` when the file or its columns are wrong: then nothing is in."""
    table = read_table(path, wish.sheet)
    return table, import_table(app, sessions, table, wish, progress)


def import_table(app: App, sessions: Sessions, table: Table, wish: Wish, progress: Callable[[int], None] | None = None) -> Report:
    """Import rows that are read already. `sessions` opens one transaction; a dry run does everything in one and takes it back."""
    obj = app.objects.get(wish.object)
    if obj is None:
        raise refuse(UNKNOWN_OBJECT, name=wish.object)
    columns = match_columns(table.columns, obj, wish.chosen)
    key = _key(obj, columns, wish.key)

    def run(rows: Sequence[Row]) -> _Run:
        return _Run(app, sessions, obj, columns, key, replace(table, rows=tuple(rows)), wish.language)

    if is_in_parts(app, obj):
        report = _together(run, table.rows, progress, is_dry=wish.is_dry)
    else:
        report = run(table.rows).dry() if wish.is_dry else run(table.rows).real(progress)
    report.key = key
    return report


def is_in_parts(app: App, obj: Object) -> bool:
    """Whether records of the object are split, or are parts: then rows of one file may add up only together."""
    splits = [(p.object, p.splits.into) for owner in app.objects.values() for p in owner.pipelines if p.splits is not None]
    return any(obj.name in each for each in splits)


def _together(
    run: Callable[[Sequence[Row]], "_Run"], rows: Sequence[Row], progress: Callable[[int], None] | None, *, is_dry: bool
) -> Report:
    """All rows in one transaction. The rows of a whole that does not add up are rejected, and the others begin again without them."""
    rejected: list[Rejected] = []
    while True:
        report, wrong = run(rows).whole(progress, is_dry=is_dry)
        if not wrong:
            report.rejected += rejected
            return report
        rejected += wrong
        lines = {each.row.line for each in wrong}
        rows = [row for row in rows if row.line not in lines]


def _key(obj: Object, columns: Sequence[Column], wanted: str | None) -> str | None:
    """The field that tells rows apart: the one asked for, or the object's first unique field that the file has."""
    names = {c.field: c.header for c in columns if c.field != STAGE}
    if wanted is not None:
        by_header = {header: name for name, header in names.items()}
        found = wanted if wanted in names else by_header.get(wanted)
        if found is None:
            raise refuse(codes.BAD_KEY, key=wanted, nearest=near(wanted, [*names, *by_header]))
        return found
    return next((f.name for f in obj.fields.values() if f.unique and f.name in names), None)


class _DryRun(Exception):
    """Carries the report of a dry run out of the transaction that it takes back, and the rows that do not add up."""

    def __init__(self, report: Report, wrong: list[Rejected]) -> None:
        super().__init__("dry run")
        self.report, self.wrong = report, wrong


class _Run:
    """One import on its way."""

    def __init__(
        self, app: App, sessions: Sessions, obj: Object, columns: Sequence[Column], key: str | None, table: Table, language: Language
    ) -> None:
        self._sessions = sessions
        self._obj = obj
        self._key = key
        self._table = table
        self._reading = Reading(language, app.zone)
        self._preparer = Preparer(app, obj, columns, len(table.columns))
        self._existing: Existing | None = None
        self._lines: dict[Any, int] = {}
        self._written: dict[int, Row] = {}  # by the id of the record that a row has become

    def real(self, progress: Callable[[int], None] | None) -> Report:
        """Batch by batch, each in its own transaction."""
        return self._rows(self._sessions, progress)

    def dry(self) -> Report:
        """Everything in one transaction, taken back at the end."""
        try:
            with self._sessions() as session:
                raise _DryRun(self._rows(lambda: nullcontext(session), None), [])
        except _DryRun as done:
            return done.report

    def whole(self, progress: Callable[[int], None] | None, *, is_dry: bool) -> tuple[Report, list[Rejected]]:
        """Everything in one transaction, and the rows because of which it was taken back: what they wrote does not add up."""
        try:
            with self._sessions() as session:
                report = self._rows(lambda: nullcontext(session), progress)
                wrong = self._apart(session)
                if wrong or is_dry:
                    raise _DryRun(report, wrong)
        except _DryRun as done:
            return done.report, done.wrong
        return report, []

    def _apart(self, session: Session) -> list[Rejected]:
        """The rows of every whole whose parts do not add up."""
        found: dict[int, Rejected] = {}
        for records, refusals in session.unsettled():
            rows = [self._written[i] for name, i in sorted(records) if name == self._obj.name and i in self._written]
            if not rows:
                raise Refused(refusals)  # a rule that a row set off did it: nobody can tell which
            found |= {row.line: self._rejected(row, refusals) for row in rows}
        return list(found.values())

    def _rows(self, session_of: Sessions, progress: Callable[[int], None] | None) -> Report:
        """All batches; then, as long as that gets any of them in, the rows that link to other rows of the file."""
        report = Report()
        waiting: list[Prepared] = []
        done = 0
        for rows in _batches(self._table.rows):
            with session_of() as session:
                part, later = self._batch(session, rows)
            report.add(part)
            waiting += later
            done += len(rows)
            if progress is not None:
                progress(done)
        count = len(waiting) + 1
        while waiting and len(waiting) < count:
            count = len(waiting)
            with session_of() as session:
                part, waiting = self._batch(session, [p.row for p in waiting])
            report.add(part)
        if waiting:
            with session_of() as session:
                report.add(self._batch(session, [p.row for p in waiting], is_last=True)[0])
        return report

    def _batch(self, session: Session, rows: Sequence[Row], *, is_last: bool = False) -> tuple[Report, list[Prepared]]:
        """Do some rows; gives what became of them, and those that wait for a record of the same file (at last none does)."""
        report = Report()
        waiting: list[Prepared] = []
        ready: list[Prepared] = []
        for row in rows:
            prepared = self._preparer.prepare(session, row)
            (waiting if prepared.waits and not is_last else ready).append(prepared)
        unknown = self._known(session, ready, report) if self._key is not None else ready
        new = [p for p in unknown if not p.refusals]
        report.rejected += [self._refused(session, p) for p in unknown if p.refusals]
        results = session.create_many(self._obj.name, [p.values for p in new], mode="import")
        for prepared, result in zip(new, results, strict=True):
            if isinstance(result, Refused):
                report.rejected.append(self._rejected(prepared.row, result.refusals))
            else:
                report.created += 1
                self._written[result.id] = prepared.row
                self._preparer.created(result.id, result)
        return report, waiting

    def _known(self, session: Session, ready: Sequence[Prepared], report: Report) -> list[Prepared]:
        """Deal with the rows whose key is known; gives back those that are new."""
        assert self._key is not None
        kind = self._obj.fields[self._key].type
        keys: list[Any] = []
        keyed: list[tuple[Prepared, Any]] = []
        for prepared in ready:
            value, refusal = kind.parse_options(prepared.values.get(self._key), self._reading)
            if refusal is None and value is None and any(r.code is codes.TOO_MANY_CELLS for r in prepared.refusals):
                report.rejected.append(self._refused(session, prepared))  # no cell of the row was read: the key is not blank
                continue
            refusal = refusal or self._key_refusal(value, prepared.row.line)
            if refusal is not None:
                about = Refusal(refusal.code, refusal.params, self._key)
                report.rejected.append(self._refused(session, prepared, (about,)))
                continue
            keys.append(value)
            keyed.append((prepared, value))
        if self._existing is None:
            self._existing = Existing(session, self._obj.name, self._obj.fields[self._key], len(self._table.rows))
        self._existing.load(session, keys)
        new = []
        for prepared, value in keyed:
            record = self._existing.get(value)
            if record is None:
                new.append(prepared)
            else:
                self._merge(session, record, prepared, report)
        return new

    def _key_refusal(self, value: Any, line: int) -> Refusal | None:
        if value is None:
            title = self._obj.fields[self._key or ""].title
            return Refusal(codes.KEY_BLANK, {"field": (title.zh, title.en)})
        first = self._lines.setdefault(value, line)
        return Refusal(codes.KEY_TWICE, {"line": first, "value": value}) if first != line else None

    def _merge(self, session: Session, record: Record, prepared: Prepared, report: Report) -> None:
        """Change what differs between the row and the record that has its key."""
        values, unread = self._preparer.canonical(prepared.values, self._reading)
        refusals = [*prepared.refusals, *unread]
        changes = {name: value for name, value in values.items() if value is not None and record.get(name) != value}
        if refusals:
            known = Prepared(prepared.row, changes, tuple(refusals))
            report.rejected.append(self._refused(session, known, record_id=record.id))
            return
        if not changes:
            report.unchanged += 1
            return
        try:
            if STAGE in changes:  # the whole row goes along: a move may ask for fields that are the same as before
                given = {name: value for name, value in values.items() if name != STAGE and value is not None}
                session.move(self._obj.name, record.id, changes[STAGE], given, version=record.version)
            else:
                session.update(self._obj.name, record.id, changes, version=record.version)
        except Unavailable:
            raise  # no fault of the row
        except Refused as refused:
            report.rejected.append(self._rejected(prepared.row, refused.refusals))
        else:
            report.updated += 1
            self._written[record.id] = prepared.row

    def _refused(self, session: Session, prepared: Prepared, more: tuple[Refusal, ...] = (), *, record_id: int | None = None) -> Rejected:
        """A row that cannot go on, with everything else that the gate would say about it: whoever mends it mends it once."""
        own = (*prepared.refusals, *more)
        if any(r.code is codes.TOO_MANY_CELLS for r in own):
            return self._rejected(prepared.row, own)  # nothing of the row was read: there is nothing to judge
        wrong = {r.field for r in own if r.field is not None}
        others = session.judge(self._obj.name, prepared.values, record_id, wrong=wrong)
        return self._rejected(prepared.row, (*own, *(r for r in others if r.field not in wrong)))

    def _rejected(self, row: Row, refusals: Sequence[Refusal]) -> Rejected:
        return Rejected(row, tuple(refusals), self._preparer.headers(refusals))


def _batches(rows: Sequence[Row]) -> Iterable[Sequence[Row]]:
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))
