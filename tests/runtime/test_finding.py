"""Lists: pages put together are the whole list in order, whatever is blank or equal, and whatever is written in between."""

from pathlib import Path

import pytest
from dougong.refusals import Refused
from dougong.runtime.read import finding
from dougong.runtime.record import Record
from dougong.runtime.session import Session
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.runtime.apps import THINGS, codes, hire, opened

SORTED = ("level", "amount", "half", "kind", "due", "days_left", "note", "created_at", "stage", "id")


def pages(session: Session, order: str, limit: int, where: str | None = None) -> list[Record]:
    found: list[Record] = []
    cursor = None
    while True:
        page = session.find("thing", order=order, limit=limit, cursor=cursor, where=where)
        assert len(page.records) <= limit
        found += page.records
        cursor = page.next_cursor
        if cursor is None:
            return found


def expected(records: list[Record], order: list[tuple[str, bool]]) -> list[int]:
    """Blank last; ties by id in the direction of the first field."""
    rows = sorted(records, key=lambda r: r.id, reverse=order[0][1])
    for name, descending in reversed(order):
        filled = sorted((r for r in rows if r[name] is not None), key=lambda r: r[name], reverse=descending)
        rows = filled + [r for r in rows if r[name] is None]
    return [r.id for r in rows]


def test_pages_put_together_are_the_list(database_url: str, tmp_path: Path) -> None:
    with opened(THINGS, database_url, tmp_path) as engine:
        hire(engine, "boss", "boss")
        with engine.session("boss") as session:
            for i in range(17):
                days = f"2026-03-{i % 4 + 1:02}" if i % 3 else None
                session.create(
                    "thing", name=f"t{i}", level=i % 3 or None, amount=(i * 7 % 5) or None, due=days, note="好a"[i % 2] * (i % 3)
                )

        @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
        @given(
            st.lists(st.tuples(st.sampled_from(SORTED), st.booleans()), min_size=1, max_size=3, unique_by=lambda o: o[0]), st.integers(1, 7)
        )
        def agree(order: list[tuple[str, bool]], limit: int) -> None:
            text = ", ".join(f"-{n}" if d else n for n, d in order)
            with engine.reader("boss") as session:
                everything = session.find("thing", limit=100).records
                assert [r.id for r in pages(session, text, limit)] == expected(everything, order)

        agree()


@pytest.mark.parametrize("window", (2, 5))
def test_pages_are_the_same_however_they_are_looked_for(
    window: int, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "WINDOW", window)
    with opened(THINGS, database_url, tmp_path) as engine:
        hire(engine, "boss", "boss")
        hire(engine, "clerk", "clerk")
        with engine.session("boss") as session:
            partners = [session.create("partner", name=f"p{i}", owner=2).id for i in range(2)]
            for i in range(23):
                partner = partners[i % 2] if i % 5 else None
                session.create("thing", name=f"t{i * 7 % 23:02}", level=i % 3, partner=partner, note="n" * (i % 2), owner=2 - i % 3 % 2)
        with engine.reader("clerk") as session:
            for order in ("name", "-name", "created_at", "-created_at", "partner", "-partner", "-partner, id", "partner, note", "owner"):
                for where in (None, "level > 0"):
                    visible = [r for r in session.find("thing", limit=100).records if where is None or r.level > 0]
                    keys = [(n.strip().lstrip("-"), n.strip().startswith("-")) for n in order.split(",")]
                    assert [r.id for r in pages(session, order, 3, where)] == expected(visible, keys), (order, where)


def test_a_page_stays_where_it_was_when_records_come(database_url: str, tmp_path: Path) -> None:
    with opened(THINGS, database_url, tmp_path) as engine:
        hire(engine, "boss", "boss")
        with engine.session("boss") as session:
            for i in range(6):
                session.create("thing", name=f"t{i}", level=i)
            first = session.find("thing", order="level", limit=3)
            session.create("thing", name="new", level=0)
            rest = session.find("thing", order="level", limit=3, cursor=first.next_cursor)
            assert [r.name for r in (*first.records, *rest.records)] == [f"t{i}" for i in range(6)]


def test_what_cannot_be_asked_is_refused_by_name(database_url: str, tmp_path: Path) -> None:
    with opened(THINGS, database_url, tmp_path) as engine:
        hire(engine, "clerk", "clerk")
        hire(engine, "nobody")
        with engine.reader("clerk") as session:
            for asked, code in (
                ({"order": "secret"}, ("R402", "secret")),
                ({"order": "nonsense"}, ("R402", "nonsense")),
                ({"fields": ["secret"]}, ("R402", "secret")),
                ({"where": 'secret = "x"'}, ("R721", "where")),
                ({"where": "nonsense = 1"}, ("R721", "where")),
                ({"where": "level >"}, ("R721", "where")),
                ({"cursor": "AAAA"}, ("R722", None)),
                ({"cursor": "好"}, ("R722", None)),
                ({"where": f"id = {10**17}", "cursor": "W10"}, ("R722", None)),
                ({"limit": 0}, ("R726", None)),
            ):
                with pytest.raises(Refused) as refused:
                    session.find("thing", **asked)
                assert codes(refused.value) == {code}, asked
            with pytest.raises(Refused) as hidden:
                session.find("thing", where='secret = "x"')
            with pytest.raises(Refused) as missing:
                session.find("thing", where='secrex = "x"')
            assert hidden.value.refusals[0].message().replace("secret", "") == missing.value.refusals[0].message().replace("secrex", "")
            with pytest.raises(Refused, match="R407"):
                session.find("nothing")
        with engine.reader("nobody") as session:
            with pytest.raises(Refused, match="R401"):
                session.find("thing")
            assert not session.may("read", "thing") and session.fields("thing") == []


def test_search_finds_every_word_in_any_case_and_takes_marks_literally(database_url: str, tmp_path: Path) -> None:
    with opened(THINGS, database_url, tmp_path) as engine:
        hire(engine, "boss", "boss")
        with engine.session("boss") as session:
            for name in ("Pump 泵体 A", "pump B", "100%", "100 A"):
                session.create("thing", name=name)
            assert {w: [r.name for r in session.find("thing", search=w, order="id").records] for w in ("PUMP", "泵 a", "0%", "x", "_")} == {
                "PUMP": ["Pump 泵体 A", "pump B"],
                "泵 a": ["Pump 泵体 A"],
                "0%": ["100%"],
                "x": [],
                "_": [],
            }
            assert session.count("thing", search="100") == 2


def test_groups_come_in_declared_order_with_exact_sums(database_url: str, tmp_path: Path) -> None:
    with opened(THINGS, database_url, tmp_path) as engine:
        hire(engine, "boss", "boss")
        with engine.session("boss") as session:
            for i, (kind, amount) in enumerate((("b", "0.10"), ("a", "0.20"), ("b", "0.20"), (None, None))):
                thing = session.create("thing", name=f"t{i}", kind=kind, amount=amount, reason="r", level=1)
                if i == 0:
                    session.move(thing, "doing")
            assert [(v, n, str(s)) for v, n, s in session.group("thing", "kind", sum="amount")] == [
                ("a", 1, "0.20"),
                ("b", 2, "0.30"),
                (None, 1, "None"),
            ]
            assert session.group("thing") == [("open", 3, None), ("doing", 1, None)]
            assert [n for _, n, _ in session.group("thing", "kind", where="amount > 0.1")] == [1, 1]
