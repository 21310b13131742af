"""One engine on each database for a whole module; every test finds it as it was in the beginning, at noon."""

import uuid
from collections.abc import Iterator

import pytest
from dougong.engine import Engine
from dougong.flow.scenarios.beginning import Beginning, beginning
from dougong.runtime.clock import SettableClock

from tests import postgres
from tests.channels.apps import NOON, opened

Kept = tuple[Engine, Beginning]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def kept(request: pytest.FixtureRequest, postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """The app with its people, and the state to go back to."""
    folder, name = tmp_path_factory.mktemp("doors"), f"test_{uuid.uuid4().hex[:16]}"
    is_file = request.param == "sqlite"
    url = f"sqlite:///{folder / 'test.db'}" if is_file else postgres.create_database(postgres_server, name)
    with opened(url, folder) as engine:
        start = beginning(engine.database)
        yield engine, start
        start.close()
    if not is_file:
        postgres.drop_database(postgres_server, name)


@pytest.fixture
def engine(kept: Kept) -> Engine:
    """The app, with li (sales), ot (other) and boss, and nothing else."""
    engine, start = kept
    start.restore()
    assert isinstance(engine.clock, SettableClock)
    engine.clock.set(NOON)
    return engine
