"""Time goes on over releases: what was told is not told again under another name, and moved records have the dues of where they stand."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from dougong.engine import Engine
from dougong.flow.sweep import sweep
from dougong.refusals import Refused
from dougong.runtime.clock import SettableClock

from tests.runtime.apps import NOON, hire, opened

APP = """
app: deals
timezone: Asia/Shanghai
objects:
  deal:
    fields: {name: text, log: long_text, amount: integer}
pipelines:
  flow:
    of: deal
    stages:
      ask: {start: true}
      STAGE
      won: {kind: won, title: Won}
    moves: [ask -> CURRENT, CURRENT -> won, ask -> won]
    MOVED
TRIGGERS
roles:
  boss: {admin: true, may: ["read, create, update, move deal"]}
"""
TALK = "talk: {title: Talk, overdue: after 24 hours, on_overdue: [{set: {log: \"log & ' late'\"}}, {todo: {for: role boss, text: late}}]}"
SILENT = "{on: deal without update for 3 days, do: [{set: {log: \"log & ' silent'\"}}]}"
MORNING = "{on: every day at 09:00, each: deal, do: [{set: {log: \"log & ' day'\"}}]}"


def app(stage: str = TALK, trigger: str = "", moved: str = "") -> str:
    text = APP.replace("STAGE", stage).replace("CURRENT", stage.split(":")[0]).replace("MOVED", moved and f"moved: {moved}")
    return text.replace("TRIGGERS", f"triggers: {{{trigger}}}" if trigger else "")


def test_a_name_that_changes_fires_nothing_twice(database_url: str, tmp_path: Path) -> None:
    before = app(trigger=f"quiet: {SILENT}")
    with opened(before, database_url, tmp_path) as engine:
        hire(engine, "boss", "boss")
        one = create(engine, name="a", stage="talk")
        wait(engine, days=1)
        wait(engine, days=3)
        assert log(engine, one) == "late silent"
        stage = TALK.replace("talk: {", "speak: {was: talk, ")
        engine.apply({"app.yaml": app(stage, SILENT.replace("{on", "asleep: {was: quiet, on", 1))}, "tester")
        wait(engine, days=0)
        wait(engine, days=30)
        assert log(engine, one) == "late silent"
        with engine.system_session("test") as session:
            assert [(f.trigger, f.refused) for f in session.trigger_log(trigger="asleep").entries] == [("asleep", None)]
            assert not session.trigger_log(trigger="quiet").entries
            session.move(session.get("deal", one), "won")
            row = session.unit.connection.one("SELECT count(*) FROM dg_todo WHERE done_at IS NULL")
            assert row == (0,)  # the to-do of the stage ended with it, under its new name


def test_a_schedule_keeps_its_next_occurrence(database_url: str, tmp_path: Path) -> None:
    with opened(app(trigger=f"morning: {MORNING}"), database_url, tmp_path) as engine:
        one = create(engine, name="a")
        wait(engine, days=0)
        wait(engine, days=1)
        assert log(engine, one) == "day"
        clock(engine).advance(timedelta(days=1))  # nobody swept: today's is due
        engine.apply({"app.yaml": app(trigger=MORNING.replace("{on", "dawn: {was: morning, on", 1))}, "tester")
        wait(engine, days=0)
        assert log(engine, one) == "day day"


def test_moved_records_are_due_where_they_stand(database_url: str, tmp_path: Path) -> None:
    """A record that goes to a stage with a deadline has that deadline, counted from the release; to-dos of its old stage have ended."""
    old = "talk: {title: Talk, on_enter: [{todo: {for: role boss, text: talk}}]}"
    new = TALK.replace("talk", "work").replace("Talk", "Work")
    both = f"{old}\n      {new}"
    with opened(app(both).replace("ask -> won]", "ask -> work, work -> won]"), database_url, tmp_path) as engine:
        hire(engine, "boss", "boss")
        few, many = create(engine, name="a", amount=1, stage="talk"), create(engine, name="b", amount=9, stage="talk")
        clock(engine).advance(timedelta(days=5))
        engine.apply({"app.yaml": app(new, moved="{talk: 'if(amount > 5, work, won)'}")}, "tester")
        with engine.system_session("test") as session:
            assert [session.get("deal", i).stage for i in (few, many)] == ["won", "work"]
            assert [session.get("deal", i).stage_since for i in (few, many)] == [NOON + timedelta(days=5)] * 2
            rows = session.unit.connection.all("SELECT how FROM dg_todo ORDER BY record_id")
            assert rows == [("closed",), ("left",)]
        wait(engine, hours=23)
        with engine.system_session("test") as session:
            assert session.get("deal", many).due_at == NOON + timedelta(days=6)
        assert log(engine, many) is None
        wait(engine, hours=1)
        assert (log(engine, many), log(engine, few)) == ("late", None)


def test_an_object_takes_what_is_under_way_along_to_another_name(database_url: str, tmp_path: Path) -> None:
    """Deadlines, to-dos, history and a running approval with what it locks, over a release that calls the object and a field otherwise."""
    running = "\napprovals: {pay: {of: deal, lock: [amount], steps: [p: by role boss]}}\n"
    with opened(app() + running, database_url, tmp_path) as engine:
        hire(engine, "boss", "boss")
        one = create(engine, name="a", amount=9, stage="talk")
        with engine.system_session("test") as session:
            session.submit("deal", one, approval="pay")
            session.add_todos([(1, None, None)], ("做", "Do"), object="deal", record_id=one)
        after = (app() + running).replace("deal", "chance").replace("app: chances", "app: deals").replace("amount", "total")
        after = after.replace("  chance:\n", "  chance:\n    was: deal\n").replace("total: integer", "total: {type: integer, was: amount}")
        engine.apply({"app.yaml": after}, "tester")
        wait(engine, days=2)
        with engine.session("boss") as session:
            assert session.get("chance", one).log == "late"
            assert [c.kind for c in session.history("chance", one)][-1] == "created"
            assert [t.object for t in session.todos()] == ["chance", "chance"]
            with pytest.raises(Refused, match="R359"):
                session.update("chance", one, {"total": 1})


def clock(engine: Engine) -> SettableClock:
    assert isinstance(engine.clock, SettableClock)
    return engine.clock


def wait(engine: Engine, **amount: int) -> None:
    clock(engine).advance(timedelta(**amount))
    while sweep(engine):
        pass


def create(engine: Engine, **values: Any) -> int:
    stage = values.pop("stage", None)
    with engine.system_session("test") as session:
        record = session.create("deal", **values)
        if stage:
            record = session.move(record, stage)
        found: int = record.id
        return found


def log(engine: Engine, id: int) -> str | None:
    with engine.system_session("test") as session:
        found: str | None = session.get("deal", id)["log"]
        return None if found is None else found.strip()


DECIDED = """
app: decided
timezone: Asia/Shanghai
objects:
  deal:
    fields: {name: text, boss: user}
pipelines:
  flow:
    of: deal
    stages:
      ask: {start: true, title: Ask}
      check: {title: Check}
      STAGES
      won: {kind: won, title: Won}
    moves: [any open -> check, any open -> won, MOVES]
    MOVED
approvals:
  price:
    of: deal
    start: deal entered check
    steps: [price: by boss]
    on_approved: [{move: AFTER}]
triggers:
  ready: {on: deal.name changed, do: [{propose_move: {to: INTO, for: boss}}]}
roles:
  boss: {admin: true, may: ["read, create, update, move deal"]}
"""


def decided(stages: str, moves: str, after: str, into: str, moved: str = "") -> str:
    text = DECIDED.replace("STAGES", stages).replace("MOVES", moves).replace("AFTER", after).replace("INTO", into)
    return text.replace("MOVED", moved and f"moved: {moved}")


def test_what_waits_for_people_survives_the_stage_it_spoke_of(database_url: str, tmp_path: Path) -> None:
    """A proposed move into a stage that is gone is closed; an approval that would have moved there does what its present definition says."""
    before = decided("sign: {title: Sign}", "check -> sign, ask -> sign", "sign", "sign")
    after = decided("file: {title: File}", "check -> file", "file", "won", "{sign: file}")
    with opened(before, database_url, tmp_path) as engine:
        boss = hire(engine, "boss", "boss")
        asked, approved = create(engine, name="a", boss=boss), create(engine, name="b", boss=boss, stage="check")
        with engine.session("boss") as session:
            session.update("deal", asked, name="c")
        with engine.reader("boss") as session:
            assert [p.to_stage for p in session.proposals()] == ["sign"]
            unread = [m.kind for m in session.messages(unread=True)]
            assert sorted(unread) == ["approval", "proposal"]
        engine.apply({"app.yaml": after}, "tester")
        with engine.session("boss") as session:
            assert session.proposals() == []
            assert [m.kind for m in session.messages(unread=True)] == ["approval"]
            (waiting,) = session.approvals_waiting()
            session.approve(next(task.id for task in waiting.tasks))
            assert session.get("deal", approved).stage == "file"
            session.update("deal", asked, name="d")
            assert [p.to_stage for p in session.proposals()] == ["won"]
