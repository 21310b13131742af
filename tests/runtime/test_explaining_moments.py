"""Why did it not fire, for what comes with time: a date that had passed when it was filled in, and schedules with the records they are for."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from dougong.derive.due_rules import said
from dougong.engine import Engine
from dougong.flow.sweep import sweep
from dougong.pipeline import read_app
from dougong.runtime.clock import SettableClock

from tests.runtime.apps import opened

APP = """app: moments
timezone: Asia/Shanghai
objects:
  deal:
    fields: {name: text, ends: date, amount: integer, count: integer default 0}
triggers:
  remind: {on: 7 days before deal.ends, do: [{set: {count: count + 1}}]}
  weekly: {on: every monday at 09:00, each: deal where amount > 100, do: [{set: {count: count + 1}}]}
roles: {boss: {admin: true, may: ["read, create, update deal"]}}
"""


@pytest.fixture
def engine(database_url: str, tmp_path: Path) -> Iterator[Engine]:
    with opened(APP, database_url, tmp_path) as engine:
        yield engine


def told(engine: Engine, trigger: str, deal: int) -> list[str]:
    with engine.system_session("test", write=False) as session:
        return session.explain_trigger(trigger, "deal", deal).lines("en")


def wait(engine: Engine, **amount: int) -> None:
    assert isinstance(engine.clock, SettableClock)
    engine.clock.advance(timedelta(**amount))
    while sweep(engine):
        pass


def test_a_date_that_had_passed_is_told_so(engine: Engine) -> None:
    today = engine.clock.now().date()
    with engine.system_session("test") as session:
        late = session.create("deal", name="late", ends=today - timedelta(days=30)).id
        soon = session.create("deal", name="soon", ends=today + timedelta(days=3)).id
    wait(engine, minutes=1)
    verdict, moment = told(engine, "remind", late)
    assert verdict == "It has not fired: its date had passed when it was filled in, and what has passed is not done"
    assert "the date had passed when it became known, so it is not done" in moment and moment.startswith("·")
    assert told(engine, "remind", soon)[0].startswith("It has fired")
    with engine.system_session("test") as session:
        session.update("deal", soon, {"ends": date(2020, 1, 1)})
    wait(engine, days=1)
    assert told(engine, "remind", soon)[1].startswith("·")


def test_a_schedule_says_when_it_comes_and_for_whom(engine: Engine) -> None:
    with engine.system_session("test") as session:
        small, big = (session.create("deal", name="x", amount=amount).id for amount in (5, 500))
    verdict, moment, among = told(engine, "weekly", small)
    assert verdict == "It has not fired: what it waits for has not happened"
    assert moment.startswith("✗ “every monday at 09:00” comes next at ")
    assert among.startswith("✗ the record is not among those of `each` now: it needs amount is more than 100 (now “5”)")
    assert told(engine, "weekly", big)[2].startswith("✓ the record is among those of `each` now")
    wait(engine, minutes=1)
    wait(engine, days=8)
    assert told(engine, "weekly", big)[0].startswith("It has fired")
    assert told(engine, "weekly", small)[0] == verdict
    fired = told(engine, "weekly", big)
    assert fired[0].startswith("It has fired") and fired[1].startswith("✓")


@pytest.mark.parametrize(
    "written",
    [
        "every monday, friday at 09:30",
        "every working day at 08:00",
        "every 15 minutes",
        "every month on 31 at 09:00",
        "every 2 weeks at 10:00",
        "every hour",
    ],
)
def test_a_schedule_is_told_as_it_is_written(written: str) -> None:
    app = read_app({"app.yaml": APP.replace("every monday at 09:00", f'"{written}"')}).app
    assert app is not None
    assert [said(e.moment) for e in app.triggers["weekly"].events if e.moment is not None] == [written]
