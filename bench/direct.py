"""The same work without HTTP, in one process: `python -m bench.direct NAME URL ROW SECONDS TOKEN`; prints a rate as JSON.

Each contender module has a `Program`. The row `import` is one CSV file; its rate is rows a second.
"""

import csv
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

import orjson
import uvloop

from bench.lead import FIELDS, changes, north

IMPORTED_ROWS = 10_000
FIRST_IMPORTED = 50_000_000
RECORDS_KEPT = 20
WARMING = 50


class Program(Protocol):
    """A contender without HTTP, made with a database URL and a token."""

    async def create(self, values: dict[str, Any]) -> tuple[int, int]:
        """A new record; its id and version."""

    async def update(self, key: int, version: int, values: dict[str, Any]) -> None:
        """Change a record."""

    async def find(self) -> None:
        """A page of leads that are being worked on, by amount."""

    async def load(self, file: Path) -> None:
        """Import a CSV file."""


async def step(program: Program, row: str, kept: list[list[int]], number: int) -> None:
    """One unit of work; `kept` holds (id, version) of the records that are changed again and again."""
    if row == "list":
        await program.find()
    elif row == "create":
        await program.create(north(FIRST_IMPORTED - number))
    else:
        record = kept[number % len(kept)]
        await program.update(record[0], record[1], changes(FIRST_IMPORTED + number))
        record[1] += 1


async def rate(program: Program, row: str, seconds: float) -> float:
    """Units of work a second, one after the other, after a short warming up."""
    kept = [list(await program.create(north(number))) for number in range(RECORDS_KEPT)]
    for number in range(WARMING):
        await step(program, row, kept, number)
    count, start = WARMING, time.perf_counter()
    while (elapsed := time.perf_counter() - start) < seconds:
        await step(program, row, kept, count)
        count += 1
    return (count - WARMING) / elapsed


async def import_rate(program: Program) -> float:
    """Rows a second of one import."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "leads.csv"
        names = [n for n in FIELDS if n != "owner"]
        with file.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, names)
            writer.writeheader()
            writer.writerows(north(number) for number in range(FIRST_IMPORTED, FIRST_IMPORTED + IMPORTED_ROWS))
        start = time.perf_counter()
        await program.load(file)
        return IMPORTED_ROWS / (time.perf_counter() - start)


async def measure(name: str, url: str, row: str, seconds: float, token: str) -> float:
    """The rate of one row of the table."""
    program: Program = import_module(f"bench.{name}").Program(url, token)
    return await (import_rate(program) if row == "import" else rate(program, row, seconds))


def rows_of(file: Path) -> list[dict[str, Any]]:
    """A CSV file as the baselines read it: values typed, empty cells None."""
    with file.open(encoding="utf-8", newline="") as lines:
        read = [{name: value or None for name, value in row.items()} for row in csv.DictReader(lines)]
    return [row | {"score": int(row["score"] or 0), "active": row["active"] == "True"} for row in read]


if __name__ == "__main__":
    name, url, row, seconds, token = sys.argv[1:]
    sys.stdout.write(orjson.dumps({"rate": uvloop.run(measure(name, url, row, float(seconds), token))}).decode())
