"""`make bench`: measures every row in one run, prints one table, writes it as JSON. `--only WORD` keeps rows with that word, `--quick` is rough."""

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import orjson

from bench import checking, contenders, dispatching, expressions, inside, keeping, outbox, playing, sweeping, triggered
from bench.contenders import MODULES, Place, Served
from bench.lead import STORED_ROWS
from bench.results import Result, Target, as_json, table

RESULTS = Path(__file__).parent / "results"
HTTP_ROWS = ("create", "update", "list")
CONNECTIONS = (1, 16)
AS_FAST = Target(0.6, of="plain")


def main() -> None:
    """Run, print, write."""
    options = _options()
    results = []
    for result in measured(options):
        results.append(result)
        sys.stderr.write(f"{result.row} ({result.database}): {result.values}\n")
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"{datetime.now(UTC):%Y%m%dT%H%M%S}.json"
    about = {"python": platform.python_version(), "cores": os.cpu_count(), "quick": options.quick, "rows": as_json(results)}
    file.write_bytes(orjson.dumps(about, option=orjson.OPT_INDENT_2))
    sys.stdout.write(f"{table(results)}\n\nwritten to {file}\n")


def measured(options: argparse.Namespace) -> Iterator[Result]:
    """All rows that are asked for, one after the other."""
    yield from (make() for name, make in inside.ROWS.items() if options.only in name)
    if options.only in expressions.ROWS:
        yield from expressions.results()
    if options.only in playing.NAME:
        yield playing.measure()
    if options.only in checking.ROWS:
        yield from checking.results()
    for database in options.databases:
        rows = 5_000 if options.quick else STORED_ROWS
        with tempfile.TemporaryDirectory(prefix="dougong-bench-") as folder, contenders.places(database, Path(folder), rows) as places:
            yield from on_database(database, list(places.values()), options)


def on_database(database: str, places: list[Place], options: argparse.Namespace) -> Iterator[Result]:
    """The rows that need a database: with servers, then without, then those that change its structure."""
    seconds, rounds = (0.7, 1) if options.quick else (2.0, 3)

    def compare(row: str, target: Target | None, unit: str, measure: Callable[[str], float]) -> Iterator[Result]:
        if options.only in row:
            found = {name: [0.0] * rounds for name in MODULES}
            for turn in range(rounds):  # in turns, so that a busy moment of the machine hits all alike
                for name in MODULES:
                    found[name][turn] = measure(name)
            yield Result(row, database, unit, {name: median(values) for name, values in found.items()}, target)

    with ExitStack() as stack:
        servers = {place.name: stack.enter_context(contenders.served(place)) for place in places}
        yield from idle(database, servers, options.only)
        for row in HTTP_ROWS:
            for count in CONNECTIONS:
                name = f"HTTP {row}, {count} connection{'s' * (count > 1)}"
                yield from compare(name, AS_FAST, "1/s", lambda n, r=row, c=count: contenders.loaded(servers[n], r, c, seconds))  # type: ignore[misc]
    at = {place.name: place for place in places}
    for row in HTTP_ROWS:
        yield from compare(f"Python {row}", None, "1/s", lambda n, r=row: contenders.alone(at[n], r, seconds))  # type: ignore[misc]
    yield from compare("import of 10,000 rows", Target(4_000), "rows/s", lambda n: contenders.alone(at[n], "import", seconds))
    if options.only in dispatching.NAME:
        yield dispatching.measure(database, at["dougong"].url)
    if options.only in triggered.NAME:
        yield triggered.measure(database, at["dougong"].url, quick=options.quick)
    if options.only in keeping.ROW:
        yield keeping.measure(database, at["dougong"].url, keeping.QUICK if options.quick else keeping.WRITES)
    if options.only in sweeping.NAME:
        yield sweeping.measure(database, at["dougong"].url, quick=options.quick)
    if options.only in outbox.ROW:
        yield outbox.effect(database, at["dougong"].url, 300 if options.quick else 1_000)
    if options.only in inside.ADD_FIELD:
        yield inside.add_field(database, at["dougong"].url)


def idle(database: str, servers: dict[str, Served], only: str) -> Iterator[Result]:
    """What the servers took to come up, and what they weigh before the first request."""
    if only in "cold start":
        yield Result("cold start", database, "s", {n: s.seconds_to_start for n, s in servers.items()}, more_is_better=False)
    if only in "memory of an idle server":
        weights = {n: s.memory() for n, s in servers.items()}
        yield Result("memory of an idle server", database, "MB", weights, Target(150, at_most=True), more_is_better=False)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", default="", help="rows whose name contains this")
    parser.add_argument("--quick", action="store_true", help="few rows, short and single measurements")
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"], choices=["sqlite", "postgresql"])
    return parser.parse_args()


if __name__ == "__main__":
    main()
