"""Amounts of time that cannot be: nothing where somebody waits, more than anybody lives to see, working weeks; and what a lock cannot hold."""

import pytest
from dougong.pipeline import read_app

APP = """app: x
objects:
  lead: {{fields: {{name: text, amount: money, half: money = amount / 2, calls: integer = count(visits), owner: user, paper: file}}}}
  visit: {{fields: {{lead: link lead as visits}}}}
pipelines:
  flow:
    of: lead
    stages: {{a: {{start: true{stage}}}, won: {{kind: won}}}}
    moves: [a -> won]
{more}
roles: {{sales: {{may: ["read, create, update, move lead", "read, create visit"]}}}}
"""
POOL = "pools: {{sea: {{of: lead, by: [sales], shows: [name], recycle: {0}}}}}"
APPROVAL = "approvals: {{ok: {{of: lead, lock: [{1}], steps: [s: by role sales within {0}]}}}}"


def codes(stage: str = "", more: str = "") -> list[str]:
    return [d.code.code for d in read_app({"a.yaml": APP.format(stage=stage, more=more)}).diagnostics]


@pytest.mark.parametrize(
    "amount", ["0 hours", "0 working days", "9999999 days", "9999999 working hours", "99999999 months", "3 working weeks"]
)
def test_a_wait_is_a_time_that_comes(amount: str) -> None:
    assert codes(stage=f", overdue: after {amount}") == ["T204"]
    assert codes(more=APPROVAL.format(amount, "name")) == ["T204"]
    assert codes(more=POOL.format(f"lead in a for {amount}")) == ["T204"]
    scene = f"scenarios: {{s: {{as: li, steps: [wait: {amount}]}}}}\ncast: [user li: {{roles: [sales]}}]\n"
    assert codes(more=scene) == ([] if amount.startswith("0") else ["T555"])


def test_nothing_before_a_date_is_the_date() -> None:
    assert codes(more="triggers: {t: {on: 0 days before lead.created_at, do: [{set: {amount: 1}}]}}") == []


def test_a_pool_warns_before_it_takes() -> None:
    found = [codes(more=POOL.format(f"lead without visit for 14 days, warn: {warn}")) for warn in ("13 days", "2 weeks", "1 month")]
    assert found == [[], ["T599"], ["T599"]]


def test_only_what_is_stored_can_be_locked() -> None:
    assert [codes(more=APPROVAL.format("1 hours", name)) for name in ("amount", "half", "stage", "calls")] == [[], [], [], ["T204"]]
