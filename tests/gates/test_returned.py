"""Leads that are sent back: the reason is asked for, and they are counted apart from new ones."""

from pathlib import Path

import pytest
from dougong.refusals import Refused

from tests.gates.apps import said
from tests.runtime.apps import hire, opened

LEADS = """
app: leads
objects:
  lead: {fields: {name: text required, return_reason: text}}
pipelines:
  flow:
    of: lead
    stages: {inquiry: {start: true}, solution: {}, won: {kind: won}}
    moves:
      - inquiry -> solution
      - solution -> inquiry "退回重筛" asks(return_reason)
      - solution -> won
roles:
  sales: {may: ["read, create, update, move lead"]}
"""


def test_returned_leads_have_a_reason_and_are_counted_apart(database_url: str, tmp_path: Path) -> None:
    with opened(LEADS.replace("solution: {}", "solution: {kind: open}"), database_url, tmp_path) as engine:
        sales = hire(engine, "sales", "sales")
        with engine.session(sales) as session:
            returned = session.create("lead", name="a").id
            session.create("lead", name="b")
            session.move("lead", returned, "solution")
        with engine.session(sales) as session:
            for reason in (None, {"return_reason": ""}):
                with pytest.raises(Refused) as caught:
                    session.move("lead", returned, "inquiry", reason)
                assert said(caught.value) == [("R307", "return_reason")]
            session.move("lead", returned, "inquiry", {"return_reason": "too small"})
        with engine.session(sales) as session:
            assert session.count("lead", "stage = inquiry") == 2
            assert session.count("lead", "stage = inquiry and passed(solution)") == 1
            assert session.count("lead", "stage = inquiry and not passed(solution)") == 1
