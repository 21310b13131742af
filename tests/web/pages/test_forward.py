"""The button that stands out leads on, not aside."""

import pytest
from dougong.pipeline import read_app
from dougong.web.pages.forward import leads_on

APP = """\
app: leads
objects:
  lead: {fields: {name: text}}
pipelines:
  flow:
    of: lead
    stages: {new: {start: true}, contacted: {}, again: {}, checked: {}, converted: {kind: won}, lost: {kind: lost}}
    moves: [new -> contacted, contacted -> again, again -> contacted, contacted -> checked, checked -> converted, any open -> lost]
"""


@pytest.mark.parametrize(
    ("here", "target", "leads"),
    [
        ("contacted", "again", False),
        ("contacted", "checked", True),
        ("again", "contacted", True),
        ("checked", "converted", True),
        ("new", "lost", False),
    ],
)
def test_a_way_that_only_comes_back_does_not_lead_on(here: str, target: str, leads: bool) -> None:
    app = read_app({"app.yaml": APP}).app
    assert app is not None
    (pipeline,) = app.objects["lead"].pipelines
    assert leads_on(pipeline, target, here) is leads
