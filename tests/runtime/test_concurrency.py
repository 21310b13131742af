"""Two at a time: nobody's change is lost, no number and no unique value is given twice, whatever the threads do."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from dougong.engine import Engine
from dougong.refusals import Refused
from dougong.runtime.session import Session

from tests.runtime.apps import THINGS, codes, hire, opened


def together(count: int, work: Callable[[int], Any]) -> list[Any]:
    """`work(0)` … at the same moment, each in its own thread; results or `Refused`, in order."""
    barrier = threading.Barrier(count)

    def one(i: int) -> Any:
        barrier.wait()
        try:
            return work(i)
        except Refused as refused:
            return refused

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def make(session: Session, name: str) -> None:
    session.create("thing", name=name)


def in_session(engine: Engine, work: Callable[[Any], Any]) -> Any:
    return engine.run("boss", work, write=True)


def test_of_two_changes_to_one_version_one_wins(database_url: str, tmp_path: Path) -> None:
    with opened(THINGS, database_url, tmp_path) as engine:
        hire(engine, "boss", "boss")
        thing = in_session(engine, lambda s: s.create("thing", name="x"))
        for turn in range(5):

            def write(i: int, version: int = 1 + turn) -> Any:
                return in_session(engine, lambda s: s.update("thing", thing.id, {"note": f"{version} {i}"}, version=version))

            found = together(2, write)
            lost = [r for r in found if isinstance(r, Refused)]
            assert [codes(r) for r in lost] == [{("R501", None)}]
            assert lost[0].status == 412


def test_a_stale_record_in_hand_is_refused_but_not_ones_own_change(database_url: str, tmp_path: Path) -> None:
    with opened(THINGS, database_url, tmp_path) as engine:
        hire(engine, "boss", "boss")
        with engine.session("boss") as session:
            thing = session.create("thing", name="x", level=1)
            session.move(thing, "doing")
            session.update(thing, note="still mine")  # nobody came in between
            assert session.get("thing", thing.id).version == 3
        with engine.session("boss") as session:
            try:
                session.delete(thing)
            except Refused as refused:
                assert codes(refused) == {("R501", None)}
            else:
                raise AssertionError("a stale record was deleted")


def test_a_unique_value_is_given_once(database_url: str, tmp_path: Path) -> None:
    with opened(THINGS, database_url, tmp_path) as engine:
        hire(engine, "boss", "boss")
        for turn in range(4):

            def write(_: int, name: str = f"same {turn}") -> Any:
                return in_session(engine, lambda s: s.create("thing", name=name))

            found = together(3, write)
            assert sorted(isinstance(r, Refused) for r in found) == [False, True, True]
            assert {frozenset(codes(r)) for r in found if isinstance(r, Refused)} == {frozenset({("R203", "name")})}


def test_numbers_have_neither_gap_nor_double(database_url: str, tmp_path: Path) -> None:
    with opened(THINGS, database_url, tmp_path) as engine:
        hire(engine, "boss", "boss")

        def work(i: int) -> None:
            for j in range(5):
                name = f"{i} {j}"
                engine.run("boss", partial(make, name=name), write=True)

        assert together(4, work) == [None] * 4
        with engine.reader("boss") as session:
            numbers = [r.code for r in session.find("thing", order="code", limit=100).records]
        assert numbers == [f"T2026-{n:03}" for n in range(1, 21)]


def test_two_batches_with_the_same_value(database_url: str, tmp_path: Path) -> None:
    with opened(THINGS, database_url, tmp_path) as engine:
        hire(engine, "boss", "boss")
        rows = [{"name": f"row {i}"} for i in range(40)]
        found = together(2, lambda i: in_session(engine, lambda s: s.create_many("thing", rows)))
        results = [r for each in found for r in each]
        assert sum(isinstance(r, Refused) for r in results) == 40
        assert {frozenset(codes(r)) for r in results if isinstance(r, Refused)} == {frozenset({("R203", "name")})}
        with engine.reader("boss") as session:
            assert session.count("thing") == 40


def test_nobody_links_to_what_is_being_deleted(database_url: str, tmp_path: Path) -> None:
    with opened(THINGS, database_url, tmp_path) as engine:
        hire(engine, "boss", "boss")
        for turn in range(5):
            partner = in_session(engine, lambda s: s.create("partner", name="p")).id

            def work(i: int, p: int = partner, t: int = turn) -> Any:
                if i:
                    return in_session(engine, lambda s: s.create("thing", name=f"t{t}", partner=p))
                return in_session(engine, lambda s: s.delete("partner", p))

            found = together(2, work)
            assert [codes(r) for r in found if isinstance(r, Refused)] in ([{("R205", None)}], [{("R204", "partner")}])
        with engine.system_session("test") as session:
            partners = {r.id for r in session.find("partner").records}
            assert {r.partner for r in session.find("thing").records} <= partners
