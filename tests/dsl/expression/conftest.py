"""One of each backend for the whole run."""

import uuid
from collections.abc import Iterator

import pytest

from tests import postgres
from tests.dsl.expression.backends import Browser, Database, Everywhere


@pytest.fixture(scope="session")
def everywhere(postgres_server: str) -> Iterator[Everywhere]:
    """All backends, with the tables of the test world."""
    name = f"expressions_{uuid.uuid4().hex[:12]}"
    url = postgres.create_database(postgres_server, name)
    sqlite, postgresql, browser = Database("sqlite://", "sqlite"), Database(url, "postgresql"), Browser()
    yield Everywhere(sqlite, postgresql, browser)
    sqlite.close()
    postgresql.close()
    browser.close()
    postgres.drop_database(postgres_server, name)
