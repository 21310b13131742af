"""A pipeline beside the main one over releases: added to records that are there, with stages and itself renamed; and rows that are brought in."""

from datetime import timedelta
from pathlib import Path

from dougong.engine import Engine
from dougong.exchange.importing import Wish, import_file
from dougong.flow.sweep import settle, sweep
from dougong.runtime.clock import SettableClock

from tests.runtime.apps import NOON, hire, opened

APP = """
app: cards
objects:
  card:
    record_title: name
    fields: {name: text unique required, log: long_text, owner: user default me, out: boolean = PASSED}
pipelines:
  sales:
    of: card
    stages: {open: {start: true}, won: {kind: won}}
    moves: [open -> won]
FURTHER
roles:
  boss: {admin: true, may: ["read, create, update, move, import card", read user]}
"""
QUALITY = """
  quality:
    of: card
    field: quality_stage
    stages:
      waiting: {start: true, title: {zh: 待检, en: Waiting}}
      testing: {title: {zh: 检测, en: Testing}, overdue: after 24 hours, on_overdue: [{set: {log: "log & ' late'"}}, {todo: {for: owner, text: late}}]}
      passed: {title: {zh: 合格, en: Passed}, kind: done}
    moves: [waiting -> testing, testing -> passed, testing -> waiting]
"""


def app(further: str, passed: str = "passed(testing)") -> str:
    return APP.replace("FURTHER", further).replace("PASSED", passed if further else "false")


def apply(engine: Engine, text: str) -> None:
    engine.apply({"app.yaml": text}, "tester")
    settle(engine)


def later(engine: Engine, hours: int) -> None:
    assert isinstance(engine.clock, SettableClock)
    engine.clock.advance(timedelta(hours=hours))
    while sweep(engine):
        pass


def test_releases(database_url: str, tmp_path: Path) -> None:
    with opened(app(""), database_url, tmp_path) as engine:
        boss = hire(engine, "boss", "boss")
        with engine.session(boss) as session:
            old = session.create("card", name="old").id
        later(engine, 5)
        apply(engine, app(QUALITY))
        with engine.session(boss) as session:
            card = session.get("card", old)
            assert (card["quality_stage"], card["quality_stage_since"], card["out"]) == ("waiting", NOON, False)
            session.move("card", old, "testing", pipeline="quality")
            assert session.get("card", old)["quality_stage_due_at"] == NOON + timedelta(hours=29)
            assert session.count("card", "passed(waiting) and time_in(waiting) = 5 hours") == 1
        later(engine, 25)
        with engine.session(boss) as session:
            card = session.get("card", old)
            assert (card["log"], card["quality_stage_overdue"]) == ("late", True)
            assert [t.text for t in session.todos()] == ["late"]
        renamed = (
            QUALITY.replace("quality:\n", "inspection:\n")
            .replace("testing", "checking")
            .replace("checking: {", "checking: {was: testing, ")
        )
        apply(engine, app(renamed, "passed(checking)"))
        later(engine, 30)
        with engine.session(boss) as session:
            card = session.get("card", old)
            assert (card["quality_stage"], card["log"], card["out"]) == ("checking", "late", False)  # not told again
            assert (
                session.count("card", "passed(waiting) and time_in(waiting) = 5 hours and entered_at(checking) = quality_stage_since") == 1
            )
            session.move("card", old, "passed", pipeline="inspection")
            assert session.get("card", old)["out"] is True
            assert session.todos() == []  # leaving the stage ended its to-do, under the new name


def test_rows_are_brought_into_any_stage(database_url: str, tmp_path: Path) -> None:
    with opened(app(QUALITY), database_url, tmp_path) as engine:
        boss = hire(engine, "boss", "boss")
        path = tmp_path / "rows.csv"
        path.write_text("name,阶段,quality_stage\na,won,合格\nb,,Testing\nc,,\nd,,nowhere\n", encoding="utf-8")
        _, report = import_file(engine.app, lambda: engine.session(boss), path, Wish("card", language="en"))
        assert (report.created, len(report.rejected)) == (3, 1)
        assert "nowhere" in report.rejected[0].refusals[0].message("en")
        with engine.session(boss) as session:
            stands = {r["name"]: (r["stage"], r["quality_stage"]) for r in session.find("card").records}
            assert stands == {"a": ("won", "passed"), "b": ("open", "testing"), "c": ("open", "waiting")}
            assert session.count("card", "quality_stage_due_at is not blank") == 1
        path.write_text("name,quality_stage\nb,passed\n", encoding="utf-8")
        _, report = import_file(engine.app, lambda: engine.session(boss), path, Wish("card", key="name", language="en"))
        assert report.updated == 1
        later(engine, 48)
        with engine.session(boss) as session:
            assert session.count("card", "passed(testing)") == 1
            assert session.count("card", "log is not blank") == 0
