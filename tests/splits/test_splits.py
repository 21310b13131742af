"""Parts add up to their whole when a unit of work ends, and a whole ends when its parts have."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from dougong.engine import Engine
from dougong.refusals import Refused
from dougong.runtime.session import Session

from tests.runtime.apps import hire, opened
from tests.splits.apps import contracts, told


def refused(engine: Engine, user: str, work: Callable[[Session], Any]) -> list[tuple[str, str | None, str]]:
    with pytest.raises(Refused) as caught, engine.session(user) as session:
        work(session)
    return told(caught.value)


def split_refused(engine: Engine, number: int, given: list[dict[str, Any]]) -> list[tuple[str, str | None, str]]:
    return refused(engine, "sales", lambda session: session.split("contract", number, parts=given))


def contract(engine: Engine, amount: int = 100, **parts: Any) -> int:
    with engine.session("sales") as session:
        made = session.create("contract", name="A", amount=amount)
        for party, own in parts.items():
            session.create("part", contract=made.id, party=party, amount=own)
        return made.id


def parts(engine: Engine, number: int) -> dict[str, tuple[int, str]]:
    with engine.system_session("test") as session:
        return {p["party"]: (p.id, str(p["amount"])) for p in session.find("part", where=f"contract.id = {number}", order="id").records}


def test_every_way_is_held_against_the_sum(engine: Engine) -> None:
    number = contract(engine, x=60, y=40)
    first = parts(engine, number)["x"][0]
    missing = [("R380", "amount", "合同“A”的金额是 ¥100.00，各部分合计 ¥40.00，还差 ¥60.00")]
    assert refused(engine, "sales", lambda s: s.delete("part", first)) == missing
    assert refused(engine, "sales", lambda s: s.update("part", first, {"amount": 0})) == missing
    assert refused(engine, "sales", lambda s: s.update("part", first, {"amount": None})) == missing
    over = [("R380", "amount", "合同“A”的金额是 ¥100.00，各部分合计 ¥100.01，多出 ¥0.01")]
    row = {"contract": number, "party": "z", "amount": "0.01"}
    assert refused(engine, "sales", lambda s: s.create("part", row)) == over
    assert refused(engine, "sales", lambda s: s.create_many("part", [row])) == over
    boosted = refused(engine, "sales", lambda s: s.update("contract", number, {"boost": True}))
    assert boosted == [("R380", "amount", "合同“A”的金额是 ¥100.00，各部分合计 ¥102.00，多出 ¥2.00")]
    other = contract(engine)
    away = refused(engine, "sales", lambda s: s.update("part", first, {"contract": other}))
    assert away == [*missing, ("R380", "amount", "合同“A”的金额是 ¥100.00，各部分合计 ¥60.00，还差 ¥40.00")]
    assert parts(engine, number) == {"x": (first, "60.00"), "y": (first + 1, "40.00")}


def test_only_the_end_of_the_unit_counts(engine: Engine) -> None:
    number = contract(engine, x=60, y=40)
    found = parts(engine, number)
    with engine.session("sales") as session:
        session.update("part", found["x"][0], {"amount": 10})
        session.update("contract", number, {"amount": 30})
        session.delete("part", found["y"][0])
        session.create_many("part", [{"contract": number, "party": "z", "amount": 20}])
    assert {party: amount for party, (_, amount) in parts(engine, number).items()} == {"x": "10.00", "z": "20.00"}
    left = [part_id for part_id, _ in parts(engine, number).values()]
    with engine.session("sales") as session:  # without parts it is not split, whatever its amount
        for part_id in left:
            session.delete("part", part_id)
    with engine.session("sales") as session:
        session.update("contract", number, {"amount": 77})


def test_who_may_not_read_all_of_it_learns_no_number(engine: Engine) -> None:
    number = contract(engine, x=60, y=40)
    row = {"contract": number, "party": "z", "amount": 5}
    hidden = [("R381", None, "合同各部分的合计与整体不一致")]
    assert refused(engine, "stranger", lambda s: s.create("part", row)) == hidden
    with engine.session("stranger") as session:
        (found,) = session.parts("contract", number)
        assert (found.parts, found.hidden, dict(found.sums)) == ((), 2, {})


def test_a_whole_ends_when_all_its_parts_have(engine: Engine) -> None:
    number = contract(engine, x=60, y=40)
    first, second = (part_id for part_id, _ in parts(engine, number).values())

    def sign(session: Session) -> None:
        session.move("contract", number, "signed")

    assert refused(engine, "sales", sign) == [("R382", "stage", "还有 2 个部分没有完成，不能进入“已签”：x、y")]
    with engine.session("sales") as session:
        (move,) = session.moves("contract", number)
        assert not move.allowed and [r.code.code for r in move.refusals] == ["R382"]
        session.move("part", first, "signed")
    with engine.session("sales") as session:
        session.move("part", second, "lost")
    assert refused(engine, "sales", sign) == [("R382", "stage", "还有 1 个部分没有完成，不能进入“已签”：y")]
    with engine.session("sales") as session:
        session.split("contract", number, parts=[{"id": first, "amount": 100}])
        session.move("contract", number, "signed")
    ended = [("R384", None, "合同“A”已经完成，部分必须都已完成")]
    assert refused(engine, "sales", lambda s: s.move("part", first, "draft")) == ended
    new: list[dict[str, Any]] = [{"id": first, "amount": 50}, {"party": "z"}]
    assert refused(engine, "sales", lambda s: s.split("contract", number, parts=new)) == ended
    with engine.session("sales") as session:  # both at once
        session.move("contract", number, "draft")
        session.move("part", first, "draft")


def test_any_part_is_enough_where_that_is_said(sqlite_url: str, tmp_path: Path) -> None:
    with opened(contracts("any"), sqlite_url, tmp_path) as engine:
        hire(engine, "sales", "sales")
        number = contract(engine, x=60, y=40)
        first, second = (part_id for part_id, _ in parts(engine, number).values())
        none = refused(engine, "sales", lambda s: s.move("contract", number, "signed"))
        assert none == [("R383", "stage", "至少要有一个部分完成，才能进入“已签”")]
        with engine.session("sales") as session:
            session.move("part", second, "signed")
            session.move("contract", number, "signed")
        for work in (
            lambda s: s.move("part", second, "draft"),
            lambda s: s.split("contract", number, parts=[{"id": first, "amount": 100}]),
        ):
            assert refused(engine, "sales", work) == [("R384", None, "合同“A”已经完成，部分至少要有一个已完成")]


def test_a_split_makes_changes_and_takes_away(engine: Engine) -> None:
    number = contract(engine)
    with engine.session("sales") as session:
        record = session.get("contract", number)
        made = session.split(record, parts=[{"party": "x", "amount": "60"}, {"party": "y"}])
        assert [(p.party, str(p.amount)) for p in made] == [("x", "60.00"), ("y", "40.00")]
    with engine.session("sales") as session:
        values = {"amount": 200}
        session.split("contract", number, parts=[{"party": "z", "amount": ""}, {"id": made[0].id}], values=values, version=record.version)
        (found,) = session.parts("contract", number)
        assert {p.party: str(p.amount) for p in found.parts} == {"x": "60.00", "z": "140.00"}
        assert (str(found.sums["amount"].whole), str(found.sums["amount"].rest), found.hidden) == ("200.00", "0.00", 0)
    stale = refused(engine, "sales", lambda s: s.split("contract", number, parts=[], version=record.version))
    assert stale[0][0] == "R501"
    wrong = refused(engine, "sales", lambda s: s.split("contract", number, parts=[{"party": ""}, {"party": "q", "amount": "x"}]))
    assert [(code, field) for code, field, _ in wrong] == [("R201", "parts.0.party"), ("R110", "parts.1.amount")]
    for number_of_part in (made[1].id, "7", True, made[0].id):
        given: list[dict[str, Any]] = [{"id": made[0].id}, {"id": number_of_part}]
        assert split_refused(engine, number, given)[0][:2] == ("R387", "parts.1.id")
    assert refused(engine, "sales", lambda s: s.split("part", made[0].id, parts=[]))[0][0] == "R385"
    assert refused(engine, "sales", lambda s: s.split("contract", 10**6, parts=[]))[0][0] == "R404"
    assert refused(engine, "clerk", lambda s: s.split("contract", number, parts=[], values={"amount": 1}))[0][0] == "R401"
    assert {party: amount for party, (_, amount) in parts(engine, number).items()} == {"x": "60.00", "z": "140.00"}


def test_more_than_all_leaves_no_rest(engine: Engine) -> None:
    number = contract(engine)
    over = refused(engine, "sales", lambda s: s.split("contract", number, parts=[{"party": "x", "amount": 130}, {"party": "y"}]))
    assert over == [("R380", "amount", "合同“A”的金额是 ¥100.00，各部分合计 ¥130.00，多出 ¥30.00")]


def test_a_part_that_one_may_not_see_stays(engine: Engine) -> None:
    number = contract(engine, x=100)
    with engine.session("stranger") as session:
        session.split("contract", number, parts=[{"party": "mine", "amount": 0}])
    assert {party: amount for party, (_, amount) in parts(engine, number).items()} == {"x": "100.00", "mine": "0.00"}


def test_a_release_with_new_sums_asks_about_what_is_there(database_url: str, tmp_path: Path) -> None:
    before = contracts().replace("    splits: {into: part, sums: [amount], close_when: all}\n", "")
    with opened(before, database_url, tmp_path) as engine:
        with engine.system_session("test") as session:
            for own in (None, 100, 99):
                whole = session.create("contract", name="A", amount=100).id
                if own is not None:
                    session.create("part", contract=whole, party="x", amount=own)
        after = {"app.yaml": contracts()}
        plan = engine.plan(after)
        assert [d.message("en") for d in plan.diagnostics] == [
            "`amount` cannot be summed yet: in some records of `contract` the parts do not add up to the whole (1)."
        ]
        with engine.system_session("test") as session:
            session.update("part", 2, {"amount": 100})
        assert not engine.plan(after).diagnostics
        engine.apply(after, "test")
        assert not engine.plan(after).diagnostics
