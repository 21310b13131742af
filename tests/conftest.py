"""Databases for the tests: `database_url` runs a test on a fresh SQLite file and on a fresh PostgreSQL database, both without a release.

One PostgreSQL server serves the whole run. Its databases are copies of one that holds the engine's own tables, for making them anew each
time is most of what such a test costs; `empty_database_url` and `postgres_url` are databases with nothing in them at all. With xdist the controlling process starts it and tells the workers its URL.
"""

import os
import uuid
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from dougong.database import Database
from dougong.plan.bootstrap import complete_engine_tables
from hypothesis import settings

from tests import postgres

# The suite generates the same cases every time, so that a change is what breaks it; HYPOTHESIS_PROFILE=default looks for new ones
settings.register_profile("same", derandomize=True, database=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

SERVER = pytest.StashKey[postgres.Server]()
PREPARED = "prepared"


def _server(config: pytest.Config) -> postgres.Server:
    """The server of this run, started at the first call."""
    server = config.stash.get(SERVER, None)
    if server is None:
        try:
            server = config.stash[SERVER] = postgres.Server.start()
        except postgres.Missing as missing:
            pytest.exit(str(missing), returncode=1)
        database = Database.open(postgres.create_database(server.url(), PREPARED))
        complete_engine_tables(database)
        database.close()
    return server


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell an xdist worker where the server of the controlling process listens."""
    node.workerinput["postgres_url"] = _server(node.config).url()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server, when this process started one."""
    server = config.stash.get(SERVER, None)
    if server is not None:
        server.stop()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A skipped test is a failed one: what a test needs is installed, or the run says what is missing."""
    report = yield
    if report.skipped:
        report.outcome = "failed"
    return report


@pytest.fixture(scope="session")
def postgres_server(request: pytest.FixtureRequest) -> str:
    """URL of the maintenance database of a running PostgreSQL server; databases may be made in it."""
    shared: dict[str, str] = getattr(request.config, "workerinput", {})
    return shared["postgres_url"] if "postgres_url" in shared else _server(request.config).url()


@contextmanager
def _fresh(server: str, template: str) -> Iterator[str]:
    name = f"test_{uuid.uuid4().hex[:16]}"
    yield postgres.create_database(server, name, template)
    postgres.drop_database(server, name)


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """URL of a fresh, empty PostgreSQL database; dropped after the test."""
    with _fresh(postgres_server, postgres.EMPTY) as url:
        yield url


@pytest.fixture
def prepared_postgres_url(postgres_server: str) -> Iterator[str]:
    """URL of a fresh PostgreSQL database with the engine's own tables and no release; dropped after the test."""
    with _fresh(postgres_server, PREPARED) as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """URL of a SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'test.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """URL of a fresh database without a release; every test that asks for it runs once on each backend."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "prepared_postgres_url")
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest) -> str:
    """The same, with nothing in it, not even the engine's tables: for tests that see them made."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url
