"""Random writes, clock and crashes: what fired, of what and when, equals what a scan of the whole log says (written without the engine's rules)."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from dougong.engine import Engine
from dougong.flow.sweep import sweep
from dougong.runtime.clock import SettableClock
from dougong.runtime.gate import triggers
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.runtime.apps import NOON, hire, opened

APP = """
app: oracle
objects:
  deal:
    fields: {name: text, note: text, signed_at: datetime}
  visit:
    fields: {deal: link deal}
  submission:
    fields: {deal: link deal, late: boolean}
  told:
    fields: {deal: link deal, what: text}
pipelines:
  flow:
    of: deal
    stages:
      ask: {start: true, overdue: {after: 24 hours, do: [TELL(ask1)], then: [{after: 12 hours, do: [TELL(ask2)]}]}}
      work: {overdue: after 30 hours, on_overdue: [TELL(work1)]}
      paused: {kind: waiting, review: {after: 40 hours, do: [TELL(review)]}}
      held: {kind: waiting}
      won: {kind: won}
    moves: [any -> ask, any -> work, any -> paused, any -> held, any -> won]
triggers:
  stays: {on: deal in work for 10 hours, do: [TELL(stays)]}
  any_overdue: {on: deal overdue, do: [TELL(overdue)]}
  stale: {on: deal without update for 50 hours, do: [TELL(stale), set: {name: "name & '!'"}]}
  note: {on: deal without note for 70 hours, do: [TELL(note)]}
  silent: {on: deal without visit for 60 hours, do: [TELL(silent)]}
  before: {on: 6 hours before deal.signed_at, do: [TELL(before)]}
  after: {on: 6 hours after deal.signed_at, do: [TELL(after)]}
  twice: {on: deal had submission.late twice in a row, do: [TELL(twice)]}
roles:
  boss:
    admin: true
    may: ["read, create, update, delete, move deal", "read, create, update, delete visit", "read, create, update, delete submission", "read told", "read user"]
"""
for _name in ("ask1", "ask2", "work1", "review", "stays", "overdue", "stale", "note", "silent", "before", "after", "twice"):
    APP = APP.replace(f"TELL({_name}),", f"{{create: {{of: told, set: {{deal: deal, what: \"'{_name}'\"}}}}}},")
    APP = APP.replace(f"TELL({_name})", f"{{create: {{of: told, set: {{deal: deal, what: \"'{_name}'\"}}}}}}")
APP = APP.replace("}}}, set: {name: \"name & '!'\"}]", "}}}, {set: {name: \"name & '!'\"}}]")

Told = tuple[int, str, int]  # hour, what, deal
WAITING = ("paused", "held")
OPS = st.one_of(
    st.tuples(st.just("move"), st.integers(0, 2), st.sampled_from(("ask", "work", "paused", "held", "won"))),
    st.tuples(st.just("note"), st.integers(0, 2), st.none()),
    st.tuples(st.just("sign"), st.integers(0, 2), st.one_of(st.none(), st.integers(-10, 40))),
    st.tuples(st.just("visit"), st.integers(0, 2), st.none()),
    st.tuples(st.just("submit"), st.integers(0, 2), st.booleans()),
    st.tuples(st.just("wait"), st.sampled_from((1, 5, 6, 10, 12, 24, 30, 50)), st.booleans()),
    st.tuples(st.just("wait"), st.sampled_from((1, 6, 12, 24, 41)), st.just(True)),
    st.tuples(st.just("crash"), st.sampled_from((6, 24, 60)), st.integers(0, 3)),
)


@dataclass
class Deal:
    """One deal as a plain log: (hour, what happened)."""

    id: int
    born: int
    stages: list[tuple[int, str]] = field(default_factory=list)
    touched: list[int] = field(default_factory=list)
    noted: list[int] = field(default_factory=list)
    visits: list[int] = field(default_factory=list)
    lates: list[bool] = field(default_factory=list)
    signed: list[tuple[int, int | None]] = field(default_factory=list)

    def spent(self, now: int) -> tuple[str, int, int]:
        """Stage, hours in it that count, and which visit this is."""
        visit, hours, stage, since, paused_from = 0, 0, "", 0, ""
        for at, to in [*self.stages, (now, "")]:
            if stage and stage not in WAITING:
                hours += at - since
            elif stage:
                hours_waiting = at - since
            if to == "":
                break
            if to in WAITING:
                if stage not in WAITING:
                    paused_from = stage
            elif not (stage in WAITING and paused_from == to):
                visit, hours, paused_from = visit + 1, 0, ""
            stage, since = to, at
        if stage in WAITING:
            return stage, hours_waiting, -len(self.stages)
        return stage, hours, visit

    def dues(self, now: int) -> Iterator[tuple[str, Any]]:
        """What is due of it now, with what tells one time from another."""
        stage, hours, visit = self.spent(now)
        for what, of, limit in (
            ("ask1", "ask", 24),
            ("ask2", "ask", 36),
            ("work1", "work", 30),
            ("review", "paused", 40),
            ("stays", "work", 10),
        ):
            if stage == of and hours >= limit:
                yield what, visit
        if (stage == "ask" and hours >= 24) or (stage == "work" and hours >= 30):
            yield "overdue", visit
        for what, hits, limit in (("stale", self.touched, 50), ("note", self.noted, 70), ("silent", self.visits, 60)):
            last = max([self.born, *hits])
            if now - last >= limit:
                yield what, last
        yield from self._signed(now)
        yield from self._streak()

    def _signed(self, now: int) -> Iterator[tuple[str, Any]]:
        number, last, known, announced = 0, None, None, False
        for at, value in self.signed:
            if value is not None:
                if value != last:
                    number, last, announced = number + 1, value, False
                announced = value > at
            known = value
        if known is not None and announced and now >= known - 6:
            yield "before", number
        if known is not None and now >= known + 6:
            yield "after", number

    def _streak(self) -> Iterator[tuple[str, Any]]:
        start = len(self.lates)
        while start and self.lates[start - 1]:
            start -= 1
        if len(self.lates) - start >= 2:
            yield "twice", start


class World:
    """The engine and the log, driven by the same steps."""

    def __init__(self, engine: Engine, user: int) -> None:
        self.engine, self.user, self.hour, self.changes = engine, user, 0, 0
        self.fired: set[tuple[int, str, Any]] = set()
        self.expected: list[Told] = []
        self.deals = [self._create() for _ in range(3)]

    def _create(self) -> Deal:
        with self.engine.session(self.user) as session:
            made = session.create("deal", name="d")
        return Deal(made.id, self.hour, [(self.hour, "ask")], [self.hour])

    def step(self, kind: str, first: int, second: Any) -> None:
        if kind in ("wait", "crash"):
            self._pass(first)
            if kind == "crash":
                self._crash(second)
            elif second:
                self._sweep()
            return
        deal = self.deals[first]
        self.changes += 1
        with self.engine.session(self.user) as session:
            if kind == "move" and deal.stages[-1][1] != second:
                session.move("deal", deal.id, second)
                deal.stages.append((self.hour, second))
                deal.touched.append(self.hour)
            elif kind == "note":
                session.update("deal", deal.id, {"note": f"n{self.changes}"})
                deal.touched.append(self.hour)
                deal.noted.append(self.hour)
            elif kind == "sign":
                self._sign(session, deal, None if second is None else self.hour + second)
            elif kind == "visit":
                session.create("visit", deal=deal.id)
                deal.visits.append(self.hour)
            elif kind == "submit":
                session.create("submission", deal=deal.id, late=second)
                deal.lates.append(second)

    def _sign(self, session: Any, deal: Deal, value: int | None) -> None:
        if value == (deal.signed[-1][1] if deal.signed else None):
            return
        at = None if value is None else NOON + timedelta(hours=value)
        session.update("deal", deal.id, {"signed_at": at})
        deal.signed.append((self.hour, value))
        deal.touched.append(self.hour)

    def _pass(self, hours: int) -> None:
        self.hour += hours
        assert isinstance(self.engine.clock, SettableClock)
        self.engine.clock.advance(timedelta(hours=hours))

    def _sweep(self) -> None:
        while sweep(self.engine):
            pass
        for deal in self.deals:
            for what, mark in deal.dues(self.hour):
                if (deal.id, what, mark) not in self.fired:
                    self.fired.add((deal.id, what, mark))
                    self.expected.append((self.hour, what, deal.id))
        assert sorted(self.told()) == sorted(self.expected)

    def _crash(self, after: int) -> None:
        """The process dies in the middle of a due, so many dues into the sweep; the next one goes on."""
        left, real = [after], triggers.attempt

        def dying(*arguments: Any, **named: Any) -> Any:
            found = real(*arguments, **named)
            left[0] -= 1
            if left[0] < 0:
                raise KeyboardInterrupt
            return found

        with patch.object(triggers, "attempt", dying):
            try:
                while sweep(self.engine):
                    pass
            except KeyboardInterrupt:
                pass
        self._sweep()

    def told(self) -> list[Told]:
        with self.engine.reader(self.user) as session:
            found = session.find("told", limit=1000).records
        return [(_hours(r.created_at), r.what, r.deal) for r in found]


def _hours(instant: datetime) -> int:
    return int((instant - NOON) / timedelta(hours=1))


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=st.lists(OPS, min_size=8, max_size=40))
def test_what_fires_is_what_a_scan_of_the_log_says(database_url: str, steps: list[tuple[str, int, Any]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = database_url if database_url.startswith("postgresql") else f"sqlite:///{folder}/test.db"
        with opened(APP, url, Path(folder)) as engine:
            _emptied(engine)
            world = World(engine, hire(engine, "boss", "boss"))
            for step in steps:
                world.step(*step)
            world.step("wait", 200, True)


def _emptied(engine: Engine) -> None:
    """Nothing of an example before this one."""
    with engine.database.write() as connection:
        for table in ("dg_due", "dg_change", "dg_stage_log", "dg_user", "told", "submission", "visit", "deal", "dg_trigger_log"):
            connection.run(f'DELETE FROM "{table}"')
