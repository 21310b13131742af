"""`python -m tests.browser.played`: every story by hand, on SQLite (1280 px, light) and on PostgreSQL (360 px, dark).

Pictures of every act go to var/stories. `--only TEXT`, `--sqlite` or `--postgres`, `--phone`, `--dark`, `--app FOLDER` for another app.
"""

import argparse
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests import postgres
from tests.browser.played.album import Album
from tests.browser.played.player import DESK, HAND, Look
from tests.browser.played.playing import play_by_hand, player, told
from tests.browser.site import chromium

ROOT = Path(__file__).parent.parent.parent.parent
STORIES = ROOT / "tests" / "stories"
FOLDER = ROOT / "var" / "stories"
Fresh = Callable[[], str]


def main() -> None:
    """Play what is asked for; exit code 1 when a line does not come true."""
    asked = _arguments()
    with sync_playwright() as playwright:
        browser = chromium(playwright)
        bad = [line for kind in asked.databases for line in _on(browser, kind, asked)]
        browser.close()
    print(f"{len(bad)} not played to the end", *bad, sep="\n")
    raise SystemExit(1 if bad else 0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.browser.played", description=__doc__)
    parser.add_argument("--only", action="append", default=[], metavar="TEXT", help="stories or scenarios whose name has this text")
    parser.add_argument("--sqlite", dest="databases", action="append_const", const="sqlite", help="on a SQLite file alone")
    parser.add_argument("--postgres", dest="databases", action="append_const", const="postgresql", help="on PostgreSQL alone")
    parser.add_argument("--phone", action="store_true", help="360 px wide, on both databases")
    parser.add_argument("--dark", action="store_true", help="dark, on both databases")
    parser.add_argument("--app", type=Path, default=None, metavar="FOLDER", help="the scenarios of this app instead of the stories")
    asked = parser.parse_args()
    asked.databases = asked.databases or ["sqlite", "postgresql"]
    return asked


def _on(browser: Browser, kind: str, asked: argparse.Namespace) -> Iterator[str]:
    """What did not come true on one kind of database."""
    chosen = DESK if kind == "sqlite" else HAND
    look = Look(HAND.size if asked.phone else chosen.size, chosen.dark or asked.dark)
    apps = [asked.app] if asked.app else sorted(STORIES.glob("*.yaml"))
    with _databases(kind) as fresh:
        for app in apps:
            if asked.app or not asked.only or any(text in _names(app) for text in asked.only):
                yield from _app(browser, app, fresh(), look, asked.only, f"{app.stem}-{kind}")


def _names(app: Path) -> str:
    return app.read_text("utf-8").partition("\nscenarios:")[2] + app.stem


def _app(browser: Browser, app: Path, database: str, look: Look, only: list[str], title: str) -> Iterator[str]:
    album = Album(FOLDER / title)
    album.empty()
    source = app if app.is_dir() else {app.name: app.read_text("utf-8")}
    with player(source, database, browser, look, album) as people:
        for scenario in people.world.app.scenarios.values():
            if only and not any(text in scenario.name for text in only):
                continue
            started = time.perf_counter()
            outcome = play_by_hand(people, scenario)
            line = told(outcome)
            print(f"{'✓' if line is None else '✗'} {title} {scenario.name} ({time.perf_counter() - started:.0f} s)", flush=True)
            if line is not None:
                print(f"    {line}", flush=True)
                yield f"{title} {line}"
        for note in dict.fromkeys(people.notes):
            print(f"    note: {note}", flush=True)
        for step in people.by_engine:
            print(f"    past the pages: {step.place}: {step.text}", flush=True)
    album.bind(title, look.size[0])


@contextmanager
def _databases(kind: str) -> Iterator[Fresh]:
    """A function that gives the address of an empty database."""
    with tempfile.TemporaryDirectory(prefix="dougong-played-") as folder:
        if kind == "sqlite":
            yield lambda: f"sqlite:///{folder}/{uuid.uuid4().hex}.db"
            return
        with postgres.running() as server:
            yield lambda: postgres.create_database(server.url(), f"played_{uuid.uuid4().hex[:12]}")


if __name__ == "__main__":
    main()
