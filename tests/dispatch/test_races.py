"""Several sessions that assign at once: nobody gets more than their capacity, the least loaded stays the least loaded, turns go round."""

import time
from collections import Counter
from pathlib import Path

import pytest

from tests.dispatch.test_assigning import APP
from tests.runtime.apps import hire, opened
from tests.runtime.test_concurrency import together

SALES = "\"user where 'sales' in roles\""
WAYS = {
    "capacity": f"from: {SALES}, capacity: most",
    "least": f"from: {SALES}, by: least loaded",
    "round": f"from: {SALES}, by: round robin",
}
TRIGGERS = """
triggers:
  give: {on: lead created, do: [{assign: {field: owner, WAY}}]}
  give_again: {on: lead.name changed, do: [{assign: {field: owner, WAY}}]}
"""


@pytest.mark.parametrize("way", WAYS)
def test_sessions_that_assign_at_once_count_each_other(database_url: str, tmp_path: Path, way: str) -> None:
    """By two rules: what one session has given away, the others see, though it is not done yet."""
    with opened(APP + TRIGGERS.replace("WAY", WAYS[way]), database_url, tmp_path) as engine:
        people = [hire(engine, f"p{n}", "sales", most=1) for n in range(4)]
        with engine.system_session("test") as session:
            old = [session.create("lead", name="old", amount=1).id for _ in range(4)]
            for lead in old:
                session.update("lead", lead, {"owner": None})

        def work(turn: int) -> None:
            with engine.system_session("test") as session:
                if turn % 2:
                    session.create("lead", name="new", amount=1)
                else:
                    session.update("lead", old[turn // 2], {"name": "named"})
                time.sleep(0.02)

        together(8, work)
        with engine.system_session("test", write=False) as session:
            found = Counter(lead.get("owner") for lead in session.find("lead").records)
    assert found == (dict.fromkeys(people, 1) | {None: 4} if way == "capacity" else dict.fromkeys(people, 2))
