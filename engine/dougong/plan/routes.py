"""Where the records of a stage that is gone go (`moved:`), worked out in Python, in batches, by id.

The same for a plan, which reads the columns as they are before the release, and for an apply, which finds everything in its new place.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from dougong_dsl.expression.python import to_python

from dougong.database import Connection
from dougong.database.instants import instant_from_db
from dougong.fields.base import FieldType, Reading
from dougong.model.app import App, Field, Object
from dougong.model.flow import Pipeline
from dougong.plan.facts import Route
from dougong.plan.fill import BATCH, INSTANTS, FillContext, Nobody
from dougong.plan.inspect import quoted

Row = tuple[int, str | None]  # a record, and the stage it goes to


class Router:
    """Gives records their stage, up to 2,000 at a time."""

    def __init__(self, app: App, before: App | None, route: Route, now: datetime) -> None:
        self.route = route
        self.obj: Object = app.objects[route.object]
        old = None if before is None or route.was is None else before.objects.get(route.was)
        self.old: Mapping[str, Field] | None = None if old is None else old.fields
        self.sources = dict(route.sources)
        self.expression = dict(pipeline_at(self.obj, route.column).moved)[route.stage]
        self.programs: dict[str, Callable[..., Any]] = {}
        self.context = FillContext(now, app.zone, Nobody())
        self.reading = Reading("zh", app.zone)
        self.needed = tuple(sorted(self._read({path[0] for path in self.expression.uses})))
        self.program = to_python(self.expression)

    def batches(self, connection: Connection) -> Iterator[list[Row]]:
        """Every record that stands in the stage; a batch may be moved away before the next one is asked for."""
        last = 0
        physical = [n for n in self.needed if n in self.sources or n in self.obj_facts]
        columns = ", ".join(quoted(self.sources.get(n, n)) for n in ("id", *physical))
        mark = ":stage" if connection.dialect == "sqlite" else "%(stage)s"
        table, stage = quoted(self.route.table), quoted(self.route.source)
        while True:
            sql = f'SELECT {columns} FROM {table} WHERE {stage} = {mark} AND "id" > {last} ORDER BY "id" LIMIT {BATCH}'
            rows = connection.all(sql, {"stage": self.route.stage})
            if rows:
                last = rows[-1][0]
                yield [(row[0], self._target(dict(zip(physical, row[1:], strict=True)), row[0], connection)) for row in rows]
            if len(rows) < BATCH:
                return

    @property
    def obj_facts(self) -> frozenset[str]:
        """What stands in every record beside its fields."""
        return frozenset(("version", "created_by", "updated_by", *INSTANTS)) - set(self.obj.fields)

    def _target(self, raw: Mapping[str, Any], record_id: int, connection: Connection) -> str | None:
        record: dict[str, Any] = {"id": record_id}
        for name in self.needed:
            if name in self.obj_facts:
                value = raw[name]
                record[name] = instant_from_db(value, connection.dialect) if name in INSTANTS and value is not None else value
        for name in self._in_order():
            record[name] = self._value(name, record, raw, connection)
        found: str | None = self.program(record, self.context)
        return found

    def _value(self, name: str, record: Mapping[str, Any], raw: Mapping[str, Any], connection: Connection) -> Any:
        """A field as it will be after the release: formulas and defaults that the release brings are worked out on the way."""
        made = self.obj.fields[name]
        if made.formula is not None:
            return self._parsed(made, record)
        if raw.get(name) is not None:
            return self._type(name, made).from_db(raw[name], connection.dialect)
        return self._parsed(made, record) if name in self.route.filled else None

    def _parsed(self, made: Field, record: Mapping[str, Any]) -> Any:
        expression = made.formula or made.default
        assert expression is not None  # only fields with one are worked out
        if made.name not in self.programs:
            self.programs[made.name] = to_python(expression)
        return made.type.parse(self.programs[made.name](record, self.context), self.reading)[0]

    def _type(self, name: str, made: Field) -> FieldType:
        """Of the column as it is at that time."""
        before = None if self.old is None else self.old.get(self.sources[name])
        return made.type if before is None else before.type

    def _read(self, names: set[str]) -> set[str]:
        """Fields and facts that must be known, through formulas and defaults."""
        found: set[str] = set()
        waiting = set(names) - {"id"}
        while waiting:
            name = waiting.pop()
            found.add(name)
            made = self.obj.fields.get(name)
            expression = None if made is None else made.formula or (made.default if name in self.route.filled else None)
            waiting |= {path[0] for path in expression.uses} - found - {"id"} if expression is not None else set()
        return found

    def _in_order(self) -> Iterator[str]:
        """Fields, those that others are worked out from first. The definition's check refuses circles."""
        done: set[str] = set()

        def visit(name: str) -> Iterator[str]:
            if name in done or name not in self.obj.fields:
                return
            done.add(name)
            made = self.obj.fields[name]
            expression = made.formula or (made.default if name in self.route.filled else None)
            for path in expression.uses if expression is not None else ():
                yield from visit(path[0])
            yield name

        for name in self.needed:
            yield from visit(name)


def pipeline_at(obj: Object, column: str) -> Pipeline:
    """The pipeline that keeps its stage in a column."""
    return next(p for p in obj.pipelines if p.field == column)


def destinations(connection: Connection, app: App, before: App | None, route: Route, now: datetime) -> Mapping[str, int]:
    """How many records go to which stage, most first; those that no stage is found for are under ''."""
    found: Counter[str] = Counter()
    for batch in Router(app, before, route, now).batches(connection):
        found.update(target or "" for _, target in batch)
    return dict(found.most_common())
