"""Two grants of a role that move along different pipelines give different things."""

import pytest
from dougong.pipeline import read_app

APP = """app: x
objects: {card: {fields: {name: text, owner: user}}}
pipelines:
  sales: {of: card, stages: {open: {start: true}, won: {kind: won}}, moves: [open -> won]}
  checks: {of: card, field: checked, stages: {waiting: {start: true}, passed: {kind: done}}, moves: [waiting -> passed]}
roles:
  r:
    may:
      - read, create, update card
"""


@pytest.mark.parametrize(
    ("grants", "codes"),
    [
        (("move card along sales", "move card along checks"), []),
        (("move card along sales where owner = me", "move card along checks where owner = me"), []),
        (("move card", "move card along checks"), ["T538"]),
        (("move card along checks", "move card along checks where owner = me"), ["T538"]),
    ],
)
def test_a_grant_along_one_pipeline_holds_none_along_another(grants: tuple[str, str], codes: list[str]) -> None:
    text = APP + "".join(f"      - {grant}\n" for grant in grants)
    assert [d.code.code for d in read_app({"a.yaml": text}).diagnostics] == codes
