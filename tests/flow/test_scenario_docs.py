"""The page on scenarios keeps its word: its app plays, and the verbs and expectations of its tables are those there are."""

import re

from dougong.flow.scenarios.play import play_all
from dougong.flow.scenarios.world import World
from dougong_dsl.places import Source
from dougong_dsl.sentences.scenes import expectation, scene

from tests.documents import blocks
from tests.source import ROOT

PAGE = ROOT / "docs" / "scenarios.md"


def test_the_example_plays() -> None:
    (block,) = blocks(PAGE, "yaml")
    with World({"pumps.yaml": block.text}) as world:
        outcomes = play_all(world, world.app.scenarios.values())
    assert [(o.scenario.name, o.failure) for o in outcomes] == [("方案确认超时提醒主管和工程师", None), ("金额有上限", None)]
    told = next(b.text for b in blocks(PAGE, "text"))
    assert f"{sum(o.played for o in outcomes)} 步" in told


def test_every_line_of_the_tables_can_be_read() -> None:
    happens, expected = PAGE.read_text("utf-8").split("## 发生什么")[1].split("## 期望什么")
    for part, read in ((happens, scene), (expected.split("## ")[0], expectation)):
        rows = [line.split("|")[1] for line in part.splitlines() if line.startswith("| `")]
        for text in (t for row in rows for t in re.findall("`([^`]+)`", row)):
            if text.startswith(("until", "3 working", "is not")):
                continue
            line = text.partition(":")[0] if read is scene else text
            said, problems = (scene if text.startswith("expect ") else read)(
                Source.inline(line if not text.startswith("expect ") else "expect d1")
            )
            assert said is not None, (text, [p.message("en") for p in problems])
