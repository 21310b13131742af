"""How commands get an app and an engine, and what they say when the definition has mistakes."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from dougong.cli.diagnostics import as_json, show
from dougong.cli.speech import MISTAKE, Mistake, Speech

if TYPE_CHECKING:
    from dougong.engine import Engine
    from dougong.pipeline import Built
    from dougong.runtime.clock import Clock


def read(path: Path, speech: Speech, packages: Sequence[Path] | None = None) -> "Built":
    """Read and check a definition, building blocks looked for in `packages`; `Mistake` when there is nothing at `path`."""
    from dougong.pipeline import read_app  # lazy: reads the whole language; --help must not

    app_at(path)
    return read_app(path, packages or ())


def app_at(path: Path) -> None:
    """`Mistake` when there is nothing at `path`."""
    if not path.exists():
        raise Mistake(f"没有文件夹 {path}", f"There is no folder {path}")


def is_absent(database: str) -> bool:
    """Whether it is a file of SQLite that is not there yet: opening it would make an empty one, which nobody wants of a mistyped name."""
    if not database.startswith("sqlite://"):
        return False
    path = database.partition("?")[0].removeprefix("sqlite://").removeprefix("/")
    return path not in ("", ":memory:") and not Path(path).exists()


def stop_at_mistakes(built: "Built", speech: Speech) -> None:
    """Show the diagnostics and end with 1 when the definition cannot be used."""
    if built.app is None:
        give_up(built, speech)
    if built.diagnostics and not speech.is_json:
        show(built.diagnostics, built.files, speech)


def give_up(built: "Built", speech: Speech) -> NoReturn:
    """Show every diagnostic and end with 1."""
    show(built.diagnostics, built.files, speech)
    speech.give({"diagnostics": as_json(built.diagnostics, speech.language)})
    raise typer.Exit(MISTAKE)


@contextmanager
def engine(
    database: str, path: Path, speech: Speech, *, apply: bool = False, packages: Sequence[Path] | None = None, clock: "Clock | None" = None
) -> Iterator["Engine"]:
    """The engine of a database, running what is applied there; with `apply` the folder is applied first. `clock` None is the machine's."""
    from dougong.engine import Engine  # lazy: the whole engine; --help must not load it

    app_at(path)
    if not apply and is_absent(database):
        raise Mistake(
            f"没有数据库 {database}；请检查 --db，或先运行 dougong apply",
            f"There is no database {database}; look at --db, or run dougong apply first",
        )
    built = read(path, speech, packages) if apply else None
    if built is not None:
        stop_at_mistakes(built, speech)
    found = Engine.open(path if built is None else built.files, database=database, apply=apply, clock=clock)
    try:
        yield found
    finally:
        found.close()


@contextmanager
def planner(database: str, *, make: bool = True) -> Iterator["Engine"]:
    """An engine that can plan and apply; the database may be empty yet. Without `make` a file that is not there stays so."""
    from dougong.database import Database  # lazy: the drivers; --help must not load them
    from dougong.engine import Engine  # lazy: the whole engine; --help must not load it
    from dougong.runtime.clock import SystemClock  # lazy: as above

    with Engine(Database.open(database if make or not is_absent(database) else "sqlite://"), SystemClock(), Path("files")) as found:
        yield found


def is_applied(running: "Engine") -> bool:
    """Whether anything has been applied to the database yet."""
    from dougong.plan.releases import latest  # lazy: the whole engine; --help must not load it

    return latest(running.database) is not None
