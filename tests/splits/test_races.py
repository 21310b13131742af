"""Two at a time: whoever is faster, a commit never leaves parts that do not add up, nor an open part of an ended whole."""

import random
import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from dougong.engine import Engine
from dougong.refusals import Refused
from dougong.runtime.session import Session

from tests.runtime.test_concurrency import together

ROUNDS = 6
BY_RULE = {"R302", "R380", "R382", "R384", "R387", "R404", "R205", "R501"}  # and not a deadlock, nor a wait that was too long


def state(engine: Engine, whole: int) -> tuple[Decimal, str, list[tuple[Decimal, str]]]:
    with engine.system_session("test") as session:
        record = session.get("contract", whole)
        found = session.find("part", where=f"contract.id = {whole}", limit=200).records
        return record["amount"], record["stage"], [(p["amount"], p["stage"]) for p in found]


def test_parts_that_change_at_once_still_add_up(engine: Engine) -> None:
    with engine.session("sales") as session:
        whole = session.create("contract", name="c", amount=30).id
        ids = [session.create("part", contract=whole, party=str(i), amount=10).id for i in range(3)]
    done: list[str] = []

    def work(i: int) -> None:
        chance = random.Random(i)
        for turn in range(ROUNDS):
            kind = (i + turn) % 4
            change = chance.choice((-1, 1, 2))
            try:
                with engine.session("sales") as session:
                    if kind == 0:  # matches by what it reads: somebody else may have changed it since
                        session.update("part", ids[i % 3], {"amount": session.get("part", ids[i % 3])["amount"] + change})
                        session.update("contract", whole, {"amount": session.get("contract", whole)["amount"] + change})
                    elif kind == 1:
                        session.create("part", contract=whole, party="n", amount=change)
                        session.create("part", contract=whole, party="n", amount=-change)
                    elif kind == 2:
                        session.create("part", contract=whole, party="n", amount=change)  # alone it never matches
                    else:
                        (found,) = session.parts("contract", whole)
                        kept = [{"id": p.id} for p in found.parts if p.party != "n"]
                        session.split("contract", whole, parts=[*kept, {"party": "n"}])
                done.append(str(kind))
            except Refused as refused:
                assert {r.code.code for r in refused.refusals} <= BY_RULE, refused

    assert [found for found in together(4, work) if found is not None] == []
    amount, _, parts = state(engine, whole)
    assert parts and sum(own for own, _ in parts) == amount
    assert {"1", "3"} <= set(done), "some got through"
    assert "2" not in done


def test_a_whole_does_not_end_while_a_part_opens(engine: Engine) -> None:
    for _ in range(ROUNDS):
        with engine.session("sales") as session:
            whole = session.create("contract", name="c", amount=10).id
            part = session.create("part", contract=whole, party="x", amount=10).id
            session.move("part", part, "signed")

        def work(i: int, whole: int = whole, part: int = part) -> Any:
            with engine.session("sales") as session:
                if i == 0:
                    return session.move("contract", whole, "signed").id
                if i == 1:
                    return session.move("part", part, "draft").id
                return session.create("part", contract=whole, party="y", amount=0).id

        found = together(3, work)
        refused = [r for r in found if isinstance(r, Refused)]
        assert all({c.code.code for c in r.refusals} <= BY_RULE for r in refused), refused
        _, stage, parts = state(engine, whole)
        assert stage == "draft" or all(own == "signed" for _, own in parts)
        assert len(refused) < 3


def both(engine: Engine, *works: Callable[[Session], object]) -> list[Any]:
    """Each in a session of its own, all of which end at the same moment; on SQLite, where one writes at a time, one after the other."""
    barrier = threading.Barrier(len(works) if engine.database.dialect == "postgresql" else 1)

    def one(i: int) -> None:
        with engine.session("sales") as session:
            works[i](session)
            barrier.wait(20)

    return [{r.code.code for r in found.refusals} for found in together(len(works), one) if isinstance(found, Refused)]


def test_the_last_part_goes_while_another_comes(engine: Engine) -> None:
    with engine.session("sales") as session:
        whole = session.create("contract", name="c", amount=10).id
        part = session.create("part", contract=whole, party="x", amount=10).id

    def come(session: Session) -> None:
        session.create("part", contract=whole, party="y", amount=0)

    refused = both(engine, lambda session: session.delete("part", part), come)
    assert refused == [{"R380"}]
    assert [own for own, _ in state(engine, whole)[2]] in ([], [10, 0], [0, 10])


def test_a_part_opens_in_the_moment_in_which_the_whole_ends(engine: Engine) -> None:
    with engine.session("sales") as session:
        whole = session.create("contract", name="c", amount=10).id
        part = session.create("part", contract=whole, party="x", amount=10).id
        session.move("part", part, "signed")
    refused = both(engine, lambda s: s.move("contract", whole, "signed"), lambda s: s.move("part", part, "draft"))
    assert refused in ([{"R384"}], [{"R382"}])
