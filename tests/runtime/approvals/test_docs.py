"""The page on approvals keeps its word: its scenarios play, every way to name people works, its paths are there."""

import re
from pathlib import Path

import pytest
from dougong.engine import Engine
from dougong.flow.scenarios.play import play_all
from dougong.flow.scenarios.world import World
from dougong.web.api.approvals import Approvals
from starlette.routing import Match, Route

from tests.documents import blocks
from tests.runtime.approvals.apps import firm
from tests.source import ROOT

PAGE = ROOT / "docs" / "approvals.md"


def test_the_scenarios_play() -> None:
    (block,) = blocks(PAGE, "yaml")
    with World({"pumps.yaml": block.text}) as world:
        outcomes = play_all(world, world.app.scenarios.values())
    assert [o.failure for o in outcomes] == [None] * 4


@pytest.mark.parametrize("way", re.findall(r"`(by [^`]+)`", PAGE.read_text("utf-8").split("## 一个步骤")[1].split("## ")[0]))
def test_every_way_to_name_people_is_known(way: str, tmp_path: Path) -> None:
    if "谁" in way:
        return
    way = way.replace("finance", "fin")
    with firm(f"sqlite:///{tmp_path / 'x.db'}", tmp_path, f"  pay:\n    of: deal\n    steps: [{{s: {way}}}]\n") as engine:
        assert len(engine.app.approvals["pay"].steps) == 1


def test_every_path_is_there(tmp_path: Path) -> None:
    told = re.findall(r"^(GET|POST) +(/api/v1/\S+)", PAGE.read_text("utf-8"), re.MULTILINE)
    with firm(f"sqlite:///{tmp_path / 'x.db'}", tmp_path, "  pay:\n    of: deal\n    steps: [{s: by owner}]\n") as engine:
        assert len(told) == sum(len((r.methods or set()) - {"HEAD"}) for r in routes(engine))
        for method, path in told:
            scope = {"type": "http", "method": method, "path": path}
            assert any(r.matches(scope)[0] is Match.FULL for r in routes(engine)), path


def routes(engine: Engine) -> list[Route]:
    return [r for r in Approvals(engine).routes() if isinstance(r, Route)]
