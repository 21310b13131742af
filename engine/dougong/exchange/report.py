"""What an import did: how many rows were created, updated, unchanged and rejected, and the rejected rows as a file to mend."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dougong.exchange.tables import Row, Table
from dougong.refusals import Refusal

MARKS = ("_line", "_field", "_reason")


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that is not in, and why; `headers` are the columns that the reasons are about."""

    row: Row
    refusals: tuple[Refusal, ...]
    headers: tuple[str, ...]


@dataclass(slots=True)
class Report:
    """The outcome of an import or of a part of it."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    key: str | None = None

    def add(self, other: "Report") -> None:
        """Take in what another part did."""
        self.created += other.created
        self.updated += other.updated
        self.unchanged += other.unchanged
        self.rejected += other.rejected

    def as_json(self, language: str) -> dict[str, Any]:
        """The report for a program."""
        rows = [
            {"line": r.row.line, "field": ", ".join(r.headers), "reason": reasons(r.refusals, language), "code": r.refusals[0].code.code}
            for r in self.rejected
        ]
        return {
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "rejected": len(rows),
            "key": self.key,
            "rows": rows,
        }


def reasons(refusals: Iterable[Refusal], language: str) -> str:
    """All reasons in one cell."""
    return "; ".join(dict.fromkeys(r.message(language) for r in refusals))


def write_beside(source: Path, table: Table, rejected: Iterable[Rejected], language: str) -> Path:
    """Write the rejected rows beside their file, or, where that cannot be written, into the working directory; where they are.

    Raises `OSError` when neither can be written.
    """
    beside = source.with_name(f"{source.stem}.rejected.csv")
    rows = list(rejected)
    try:
        write_rejects(beside, table, rows, language)
    except OSError:
        beside = Path.cwd() / beside.name
        write_rejects(beside, table, rows, language)
    return beside


def write_rejects(path: Path, table: Table, rejected: Iterable[Rejected], language: str) -> None:
    """The rejected rows as CSV that Excel opens (UTF-8 with a mark): the original columns, then line, field and reason.

    Columns of that name in the original are left out, so that a mended file can be rejected again.
    """
    kept = [i for i, column in enumerate(table.columns) if column not in MARKS]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*(table.columns[i] for i in kept), *MARKS])
        for one in sorted(rejected, key=lambda r: r.row.line):
            cells = one.row.cells
            marks = (one.row.line, ", ".join(one.headers), reasons(one.refusals, language))
            surplus = cells[len(table.columns) :]  # what the row has beyond its columns is not lost either
            writer.writerow([*((cells[i] if i < len(cells) else None) for i in kept), *marks, *surplus])
