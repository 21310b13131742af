"""Ways to assign: shares by weight, turns, capacity, decision tables; where a record goes when nobody is left; and why."""

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from dougong.engine import Engine
from dougong.runtime.dispatch.shares import drawn, point, shares
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.runtime.apps import hire, opened

APP = """
app: leads
objects:
  user:
    fields:
      city: text
      conversion: number(4)
      most: integer
  lead:
    fields:
      name: text
      city: text
      grade: choice(a, b)
      amount: integer required
      owner: user
pipelines:
  flow: {of: lead, stages: {new: {start: true}, won: {kind: won}}, moves: [new -> won]}
pools:
  hq: {of: lead, title: 总部公海, by: [sales]}
roles:
  sales: {may: ["read, create, update, move lead"]}
  key: {may: ["read lead"]}
"""
SALES = "user where 'sales' in roles and city = lead.city"


def app(action: str, more: str = "") -> str:
    return f"{APP}{more}\ntriggers:\n  give:\n    on: lead created\n    do:\n      - assign: {{field: owner, {action}}}\n"


def owners(engine: Engine, count: int, **values: object) -> list[int | None]:
    """New leads, imported in one go, and who got each."""
    with engine.system_session("test") as session:
        session.create_many("lead", [{"name": f"l{n}", "city": "nb", "amount": 1, **values} for n in range(count)])
        return [row[0] for row in session.connection.all('SELECT owner FROM "lead" ORDER BY id')]


def test_shares_are_met_within_one_percent_and_no_data_gets_the_floor(database_url: str, tmp_path: Path) -> None:
    with opened(app(f'from: "{SALES}", by: weight(conversion), floor: 5%, else: pool hq'), database_url, tmp_path) as engine:
        people = [hire(engine, f"p{n}", "sales", city="nb", conversion=w) for n, w in enumerate(("0.3", "0.6", None))]
        found = Counter(owners(engine, 2000))
        wanted = dict(zip(people, (0.95 / 3, 0.95 * 2 / 3, 0.05), strict=True))
        assert all(abs(found[who] / 2000 - share) < 0.01 for who, share in wanted.items())
        with engine.system_session("test") as session:
            lost = session.create("lead", name="far", city="xx", amount=1)
            assert (session.get("lead", lost.id).owner, session.get("lead", lost.id).pool) == (None, "hq")


def test_ten_thousand_draws_are_within_one_percent_whatever_the_trigger_is_called() -> None:
    for trigger in ("give", "assign", "分配"):
        parts = shares({1: Decimal("0.31"), 2: 0, 3: Decimal("0.17"), 4: None}, Decimal("0.05"))
        found = Counter(drawn(parts, point(trigger, "lead", n)) for n in range(1, 10_001))
        assert all(abs(found[who] / 10_000 - float(share)) < 0.01 for who, share in parts.items())
        assert (parts[2], parts[4]) == (Fraction(1, 20), Fraction(1, 20))


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(st.integers(1, 50), st.none() | st.decimals(-1, 100, places=2), min_size=1, max_size=12),
    st.none() | st.decimals("0.01", "0.5", places=2),
)
def test_shares_are_whole_and_nobody_is_below_the_floor(weights: dict[int, Decimal | None], floor: Decimal | None) -> None:
    parts = shares(weights, floor)
    assert sum(parts.values()) == 1
    if floor is not None and floor * len(weights) < 1 and any(w is not None and w > 0 for w in weights.values()):
        assert min(parts.values()) >= Fraction(floor)
        above = {who: Fraction(weights[who] or 0) / part for who, part in parts.items() if part > Fraction(floor)}
        assert len(set(above.values())) <= 1  # whoever is above the floor has as much as the weights say


def test_turns_go_round_and_a_newcomer_is_next(database_url: str, tmp_path: Path) -> None:
    with opened(app("from: \"user where 'sales' in roles\", by: round robin"), database_url, tmp_path) as engine:
        first, second = (hire(engine, f"p{n}", "sales") for n in range(2))
        assert owners(engine, 3) == [first, second, first]
        third = hire(engine, "p3", "sales")
        assert owners(engine, 4)[3:] == [third, second, first, third]


def test_who_is_full_gets_none_and_then_it_goes_elsewhere(database_url: str, tmp_path: Path) -> None:
    with opened(app("from: \"user where 'sales' in roles\", capacity: most, else: role key"), database_url, tmp_path) as engine:
        small, large = hire(engine, "small", "sales", most=1), hire(engine, "large", "sales", most=3)
        boss = hire(engine, "boss", "key")
        assert Counter(owners(engine, 7)) == {small: 1, large: 3, boss: 3}


TABLE = """
decision_tables:
  who:
    of: lead
    rows:
      - {when: {grade: a, amount: ">= 100"}, then: role key}
      - {when: {grade: a, amount: "< 100"}, then: user small}
      - {when: {grade: [b, blank]}, then: pool hq}
"""


@pytest.mark.parametrize(("grade", "amount", "to"), [("a", 100, "key"), ("a", 99, "small"), ("b", 7, "hq"), (None, 100, "hq")])
def test_a_table_decides(database_url: str, tmp_path: Path, grade: str | None, amount: int, to: str) -> None:
    with opened(app("by: table who", TABLE), database_url, tmp_path) as engine:
        hire(engine, "small", "sales"), hire(engine, "key", "key")
        with engine.system_session("test") as session:
            lead = session.create("lead", name="x", grade=grade, amount=amount)
            found = session.get("lead", lead.id)
            owner = session.unit.row("user", found.owner)
            assert (found.pool if owner is None else owner["login"]) == to
