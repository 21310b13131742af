"""The scenarios that apps ship come true, and hardly anything of a template is left without one."""

import pytest
from dougong.flow.scenarios.coverage import Coverage, Watch
from dougong.flow.scenarios.play import play
from dougong.flow.scenarios.world import World

from tests.packs.packs import PACKS, Pack

# What no scenario can show: `loss_reason` is also asked for by the stage, before the field's own condition is
LEFT = {"manufacturing": {"condition for being required `stage = lost` was true every time"}}

# the systems that the template carries, each with a scenario of its name
CARRIED = (
    "A1 A2 A3 A4 A5 A6 A7 A8 A10 A11 A12 A13 A15 A16 A17 A18 A19 A20 A21 A22 A23 A24 A28 A29 A30 A31 A32 A33",
    "B1 B2 B3 B5 B6 B7 B11 B12 B13 B14 B15 B16 B17 B18 B21 B22 B24 B25 B26 B28 B29 B35 B37 B42 B46 B48 B52",
    "E1 E2 E3 E4 E5 E6 E8 E9 E10 E11 E12 E13 E16 E20 E21 E26 E27 E30 E34 E35 E36 E38",
)


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
    assert rows == {row for line in CARRIED for row in line.split()}
