"""Coverage and mutation know scores, splits, calendars, channels and webhooks."""

import pytest
from dougong.flow.scenarios.coverage import Coverage, Watch
from dougong.flow.scenarios.mutate import mutants, try_mutant
from dougong.flow.scenarios.play import play
from dougong.flow.scenarios.world import World
from dougong.pipeline import read_app

APP = """app: orders
calendars:
  works: {hours: "08:00-20:00"}
channels:
  sms: {kind: http, to: phone, consent: agreed, limit: 12}
webhooks:
  paid: {payload: {no: text required, amount: money required}, find: bill where no = payload.no}
objects:
  bill:
    fields: {no: text required, phone: phone, agreed: boolean, amount: money, paid: money, owner: user}
  part:
    fields: {bill: link bill required as parts, amount: money required}
pipelines:
  flow:
    of: bill
    stages: {open: {start: true, overdue: {after: 1 working hour, calendar: owner.calendar}}, closed: {kind: done}}
    moves: [open -> closed]
    splits: {into: part, sums: [amount], close_when: all}
  parts: {of: part, stages: {open: {start: true}, closed: {kind: done}}, moves: [open -> closed]}
scores:
  worth:
    of: bill
    rules:
      - +30 when count(parts) >= 2 "several"
      - +5 when phone is blank "unknown"
    bands: {good: ">= 30", fair: "< 30"}
triggers:
  paid: {on: webhook paid received, do: [{set: {paid: payload.amount}}]}
  thanks: {on: bill.paid changed, do: [{notify: {to: bill, via: sms, text: "谢谢您的付款，收到了您的款项"}}]}
roles:
  sales: {may: ["read, create, update, delete, move bill", "read, create, update, delete, move part"]}
cast:
  - user li: {roles: [sales]}
scenarios:
"""
NOTHING = """  story:
    as: li
    given: [bill o1: {no: A, owner: li}]
    steps: [expect: o1 in open]
"""
EVERYTHING = """  story:
    as: li
    given:
      - bill o1: {no: A, phone: "13800000000", agreed: true, amount: 10, owner: li}
      - bill o2: {no: B, phone: "13800000001", amount: 10, owner: li}
      - user wu: {calendar: works}
      - bill o3: {no: C, owner: wu}
    steps:
      - split o1: {p1: {amount: 4}, p2: {amount: 6}}
      - update p1: {amount: 5}
        refused: "11"
      - move o1 to closed: refused
      - expect o1: worth = 30 and worth_band = good
      - expect o3: worth = 5
      - webhook paid: {no: A, amount: 3}
      - expect: 1 sms for o1 saying "谢谢您的付款，收到了您…"
      - webhook paid: {no: B, amount: 3}
      - expect: no sms for o2
"""
RULES = ("`+30 when count(parts) >= 2`", "`+5 when phone is blank`")
CHANGES = [
    ("+30 when", "30", "31", "story"),
    ("+5 when", "5", "6", "story"),
    ("- +5 when", '- +5 when phone is blank "unknown"', "gone", "story"),
    ("bands:", "30", "31", "story"),
    ("limit:", "12", "13", "story"),
    ("consent:", ", consent: agreed", "", "story"),
    ("sums:", "amount", "", "story"),
    ("payload:", " required", "", None),
]


def gaps(story: str) -> set[str]:
    watch = Watch()
    with World({"orders.yaml": APP + story}, watch.compile) as world:
        coverage = Coverage(world, watch)
        outcome = play(world, world.app.scenarios["story"])
        assert outcome.failure is None, outcome.failure
        coverage.note()
        return {gap.en for gap in coverage.gaps()}


def test_coverage_names_rules_of_scores_splits_and_calendars() -> None:
    named = {
        f"the rule {RULES[0]} of `worth` never gave points",
        f"the rule {RULES[1]} of `worth` gave every record points",
        "no `worth` ever was `good`",
        "nothing was ever split into `part`",
        "the calendar `works` never counted a deadline",
    }
    assert {gap for gap in gaps(NOTHING) if "worth" in gap or "split" in gap or "calendar" in gap} == named
    assert not {gap for gap in gaps(EVERYTHING) if "worth" in gap or "split" in gap or "calendar" in gap}


@pytest.mark.parametrize(("line", "found", "to", "noticed"), CHANGES)
def test_a_change_is_noticed_where_a_scenario_proves_the_rule(line: str, found: str, to: str, noticed: str | None) -> None:
    built = read_app({"orders.yaml": APP + EVERYTHING})
    number = next(n for n, text in enumerate((APP + EVERYTHING).split("\n"), 1) if line in text)
    wanted = [m for m in mutants(built) if m.place.line == number and m.found.strip() == found.strip()]
    mutant = next(m for m in wanted if m.to == to or to == "gone" and "is gone" in m.en)
    assert try_mutant(built, mutant, ["story"]).noticed_by == noticed
