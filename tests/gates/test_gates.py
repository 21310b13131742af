"""Gates of stages: everything that is missing at once, on every way in; ticking, withdrawing, exceptions."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from dougong.engine import Engine
from dougong.refusals import Refused
from dougong.runtime.clock import SettableClock

from tests.gates.apps import DEALS, bring, said
from tests.runtime.apps import hire, opened


def app(database_url: str, tmp_path: Path) -> Any:
    return opened(DEALS, database_url, tmp_path)


def clock(engine: Engine) -> SettableClock:
    assert isinstance(engine.clock, SettableClock)
    return engine.clock


def attempt(engine: Engine, who: int, record: int, to: str, **values: Any) -> list[tuple[str, str | None]]:
    """Move; what it was refused with."""
    try:
        with engine.session(who) as session:
            session.move("deal", record, to, values)
    except Refused as refused:
        return said(refused)
    return []


def unsupported(engine: Engine, record: int) -> bool:
    with engine.system_session("test", write=False) as session:
        seen = bool(session.get("deal", record)["unsupported"])
        assert (session.count("deal", f"unsupported and id = {record}") == 1) is seen  # SQL says the same
        return seen


def solution(engine: Engine, who: int, **values: Any) -> int:
    """A deal in solution."""
    with engine.session(who) as session:
        deal = session.create("deal", {"name": "d", **values})
        session.move("deal", deal.id, "solution")
        return deal.id


def test_everything_missing_is_told_at_once(database_url: str, tmp_path: Path) -> None:
    with app(database_url, tmp_path) as engine:
        sales = hire(engine, "sales", "sales")
        deal = solution(engine, sales)
        with pytest.raises(Refused) as caught, engine.session(sales) as session:
            session.move("deal", deal, "contract")
        assert said(caught.value) == [
            ("R305", "requirement"),
            ("R305", "proposal"),
            ("R305", "deck"),
            ("R310", None),
            ("R310", None),
            ("R306", "scans"),
        ]
        assert all(r.clause and r.clause.startswith("app.yaml:") for r in caught.value.refusals)
        assert caught.value.refusals[3].message("zh") == "离开“方案”之前请先完成“完成竞品对比”"
        # a direct write of the stage and a trigger's write answer to the same gate
        with pytest.raises(Refused) as direct, engine.session(sales) as session:
            session.update("deal", deal, {"stage": "contract"})
        assert said(direct.value) == said(caught.value)


def test_a_deal_goes_on_with_everything_there(database_url: str, tmp_path: Path) -> None:
    with app(database_url, tmp_path) as engine:
        sales, helper = hire(engine, "sales", "sales"), hire(engine, "helper", "helper")
        deck, scan = bring(engine, "deck v10.pptx", sales), bring(engine, "contract.pdf", sales)
        proposal = bring(engine, "proposal.pdf", sales)
        deal = solution(engine, sales, requirement="r", wanted=9, deck=deck, proposal=proposal, scans=[scan])
        with engine.session(helper) as session:
            with pytest.raises(Refused) as caught:
                session.do_action("deal", deal, "compared", "Wuxi")
            assert said(caught.value) == [("R316", None)]
            session.do_action("deal", deal, "called")
        with engine.session(sales) as session:
            with pytest.raises(Refused) as caught:
                session.do_action("deal", deal, "compared")
            assert said(caught.value) == [("R317", None)]
            session.do_action("deal", deal, "compared", {"name": "Wuxi", "latitude": 31.491, "longitude": 120.312})
            with pytest.raises(Refused) as caught:
                session.do_action("deal", deal, "compared", "Wuxi")
            assert said(caught.value) == [("R319", None)]
            items = {i.item: i for i in session.gates("deal", deal)}
        done = items["compared"].done
        assert done is not None
        assert (done.by, done.place, done.latitude, done.longitude) == (sales, "Wuxi", 31.491, 120.312)
        assert done.at == engine.clock.now()
        assert items["scans"].refusal is not None  # its version is told nowhere: no other file has one either
        assert attempt(engine, sales, deal, "contract") == [("R314", "scans")]


@pytest.mark.parametrize(
    ("name", "wanted", "codes"),
    [
        ("Rev10.pptx", 9, []),
        ("Rev9.pptx", 10, [("R313", "deck")]),
        ("deck V2.pptx", 10, [("R313", "deck")]),
        ("deck.pptx", 1, [("R314", "deck")]),
        ("deck.pptx", None, []),
        ("方案第4版.pptx", 4, []),
    ],
)
def test_versions(database_url: str, tmp_path: Path, name: str, wanted: int | None, codes: list[tuple[str, str | None]]) -> None:
    with app(database_url, tmp_path) as engine:
        sales = hire(engine, "sales", "sales")
        files = {
            "deck": bring(engine, name, sales),
            "proposal": bring(engine, "p.pdf", sales),
            "scans": [bring(engine, "c rev1.pdf", sales)],
        }
        deal = solution(engine, sales, requirement="r", wanted=wanted, **files)
        with engine.session(sales) as session:
            session.do_action("deal", deal, "compared", (31.0, 121.0))
            session.do_action("deal", deal, "called")
        assert attempt(engine, sales, deal, "contract") == codes


def test_kind_and_freshness(database_url: str, tmp_path: Path) -> None:
    with app(database_url, tmp_path) as engine:
        sales = hire(engine, "sales", "sales")
        deal, ready = (ready_deal(engine, sales), ready_deal(engine, sales))
        docx = bring(engine, "proposal.docx", sales)
        with engine.session(sales) as session:
            session.update("deal", deal, {"proposal": docx})
        assert attempt(engine, sales, deal, "contract") == [("R311", "proposal")]
        clock(engine).advance(timedelta(days=30))
        assert attempt(engine, sales, ready, "contract") == []
        with engine.session(sales) as session:
            session.move("deal", ready, "solution")
        clock(engine).advance(timedelta(milliseconds=1))
        assert attempt(engine, sales, ready, "contract") == [("R312", "proposal")]


def test_the_newest_version_of_a_family(database_url: str, tmp_path: Path) -> None:
    with app(database_url, tmp_path) as engine:
        sales = hire(engine, "sales", "sales")
        old, other = ready_deal(engine, sales, "Contract-Rev9.pdf"), ready_deal(engine, sales, "Lease-Rev1.pdf")
        ready_deal(engine, sales, "contract_rev10.pdf")
        assert attempt(engine, sales, old, "contract") == [("R313", "scans")]
        assert attempt(engine, sales, other, "contract") == []


def ready_deal(engine: Engine, who: int, scan: str = "c rev1.pdf") -> int:
    """A deal with whatever it needs to go on."""
    files = {"deck": bring(engine, "d v1.pptx", who), "proposal": bring(engine, "p.pdf", who), "scans": [bring(engine, scan, who)]}
    deal = solution(engine, who, requirement="r", **files)
    with engine.session(who) as session:
        session.do_action("deal", deal, "compared", "Wuxi")
        session.do_action("deal", deal, "called")
    return deal


def test_what_is_withdrawn_later_leaves_the_stage_unsupported(database_url: str, tmp_path: Path) -> None:
    with app(database_url, tmp_path) as engine:
        sales = hire(engine, "sales", "sales")
        deal = ready_deal(engine, sales)
        assert attempt(engine, sales, deal, "contract") == []
        assert not unsupported(engine, deal)
        with engine.session(sales) as session:
            session.undo_action("deal", deal, "called")
            gone = [i for i in session.gates("deal", deal) if i.when == "passed"]
            assert [(i.stage, i.item, i.kind) for i in gone] == [("solution", "called", "action")]
            with pytest.raises(Refused) as caught:
                session.undo_action("deal", deal, "called")
            assert said(caught.value) == [("R320", None)]
        assert unsupported(engine, deal)
        with engine.session(sales) as session:
            session.do_action("deal", deal, "called")
        assert not unsupported(engine, deal)
        clock(engine).advance(timedelta(days=60))  # what was fresh when it counted stays so
        with engine.session(sales) as session:
            session.update("deal", deal, {"requirement": "more"})
        assert not unsupported(engine, deal)
        with engine.session(sales) as session:
            session.update("deal", deal, {"proposal": None})
        assert unsupported(engine, deal)
        with engine.session(sales) as session:
            session.move("deal", deal, "lost")  # nothing led there
        assert not unsupported(engine, deal)


def test_exceptions_end(database_url: str, tmp_path: Path) -> None:
    with app(database_url, tmp_path) as engine:
        sales, boss = hire(engine, "sales", "sales"), hire(engine, "boss", "boss")
        deal = ready_deal(engine, sales)
        until = engine.clock.now() + timedelta(days=7)
        with engine.session(sales) as session:
            session.undo_action("deal", deal, "called")
            with pytest.raises(Refused) as caught:
                session.except_gate("deal", deal, "solution", "called", "on holiday", until)
            assert said(caught.value) == [("R322", None)]
        assert attempt(engine, sales, deal, "contract") == [("R310", None)]
        with engine.session(boss) as session:
            for arguments, code in [
                (("won", "called", "x", until), "R301"),
                (("solution", "visited", "x", until), "R321"),
                (("contract", "scans", "x", until), "R322"),
                (("solution", "called", " ", until), "R323"),
                (("solution", "called", "x", engine.clock.now()), "R324"),
            ]:
                with pytest.raises(Refused) as caught:
                    session.except_gate("deal", deal, *arguments)
                assert said(caught.value)[0][0] == code
            session.except_gate("deal", deal, "solution", "called", "on holiday", until)
        assert attempt(engine, sales, deal, "contract") == []
        assert not unsupported(engine, deal)
        clock(engine).advance(timedelta(days=7))
        assert unsupported(engine, deal)
        with engine.session(sales) as session:
            gone = next(i for i in session.gates("deal", deal) if i.when == "passed")
        assert gone.exception is not None
        assert (gone.exception.reason, gone.exception.by, gone.exception.until) == ("on holiday", boss, until)


def test_places_and_names_that_are_none(database_url: str, tmp_path: Path) -> None:
    with app(database_url, tmp_path) as engine:
        sales = hire(engine, "sales", "sales")
        deal = solution(engine, sales)
        with engine.session(sales) as session:
            for place in ((91, 0), (0, 181), ("a", "b"), {"name": 3}, {"town": "x"}, (1, 2, 3), (None, 3), "x" * 501):
                with pytest.raises(Refused) as caught:
                    session.do_action("deal", deal, "compared", place)
                assert said(caught.value) == [("R318", None)]
            with pytest.raises(Refused) as caught:
                session.do_action("deal", deal, "compared", "  ")
            assert said(caught.value) == [("R317", None)]
            with pytest.raises(Refused) as caught:
                session.do_action("deal", deal, "visited")
            assert said(caught.value) == [("R315", None)]
            with pytest.raises(Refused) as caught:
                session.do_action("deal", deal + 1, "called")
            assert said(caught.value) == [("R404", None)]
            session.do_action("deal", deal, "compared", (0, -180))


def test_imports_answer_to_the_gate_of_their_stage(database_url: str, tmp_path: Path) -> None:
    with app(database_url, tmp_path) as engine:
        boss = hire(engine, "boss", "boss")
        scan = bring(engine, "c rev1.pdf", boss)
        with engine.session(boss) as session:
            results = session.create_many(
                "deal", [{"name": "a", "stage": "contract"}, {"name": "b", "stage": "contract", "scans": [scan]}, {"name": "c"}]
            )
        assert [said(r) if isinstance(r, Refused) else r["stage"] for r in results] == [[("R306", "scans")], "contract", "inquiry"]
