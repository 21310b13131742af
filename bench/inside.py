"""Rows that need no server: an expression, an app of a hundred objects, a field added to a full table."""

import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from statistics import median

from dougong import Engine
from dougong.pipeline import read_app
from dougong.runtime.compiled import Compiled
from dougong_dsl.diagnostics import has_errors

from bench import big_app
from bench.engine import APP
from bench.results import Result, Target

OBJECTS = 100
ADD_FIELD = "add a field to a full table"
HIGH, LOW, LIMIT = Decimal("0.13"), Decimal("0.05"), Decimal(10_000)
REPEATS = 20_000


def big() -> Result:
    """Read, check and compile an app of 100 objects and 2,000 fields."""
    with tempfile.TemporaryDirectory() as folder:
        big_app.write(Path(folder), OBJECTS)
        seconds = [_ready(Path(folder)) for _ in range(3)]
    name = f"app of {OBJECTS} objects, {OBJECTS * big_app.FIELDS_PER_OBJECT:,} fields ready"
    return Result(name, "", "s", {"dougong": median(seconds)}, Target(2, at_most=True), more_is_better=False)


def _ready(folder: Path) -> float:
    start = time.perf_counter()
    built = read_app(folder)
    assert built.app is not None, [str(d.place) + d.message("en") for d in built.diagnostics][:5]
    assert not has_errors(built.diagnostics)
    compiled = Compiled(built.app, 1, "sqlite")
    for name in built.app.objects:
        compiled.writes(name)
    return time.perf_counter() - start


def add_field(database: str, url: str) -> Result:
    """Apply a definition with one field more to a database that an engine serves."""
    engine = Engine.open(APP, database=url, apply=False)
    with tempfile.TemporaryDirectory() as folder:
        changed = Path(folder) / "app"
        shutil.copytree(APP, changed)
        seconds = []
        for number in range(3):
            file = changed / "app.yaml"
            file.write_text(
                file.read_text(encoding="utf-8").replace("    checks:", f'      extra{number}: text "附加"\n    checks:', 1),
                encoding="utf-8",
            )
            start = time.perf_counter()
            engine.apply(changed)
            seconds.append(time.perf_counter() - start)
    engine.close()
    return Result(ADD_FIELD, database, "s", {"dougong": median(seconds)}, Target(0.1, at_most=True), more_is_better=False)


ROWS: Mapping[str, Callable[[], Result]] = {"app of 100 objects": big}
