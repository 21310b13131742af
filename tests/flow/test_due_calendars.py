"""Calendars that change while deadlines run: somebody's own, and the holidays that the package knows of."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from dougong.derive.due_print import fingerprint_of
from dougong.derive.due_rules import object_dues
from dougong.engine import Engine
from dougong.flow.sweep import settle
from dougong.pipeline import read_app
from dougong.runtime.due import settling

from tests.runtime.apps import NOON, hire, opened

APP = """
app: deals
timezone: Asia/Shanghai
calendar: {country: none, hours: "09:00-18:00", days: mon-sun}
calendars:
  short: {country: none, hours: "12:00-13:00", days: mon-sun}
objects:
  deal: {fields: {name: text, owner: user, log: text}}
  note: {fields: {name: text}}
pipelines:
  flow:
    of: deal
    stages:
      ask: {start: true, overdue: {after: 2 working hours, calendar: CHOOSE}, on_overdue: [{set: {log: "'late'"}}]}
      won: {kind: won}
    moves: [ask -> won]
roles: {boss: {admin: true, may: ["read, create, update deal", "read, update user", "read, create, update team"]}}
"""


def due_at(engine: Engine, deal: int) -> timedelta:
    with engine.system_session("test", write=False) as session:
        found: timedelta = session.get("deal", deal).due_at - NOON
    return found


def unsettled(engine: Engine) -> list[str]:
    with engine.system_session("test", write=False) as session:
        return settling.unsettled(session.unit)


@pytest.mark.parametrize("path", ["owner.calendar", "owner.team.calendar"])
def test_a_calendar_that_somebody_changes_moves_open_deadlines(database_url: str, tmp_path: Path, path: str) -> None:
    with opened(APP.replace("CHOOSE", path), database_url, tmp_path) as engine:
        boss = hire(engine, "boss", "boss")
        with engine.session(boss) as session:
            teams = [session.create("team", name="a").id, session.create("team", name="b", calendar="short").id]
            session.update("user", boss, {"team": teams[0]})
            deal = session.create("deal", name="d", owner=boss).id
        settle(engine)
        assert due_at(engine, deal) == timedelta(hours=2)
        rings = engine.bell.rings
        with engine.session(boss) as session:
            session.update("user", boss, {"name": "Boss"})
        assert unsettled(engine) == []
        with engine.session(boss) as session:
            session.update("user", boss, {"calendar": "short"} if path == "owner.calendar" else {"team": teams[1]})
        assert engine.bell.rings > rings
        assert unsettled(engine) == ["deal"]
        settle(engine)
        assert unsettled(engine) == []
        assert due_at(engine, deal) == timedelta(days=1, hours=1)
        if path == "owner.team.calendar":
            with engine.session(boss) as session:
                session.update("team", teams[1], {"calendar": None})
            settle(engine)
            assert due_at(engine, deal) == timedelta(hours=2)


def test_more_holidays_are_other_rules() -> None:
    app = read_app({"app.yaml": APP.replace("CHOOSE", "owner.calendar")}).app
    assert app is not None
    more = ((date(2026, 3, 2), ()),)
    own = replace(app, calendar=replace(app.calendar, exceptions=more))
    named = replace(app, calendars={"short": replace(app.calendars["short"], exceptions=more)})
    prints = {fingerprint_of(object_dues(each, each.objects["deal"])) for each in (app, own, named)}
    assert len(prints) == 3
    assert fingerprint_of(object_dues(own, own.objects["note"])) == ""
