"""What was measured, as values; the table that people read and the JSON that programs read.

A ratio says how fast the engine is compared with another contender: 1.0 is as fast, 0.5 half as fast, whether the unit counts or takes time.
"""

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

DOUGONG = "dougong"
BASELINES = ("plain", "fast")
HEADINGS = ("row", "database", "unit", "dougong", "plain", "fast", "÷ plain", "÷ fast", "target", "")


@dataclass(frozen=True)
class Target:
    """What is to be reached: a ratio to a baseline, or a value in the row's unit."""

    limit: float
    of: str | None = None
    at_most: bool = False

    def __str__(self) -> str:
        sign = "≤" if self.at_most else "≥"
        return f"{sign} {self.limit:g}" + (f" × {self.of}" if self.of else "")

    def is_met(self, result: "Result") -> bool:
        """Whether a result reaches it."""
        compare: Callable[[Any, Any], Any] = operator.le if self.at_most else operator.ge
        value = result.ratio(self.of) if self.of else result.values.get(DOUGONG)
        return value is not None and bool(compare(value, self.limit))


@dataclass(frozen=True)
class Result:
    """One row of the table: the value of each contender in `unit`."""

    row: str
    database: str
    unit: str
    values: Mapping[str, float]
    target: Target | None = None
    more_is_better: bool = True

    def ratio(self, other: str) -> float | None:
        """The engine's speed in units of another contender's."""
        own, theirs = self.values.get(DOUGONG), self.values.get(other)
        if not own or not theirs:
            return None
        return own / theirs if self.more_is_better else theirs / own

    @property
    def verdict(self) -> str:
        """`ok`, `short`, or nothing when there is no target."""
        return "" if self.target is None else "ok" if self.target.is_met(self) else "short"


def table(results: Iterable[Result]) -> str:
    """Lines with aligned columns, headings first."""
    lines = [HEADINGS, *(_cells(r) for r in results)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(HEADINGS))]
    aligned = [
        [c.ljust(w) if n in (0, 1, 2, 8, 9) else c.rjust(w) for n, (c, w) in enumerate(zip(line, widths, strict=True))] for line in lines
    ]
    return "\n".join("  ".join(line).rstrip() for line in aligned)


def as_json(results: Iterable[Result]) -> list[dict[str, Any]]:
    """The same for programs."""
    return [
        {"row": r.row, "database": r.database, "unit": r.unit, "values": dict(r.values), "verdict": r.verdict}
        | {f"ratio_to_{b}": r.ratio(b) for b in BASELINES}
        | {"target": str(r.target) if r.target else None}
        for r in results
    ]


def _cells(result: Result) -> tuple[str, ...]:
    values = [_number(result.values.get(name)) for name in (DOUGONG, *BASELINES)]
    ratios = [f"{found:.2f}" if (found := result.ratio(b)) is not None else "" for b in BASELINES]
    return (result.row, result.database, result.unit, *values, *ratios, str(result.target or ""), result.verdict)


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
