"""Two at a time: of two who end an approval one does, what follows happens once, and nobody waits in a circle."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from dougong.engine import Engine
from dougong.flow.sweep import sweep
from dougong.refusals import Refused

from tests.runtime.approvals.apps import NUMBER, firm
from tests.runtime.people.apps import later
from tests.runtime.test_concurrency import together

RACES = """  both:
    of: deal
    lock: [amount]
    steps: [{财务: by all of role fin within 8 hours else reject}]
    on_approved: [{set: {amount: amount + 1}}]
    on_rejected: [{set: {amount: amount + 100}}]
  any:
    of: deal
    steps: [{财务: by any of role fin}]
    on_approved: [{set: {amount: amount + 1}}]
"""
TURNS = 4


def deal_of(engine: Engine) -> int:
    with engine.session("sue") as session:
        return session.create("deal", name="泵", amount=0, owner=NUMBER["sue"]).id


def told(engine: Engine, deal: int) -> tuple[str, int]:
    with engine.reader("adm") as session:
        return session.approvals("deal", deal)[0].state, session.get("deal", deal)["amount"]


def tasks(engine: Engine, number: int, deal: int) -> dict[str, int]:
    """Who is asked, and in which task."""
    with engine.reader("adm") as session:
        (state,) = (a for a in session.approvals("deal", deal) if a.id == number)
        return {t.person.name: t.id for t in state.tasks if t.state == "open"}


def submit(engine: Engine, deal: int, name: str) -> int:
    with engine.session("sue") as session:
        return session.submit("deal", deal, approval=name)


def submitting(engine: Engine, deal: int, _: int) -> int:
    return submit(engine, deal, "any")


def say_yes(engine: Engine, login: str, task: int) -> None:
    with engine.session(login) as session:
        session.approve(task)


def answering(engine: Engine, asked: dict[str, int]) -> Callable[[int], None]:
    """The yes of the i-th of them."""
    return lambda i: say_yes(engine, *list(asked.items())[i])


def why(found: list[object]) -> list[str]:
    return sorted(each.refusals[0].code.code for each in found if isinstance(each, Refused))


def test_all_of_them_at_once(database_url: str, tmp_path: Path) -> None:
    with firm(database_url, tmp_path, RACES) as engine:
        for _ in range(TURNS):
            deal = deal_of(engine)
            asked = tasks(engine, submit(engine, deal, "both"), deal)
            assert why(together(3, answering(engine, asked))) == []
            assert told(engine, deal) == ("approved", 1)


def test_one_of_them_is_enough(database_url: str, tmp_path: Path) -> None:
    with firm(database_url, tmp_path, RACES) as engine:
        for _ in range(TURNS):
            deal = deal_of(engine)
            asked = tasks(engine, submit(engine, deal, "any"), deal)
            assert why(together(3, answering(engine, asked))) == ["R355", "R355"]
            assert told(engine, deal) == ("approved", 1)


def test_submitted_twice_at_once(database_url: str, tmp_path: Path) -> None:
    with firm(database_url, tmp_path, RACES) as engine:
        for _ in range(TURNS):
            deal = deal_of(engine)
            assert why(together(2, partial(submitting, engine, deal))) == ["R350"]


def test_the_last_yes_against_the_clock_a_withdrawal_and_a_write(database_url: str, tmp_path: Path) -> None:
    """Whoever is first decides; the record shows what follows that, once, and a locked field is not changed in between."""
    with firm(database_url, tmp_path, RACES) as engine:
        for _ in range(TURNS):
            deal = deal_of(engine)
            number = submit(engine, deal, "both")
            asked = tasks(engine, number, deal)
            last, task = asked.popitem()
            for login, other in asked.items():
                say_yes(engine, login, other)
            later(engine, hours=9)

            def act(i: int, deal: int = deal, number: int = number, last: str = last, task: int = task) -> None:
                if i == 0:
                    say_yes(engine, last, task)
                elif i == 1:
                    sweep(engine)
                elif i == 2:
                    with engine.session("sue") as session:
                        session.withdraw(number)
                else:
                    with engine.session("sue") as session:
                        session.update("deal", deal, {"amount": 7})

            found = why(together(4, act))
            sweep(engine)
            end, amount = told(engine, deal)
            gains = {"approved": 1, "rejected": 100, "withdrawn": 0}
            assert end in gains and amount in (gains[end], 7, 7 + gains[end]) and set(found) <= {"R355", "R359"}
            assert amount == gains[end] or "R359" not in found
