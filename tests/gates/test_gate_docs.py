"""The page about pipelines keeps its word: its scenarios come true."""

import pytest
from dougong.flow.scenarios.play import play_all
from dougong.flow.scenarios.world import World

from tests.documents import Block, blocks
from tests.source import ROOT

PAGE = ROOT / "docs" / "pipelines.md"


@pytest.mark.parametrize("block", blocks(PAGE, "yaml"), ids=lambda block: str(block.line))
def test_the_examples_play(block: Block) -> None:
    with World({"app.yaml": block.text}) as world:
        outcomes = play_all(world, world.app.scenarios.values())
    assert outcomes
    assert [(o.scenario.name, o.failure) for o in outcomes if o.failure is not None] == []
