"""Any sequence of definitions: after each one the live schema is the derived one, no value is lost, and nothing is left to plan.

The oracle is a model of its own: what each record holds, by field, kept beside the database and carried through renames.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from dougong.database import Database
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.plan.worlds import World, app

KINDS = ("text", "integer", "money", "date", "text indexed", "choice(a, b)", "boolean")
CHANGES = ("add", "add", "rename", "retire", "restore", "add object", "rename object", "retire object", "restore object", "insert", "index")
SAMPLES: Mapping[str, Mapping[str, Any]] = {
    "text": {"sqlite": "x", "postgresql": "x"},
    "integer": {"sqlite": 7, "postgresql": 7},
    "money": {"sqlite": 150, "postgresql": 1.5},
    "date": {"sqlite": "2026-03-01", "postgresql": "2026-03-01"},
    "choice(a, b)": {"sqlite": "a", "postgresql": "a"},
    "boolean": {"sqlite": 1, "postgresql": True},
}


@dataclass
class Thing:
    """An object of the oracle: its fields with their lines, the retired ones, its records."""

    fields: dict[str, str] = field(default_factory=dict)
    retired: dict[str, str] = field(default_factory=dict)
    was: dict[str, str] = field(default_factory=dict)
    records: list[dict[str, Any]] = field(default_factory=list)
    was_named: str | None = None


class Oracle:
    """What the definitions say and what the database must hold."""

    def __init__(self, world: World) -> None:
        self.world, self.counter = world, 0
        self.things: dict[str, Thing] = {"o0": Thing({"name": "text"})}
        self.gone: dict[str, Thing] = {}

    def name(self, head: str) -> str:
        self.counter += 1
        return f"{head}{self.counter}字" if self.counter % 2 else f"{head}{self.counter}"

    def change(self, what: str, choose: int) -> None:
        """One random change; what makes no sense now is left out."""
        thing_name = sorted(self.things)[choose % len(self.things)]
        thing = self.things[thing_name]
        there = self.world.app.objects[thing_name].fields if self.world.app and thing_name in self.world.app.objects else {}
        fields = [f for f in thing.fields if f != "name" and f in there]
        picked = fields[choose % len(fields)] if fields else None
        if what == "add":
            thing.fields[self.name("f")] = KINDS[choose % len(KINDS)]
        elif what == "rename" and picked:
            self._rename(thing, picked)
        elif what == "retire" and picked:
            thing.retired[picked] = thing.fields.pop(picked)
            thing.was.pop(picked, None)
        elif what == "restore" and thing.retired:
            back = sorted(thing.retired)[choose % len(thing.retired)]
            thing.fields[back] = thing.retired.pop(back)
        elif what == "index" and picked and thing.fields[picked] in ("text", "text indexed"):
            thing.fields[picked] = "text" if "indexed" in thing.fields[picked] else "text indexed"
        else:
            self._change_object(what, thing_name, choose)

    def _rename(self, thing: Thing, old: str) -> None:
        new = self.name("f")
        thing.fields[new] = thing.fields.pop(old)
        thing.was.pop(old, None)
        thing.was[new] = old
        for record in thing.records:
            if old in record:
                record[new] = record.pop(old)

    def _change_object(self, what: str, name: str, choose: int) -> None:
        if what == "add object":
            self.things[self.name("o")] = Thing({"name": "text"})
        elif what in ("rename object", "retire object") and (self.world.app is None or name not in self.world.app.objects):
            return
        elif what == "rename object":
            thing = self.things.pop(name)
            thing.was_named = name
            self.things[self.name("o")] = thing
        elif what == "retire object" and len(self.things) > 1:
            there = self.world.app.objects[name].fields if self.world.app else {}
            self.gone[name] = self.things.pop(name)
            self.gone[name].fields = {f: line for f, line in self.gone[name].fields.items() if f in there}  # the others never were
            self.gone[name].was, self.gone[name].was_named = {}, None
        elif what == "restore object" and self.gone:
            back = sorted(self.gone)[choose % len(self.gone)]
            self.things[back] = self.gone.pop(back)

    def insert(self, choose: int) -> None:
        """A record in one of the tables as they are now."""
        assert self.world.app is not None
        name = sorted(self.things)[choose % len(self.things)]
        if name not in self.world.app.objects:
            return
        thing = self.things[name]
        there = self.world.app.objects[name].fields
        sample = {f: SAMPLES[kind.removesuffix(" indexed")][self.world.database.dialect] for f, kind in thing.fields.items() if f in there}
        self.world.insert(name, sample)
        thing.records.append(sample)

    def apply(self) -> None:
        definition = {name: self._lines(thing) for name, thing in self.things.items()}
        self.world.become(app(definition))
        for thing in self.things.values():  # the rename has happened; half of the authors leave `was` where it is
            if self.counter % 2:
                thing.was, thing.was_named = {}, None

    def _lines(self, thing: Thing) -> dict[str, str]:
        lines = {}
        for name, line in thing.fields.items():
            was = thing.was.get(name)
            kind = line.removesuffix(" indexed")
            options = "{type: choice, options: [a, b]" if kind.startswith("choice") else f"{{type: {kind}"
            indexed = ", indexed: true" if line.endswith("indexed") else ""
            lines[name] = f"{options}{indexed}, was: {was}}}" if was else line
        return lines | ({"+": f"was: {thing.was_named}"} if thing.was_named else {})

    def check(self) -> None:
        """Every value is where it should be, retired fields and objects included."""
        for name, thing in {**self.things, **self.gone}.items():
            with self.world.database.read() as connection:
                for column in {**thing.fields, **thing.retired}:
                    found = [row[0] for row in connection.all(f'SELECT t."{column}" FROM "{name}" AS t ORDER BY t."id"')]
                    shown = [None if v is None else str(v)[:10].replace("1.50", "1.5") for v in found]
                    expected = [None if r.get(column) is None else str(r[column]) for r in thing.records]
                    assert shown == expected, (name, column)


def empty(database: Database) -> None:
    """Take everything out of a database, so that the next example finds it as new."""
    with database.write() as connection:
        if database.dialect == "postgresql":
            connection.run("DROP SCHEMA public CASCADE")
            connection.run("CREATE SCHEMA public")
            return
        for (name,) in connection.all("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"):
            connection.run(f'DROP TABLE "{name}"')


@pytest.fixture
def database(database_url: str) -> Any:
    opened = Database.open(database_url)
    yield opened
    opened.close()


@given(steps=st.lists(st.lists(st.tuples(st.sampled_from(CHANGES), st.integers(0, 30)), min_size=1, max_size=3), min_size=2, max_size=7))
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_sequence_of_definitions(database: Database, steps: list[list[tuple[str, int]]]) -> None:
    empty(database)
    oracle = Oracle(World(database))
    oracle.apply()
    for changes in steps:
        touched: set[str] = set()
        for what, choose in changes:
            if what == "insert":
                oracle.insert(choose)
            elif what.partition(" ")[0] not in touched:
                oracle.change(what, choose)
                touched |= {"rename", "retire", "restore"} if what.startswith(("rename", "retire", "restore")) else set()
        oracle.apply()
        oracle.insert(len(changes))
        oracle.check()
