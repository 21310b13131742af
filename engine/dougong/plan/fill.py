"""Values for records that are there: a new field's default, a stored formula. Worked out in Python, in batches, by id."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from dougong_dsl.expression.python import to_python

from dougong.database import Connection
from dougong.database.instants import instant_from_db, instant_to_db
from dougong.database.text import DIALECTS
from dougong.fields.base import Reading
from dougong.model.app import App, Field, Object
from dougong.plan.inspect import quoted
from dougong.plan.operations import Fill
from dougong.plan.refusals import NO_VALUE
from dougong.refusals import Refused, refuse

BATCH = 2000
INSTANTS = ("created_at", "updated_at", "stage_since")


class Nobody(dict[str, Any]):
    """The acting user of an apply: nobody, so everything about them is blank."""

    def __missing__(self, key: str) -> None:
        return None


@dataclass(frozen=True, slots=True)
class FillContext:
    """What expressions may ask while records are filled: the time, and nothing of other records."""

    now: datetime
    zone: ZoneInfo
    me: Mapping[str, Any]
    old: None = None

    @property
    def today(self) -> date:
        """The day of the apply in the app's zone."""
        return self.now.astimezone(self.zone).date()

    def follow(self, object: str, id: int) -> None:
        """Stored formulas and defaults for existing records look at their own record only."""

    def children(self, object: str, through: str, id: int) -> tuple[()]:
        """See `follow`."""
        return ()

    def records(self, object: str, equal: Mapping[str, Any]) -> tuple[()]:
        """See `follow`."""
        return ()

    def stays(self, object: str, row: Mapping[str, Any], column: str = "stage", log: str | None = None) -> tuple[()]:
        """See `follow`."""
        return ()

    def changes(self, object: str, row: Mapping[str, Any], names: tuple[str, ...]) -> int:
        """See `follow`."""
        return 0

    def approved(self, object: str, row: Mapping[str, Any], names: tuple[str, ...]) -> bool:
        """See `follow`."""
        return False


def batches(app: App, fill: Fill, now: datetime, *, since: datetime | None = None) -> Iterator[Callable[[Connection], bool]]:
    """Steps that each fill up to 2,000 records and say whether there may be more; `since` takes only records touched after it."""
    filler = _Filler(app, fill, now, since)
    while not filler.is_done:
        yield filler.step


class _Filler:
    def __init__(self, app: App, fill: Fill, now: datetime, since: datetime | None) -> None:
        self.fill, self.since = fill, since
        self.obj: Object = app.objects[fill.object]
        self.made: Field = self.obj.fields[fill.column]
        expression = self.made.formula or self.made.default
        assert expression is not None, f"nothing to fill {fill.column} with"
        self.program = to_python(expression)
        self.reads = tuple(sorted({path[0] for path in expression.uses} - {"id"}))
        self.context = FillContext(now, app.zone, Nobody())
        self.reading = Reading("zh", app.zone)
        self.last = 0
        self.is_done = False

    def step(self, connection: Connection) -> bool:
        """The next batch; in a transaction that the caller ends."""
        rows = connection.all(*self._query(connection))
        if rows:
            values = [self._value(row, connection) for row in rows]
            write_values(connection, self.fill.table, self._column(), self.made, [row[0] for row in rows], values)
            self.last = rows[-1][0]
        self.is_done = len(rows) < BATCH
        return not self.is_done

    def _column(self) -> str:
        """The column as it is called now: renames come later."""
        return quoted(self.fill.columns.get(self.fill.column, self.fill.column))

    def _query(self, connection: Connection) -> tuple[str, Mapping[str, Any]]:
        physical = self.fill.columns
        columns = ", ".join(quoted(physical.get(n, n)) for n in ("id", *self.reads))
        sql = f'SELECT {columns} FROM {quoted(self.fill.table)} WHERE "id" > {self.last}'
        if not self.fill.overwrites:
            sql += f" AND {self._column()} IS NULL"
        params: dict[str, Any] = {}
        if self.since is not None:
            sql += ' AND "updated_at" >= ' + (":since" if connection.dialect == "sqlite" else "%(since)s")
            params["since"] = instant_to_db(self.since, connection.dialect)
        return f'{sql} ORDER BY "id" LIMIT {BATCH}', params

    def _value(self, row: tuple[Any, ...], connection: Connection) -> Any:
        record: dict[str, Any] = {"id": row[0]}
        for name, raw in zip(self.reads, row[1:], strict=True):
            record[name] = self._read(name, raw, connection)
        return to_be_stored(self.made, self.program(record, self.context), self.reading, connection)

    def _read(self, name: str, raw: Any, connection: Connection) -> Any:
        if raw is None:
            return None
        if name in self.obj.fields:
            return self.obj.fields[name].type.from_db(raw, connection.dialect)
        return instant_from_db(raw, connection.dialect) if name in INSTANTS else raw


def to_be_stored(made: Field, value: Any, reading: Reading, connection: Connection) -> Any:
    """A worked-out value as the driver takes it; `Refused` when the field cannot hold it, R705 when it is required and there is none."""
    parsed, refusal = made.type.parse(value, reading)
    if refusal is not None:
        raise Refused([refusal])
    if parsed is None and made.required:
        raise refuse(NO_VALUE, name=made.name)
    return None if parsed is None else made.type.to_db(parsed, connection.dialect)


def write_values(connection: Connection, table: str, column: str, made: Field, ids: Sequence[int], values: Sequence[Any]) -> None:
    """Put the driver's values of a field into a quoted column, one for each record."""
    if connection.dialect == "sqlite":
        rows = [{"id": id, "value": value} for id, value in zip(ids, values, strict=True)]
        connection.many(f'UPDATE {quoted(table)} SET {column} = :value WHERE "id" = :id', rows)
    elif made.type.is_many:  # an array of arrays cannot be taken apart again
        rows = [{"id": id, "value": value} for id, value in zip(ids, values, strict=True)]
        connection.many(f'UPDATE {quoted(table)} SET {column} = %(value)s WHERE "id" = %(id)s', rows)
    else:
        kind = made.type.column("postgresql").compile(dialect=DIALECTS["postgresql"]).partition(" COLLATE")[0]
        new = f"unnest(%(ids)s::bigint[], %(values)s::{kind}[]) AS new(id, value)"
        sql = f'UPDATE {quoted(table)} SET {column} = new.value FROM {new} WHERE {quoted(table)}."id" = new.id'
        connection.run(sql, {"ids": list(ids), "values": list(values)})
