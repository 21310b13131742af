"""32 projects of 14 months under their customers; in month 7 the definition changes, and no project, deadline or history is lost."""

import random
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from dougong.engine import Engine
from dougong.flow.sweep import next_due, sweep
from dougong.runtime.clock import SettableClock

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 1, 5, 9, tzinfo=ZONE)
COUNT = 32
BEFORE = """
app: projects
title: {zh: 项目, en: Projects}
objects:
  customer:
    title: {zh: 客户, en: Customer}
    fields: {name: text required}
  project:
    title: {zh: 项目, en: Project}
    fields:
      name: text required
      customer: link customer required as projects
      tooling_on: date
      ppap_on: date
      ramp_on: date
pipelines:
  customer_flow:
    of: customer
    stages:
      known: {start: true}
      nominated: {kind: done, on_enter: [{start: {name: project_flow, with: {name: customer.name}}}]}
    moves: [known -> nominated]
  project_flow:
    of: project
    under: customer
    stages:
      tech: {title: 技术对接, start: true, overdue: after 60 days, on_overdue: [{todo: {for: user li, text: late tech}}]}
      tooling: {title: 工装开发, overdue: on tooling_on, on_overdue: [{todo: {for: user li, text: late tooling}}]}
      ppap: {title: PPAP 提交, overdue: on ppap_on, on_overdue: [{todo: {for: user li, text: late ppap}}]}
      ramp: {title: 量产爬坡, overdue: on ramp_on, on_overdue: [{todo: {for: user li, text: late ramp}}]}
      mass: {title: 已量产, kind: done}
    moves: [tech -> tooling, tooling -> ppap, ppap -> ramp, ramp -> mass]
roles:
  sales: {may: ["read, create, update, move customer", "read, create, update, move project"]}
"""
AFTER = (
    BEFORE.replace("      tooling: {title: 工装开发,", "      tools: {title: 工装, was: tooling,")
    .replace("      ppap: {title", "      pilot: {title: 小批试制, overdue: after 2 weeks}\n      ppap: {title")
    .replace("moves: [tech -> tooling, tooling -> ppap,", "moves: [tech -> tools, tools -> ppap, tools -> pilot, pilot -> ppap,")
)
FIELDS = {"tooling": "tooling_on", "tools": "tooling_on", "ppap": "ppap_on", "ramp": "ramp_on"}
WAY = {"tech": "tooling", "tooling": "ppap", "ppap": "ramp", "ramp": "mass"}


def end_of(day: date, engine: Engine) -> datetime:
    """The end of a planned day, counted by hand."""
    if engine.app.calendar.is_workday(day):
        return datetime.combine(day, time(18), ZONE).astimezone(UTC)
    return datetime.combine(day + timedelta(days=1), time(0), ZONE).astimezone(UTC)


def expected(project: Any, engine: Engine) -> datetime | None:
    stage = project["stage"]
    if stage == "tech":
        return project["stage_since"] + timedelta(days=60)  # type: ignore[no-any-return]
    if stage == "pilot":
        return project["stage_since"] + timedelta(days=14)  # type: ignore[no-any-return]
    planned = project.get(FIELDS.get(stage, "")) if stage in FIELDS else None
    return None if planned is None else end_of(planned, engine)


def pass_time(engine: Engine, clock: SettableClock, until: datetime) -> None:
    while (due := next_due(engine)) is not None and due <= until:
        clock.set(max(due, clock.now()))
        assert sweep(engine) > 0
    clock.set(until)


def projects(engine: Engine) -> list[Any]:
    with engine.system_session("test") as session:
        return session.find("project", order="id", limit=100).records


def late(engine: Engine) -> list[tuple[int, str]]:
    """(project, text) of every to-do that there ever was."""
    with engine.system_session("test") as session:
        return sorted(tuple(row) for row in session.connection.all("SELECT record_id, text FROM dg_todo"))


def begin(engine: Engine, chance: random.Random) -> None:
    with engine.system_session("test") as session:
        session.create("user", login="li", name="li", roles=["sales"], active=True)
        for number in range(COUNT):
            session.move(session.create("customer", name=f"K{number}"), "nominated")
        for project in session.find("project", order="id", limit=100).records:
            days = sorted(chance.sample(range(90, 420), 3))
            dates: list[Any] = [(START + timedelta(days=d)).date() for d in days]
            session.update(project, **dict(zip(("tooling_on", "ppap_on", "ramp_on"), dates, strict=True)))


def month(engine: Engine, chance: random.Random, way: dict[str, str]) -> None:
    """Some projects go on, some dates are moved."""
    with engine.session("li") as session:
        for project in session.find("project", order="id", limit=100).records:
            if project["stage"] in way and chance.random() < 0.35:
                session.move(project, way[project["stage"]])
            elif project["stage"] in FIELDS and chance.random() < 0.2:
                name = FIELDS[project["stage"]]
                session.update(project, **{name: project[name] + timedelta(days=chance.randint(-20, 40))})


def test_a_changed_definition_loses_no_project(database_url: str, tmp_path: Path) -> None:
    chance, clock = random.Random(52), SettableClock(START)
    app = tmp_path / "app.yaml"
    app.write_text(BEFORE, encoding="utf-8")
    with Engine.open(app, database=database_url, clock=clock, files_dir=tmp_path / "files") as engine:
        begin(engine, chance)
        way = dict(WAY)
        for number in range(1, 15):
            pass_time(engine, clock, START + timedelta(days=30 * number))
            month(engine, chance, way)
            pass_time(engine, clock, clock.now())
            assert [p["due_at"] for p in projects(engine)] == [expected(p, engine) for p in projects(engine)]
            if number != 7:
                continue
            before, told = projects(engine), late(engine)
            app.write_text(AFTER, encoding="utf-8")
            engine.apply(app, "test")
            after = projects(engine)
            renamed = [{"tooling": "tools"}.get(p["stage"], p["stage"]) for p in before]
            assert [p["stage"] for p in after] == renamed and len(after) == COUNT
            assert [(p.id, p["due_at"], p["stage_since"]) for p in after] == [(p.id, p["due_at"], p["stage_since"]) for p in before]
            pass_time(engine, clock, clock.now())
            assert late(engine) == told, "nothing is due a second time"
            way = {"tech": "tools", "tools": "pilot", "pilot": "ppap", "ppap": "ramp", "ramp": "mass"}
        with engine.system_session("test") as session:
            assert session.count("project", where="stage = mass and not passed(tools)") == 0
            assert session.count("project", where="passed(tools)") >= session.count("project", where="stage in (ppap, ramp, mass)") > 0
            assert session.count("project", where="passed(pilot)") > 0
        assert {text for _, text in late(engine)} == {"late tech", "late tooling", "late ppap", "late ramp"}
        for project in projects(engine):
            with engine.system_session("test") as session:
                stages = [c.stage[1] for c in reversed(session.history("project", project.id)) if c.stage is not None]
            assert stages[0] == "tech" and stages[-1] == project["stage"] and len(stages) == len(set(stages))
