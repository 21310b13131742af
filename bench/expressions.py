"""What expressions cost: making five thousand of them ready (in seconds of the processor), and evaluating them against the same ones by hand."""

import gc
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from dougong_dsl.expression import Expression, Scope, check, to_python
from dougong_dsl.expression.scope import Member
from dougong_dsl.expression.types import Boolean, Choice, Date, Money, Number, Text
from dougong_dsl.places import Source

from bench.results import Result, Target

COUNT = 5_000
ROWS = "expressions: 5,000 ready, evaluation by hand"  # what `--only` looks in
MONTH, CENT = timedelta(days=30), Decimal("0.01")
REPEATS = 200
"""Rounds over the hundred rows; the best counts."""
_MEMBERS = {
    member.name: member
    for member in (
        Member("name", Text(), required=True),
        Member("note", Text()),
        Member("amount", Money("CNY")),
        Member("cost", Money("CNY"), required=True),
        Member("score", Number(9, 0)),
        Member("due", Date()),
        Member("done", Boolean()),
        Member("status", Choice(("new", "working", "won", "lost"))),
    )
}
_TEXTS = (
    "if(score >= {n} and amount > 10000, amount * 0.13, amount * 0.05)",
    "due is blank or due >= today - {n}",
    "status = lost and amount > {n}",
    "round(amount * (1 + {n}%), 2) - cost",
    'name & "-" & {n}',
    "status in (new, working) and not done and score between {n} and 90000",
    'switch(status, new, {n}, working, {n} + 10, lost, 0, 100)',
    'upper(left(name, 3)) = "ABC" or contains(note, "{n}")',
    "datedif(due, today, \"day\") > {n} or edate(due, 3) > today",
    "max(amount, cost) / {n} + min(score, {n})",
)  # fmt: skip


class _Schema:
    def members(self, object_name: str) -> Mapping[str, Member]:
        return _MEMBERS

    def objects(self) -> list[str]:
        return ["lead"]


SCOPE = Scope(_Schema(), "lead", me=None)


def results() -> Iterator[Result]:
    """The rows of the table."""
    took = min(_ready() for _ in range(3))
    yield Result(f"{COUNT:,} expressions ready", "", "s", {"dougong": took}, Target(3, at_most=True), more_is_better=False)
    for name, text, by_hand in PAIRS:
        ours: Callable[[Row, Any], Any] = to_python(_checked(text))
        rows, context = [_row(number) for number in range(100)], _Context()
        for row in rows:
            assert ours(row, context) == by_hand(row, context), (name, row)
        values = {"dougong": _microseconds(ours, rows, context), "plain": _microseconds(by_hand, rows, context)}
        # ≤ 1.5 × the time by hand is a speed of at least two thirds
        yield Result(f"expressions: {name} (plain: by hand)", "", "µs", values, Target(0.66, of="plain"), more_is_better=False)


def _ready() -> float:
    """Seconds to parse, type and compile different texts."""
    texts = [_TEXTS[n % len(_TEXTS)].replace("{n}", str(n + 1)) for n in range(COUNT)]
    gc.collect()
    start = time.process_time()
    for text in texts:
        to_python(_checked(text))
    return time.process_time() - start


def _checked(text: str) -> Expression:
    expression, problems = check(Source.inline(text), SCOPE)
    assert expression is not None, (text, [problem.message("en") for problem in problems])
    return expression


class _Context:
    """What an expression may ask of its unit of work."""

    today = date(2026, 3, 1)


Row = Mapping[str, Any]


def _fee(row: Row, context: Any) -> Any:
    amount, score = row["amount"], row["score"]
    if amount is None:
        return None
    return amount * HIGH if score is not None and score >= 80 and amount > 10_000 else amount * LOW


def _in_time(row: Row, context: Any) -> Any:
    due = row["due"]
    return due is None or due >= context.today - MONTH


def _needs_reason(row: Row, context: Any) -> Any:
    amount = row["amount"]
    return False if row["status"] != "lost" else None if amount is None else amount > 10_000


def _margin(row: Row, context: Any) -> Any:
    amount = row["amount"]
    return None if amount is None else (amount * TAXED).quantize(CENT, ROUND_HALF_UP) - row["cost"]


def _label(row: Row, context: Any) -> Any:
    return row["name"] + "-" + (row["note"] or "")


def _points(row: Row, context: Any) -> Any:
    status, score = row["status"], row["score"]
    return 10 if status == "new" else 20 if status == "working" else None if score is None else score + 5


HIGH, LOW, TAXED = Decimal("0.13"), Decimal("0.05"), Decimal("1.13")
PAIRS: tuple[tuple[str, str, Callable[[Row, Any], Any]], ...] = (
    ("a formula of money", "if(score >= 80 and amount > 10000, amount * 0.13, amount * 0.05)", _fee),
    ("a rule about a day", "due is blank or due >= today - 30", _in_time),
    ("a condition", "status = lost and amount > 10000", _needs_reason),
    ("rounding", "round(amount * 1.13, 2) - cost", _margin),
    ("a text", 'name & "-" & note', _label),
    ("a choice", "switch(status, new, 10, working, 20, score + 5)", _points),
)


def _row(number: int) -> dict[str, Any]:
    return {
        "name": f"lead {number}",
        "note": None if number % 3 == 0 else "said",
        "amount": None if number % 7 == 0 else Decimal(number * 311),
        "cost": Decimal(number * 17) / 4,
        "score": None if number % 11 == 0 else number,
        "due": None if number % 5 == 0 else date(2026, 1, 1) + timedelta(days=number),
        "done": None,
        "status": ("new", "working", "won", "lost")[number % 4],
    }


def _microseconds(program: Callable[[Row, Any], Any], rows: list[dict[str, Any]], context: Any) -> float:
    """Time for one row, the best of several runs."""
    best = float("inf")
    for _ in range(REPEATS):
        start = time.perf_counter()
        for row in rows:
            program(row, context)
        best = min(best, time.perf_counter() - start)
    return best / len(rows) * 1e6
