"""The systems that customers run, one small app each: their scenarios come true on both databases, through the worker's own works."""

from pathlib import Path

import pytest
from dougong.flow.scenarios.play import play_all
from dougong.flow.scenarios.world import IN_MEMORY, World

STORIES = sorted(Path(__file__).parent.glob("*.yaml"))


def _played(story: Path, database: str) -> list[str]:
    with World({story.name: story.read_text("utf-8")}, database=database) as world:
        outcomes = play_all(world, world.app.scenarios.values())
    assert outcomes
    assert all(o.scenario.name.startswith(f"{story.stem} ") for o in outcomes), "a scenario is named by its row"
    return [f"{o.failure.step.place}: {o.failure.step.text}: {o.failure.zh} ({o.failure.at})" for o in outcomes if o.failure is not None]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.stem)
def test_a_story_comes_true_in_memory(story: Path) -> None:
    assert _played(story, IN_MEMORY) == []


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.stem)
def test_a_story_comes_true_on_postgresql(story: Path, postgres_url: str) -> None:
    assert _played(story, postgres_url) == []
