"""Coverage and mutation know pools, decision tables, gates and calendars: what no scenario used is named, a change that one notices is noticed."""

import pytest
from dougong.flow.scenarios.coverage import Coverage, Watch
from dougong.flow.scenarios.mutate import mutants, try_mutant
from dougong.flow.scenarios.play import play
from dougong.flow.scenarios.world import World
from dougong.pipeline import read_app

APP = """app: leads
calendar:
  hours: "09:00-17:00"
objects:
  lead:
    fields: {name: text required, amount: integer required, paper: file, owner: user}
pipelines:
  flow:
    of: lead
    stages:
      new:
        start: true
        overdue: after 9 working hours
        on_overdue: [{todo: {for: role sales, text: late}}]
        to_leave:
          actions: [{id: called, title: 电话}, {id: met, title: 见面}]
          evidence:
            - {file: paper, newer_than: 30 days}
      won: {kind: won}
    moves: [new -> won]
pools:
  sea:
    of: lead
    title: 公海
    by: [sales]
    open: 2
    again: 5 days
    unless: amount > 90
    recycle: lead without update for 14 days
decision_tables:
  who:
    of: lead
    rows:
      - {when: {amount: ">= 100"}, then: user boss}
      - {when: {amount: 10..100}, then: role sales}
      - {when: {amount: "< 10"}, then: pool sea}
triggers:
  give: {on: lead created, do: [{assign: {field: owner, by: table who}}]}
roles:
  sales: {may: ["read, create, update, move lead"]}
cast:
  - user boss: {roles: [sales]}
  - user li: {roles: [sales]}
scenarios:
"""
NOTHING = """  story:
    as: li
    given:
      - lead l1: {name: 甲, amount: 10, owner: li}
    steps:
      - update l1: {amount: 11}
"""
EVERYTHING = """  story:
    as: li
    steps:
      - create lead l1: {name: 甲, amount: 9}
      - create lead l2: {name: 乙, amount: 10}
      - create lead l3: {name: 丙, amount: 100}
      - create lead l4: {name: 丁, amount: 9}
      - create lead l5: {name: 戊, amount: 9}
      - expect: l1 in pool sea
      - expect: l2 belongs to boss
      - expect: l3 belongs to boss
      - claim l1
      - claim l4
      - claim l5: refused because "2"
      - release l4: 打不通
      - expect: no todo for li
      - wait: until 2026-03-03 09:59
      - expect: no todo for li
      - wait: until 2026-03-03 10:00
      - expect: todo for li
      - wait: until 2026-03-07 08:59
      - claim l4: refused
      - wait: until 2026-03-07 09:00
      - claim l4
      - move l1 to won: refused because "电话"
      - do called on l1
      - move l1 to won: refused because "见面"
      - do met on l1
      - move l1 to won: refused because "paper"
      - update l1: {paper: a.pdf}
      - wait: until 2026-04-06 08:59
      - wait: until 2026-04-06 09:01
      - move l1 to won: refused because "30"
      - update l1: {paper: b.pdf}
      - move l1 to won
"""
GAPS = {
    "nothing ever went into the pool `sea`",
    "nobody ever claimed from the pool `sea`",
    "row 1 of the table `who` never applied",
    "row 2 of the table `who` never applied",
    "row 3 of the table `who` never applied",
    "nobody ever did the action `called`",
    "nobody ever did the action `met`",
    "the evidence `lead.paper` never stopped anybody",
}
CHANGES = [
    ("open: 2", "2", "3", "story"),
    ("again: 5 days", "5", "6", "story"),
    ("14 days", "14", "15", None),
    ("newer_than: 30", "30", "31", "story"),
    ('"09:00-17:00"', "17", "18", "story"),
    ('{amount: ">= 100"}', "100", "101", "check"),
    ('{amount: ">= 100"}', ">=", ">", "check"),
    ("{amount: 10..100}", "10", "11", "check"),
    ("{amount: 10..100}", "100", "101", "check"),
    ("actions: [", "{id: called, title: 电话}, ", "", "check"),
    ("actions: [", ", {id: met, title: 见面}", "", "check"),
    ("- {file: paper", "- {file: paper, newer_than: 30 days}", "# - {file: paper, newer_than: 30 days}", "check"),
]


@pytest.fixture(scope="module")
def gaps() -> tuple[set[str], set[str]]:
    """What the two stories leave out."""
    found = []
    for story in (NOTHING, EVERYTHING):
        watch = Watch()
        with World({"leads.yaml": APP + story}, watch.compile) as world:
            coverage = Coverage(world, watch)
            outcome = play(world, world.app.scenarios["story"])
            assert outcome.failure is None, outcome.failure
            coverage.note()
            found.append({gap.en for gap in coverage.gaps()})
    return found[0], found[1]


def test_coverage_names_what_was_not_used(gaps: tuple[set[str], set[str]]) -> None:
    nothing, everything = gaps
    assert nothing >= GAPS
    assert everything.isdisjoint(GAPS)
    assert "condition for staying out of a pool `amount > 90` was not true every time" in nothing


@pytest.mark.parametrize(("line", "found", "to", "noticed"), CHANGES)
def test_a_change_is_noticed_where_a_scenario_proves_the_rule(line: str, found: str, to: str, noticed: str | None) -> None:
    built = read_app({"leads.yaml": APP + EVERYTHING})
    number = next(n for n, text in enumerate((APP + EVERYTHING).split("\n"), 1) if line in text)
    (mutant,) = (m for m in mutants(built) if (m.place.line, m.found.strip(" "), m.to.strip()) == (number, found.strip(" "), to))
    assert try_mutant(built, mutant, ["story"]).noticed_by == noticed
