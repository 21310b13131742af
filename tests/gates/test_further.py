"""The same pipeline as the main one of an object and beside the main one of another: moves, deadlines, facts and what follows are the same."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from dougong.engine import Engine
from dougong.flow.sweep import settle, sweep
from dougong.refusals import Refused
from dougong.runtime.clock import SettableClock
from dougong.runtime.due.explain import explain_due
from dougong.runtime.session import Session
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.gates.apps import said
from tests.runtime.apps import NOON, hire, opened

BEGIN = """
app: twins
timezone: Asia/Shanghai
calendars:
  shop: {hours: "10:00-20:00", days: mon-sun}
objects:
  told: {fields: {who: text, what: text}}
"""
OBJECT = """
  WHO:
    fields:
      name: text
      note: text
      flag: boolean
      ask: boolean
      away: boolean
      owner: user
      out: boolean = passed(QUAL.work)
      hours: number(2) = hours(time_in(QUAL.work))
      at: datetime = entered_at(QUAL.paused)
      since: datetime = statesince(STAGE)
      aged: boolean = hoursinstate(STAGE) > 20 or hoursinstate(STAGE, shop) > 9
      here: boolean = instate(QUAL.work, QUAL.held)
"""
FLOW = """
  FLOW:
    of: WHO
    FIELD
    title: {zh: 流程, en: Flow}
    stages:
      ask:
        start: true
        overdue: {after: 24 hours, calendar: shop, do: [TELL(ask1)], then: [{after: 12 hours, do: [TELL(ask2)]}]}
        on_leave: [TELL(left ask)]
      work:
        overdue: after 8 working hours
        on_overdue: [TELL(work1), {todo: {for: owner, text: late}}]
        on_enter: [{todo: {for: owner, text: work}}]
      paused: {kind: waiting, review: {after: 40 hours, do: [TELL(review)]}}
      held: {kind: waiting}
      won: {kind: won, to_enter: {fields: [note]}}
    moves:
      - any open -> ask
      - any open -> work
      - any open -> paused
      - any open -> held
      - work -> won when passed(QUAL.paused) or time_in(QUAL.work) >= 5 hours
"""
TRIGGERS = """
  WHO_stays: {on: WHO in QUAL.work for 10 hours, do: [TELL(stays)]}
  WHO_late: {on: DOTTED overdue, do: [TELL(overdue), {todo: {for: owner, text: overdue}}]}
  WHO_won: {on: WHO entered QUAL.won, do: [TELL(won)]}
  WHO_changed: {on: WHO.STAGE changed, do: [TELL(changed)]}
  WHO_soon: {on: 6 hours after WHO.STAGE_since, do: [TELL(soon)]}
  WHO_flag: {on: WHO.flag changed, do: [{move: QUAL.held}]}
  WHO_ask: {on: WHO.ask changed, do: [{propose_move: {to: QUAL.work, for: owner}}]}
  WHO_away: {on: WHO.away changed, do: [{propose_move: {to: QUAL.ask, for: owner, automatic: passed(QUAL.work)}}]}
"""
QUIET = """
  quiet:
    of: beside
    stages: {ask: {start: true}, work: {}, paused: {kind: waiting}, held: {kind: waiting}, won: {kind: won}}
    moves: [any open -> ask, any open -> work, any open -> paused, any open -> held, any open -> won]
"""
ROLES = """
roles:
  boss: {admin: true, may: ["read, create, update, delete, move, import main", "read, create, update, delete, move, import beside", read told, read user]}
"""


def twin(text: str, name: str) -> str:
    """The part of one of the two objects."""
    field = "stage" if name == "main" else "check_stage"
    for word in ("ask1", "ask2", "left ask", "work1", "review", "stays", "overdue", "won", "changed", "soon"):
        text = text.replace(f"TELL({word})", f"{{create: {{of: told, set: {{who: \"'WHO'\", what: \"'{word} ' & name\"}}}}}}")
    text = text.replace("QUAL.", "" if name == "main" else "check_stage.").replace(
        "DOTTED", "main" if name == "main" else "beside.check_stage"
    )
    text = text.replace("FIELD", "" if name == "main" else "field: check_stage").replace(
        "statesince(STAGE)", "statesince()" if name == "main" else "statesince(STAGE)"
    )
    if name == "main":
        text = text.replace("hoursinstate(STAGE, ", "hoursinstate(").replace("hoursinstate(STAGE)", "hoursinstate()")
    return text.replace("STAGE", field).replace("FLOW", f"{name}_flow").replace("WHO", name)


def both(text: str) -> str:
    return twin(text, "main") + twin(text, "beside")


APP = BEGIN + both(OBJECT) + "pipelines:" + both(FLOW) + QUIET + "triggers:" + both(TRIGGERS) + ROLES
STAGES = ("ask", "work", "paused", "held", "won")
OPS = st.one_of(
    st.tuples(st.just("move"), st.integers(0, 1), st.sampled_from(STAGES)),
    st.tuples(st.just("move"), st.integers(0, 1), st.sampled_from(STAGES)),
    st.tuples(st.sampled_from(("note", "flag", "ask", "away")), st.integers(0, 1), st.none()),
    st.tuples(st.sampled_from(("accept", "finish")), st.integers(0, 1), st.none()),
    st.tuples(st.just("wait"), st.sampled_from((1, 3, 5, 8, 12, 24, 41)), st.booleans()),
    st.tuples(st.just("wait"), st.sampled_from((2, 6, 12, 30)), st.just(True)),
    st.tuples(st.just("create"), st.sampled_from(STAGES), st.none()),
    st.tuples(st.just("settle"), st.none(), st.none()),
)


@dataclass
class Side:
    """One of the two: the object, and where it keeps what."""

    engine: Engine
    boss: int
    name: str
    field: str
    records: list[int]

    @property
    def pipeline(self) -> str:
        return f"{self.name}_flow"

    def do(self, what: str, which: Any, to: Any) -> Any:
        """One step: what came of it, in words that both sides share."""
        try:
            with self.engine.session(self.boss) as session:
                return self._done(session, what, which, to)
        except Refused as found:
            return [(code, "FIELD" if field == self.field else field) for code, field in said(found)]

    def _done(self, session: Session, what: str, which: Any, to: Any) -> Any:
        if what == "create":
            values = {"name": f"n{len(self.records)}", "owner": self.boss, "note": "n", self.field: which}
            (made,) = session.create_many(self.name, [values])
            if isinstance(made, Refused):
                raise made
            self.records.append(made.id)
            return made[self.field]
        record = self.records[which % len(self.records)]
        if what == "move":
            return session.move(self.name, record, to, pipeline=self.pipeline)[self.field]
        if what == "accept":
            asked = [p for p in session.proposals() if p.object == self.name]
            return session.accept_proposal(asked[0].id)[self.field] if asked else None
        if what == "finish":
            mine = [t for t in session.todos() if t.object == self.name]
            return session.finish_todo(mine[0].id) if mine else None
        now = session.get(self.name, record)[what]
        return session.update(self.name, record, {what: f"{now or ''}x" if what == "note" else not now}).get(self.field)

    def state(self) -> Any:
        """Everything that there is to see, with the names that differ left out."""
        before = "" if self.name == "main" else "check_stage_"
        kept = (self.field, f"{self.field}_since", f"{before}due_at", f"{before}overdue")
        facts = ("out", "hours", "at", "since", "aged", "here", "note", "flag")
        told = ("name", "note")
        with self.engine.session(self.boss) as session:
            seen = [session.get(self.name, i) for i in self.records]
            records = [[r[n] for n in (*kept, *facts, *told)] for r in seen]
            moves = [
                [
                    (m.target, m.allowed, [(r.code.code, r.field) for r in m.refusals if r.field != self.field])
                    for m in states
                    if m.field == self.field
                ]
                for states in (session.moves(self.name, i) for i in self.records)
            ]
            dues = [
                [(r.kind, r.due_at, r.start_at, r.pauses, r.calendar, r.fired_at) for r in explain_due(session, self.name, i)]
                for i in self.records
            ]
            told_of = sorted(r["what"] for r in session.find("told", where=f"who = '{self.name}'", limit=1000).records)
            todos = sorted((t.text, self.records.index(t.record_id or 0)) for t in session.todos() if t.object == self.name)
            asked = [(self.records.index(p.record_id), p.from_stage, p.to_stage) for p in session.proposals() if p.object == self.name]
            late = session.count(self.name, f"{before}overdue")
            filters = [
                session.count(self.name, self.filter(text))
                for text in ("passed({}work)", "time_in({}held) > 3 hours", "instate({}ask, {}won)")
            ]
            python = [self.python(session, r.id) for r in seen]
        return records, moves, dues, told_of, todos, asked, late, filters, python

    def filter(self, text: str) -> str:
        return text.replace("{}", "" if self.name == "main" else "check_stage.")

    def python(self, session: Session, record: int) -> Mapping[str, Any]:
        """The facts as the gate works them out."""
        unit = session.unit
        row = unit.row(self.name, record)
        assert row is not None
        fields = session.app.objects[self.name].fields
        formulas = {n: fields[n].formula for n in ("out", "hours", "at", "since", "aged", "here")}
        return {n: unit.compiled.program(f)(row, unit.context(row)) for n, f in formulas.items() if f is not None}


def sides(engine: Engine) -> tuple[Side, Side]:
    boss = hire(engine, "boss", "boss")
    main, beside = Side(engine, boss, "main", "stage", []), Side(engine, boss, "beside", "check_stage", [])
    for side in (main, beside):
        side.do("create", "ask", None)
        side.do("create", "work", None)
    return main, beside


def play(engine: Engine, steps: list[tuple[str, Any, Any]]) -> None:
    clock = SettableClock(NOON)
    with patch.object(engine, "clock", clock):
        main, beside = sides(engine)
        for what, which, to in steps:
            if what == "wait":
                clock.set(clock.now() + timedelta(hours=which))
                while to and sweep(engine):
                    pass
            elif what == "settle":
                settle(engine)
            else:
                assert main.do(what, which, to) == beside.do(what, which, to), (what, which, to)
            assert main.state() == beside.state(), (what, which, to)


def test_a_certain_story(database_url: str, tmp_path: Path) -> None:
    steps: list[tuple[str, Any, Any]] = [
        ("create", "ask", None),
        ("wait", 5, True),
        ("move", 0, "paused"),
        ("wait", 41, True),
        ("move", 0, "work"),
        ("ask", 1, None),
        ("flag", 0, None),
        ("wait", 12, True),
        ("away", 0, None),
        ("accept", 0, None),
        ("ask", 0, None),
        ("accept", 0, None),
        ("move", 1, "won"),
        ("note", 1, None),
        ("move", 1, "won"),
        ("wait", 30, True),
        ("move", 0, "held"),
        ("create", "held", None),
        ("settle", None, None),
        ("wait", 41, True),
    ]
    with opened(APP, database_url, tmp_path) as engine:
        play(engine, steps)
        with engine.session(1) as session:
            told = {r["what"].rpartition(" ")[0] for r in session.find("told", limit=1000).records}
    assert told == {"ask1", "ask2", "left ask", "work1", "review", "stays", "overdue", "won", "changed", "soon"}


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=st.lists(OPS, min_size=4, max_size=14))
def test_main_and_further_are_the_same(steps: list[tuple[str, Any, Any]]) -> None:
    with tempfile.TemporaryDirectory() as folder, opened(APP, f"sqlite:///{folder}/a.db", Path(folder)) as engine:
        play(engine, steps)


APPROVED = """
app: cards
objects:
  card: {fields: {name: text, owner: user default me, asked: boolean}}
pipelines:
  sales: {of: card, stages: {open: {start: true}, won: {kind: won}}, moves: [open -> won]}
  quality: {of: card, field: proof, stages: {todo: {start: true}, good: {kind: done}}, moves: [todo -> good]}
approvals:
  ok:
    of: card
    start: card.asked changed
    lock: [proof]
    steps:
      - one: by role boss
    on_approved: [{move: proof.good}]
roles:
  boss: {admin: true, may: ["read, create, update, move card", read user]}
"""


def test_an_approval_holds_and_moves_it(database_url: str, tmp_path: Path) -> None:
    with opened(APPROVED, database_url, tmp_path) as engine:
        ann, ben = hire(engine, "ann", "boss"), hire(engine, "ben", "boss")
        with engine.session(ann) as session:
            card = session.create("card", name="c").id
            session.update("card", card, asked=True)
        with pytest.raises(Refused) as caught, engine.session(ann) as session:
            session.move("card", card, "good", pipeline="quality")
        assert said(caught.value) == [("R359", "proof")]
        with engine.session(ben) as session:
            session.approve(next(t.id for a in session.approvals_waiting() for t in a.tasks if t.is_mine))
            assert session.get("card", card)["proof"] == "good"
