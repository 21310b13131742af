"""Fields that look at other records, worked out for records that are there: what their expressions may ask in the moment in which a release changes hands: other records too, as they are then.

Nobody is signed in, and rights do not count: the definition says what the value is.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from dougong_dsl.expression.python import to_python

from dougong.database import Connection
from dougong.derive.codec import Codec
from dougong.derive.facts import all_fields
from dougong.derive.tables import tables_of
from dougong.fields.base import Reading
from dougong.model.app import App, Field
from dougong.plan.fill import BATCH, Nobody, to_be_stored, write_values
from dougong.plan.inspect import quoted
from dougong.plan.operations import Fill

KEPT = 20_000  # records that are remembered


def fill_late(connection: Connection, app: App, fill: Fill, now: datetime) -> None:
    """Work out a field that looks at other records, in batches; in a transaction that the caller ends."""
    looking, made = Looking(app, connection, now), app.objects[fill.object].fields[fill.column]
    expression = made.formula or made.default
    assert expression is not None  # only fields with one are filled
    program, column, last = to_python(expression), quoted(fill.column), 0
    wanted = "1 = 1" if fill.overwrites else f"{column} IS NULL"
    while rows := looking.rows(fill.object, f'{wanted} AND "id" > {last}', {}, limit=BATCH):
        values = [to_be_stored(made, program(row, looking), looking.reading, connection) for row in rows]
        write_values(connection, fill.table, column, made, [row["id"] for row in rows], values)
        last = rows[-1]["id"]


class Looking:
    """A context over one transaction, in which every table and column stands in its new place."""

    def __init__(self, app: App, connection: Connection, now: datetime) -> None:
        self.now, self.zone, self.me, self.old = now, app.zone, Nobody(), None
        self.reading = Reading("zh", app.zone)
        self._app, self._connection = app, connection
        self._tables = tables_of(app.objects, connection.dialect).of
        self._codecs: dict[str, Codec] = {}
        self._programs: dict[tuple[str, str], Callable[..., Any]] = {}
        self._known: dict[tuple[str, int], Found | None] = {}

    @property
    def today(self) -> date:
        """The day of the apply in the app's zone."""
        return self.now.astimezone(self.zone).date()

    def follow(self, object: str, id: int) -> "Found | None":
        """The record behind a link."""
        key = (object, id)
        if key not in self._known:
            if len(self._known) >= KEPT:
                self._known.clear()
            self._known[key] = next(iter(self._equal(object, {"id": id})), None)
        return self._known[key]

    def children(self, object: str, through: str, id: int) -> Sequence["Found"]:
        """The records behind a list."""
        return self._equal(object, {through: id})

    def records(self, object: str, equal: Mapping[str, Any]) -> Sequence["Found"]:
        """The records that a look-up asks for; a formula that is not stored is asked per record."""
        codec = self._codec(object)
        stored = {n: codec.encode_one(n, value) for n, value in equal.items() if n in codec.names}
        return self._equal(object, stored)

    def stays(self, object: str, row: Mapping[str, Any], column: str = "stage", log: str | None = None) -> tuple[()]:
        """Defaults that ask about the past are for new records alone: these have none."""
        return ()

    def changes(self, object: str, row: Mapping[str, Any], names: tuple[str, ...]) -> int:
        """See `stays`."""
        return 0

    def approved(self, object: str, row: Mapping[str, Any], names: tuple[str, ...]) -> bool:
        """See `stays`."""
        return False

    def worked_out(self, object: str, name: str, row: "Found") -> Any:
        """A formula that is not stored."""
        field: Field | None = self._app.objects[object].fields.get(name)
        if field is None or field.formula is None:
            return None
        key = (object, name)
        if key not in self._programs:
            self._programs[key] = to_python(field.formula)
        return field.type.parse(self._programs[key](row, self), self.reading)[0]

    def rows(self, object: str, where: str, params: Mapping[str, Any], *, limit: int | None = None) -> list["Found"]:
        """Records by a condition in SQL, by id."""
        codec = self._codec(object)
        columns, most = ", ".join(quoted(n) for n in codec.names), "" if limit is None else f" LIMIT {limit}"
        sql = f'SELECT {columns} FROM {quoted(self._tables[object].name)} WHERE {where} ORDER BY "id"{most}'
        return [Found(self, object, codec.decode(row)) for row in self._connection.all(sql, params)]

    def _equal(self, object: str, equal: Mapping[str, Any]) -> list["Found"]:
        mark = ":v{}" if self._connection.dialect == "sqlite" else "%(v{})s"
        conditions = [f"{quoted(n)} = {mark.format(i)}" for i, n in enumerate(equal)]
        return self.rows(object, " AND ".join(conditions) or "1 = 1", {f"v{i}": value for i, value in enumerate(equal.values())})

    def _codec(self, object: str) -> Codec:
        if object not in self._codecs:
            columns = self._tables[object].columns
            fields = all_fields(self._app, self._app.objects[object]).values()
            self._codecs[object] = Codec([f for f in fields if f.name in columns], self._connection.dialect)
        return self._codecs[object]


class Found(dict[str, Any]):
    """The stored values of one record; formulas that are not stored are worked out when they are asked for."""

    __slots__ = ("_looking", "_object")

    def __init__(self, looking: Looking, object: str, values: Mapping[str, Any]) -> None:
        super().__init__(values)
        self._looking, self._object = looking, object

    def __missing__(self, name: str) -> Any:
        return self._looking.worked_out(self._object, name, self)
