"""What `dougong check` and its `--watch` cost on an app of 1,000 objects and 20,000 fields: in a process of its own, for its memory.

`python -m bench.checking` prints the seconds of a first check, the seconds after a change of one file, and the megabytes at the peak.
"""

import gc
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from dougong.cli.watching import checks

from bench import big_app
from bench.results import Result, Target

OBJECTS = 1_000
ROWS = "check of an app of 1,000 objects: first, after a change, memory"  # what `--only` looks in
CHANGES = 5


def results() -> Iterator[Result]:
    """The three rows."""
    printed = subprocess.run([sys.executable, "-m", "bench.checking"], capture_output=True, check=True, text=True).stdout
    first, again, megabytes = json.loads(printed)
    app = f"check of an app of {OBJECTS:,} objects"
    yield Result(f"{app}: first", "", "s", {"dougong": first}, Target(6, at_most=True), more_is_better=False)
    yield Result(f"{app}: after a change", "", "s", {"dougong": again}, Target(0.5, at_most=True), more_is_better=False)
    yield Result(f"{app}: memory", "", "MB", {"dougong": megabytes}, Target(600, at_most=True), more_is_better=False)


def main() -> None:
    """Measure in this process."""
    gc.disable()  # as the command does
    with tempfile.TemporaryDirectory() as folder:
        big_app.write(Path(folder), OBJECTS)
        seconds = []
        for built, took in checks(Path(folder), (), _changes(Path(folder))):
            assert built.app is not None
            seconds.append(took)
            gc.collect()
    print(json.dumps([seconds[0], median(seconds[1:]), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))


def _changes(folder: Path) -> Iterator[None]:
    """The app as it is, then one field's title changed in one file, again and again."""
    yield None
    file = folder / f"thing{OBJECTS // 2}.yaml"
    text = file.read_text("utf-8")
    for number in range(CHANGES):
        file.write_text(
            text.replace('"评分"', f'"评分 {number}"').replace("amount * quantity", f"amount * quantity + {number}", 1), "utf-8"
        )
        yield None


if __name__ == "__main__":
    main()
