"""One engine of the contracts for all tests here, on each database: they make their own records."""

from collections.abc import Iterator

import pytest
from dougong.engine import Engine

from tests import postgres
from tests.runtime.apps import hire, opened
from tests.splits.apps import contracts


@pytest.fixture(scope="package", params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("splits")
    is_sqlite = request.param == "sqlite"
    server = "" if is_sqlite else request.getfixturevalue("postgres_server")
    url = f"sqlite:///{folder / 'a.db'}" if is_sqlite else postgres.create_database(server, f"splits_{folder.name.replace('-', '_')}")
    with opened(contracts(), url, folder) as engine:
        for name in ("sales", "clerk", "stranger"):
            hire(engine, name, name)
        yield engine
    if not is_sqlite:
        postgres.drop_database(server, f"splits_{folder.name.replace('-', '_')}")
