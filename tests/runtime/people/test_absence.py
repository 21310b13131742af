"""Who acts for whom: chains are followed, circles end, work goes to whoever is there."""

from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from dougong.refusals import Refused

from tests.runtime.apps import NOON, codes, hire
from tests.runtime.people.apps import later, work

DAY = timedelta(days=1)


def test_the_person_or_an_administrator_sets_it(database_url: str, tmp_path: Path) -> None:
    with work(database_url, tmp_path) as engine:
        with engine.session("ann") as session:
            made = session.set_absence(2, NOON, NOON + DAY, 3)
            assert [(a.id, a.user, a.delegate) for a in session.absences()] == [(made, 2, 3)]
            for who, code in ((3, "R416"), (2, "R417")):
                with pytest.raises(Refused) as refused:
                    session.set_absence(who, NOON, NOON + DAY, who)
                assert codes(refused.value) == {(code, None)}
        with engine.session("boss") as session:
            session.end_absence(made)
            assert session.absences(2) == []
            session.set_absence(3, NOON, NOON + DAY, 1)


def test_a_to_do_goes_to_the_substitute(database_url: str, tmp_path: Path) -> None:
    with work(database_url, tmp_path) as engine:
        with engine.session("ann") as session:
            session.set_absence(2, NOON, NOON + DAY, 3)
            session.move(session.create("job", name="甲"), "doing")
            assert session.todos() == []
        with engine.reader("bob") as session:
            assert [(t.text, t.instead_of) for t in session.todos()] == [("处理 甲", 2)]
        later(engine, days=1)
        with engine.session("ann") as session:
            session.move(session.create("job", name="乙"), "doing")
            assert [t.text for t in session.todos()] == ["处理 乙"]


@pytest.mark.parametrize("seed", range(3))
def test_chains_and_circles(database_url: str, tmp_path: Path, seed: int) -> None:
    """Random absences against an oracle that walks the chain."""
    random = Random(seed)
    with work(database_url, tmp_path) as engine:
        people = [1, 2, 3, 4, *(hire(engine, f"x{n}") for n in range(4))]
        gone = people[-1]
        plan: list[tuple[int, datetime, datetime, int]] = []
        with engine.session("boss") as session:
            for _ in range(10):
                who, other = random.sample(people, 2)
                start = NOON + random.randrange(-3, 3) * DAY
                plan.append((who, start, start + random.randrange(1, 4) * DAY, other))
                session.set_absence(*plan[-1])
            session.update("user", gone, {"active": False})
        for hours in range(-72, 120, 7):
            at = NOON + timedelta(hours=hours)

            def acts(person: int, at: datetime = at) -> int:
                seen = [person]
                while True:
                    found = [d for who, start, end, d in plan if who == seen[-1] and start <= at < end]
                    if not found:
                        return seen[-1]
                    if found[-1] in seen or found[-1] == gone:
                        return person
                    seen.append(found[-1])

            with engine.reader("boss") as session:
                assert [session.substitute_of(p, at) for p in people] == [acts(p) for p in people]
