"""Rows that need no server: an expression, an app of a hundred objects, a field added to a full table."""

import gc
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any

from dougong.derive.programs import compile_program
from dougong.engine import Engine
from dougong.pipeline import read_app
from dougong.runtime.compiled import Compiled
from dougong_dsl.diagnostics import has_errors

from bench import big_app
from bench.engine import APP
from bench.lead import STATUSES
from bench.results import Result, Target

OBJECTS = 100
ADD_FIELD = "add a field to a full table"
HIGH, LOW, LIMIT = Decimal("0.13"), Decimal("0.05"), Decimal(10_000)
REPEATS = 20_000
MONTH = timedelta(days=30)


def big() -> Result:
    """Read, check and compile an app of 100 objects and 2,000 fields."""
    with tempfile.TemporaryDirectory() as folder:
        big_app.write(Path(folder), OBJECTS)
        seconds = [_ready(Path(folder)) for _ in range(3)]
    name = f"app of {OBJECTS} objects, {OBJECTS * big_app.FIELDS_PER_OBJECT:,} fields ready"
    return Result(name, "", "s", {"dougong": median(seconds)}, Target(2, at_most=True), more_is_better=False)


def _ready(folder: Path) -> float:
    gc.collect()  # what the last run left behind is not this one's to clear
    start = time.perf_counter()
    built = read_app(folder)
    assert built.app is not None, [str(d.place) + d.message("en") for d in built.diagnostics][:5]
    assert not has_errors(built.diagnostics)
    compiled = Compiled(built.app, 1, "sqlite")
    for name in built.app.objects:
        compiled.writes(name)
    return time.perf_counter() - start


def expression() -> Result:
    """A formula and two conditions against the same three written by hand; seconds for one evaluation of all of them, in µs."""
    built = read_app({"app.yaml": FORMULA_APP})
    assert built.app is not None, built.diagnostics
    lead = built.app.objects["lead"]
    formula, rule, when = lead.fields["fee"].formula, lead.checks[0].rule, lead.fields["reason"].required_when
    assert formula is not None
    assert when is not None
    ours = [compile_program(expression) for expression in (formula, rule, when)]
    rows = [_row(number) for number in range(100)]
    context = _Context()
    assert [[p(row, context) for p in ours] for row in rows] == [[f(row, context) for f in BY_HAND] for row in rows]
    values = {"dougong": _microseconds(ours, rows, context), "plain": _microseconds(BY_HAND, rows, context)}
    return Result("expression (plain: by hand)", "", "µs", values, Target(0.5, of="plain"), more_is_better=False)


FORMULA_APP = """
app: formulas
objects:
  lead:
    fields:
      amount: money
      score: integer
      due: date
      status: choice(new, working, won, lost)
      fee: money = if(score >= 80 and amount > 10000, amount * 0.13, amount * 0.05)
      reason: {type: text, required_when: status = lost and amount > 10000}
    checks:
      - {rule: due is blank or due >= today - 30, message: too old}
roles: {seller: {may: [read lead]}}
"""


class _Context:
    """What an expression may ask of its unit of work."""

    today = date(2026, 3, 1)


Formula = Callable[[Mapping[str, Any], Any], Any]


def _fee(row: Mapping[str, Any], context: Any) -> Any:
    amount, score = row["amount"], row["score"]
    if amount is None:
        return None
    return amount * HIGH if score is not None and score >= 80 and amount > LIMIT else amount * LOW


def _in_time(row: Mapping[str, Any], context: Any) -> Any:
    due = row["due"]
    return due is None or due >= context.today - MONTH


def _needs_reason(row: Mapping[str, Any], context: Any) -> Any:
    amount = row["amount"]
    return False if row["status"] != "lost" else None if amount is None else amount > LIMIT


BY_HAND: list[Formula] = [_fee, _in_time, _needs_reason]


def _row(number: int) -> dict[str, Any]:
    amount = None if number % 7 == 0 else Decimal(number * 311) / 100 * 100
    due = None if number % 5 == 0 else date(2026, 1, 1) + timedelta(days=number)
    return {"amount": amount, "score": number, "due": due, "status": STATUSES[number % 4], "reason": None}


def _microseconds(programs: list[Formula], rows: list[dict[str, Any]], context: Any) -> float:
    """Time for one row, the best of several runs."""
    best = float("inf")
    for _ in range(REPEATS // len(rows)):
        start = time.perf_counter()
        for row in rows:
            for program in programs:
                program(row, context)
        best = min(best, time.perf_counter() - start)
    return best / len(rows) * 1e6


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
            engine.apply(changed, "benchmark")
            seconds.append(time.perf_counter() - start)
    engine.close()
    return Result(ADD_FIELD, database, "s", {"dougong": median(seconds)}, Target(0.1, at_most=True), more_is_better=False)


ROWS: Mapping[str, Callable[[], Result]] = {"expression": expression, "app of 100 objects": big}
