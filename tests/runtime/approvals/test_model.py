"""Approvals drawn by chance, and whatever people do to them: the engine says and does what a plain model does."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from dougong.engine import Engine
from dougong.flow.sweep import sweep
from dougong.refusals import Refused
from dougong.runtime.approvals.view import ApprovalState
from dougong.runtime.clock import SettableClock
from dougong.runtime.record import Person
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.runtime.approvals.apps import NUMBER, ORG, PEOPLE, definitions, firm
from tests.runtime.approvals.brute import Definition, No, World

DEFINITIONS = definitions(40)
NAMES = tuple(PEOPLE)
NAME = {number: name for name, number in NUMBER.items()}
person, seat = st.sampled_from(NAMES), st.integers(0, 30)
deed = st.one_of(
    st.tuples(st.just("approve"), seat, st.booleans()),
    st.tuples(st.just("approve"), seat, st.booleans()),
    st.tuples(st.just("approve"), seat, st.booleans()),
    st.tuples(st.just("reject"), seat, st.booleans()),
    st.tuples(st.just("return"), seat, st.sampled_from((None, 0, 0, 1, 2))),
    st.tuples(st.just("transfer"), seat, person),
    st.tuples(st.just("before"), seat, person),
    st.tuples(st.just("after"), seat, person),
    st.tuples(st.just("stranger"), seat, person),
    st.tuples(st.just("withdraw"), person, st.none()),
    st.tuples(st.just("amount"), st.sampled_from((50, 500)), st.none()),
    st.tuples(st.just("away"), person, person),
    st.tuples(st.just("back"), person, st.none()),
    st.tuples(st.just("later"), st.sampled_from((3, 9)), st.none()),
)


class Game:
    """The engine and the model, side by side."""

    def __init__(self, engine: Engine, definition: Definition, owner: str, amount: int, submitter: str) -> None:
        self.engine = engine
        self.clock = engine.clock
        self.absences: dict[str, int] = {}
        assert isinstance(self.clock, SettableClock)
        self.model = World(definition, ORG, owner, amount, submitter)
        with engine.session(submitter) as session:
            self.record = session.create("deal", name="x", amount=amount, owner=NUMBER[owner]).id
        self.number = 0

    def both(self, user: str, engine: Callable[[Any], Any], model: Callable[[World], Any]) -> None:
        """Do something on both sides; both do it, or both refuse for the same reason."""
        trial, expected = self.model.copy(), "done"
        try:
            model(trial)
        except No as no:
            expected = str(no)
        else:
            self.model = trial
        try:
            with self.engine.session(user) as session:
                engine(session)
            found = "done"
        except Refused as refused:
            found = refused.refusals[0].code.code
        assert found == expected, (self.told(), found, expected)

    def state(self) -> ApprovalState:
        with self.engine.reader("adm") as session:
            return session.approvals("deal", self.record)[0]

    def told(self) -> list[tuple[str, str | None, str, str | None]]:
        """Who sits where, as the engine has it."""

        def name(person: Person | None) -> str | None:
            return None if person is None else NAME[person.id or 0]

        return [(NAME[t.person.id or 0], name(t.in_place_of), t.state, name(t.decided_by)) for t in self.state().tasks]

    def compare(self) -> None:
        state, model = self.state(), self.model
        expected = [(s.who, s.place_of, s.state, s.by) for s in model.order]
        assert (self.told(), state.state) == (expected, model.state)
        if model.state == "running":
            assert state.step == model.table().step

    def play(self, deed: tuple[Any, Any, Any]) -> None:
        what, first, second = deed
        if what in ("approve", "reject", "return", "transfer", "before", "after", "stranger"):
            self.decide(what, first, second)
        elif what == "withdraw":
            self.both(first, lambda s: s.withdraw(self.number), lambda m: m.withdraw(first))
        elif what == "amount":
            self.model.amount = first
            with self.engine.session("adm") as session:
                session.update("deal", self.record, {"amount": first})
        elif what == "away" and first != second and first not in self.absences:
            with self.engine.session("adm") as session:
                now = self.clock.now()
                self.absences[first] = session.set_absence(NUMBER[first], now, now + timedelta(days=30), NUMBER[second])
            self.model.away[first] = second
        elif what == "back" and first in self.absences:
            with self.engine.session("adm") as session:
                session.end_absence(self.absences.pop(first))
            del self.model.away[first]
        elif what == "later":
            assert isinstance(self.clock, SettableClock)
            self.clock.advance(timedelta(hours=first))
            sweep(self.engine)
            self.model.later(first)

    def decide(self, what: str, place: int, second: Any) -> None:
        """One seat's occupant (or their substitute, or a stranger) says something. Every third deed is about any seat, else an open one."""
        state, order = self.state(), self.model.order
        pool = [i for i, s in enumerate(order) if s.state == "open"] if place % 3 and self.model.state == "running" else range(len(order))
        if not pool:
            return
        index = pool[place % len(pool)]
        task, who = state.tasks[index].id, order[index].who
        if second is True:
            who = self.model.stand_in(who)
        deeds: dict[str, tuple[str, Callable[[Any], Any], Callable[[World], Any]]] = {
            "approve": (who, lambda s: s.approve(task), lambda m: m.approve(who, m.order[index])),
            "reject": (who, lambda s: s.reject(task, "x"), lambda m: m.say_no(who, m.order[index], "rejected")),
            "return": (who, lambda s: s.return_approval(task, "x", second), lambda m: m.say_no(who, m.order[index], "returned", second)),
            "transfer": (who, lambda s: s.transfer(task, second), lambda m: m.transfer(who, m.order[index], second)),
            "before": (who, lambda s: s.add_signer(task, second, before=True), lambda m: m.add(who, m.order[index], second, before=True)),
            "after": (who, lambda s: s.add_signer(task, second), lambda m: m.add(who, m.order[index], second, before=False)),
            "stranger": (second, lambda s: s.approve(task), lambda m: m.approve(second, m.order[index])),
        }
        self.both(*deeds[what])

    def asked(self) -> None:
        """Everybody sees exactly what waits for them."""
        for name in NAMES:
            with self.engine.reader(name) as session:
                found = {t.id for a in session.approvals_waiting() for t in a.tasks if t.is_mine and a.id == self.number}
            tasks = self.state().tasks
            assert found == {tasks[i].id for i, s in enumerate(self.model.order) if self.may(name, i)}

    def may(self, name: str, index: int) -> bool:
        try:
            self.model.check(name, self.model.order[index])
        except No:
            return False
        return True


def test_like_the_model(database_url: str, tmp_path: Path) -> None:
    with firm(database_url, tmp_path, "".join(text for _, text in DEFINITIONS)) as engine:

        @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
        @given(st.sampled_from(DEFINITIONS), person, st.sampled_from((50, 500)), person, st.lists(deed, max_size=14))
        def run(definition: tuple[Definition, str], owner: str, amount: int, submitter: str, deeds: list[tuple[Any, Any, Any]]) -> None:
            game = Game(engine, definition[0], owner, amount, submitter)
            name = definition[0].name

            def submit(session: Any) -> None:
                game.number = session.submit("deal", game.record, approval=name)

            game.both(submitter, submit, lambda m: m.start())
            if not game.number:
                return
            game.compare()
            for each in deeds:
                game.play(each)
                game.compare()
            game.asked()
            if game.model.state == "running":
                game.play(("withdraw", submitter, None))
                game.compare()
            for absent in list(game.absences):
                game.play(("back", absent, None))

        run()
