"""The shop of the server's tests, running on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from dougong.engine import Engine

from tests.web.shop import shop


@pytest.fixture
def engine(tmp_path: Path, database_url: str) -> Iterator[Engine]:
    with shop(tmp_path / "shop", database_url) as running:
        yield running
