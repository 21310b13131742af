"""`dougong check --watch`: checks an app, and again whenever one of its files changes, taking over what has not."""

import gc
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from watchfiles import Change, watch

from dougong.cli.diagnostics import show, shown
from dougong.cli.opening import read
from dougong.cli.speech import Speech
from dougong.model.memory import Memory
from dougong.pipeline import Built, read_app
from dougong.read.files import SUFFIXES

LOOK = 100  # milliseconds between two looks at what has changed
SETTLE = 50  # milliseconds without a further change: an editor writes a file in several steps


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
    """Once at the beginning, then whenever a definition file has changed."""
    there = [path for path in paths if path.exists()]
    seen = watch(*there, watch_filter=_is_definition, debounce=10 * SETTLE, step=SETTLE, rust_timeout=LOOK, yield_on_timeout=True)
    next(seen)  # the folders are watched from here on: what changes during the first check is not missed
    yield None
    yield from filter(None, seen)


def _is_definition(change: Change, path: str) -> bool:
    return path.endswith(SUFFIXES)
