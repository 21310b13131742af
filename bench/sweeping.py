"""The sweep over a table full of deadlines that are not due: what it takes to find the few that are."""

import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from dougong.database.instants import instant_to_db
from dougong.engine import Engine
from dougong.runtime.clock import SettableClock
from dougong.runtime.due import firing

from bench.results import Result, Target
from tests import postgres

OPEN, DUE, ROUNDS = 1_000_000, 1_000, 5
QUICK = 100_000
NAME = "sweep: find 1,000 due of 1,000,000 open deadlines"
NOW = datetime(2026, 3, 1, tzinfo=UTC)
APP = """
app: sweeping
objects: {lead: {fields: {name: text}}}
pipelines: {flow: {of: lead, stages: {a: {start: true, overdue: after 1 day}, b: {kind: done}}, moves: [a -> b]}}
roles: {boss: {may: ["read lead"]}}
"""
SERIES = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) SELECT {columns} FROM n",
    "postgresql": "SELECT {columns} FROM generate_series(1, {count}) AS n(i)",
}
COLUMNS = '"object", "record_id", "key", "due_at", "start_at", "open_at"'


def measure(database: str, url: str, *, quick: bool) -> Result:
    """Milliseconds of one question for what is due; a new database is made beside the one at `url`."""
    count = QUICK if quick else OPEN
    with tempfile.TemporaryDirectory(prefix="dougong-bench-") as place:
        folder = Path(place) / "app"
        folder.mkdir()
        (folder / "app.yaml").write_text(APP, encoding="utf-8")
        own = f"sqlite:///{place}/new.db" if url.startswith("sqlite") else postgres.create_database(url, "sweeping")
        with Engine.open(folder, database=own, files_dir=Path(place) / "files", clock=SettableClock(NOW)) as engine:
            _fill(engine, "open", count - DUE, NOW + timedelta(days=30))
            _fill(engine, "due", DUE, NOW - timedelta(hours=1))
            spent = [_pick(engine) for _ in range(ROUNDS)]
    return Result(NAME, database, "ms", {"dougong": median(spent)}, Target(100, at_most=True), more_is_better=False)


def _fill(engine: Engine, key: str, count: int, at: datetime) -> None:
    instant = instant_to_db(at, engine.database.dialect)
    text = f"'{instant}'" if isinstance(instant, str) else f"'{at.isoformat()}'::timestamptz"
    columns = f"'lead', i, 'stage:a:{key}', {text}, {text}, {text}"
    with engine.database.write() as connection:
        connection.run(f'INSERT INTO "dg_due" ({COLUMNS}) ' + SERIES[engine.database.dialect].format(columns=columns, count=count))
    with engine.database.autocommit() as alone:
        alone.run("ANALYZE")


def _pick(engine: Engine) -> float:
    with engine.system_session("benchmark", write=False) as session:
        start = time.perf_counter()
        found = firing.pick(session.unit, 10 * DUE)
        spent = (time.perf_counter() - start) * 1000
    assert len(found) == DUE
    return spent
