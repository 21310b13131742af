"""The texts on `dg_due`, made once per release."""

from typing import Any

from sqlalchemy import Table, and_, bindparam, case, delete, func, literal, null, or_, select, update
from sqlalchemy import Text as SqlText
from sqlalchemy.dialects import postgresql, sqlite

from dougong.database.text import Dialect, Text, compile_text
from dougong.derive.tables import Tables

KEPT = ("object", "record_id", "key", "due_at", "start_at", "mark", "open_at", "derivation")
FOUND = ("id", "object", "record_id", "key", "due_at", "start_at", "mark", "open_at", "fired_at", "attempts", "derivation")


class DueTexts:
    """Parameters are named like columns; `dg_now` is the instant of the unit."""

    def __init__(self, tables: Tables, dialect: Dialect) -> None:
        due = tables.engine.due
        self._due = due
        self._log = tables.engine.stage_log
        self._change = tables.engine.change
        self._dialect: Dialect = dialect
        self.keep = self._made(self._keep())
        of_record = (due.c.object == bindparam("object"), due.c.record_id == bindparam("record_id"))
        keys = due.c.key.in_(bindparam("keys", expanding=True))
        self.rest = self._made(update(due).values(open_at=null()).where(*of_record, keys, due.c.open_at.is_not(None)))
        self.forget = self._made(delete(due).where(*of_record))
        self.of_record = self._made(select(*(due.c[n] for n in FOUND)).where(*of_record).order_by(due.c.key))
        self.lock = self._made(self._locked())
        found = [due.c[n] for n in FOUND]
        is_open = due.c.open_at <= bindparam("dg_now")
        self.pick = self._made(
            select(due.c.id, due.c.object, due.c.record_id, due.c.key).where(is_open).order_by(due.c.open_at).limit(bindparam("count"))
        )
        self.hold = self._made(select(*found).where(due.c.id == bindparam("dg_key"), is_open).with_for_update(skip_locked=True))
        self.fired = self._made(update(due).values(open_at=null(), fired_at=bindparam("dg_now")).where(due.c.id == bindparam("dg_key")))
        self.attempts = self._made(select(due.c.attempts).where(due.c.id == bindparam("dg_key"), due.c.open_at.is_not(None)))
        self.failed = self._made(
            update(due)
            .values(open_at=bindparam("open_at"), attempts=bindparam("attempts"), error=bindparam("error"))
            .where(due.c.id == bindparam("dg_key"))
        )
        self.again = self._made(
            update(due)
            .values(open_at=bindparam("open_at"), attempts=bindparam("attempts"), fired_at=null())
            .where(due.c.id == bindparam("dg_key"))
        )
        self.remove = self._made(delete(due).where(due.c.id == bindparam("dg_key")))
        self.next = self._made(select(func.min(due.c.open_at)).where(due.c.open_at.is_not(None)))
        self._visits_of: dict[str | None, Text] = {}
        self.touched = self._made(self._touched())
        of_rules = (due.c.record_id == literal(0), due.c.key == literal("rules"))
        listed = due.c.object.in_(bindparam("objects", expanding=True))
        of_object = due.c.object == bindparam("object")
        self.marks = self._made(select(due.c.object, due.c.mark).where(listed, *of_rules))
        self.mark = self._made(select(due.c.mark).where(of_object, *of_rules))
        self.set_mark = self._made(update(due).values(mark=bindparam("mark")).where(of_object, *of_rules))
        self.keys = self._made(select(due.c.key).where(of_object).distinct())
        self.schedules = self._made(select(due.c.key, due.c.mark).where(of_object, due.c.record_id == literal(0)))
        ids = due.c.record_id.in_(bindparam("ids", expanding=True, type_=due.c.record_id.type))
        self.open_keys = self._made(select(due.c.record_id, due.c.key).where(of_object, ids, due.c.open_at.is_not(None)))
        self.remove_key = self._made(delete(due).where(due.c.object == bindparam("object"), due.c.key == bindparam("key")))

    def _made(self, statement: Any) -> Text:
        return compile_text(statement, self._dialect)

    def _make(self) -> Any:
        return sqlite.insert(self._due) if self._dialect == "sqlite" else postgresql.insert(self._due)

    def _keep(self) -> Any:
        """Store a due: what is as it was stays fired, or waiting; what moved is open again."""
        due = self._due
        made = self._make().values({n: bindparam(n) for n in KEPT})
        new = made.excluded
        same = and_(due.c.due_at == new.due_at, due.c.mark.is_not_distinct_from(new.mark))
        values = {
            "due_at": new.due_at,
            "start_at": new.start_at,
            "mark": new.mark,
            "derivation": new.derivation,
            "fired_at": case((same, due.c.fired_at), else_=null()),
            "attempts": case((same, due.c.attempts), else_=literal(0)),
            "error": case((same, due.c.error), else_=null()),
            "open_at": case(
                (and_(same, due.c.fired_at.is_not(None)), null()),
                (and_(same, due.c.open_at.is_not(None)), due.c.open_at),
                else_=new.open_at,
            ),
        }
        return made.on_conflict_do_update(index_elements=[due.c.object, due.c.record_id, due.c.key], set_=values)

    def _locked(self) -> Any:
        """Hold the row of a due, made when it is not there, until the transaction ends."""
        due = self._due
        made = self._make().values({n: bindparam(n) for n in ("object", "record_id", "key")})
        return made.on_conflict_do_update(index_elements=[due.c.object, due.c.record_id, due.c.key], set_={"key": made.excluded.key})

    def visits(self, pipeline: str | None) -> Text:
        """The lines of the stage log of a pipeline; None: the main one."""
        if pipeline not in self._visits_of:
            self._visits_of[pipeline] = self._made(self._visits(pipeline))
        return self._visits_of[pipeline]

    def _visits(self, pipeline: str | None) -> Any:
        log = self._log
        return (
            select(log.c.record_id, log.c.from_stage, log.c.to_stage, log.c.at)
            .where(log.c.object == bindparam("object"), log.c.record_id.in_(bindparam("ids", expanding=True, type_=log.c.record_id.type)))
            .where(log.c.pipeline.is_(None) if pipeline is None else log.c.pipeline == literal(pipeline))
            .order_by(log.c.record_id, log.c.id)
        )

    def _touched(self) -> Any:
        """When somebody wrote each record last; the first write counts whoever did it."""
        change = self._change
        return (
            select(change.c.record_id, func.max(change.c.at))
            .where(
                change.c.object == bindparam("object"),
                change.c.record_id.in_(bindparam("ids", expanding=True, type_=change.c.record_id.type)),
                or_(change.c.cause != literal("trigger"), change.c.kind == literal("created")),
            )
            .group_by(change.c.record_id)
        )

    def changed(self) -> Text:
        """When a `field` of each record changed last: its name on PostgreSQL, its path on SQLite."""
        change = self._change
        if self._dialect == "postgresql":
            names: Any = func.jsonb_exists(change.c.fields, bindparam("field", type_=SqlText()))
        else:
            names = func.json_type(change.c.fields, bindparam("field")).is_not(None)
        return self._made(
            select(change.c.record_id, func.max(change.c.at))
            .where(
                change.c.object == bindparam("object"),
                change.c.record_id.in_(bindparam("ids", expanding=True, type_=change.c.record_id.type)),
                names,
            )
            .group_by(change.c.record_id)
        )


def newest(table: Table, through: str, dialect: Dialect) -> Text:
    """When the newest record that points to each of `ids` was made."""
    link = table.c[through]
    query = select(link, func.max(table.c.created_at)).where(link.in_(bindparam("ids", expanding=True, type_=link.type))).group_by(link)
    return compile_text(query, dialect)


def run(table: Table, through: str, field: str, dialect: Dialect) -> Text:
    """The first `count` records, by id, of the run that ends the list of `dg_key`: id and when each was made."""
    link = table.c[through]
    other = table.alias()
    is_true = other.c[field].is_(True) if dialect == "postgresql" else other.c[field] == literal(1)
    broken = (
        select(func.coalesce(func.max(other.c.id), literal(0)))
        .where(other.c[through] == bindparam("dg_key"), or_(other.c[field].is_(None), ~is_true))
        .scalar_subquery()
    )
    query = (
        select(table.c.id, table.c.created_at)
        .where(link == bindparam("dg_key"), table.c.id > broken)
        .order_by(table.c.id)
        .limit(bindparam("count"))
    )
    return compile_text(query, dialect)
