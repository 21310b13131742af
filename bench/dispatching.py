"""An import whose rows are dispatched by weights, beside the same import without: what choosing somebody costs, and how close the shares come."""

import tempfile
import time
from collections import Counter
from pathlib import Path

from dougong.engine import Engine
from dougong.refusals import Refused

from bench.results import Result, Target
from tests import postgres

ROWS = 10_000
NAME = f"dispatch of {ROWS:,} imported leads by weight to 10 people (plain: without dispatch)"
WEIGHTS = (1, 2, 3, 4, 5, 6, 7, 8, 9, None)
FLOOR = 0.02
BASE = """
app: dispatching
objects:
  user: {fields: {conversion: number(2)}}
  lead: {fields: {name: text required, amount: money, owner: user}}
roles:
  boss: {may: ["read, create, update, import lead"]}
"""
DISPATCH = """
triggers:
  give:
    on: lead created
    do: [{assign: {field: owner, from: "user where login <> 'boss'", by: weight(conversion), floor: 2%}}]
"""


def measure(database: str, url: str) -> Result:
    """Rows per second with and without; new databases are made beside the one at `url`."""
    values = {name: ROWS / _seconds(url, text) for name, text in (("plain", BASE), ("dougong", BASE + DISPATCH))}
    return Result(NAME, database, "rows/s", values, Target(0.1, of="plain"))


def _seconds(url: str, definition: str) -> float:
    with tempfile.TemporaryDirectory(prefix="dougong-bench-") as place:
        folder = Path(place) / "app"
        folder.mkdir()
        (folder / "app.yaml").write_text(definition, encoding="utf-8")
        own = f"sqlite:///{place}/new.db" if url.startswith("sqlite") else postgres.create_database(url, f"dispatching{len(definition)}")
        with Engine.open(folder, database=own, files_dir=Path(place) / "files") as engine:
            with engine.system_session("benchmark") as session:
                boss = session.create("user", login="boss", name="boss", roles=["boss"], active=True).id
                people = [
                    session.create("user", login=f"p{n}", name=f"p{n}", roles=[], active=True, conversion=weight).id
                    for n, weight in enumerate(WEIGHTS)
                ]
            rows = [{"name": f"lead {n}", "amount": n} for n in range(ROWS)]
            start = time.perf_counter()
            with engine.session(boss) as session:
                assert not any(isinstance(made, Refused) for made in session.create_many("lead", rows))
            seconds = time.perf_counter() - start
            if definition != BASE:
                _is_fair(engine, people)
            return seconds


def _is_fair(engine: Engine, people: list[int]) -> None:
    """Everybody's share is within one percent of their weight; whoever has none, and whoever is below, has the floor."""
    with engine.system_session("benchmark", write=False) as session:
        found = Counter(row[0] for row in session.connection.all('SELECT owner FROM "lead"'))
    for person, weight in zip(people, WEIGHTS, strict=True):
        wanted = max(FLOOR, (1 - FLOOR) * (weight or 0) / 45)
        assert abs(found[person] / ROWS - wanted) < 0.01, (person, found[person], wanted)
