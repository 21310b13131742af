"""The engine itself as a contender: the definition in `apps/lead`, filled as the baselines are."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dougong.engine import Engine
from dougong.exchange.importing import Wish, import_file
from dougong.runtime.users import create_user
from dougong.runtime.users_sessions import create_token
from starlette.types import ASGIApp

from bench.fast import to_sqlite
from bench.fill import copy_postgres, insert_sqlite, records
from bench.lead import USERS

APP = Path(__file__).parent / "apps/lead"


def asgi(url: str) -> ASGIApp:
    """The engine behind HTTP, on a database that is filled."""
    return Engine.open(APP, database=url, apply=False).asgi()


def fill(url: str, rows: int) -> str:
    """Apply the definition to an empty database, make users and leads; the token of the first user.

    The leads pass by the gate: making them is measured elsewhere.
    """
    engine = Engine.open(APP, database=url, apply=True)
    with engine.system_session("benchmark") as session:
        users = [create_user(session, f"user{n}", f"User {n}", None, ["seller"]) for n in range(1, USERS + 1)]
    token = create_token(engine.database, users[0], "benchmark")[1]
    engine.close()
    leads = records(rows, users)
    if url.startswith("sqlite"):
        insert_sqlite(url, [as_stored_by_sqlite(to_sqlite(lead)) for lead in leads])
    else:
        copy_postgres(url, leads)
    return token


def as_stored_by_sqlite(row: dict[str, Any]) -> dict[str, Any]:
    """Instants as the engine keeps them."""
    return row | {name: _instant(row[name]) for name in ("created_at", "updated_at")}


def _instant(text: str) -> str:
    return datetime.fromisoformat(text).astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Program:
    """The engine without HTTP, for `bench.direct`: a session for each call."""

    def __init__(self, url: str, bearer: str) -> None:
        self.engine = Engine.open(APP, database=url, apply=False)

    async def create(self, values: dict[str, Any]) -> tuple[int, int]:
        """A new record; its id and version."""
        with self.engine.session(user="user1") as crm:
            record = crm.create("lead", values)
        return record.id, record.version

    async def update(self, key: int, version: int, values: dict[str, Any]) -> None:
        """Change a record."""
        with self.engine.session(user="user1") as crm:
            crm.update("lead", key, values, version=version)

    async def find(self) -> None:
        """A page."""
        with self.engine.reader("user1") as crm:
            crm.find("lead", where='status = "working"', order="-amount", limit=50)

    async def load(self, file: Path) -> None:
        """An import."""
        report = import_file(self.engine.app, lambda: self.engine.session(user="user1"), file, Wish("lead"))[1]
        assert not report.rejected, report.rejected[:3]
