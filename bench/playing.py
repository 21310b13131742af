"""Scenarios: how many steps a second a story of many months is played in."""

from dougong.flow.scenarios.play import play
from dougong.flow.scenarios.world import World

from bench.results import Result, Target

NAME = "scenario steps"
TURNS = 600
APP = """
app: story
objects:
  deal:
    fields: {name: text required, amount: money, owner: user}
pipelines:
  flow:
    of: deal
    stages:
      talk: {start: true, overdue: after 40 days, on_overdue: [{todo: {for: owner, text: late}}]}
      won: {kind: won}
    moves: [talk -> won]
triggers:
  changed:
    on: deal.amount changed
    when: amount > 100
    do: [{set: {name: '"deal of " & amount'}}]
roles:
  sales:
    may: ["read, create, update deal", move deal along flow]
cast:
  - user li: {roles: [sales]}
scenarios:
  story:
    as: li
    given:
      - deal d1: {name: pump, owner: li}
    steps:
"""


def measure() -> Result:
    """A change, an expectation and a day that passes, again and again."""
    lines = "".join(f"      - update d1: {{amount: {n}}}\n      - expect d1: amount = {n}\n      - wait: 1 days\n" for n in range(1, TURNS))
    with World({"story.yaml": APP + lines}) as world:
        play(world, world.app.scenarios["story"])  # warm
        outcome = play(world, world.app.scenarios["story"])
    assert outcome.passed, outcome.failure
    return Result(NAME, "", "1/s", {"dougong": outcome.played / outcome.seconds}, Target(2_000))
