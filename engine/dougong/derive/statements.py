"""The texts of the write gate, made once per release: insert, update, lock, look-ups, history, stage log, to-dos, numbers.

Columns are selected in the order of the object's codec.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Table, bindparam, cast, delete, func, insert, literal, select, update
from sqlalchemy import Text as SqlText
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import TypeEngine

from dougong.database.instants import instant_to_db
from dougong.database.text import Dialect, Text, compile_text
from dougong.derive.engine_tables import EngineTables
from dougong.derive.rules import ObjectRules
from dougong.derive.tables import Tables

MOST_ROWS = 50_000
"""Records that an expression may read for one record; a statement asks for one more, so that it is noticed."""


class WriteTexts:
    """The kept texts of one object, each made when it is first needed: an app of a hundred objects starts without them."""

    def __init__(self, rules: ObjectRules, table: Table, own: EngineTables, dialect: Dialect) -> None:
        self._table = table
        self._own = own
        self._rules = rules
        self._dialect: Dialect = dialect
        self._kept: dict[object, Text] = {}
        self._every = [table.c[n] for n in rules.codec.names]

    @cached_property
    def select(self) -> Text:
        """The record `dg_key`."""
        return self._compiled(self._by_key())

    @cached_property
    def lock(self) -> Text:
        """The record `dg_key`, for this transaction alone."""
        return self._compiled(self._by_key().with_for_update())

    @cached_property
    def lock_whole(self) -> Text:
        """The record `dg_key`; nobody else changes it until the transaction ends, new links to it do not wait."""
        return self._compiled(self._by_key().with_for_update(key_share=True))

    @cached_property
    def lock_free(self) -> Text:
        """The record `dg_key`, for this transaction alone; nothing while somebody else has it."""
        return self._compiled(self._by_key().with_for_update(skip_locked=True))

    @cached_property
    def lock_batch(self) -> Text:
        """The next `count` records after `dg_key`, by id; nobody changes them until the transaction ends."""
        id = self._table.c.id
        many = select(*self._every).where(id > bindparam("dg_key")).order_by(id).limit(bindparam("count"))
        return self._compiled(many.with_for_update(key_share=True))

    def kept(self, name: str) -> Text:
        """Another `value` in a column that only the engine keeps, of the record `dg_key`: no change of the record."""
        column = self._table.c[name]
        value = bindparam("value", type_=column.type)
        return self._make(("kept", name), lambda: update(self._table).values({name: value}).where(self._table.c.id == bindparam("dg_key")))

    @cached_property
    def hold(self) -> Text:
        """The record `dg_key`; nobody can delete it until the transaction ends."""
        return self._compiled(self._by_key().with_for_update(read=True, key_share=True))

    @cached_property
    def hold_many(self) -> Text:
        """The records `keys`, held alike."""
        id = self._table.c.id
        many = select(*self._every).where(id.in_(bindparam("keys", expanding=True))).order_by(id)
        return self._compiled(many.with_for_update(read=True, key_share=True))

    @cached_property
    def insert(self) -> Text:
        """A new record; gives its id."""
        written = [n for n in self._rules.codec.names if n != "id"]
        made = insert(self._table).values({n: bindparam(n) for n in written}).returning(self._table.c.id)
        return self._compiled(self._with_log(made, is_staged=self._rules.stages is not None))

    @cached_property
    def insert_with_id(self) -> Text:
        """A new record whose id is known."""
        return self._compiled(insert(self._table).values({n: bindparam(n) for n in self._rules.codec.names}))

    @cached_property
    def delete(self) -> Text:
        """The record `dg_key` goes."""
        return self._compiled(delete(self._table).where(self._table.c.id == bindparam("dg_key")))

    @cached_property
    def everybody(self) -> Text:
        """Every record, by id."""
        return self._compiled(select(*self._every).order_by(self._table.c.id))

    def _by_key(self) -> Any:
        return select(*self._every).where(self._table.c.id == bindparam("dg_key"))

    def _compiled(self, statement: Any) -> Text:
        # SQLite has no row locks and its compiler leaves them out: a writer has the whole file
        return compile_text(statement, self._dialect)

    @property
    def writes_log(self) -> bool:
        """Whether `insert` and `update` write the history row and the stage line too: PostgreSQL does it in one round trip."""
        return self._dialect == "postgresql"

    def update(self, names: tuple[str, ...], *, is_move: bool) -> Text:
        """Set these columns of the record `dg_key`."""

        def make() -> Any:
            changed = update(self._table).values({n: bindparam(n) for n in names}).where(self._table.c.id == bindparam("dg_key"))
            return self._with_log(changed.returning(self._table.c.id), is_staged=is_move)

        return self._make((names, is_move), make)

    def _with_log(self, written: Any, *, is_staged: bool) -> Any:
        """A write, and on PostgreSQL its history row (parameters `dg_change_…`) and stage line (`dg_stage_…`) in the same statement."""
        if not self.writes_log:
            return written
        row = written.cte("written")
        logs = [_logged(self._own.change, CHANGE, row, "dg_change_").cte("changes")]
        if is_staged:
            logs.append(_logged(self._own.stage_log, STAGE, row, "dg_stage_").cte("stages"))
        return select(row.c.id).add_cte(*logs)

    def taken(self, name: str) -> Text:
        """Whether a record other than `key` has `value` in a column."""
        key = self._table.c.id
        column = self._table.c[name]
        return self._make(
            ("taken", name),
            lambda: select(literal(1)).where(column == bindparam("value", type_=column.type), key != bindparam("dg_key")).limit(1),
        )

    def taken_of(self, name: str) -> Text:
        """Which of the `values` a column has already."""
        column = self._table.c[name]
        return self._make(("taken of", name), lambda: select(column).where(column.in_(bindparam("values", expanding=True))))

    def linked(self, through: str) -> Text:
        """How many records have `key` in a link."""
        column = self._table.c[through]
        return self._make(("linked", through), lambda: select(func.count()).select_from(self._table).where(column == bindparam("dg_key")))

    def children(self, through: str) -> Text:
        """The records that have `key` in a link, by id."""
        column = self._table.c[through]
        return self._make(
            ("children", through),
            lambda: select(*self._every).where(column == bindparam("dg_key")).order_by(self._table.c.id).limit(literal(MOST_ROWS + 1)),
        )

    def equal(self, names: tuple[str, ...]) -> Text:
        """The records whose fields hold the values `dg_<name>`, by id."""
        every = [self._table.c[n] for n in self._rules.codec.names]
        tests = [self._table.c[n] == bindparam(f"dg_{n}") for n in names]
        return self._make(("equal", names), lambda: select(*every).where(*tests).order_by(self._table.c.id).limit(literal(MOST_ROWS + 1)))

    def load(self, field: str) -> Text:
        """How many open records each of `users` has in a field, the record `key` left out."""
        column = self._table.c[field]
        track = self._rules.tracks[0] if self._rules.tracks else None
        query = select(column, func.count()).where(column.in_(bindparam("users", expanding=True)), self._table.c.id != bindparam("dg_key"))
        if track is not None:
            query = query.where(self._table.c[track.field].in_([literal(n) for n, s in track.stages.items() if s.is_open]))
        return self._make(("load", field), lambda: query.group_by(column))

    def _make(self, key: object, statement: Callable[[], Any]) -> Text:
        text = self._kept.get(key)
        if text is None:
            text = self._kept[key] = compile_text(statement(), self._dialect)
        return text


class EngineTexts:
    """The kept texts on the engine's own tables."""

    def __init__(self, tables: Tables, dialect: Dialect) -> None:
        own = tables.engine
        self._dialect: Dialect = dialect
        self.change = compile_text(_insert(own.change, CHANGE), dialect)
        self.stage = compile_text(_insert(own.stage_log, STAGE), dialect)
        self.todo = compile_text(_insert(own.todo, TODO), dialect)
        self.trigger_log = compile_text(_insert(own.trigger_log, TRIGGER_LOG), dialect)
        self.proposal = compile_text(_insert(own.proposal, PROPOSAL), dialect)
        self.next_number = compile_text(_next_number(own.sequence, dialect), dialect)

    def instant(self, value: datetime) -> Any:
        """The driver's value of an instant."""
        return instant_to_db(value, self._dialect)


CHANGE = ("object", "record_id", "kind", "actor", "at", "happened_at", "cause", "cause_id", "release", "fields")
STAGE = ("object", "record_id", "from_stage", "to_stage", "pipeline", "at", "actor", "release")
TRIGGER_LOG = (
    *("trigger", "object", "record_id", "event", "at", "release", "actor", "cause", "cause_id", "chain", "seen", "did", "refused"),
)
PROPOSAL = ("for_user", "object", "record_id", "from_stage", "to_stage", "text", "text_en", "trigger", "created_at")
TODO = (
    *(
        "for_user",
        "for_role",
        "for_team",
        "instead_of",
        "object",
        "record_id",
        "text",
        "text_en",
        "trigger",
        "stage",
        "form",
        "due_at",
        "created_at",
    ),
)


def _logged(table: Table, names: Sequence[str], row: Any, prefix: str) -> Any:
    """One row of a log about the row that was written."""
    values = [row.c.id if n == "record_id" else cast(bindparam(prefix + n), _plain(table.c[n].type)).label(n) for n in names]
    return insert(table).from_select(list(names), select(*values)).returning(table.c.id)


def _plain(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    """The type without a collation, which a cast may not carry."""
    return SqlText() if isinstance(kind, SqlText) else kind


def _insert(table: Table, names: Sequence[str]) -> Any:
    return insert(table).values({n: bindparam(n) for n in names})


def _next_number(sequence: Table, dialect: Dialect) -> Any:
    """Count on by `count` and give the last number: one statement, so that two writers wait for each other."""
    make = sqlite.insert if dialect == "sqlite" else postgresql.insert
    statement: Any = make(sequence).values(name=bindparam("name"), period=bindparam("period"), value=bindparam("count"))
    added = statement.on_conflict_do_update(
        index_elements=[sequence.c.name, sequence.c.period], set_={"value": sequence.c.value + statement.excluded.value}
    )
    return added.returning(sequence.c.value)
