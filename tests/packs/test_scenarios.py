"""The scenarios that apps ship come true, and hardly anything of a template is left without one."""

import pytest
from dougong.flow.scenarios.coverage import Coverage, Watch
from dougong.flow.scenarios.play import play
from dougong.flow.scenarios.world import World

from tests.packs.packs import PACKS, Pack

# What no scenario can show: `loss_reason` is also asked for by the stage, before the field's own condition is
LEFT = {"manufacturing": {"condition for being required `stage = lost` was true every time"}}


@pytest.mark.parametrize("pack", [p for p in PACKS if p.app.scenarios], ids=lambda pack: pack.name)
def test_the_scenarios_come_true_and_cover_the_template(pack: Pack) -> None:
    watch = Watch()
    with World(pack.folder, watch.compile) as world:
        coverage = Coverage(world, watch)
        outcomes = []
        for scenario in world.app.scenarios.values():
            outcomes.append(play(world, scenario))
            coverage.note()
    assert [(o.failure.step.place, o.failure.zh) for o in outcomes if o.failure is not None] == []
    if pack.name in LEFT:
        assert {gap.en for gap in coverage.gaps()} == LEFT[pack.name]


def test_the_manufacturing_template_ships_scenarios() -> None:
    (pack,) = (p for p in PACKS if p.name == "manufacturing")
    rows = {name.split(" ")[0] for name in pack.app.scenarios}
    assert rows >= {"A1", "A3", "A4", "A22", "A29", "B5", "B6", "B14", "B15", "B42", "B52", "E4", "E9", "E21"}
