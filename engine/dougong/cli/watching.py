"""`dougong check --watch`: checks an app, and again whenever one of its files changes, taking over what has not."""

import gc
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from dougong.cli.diagnostics import show, shown
from dougong.cli.opening import read
from dougong.cli.speech import Speech
from dougong.model.memory import Memory
from dougong.pipeline import Built, read_app
from dougong.read.files import SUFFIXES
from dougong.read.templates import is_template

LOOK = 0.1  # seconds between two looks at the files
SETTLE = 0.05  # seconds without a further change: an editor writes a file in several steps


def watch_app(path: Path, speech: Speech, folders: Sequence[Path], with_notes: bool) -> None:
    """Print what is wrong, then again after every change, until the person stops it."""
    read(path, speech, folders)  # ends here when there is nothing at `path`
    gc.disable()  # nearly all that a check makes is kept for the next one; what is not is collected while nobody waits
    try:
        for built, seconds in checks(path, folders, _changes([path, *folders])):
            at = f"{datetime.now():%H:%M:%S}"
            show(shown(built.diagnostics, with_notes), built.files, speech)
            fine = "没有错误" if built.app else "有错误", "no errors" if built.app else "errors"
            speech.say(f"{at} {fine[0]}，用时 {seconds:.2f} 秒；等待改动…", f"{at} {fine[1]}, in {seconds:.2f} s; waiting for changes…")
            gc.collect()
    except KeyboardInterrupt:
        return
    finally:
        gc.enable()


def checks(path: Path, folders: Sequence[Path], changes: Iterable[object]) -> Iterator[tuple[Built, float]]:
    """The app as it is and after each change, with the seconds that the check took."""
    memory = Memory()
    for _ in changes:
        start = time.perf_counter()
        built = read_app(path, folders, memory)
        yield built, time.perf_counter() - start


def _changes(paths: Sequence[Path]) -> Iterator[object]:
    """Once at the beginning, then whenever a definition file has changed; what changes during a check is seen behind it.

    The files' stamps are compared, for a missed notice of the system would leave the person with an old answer.
    """
    seen = _stamps(paths)
    while True:
        yield None
        while (found := _stamps(paths)) == seen:
            time.sleep(LOOK)
        while found != seen:
            seen = found
            time.sleep(SETTLE)
            found = _stamps(paths)


def _stamps(paths: Sequence[Path]) -> dict[str, tuple[int, int]]:
    """Path → (time of the last change in nanoseconds, bytes) of every definition and template below the paths."""
    found: dict[str, tuple[int, int]] = {}
    for path in paths:
        within = (Path(folder) / name for folder, _, names in os.walk(path) for name in names)
        for file in (path, *path.parent.glob("*.htm*")) if path.is_file() else within:
            if file.name.endswith(SUFFIXES) or is_template(file.name):
                with suppress(OSError):  # it went away meanwhile: that is a change too
                    stat = file.stat()
                    found[str(file)] = (stat.st_mtime_ns, stat.st_size)
    return found
