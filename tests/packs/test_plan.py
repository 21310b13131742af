"""Each app goes into an empty database and, once there, needs nothing more; two releases of the same text are one."""

from pathlib import Path

import pytest
from dougong.engine import Engine

from tests.packs.packs import PACKS, Pack


@pytest.mark.parametrize("pack", PACKS, ids=lambda p: p.name)
def test_a_plan_from_nothing_applies_and_then_nothing_is_left_to_do(pack: Pack, database_url: str, tmp_path: Path) -> None:
    engine = Engine.open(pack.folder, database=database_url, files_dir=tmp_path)
    try:
        assert engine.plan(pack.folder).is_empty
        assert engine.app.name == pack.app.name
    finally:
        engine.close()
