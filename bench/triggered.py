"""An import whose rows set off a trigger, beside the same import without: what the trigger, its to-dos and its log cost."""

import tempfile
import time
from pathlib import Path

from dougong.engine import Engine
from dougong.refusals import Refused

from bench.results import Result, Target
from tests import postgres

ROWS, QUICK = 50_000, 10_000
NAME = f"import of {ROWS:,} rows, each with a to-do and a set (plain: without trigger)"
BASE = """
app: triggered
objects:
  lead: {fields: {name: text required, amount: money, score: integer, owner: user default me}}
roles:
  boss: {may: ["read, create, update, import lead"]}
"""
TRIGGER = "triggers: {t: {on: lead created, do: [{set: {score: amount * 2}}, {todo: {for: owner, text: '{{ name }}'}}]}}\n"


def measure(database: str, url: str, *, quick: bool) -> Result:
    """Rows per second with and without; new databases are made beside the one at `url`."""
    count = QUICK if quick else ROWS
    values = {name: count / _seconds(url, text, count) for name, text in (("plain", BASE), ("dougong", BASE + TRIGGER))}
    return Result(NAME, database, "rows/s", values, Target(0.25, of="plain"))


def _seconds(url: str, definition: str, count: int) -> float:
    with tempfile.TemporaryDirectory(prefix="dougong-bench-") as place:
        folder = Path(place) / "app"
        folder.mkdir()
        (folder / "app.yaml").write_text(definition, encoding="utf-8")
        own = f"sqlite:///{place}/new.db" if url.startswith("sqlite") else postgres.create_database(url, f"triggered{len(definition)}")
        with Engine.open(folder, database=own, files_dir=Path(place) / "files") as engine:
            with engine.system_session("benchmark") as session:
                user = session.create("user", login="boss", name="boss", roles=["boss"], active=True).id
            rows = [{"name": f"lead {n}", "amount": n} for n in range(count)]
            start = time.perf_counter()
            with engine.session(user) as session:
                assert not any(isinstance(made, Refused) for made in session.create_many("lead", rows))
            return time.perf_counter() - start
