"""Deadlines, dates, absence, streaks and schedules: what is due fires once, when it should, and moves when its reasons do."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from dougong.engine import Engine
from dougong.flow.sweep import next_due, settle, sweep
from dougong.runtime.clock import SettableClock
from dougong.runtime.due.explain import explain_due

from tests.runtime.apps import NOON, hire, opened

DEALS = """
app: deals
timezone: Asia/Shanghai
objects:
  customer:
    fields:
      name: text
      ppap_due: date
      signed_at: datetime
      tier: choice(gold, plain) default plain
      note: text
      log: long_text
  visit:
    fields: {customer: link customer, note: text}
  submission:
    fields: {customer: link customer as submissions, late: boolean}
  deal:
    fields:
      name: text
      owner: user
      calendar: text
      log: long_text
pipelines:
  flow:
    of: deal
    stages:
      ask:
        start: true
        overdue: {after: 24 hours, calendar: owner.calendar, then: [{after: 12 hours, do: [{set: {log: "log & ' ask2'"}}]}]}
        on_overdue: [{set: {log: "log & ' ask1'"}}]
      work: {overdue: after 8 working hours, on_overdue: [{set: {log: "log & ' work'"}}]}
      paused: {kind: waiting, review: {after: 10 days, do: [{set: {log: "log & ' review'"}}]}}
      held: {kind: waiting}
      won: {kind: won}
    moves: [any open -> ask, any open -> work, any open -> paused, any open -> held, any open -> won]
TRIGGERS
roles:
  boss:
    admin: true
    may:
      - read, create, update, delete, move, import deal
      - read, create, update, delete, import customer
      - read, create, update, delete visit
      - read, create, update, delete submission
      - read user
"""


def app(triggers: str = "") -> str:
    return DEALS.replace("TRIGGERS", f"triggers:\n{triggers}" if triggers else "")


def test_a_deadline_fires_once_and_escalates(database_url: str, tmp_path: Path) -> None:
    with opened(app(), database_url, tmp_path) as engine:
        boss = hire(engine, "boss", "boss")
        deal = create(engine, boss, "deal", name="d")
        assert deal.due_at == NOON + timedelta(hours=24)
        assert next_due(engine) == NOON + timedelta(hours=24)
        assert [pass_hours(engine, h) for h in (23, 1, 0, 11, 1, 100)] == [0, 1, 0, 0, 1, 0]
        assert value(engine, "deal", deal.id, "log") == "ask1 ask2"
        assert next_due(engine) is None
        with engine.reader(boss) as session:
            kept = session.get("deal", deal.id)
            assert (kept.overdue, session.count("deal", "overdue"), session.count("deal", "not overdue")) == (True, 1, 0)
            assert {c.cause for c in session.history("deal", deal.id)} == {"python", "trigger"}
            assert all("due_at" not in c.fields for c in session.history("deal", deal.id))


def test_a_waiting_stage_stops_the_clock(database_url: str, tmp_path: Path) -> None:
    with opened(app(), database_url, tmp_path) as engine:
        boss = hire(engine, "boss", "boss")
        deal = create(engine, boss, "deal", name="d")
        pass_hours(engine, 10)
        move(engine, boss, deal.id, "paused")
        assert value(engine, "deal", deal.id, "due_at") is None
        pass_hours(engine, 100)
        move(engine, boss, deal.id, "held")
        pass_hours(engine, 7)
        move(engine, boss, deal.id, "ask")
        assert value(engine, "deal", deal.id, "due_at") == NOON + timedelta(hours=24 + 107)
        assert [pass_hours(engine, h) for h in (13, 1)] == [0, 1]
        move(engine, boss, deal.id, "held")
        pass_hours(engine, 3)
        move(engine, boss, deal.id, "ask")  # it has been told: not again, and what escalates has waited
        assert [pass_hours(engine, h) for h in (0, 11, 1)] == [0, 0, 1]
        move(engine, boss, deal.id, "work")
        move(engine, boss, deal.id, "ask")
        assert [pass_hours(engine, h) for h in (23, 1)] == [0, 1]
        assert value(engine, "deal", deal.id, "log") == "ask1 ask2 ask1"


def test_working_hours_pause_too_and_a_review_wakes(database_url: str, tmp_path: Path) -> None:
    with opened(app(), database_url, tmp_path) as engine:
        boss = hire(engine, "boss", "boss")
        deal = create(engine, boss, "deal", name="d")
        set_clock(engine, datetime(2026, 3, 2, 2, 0, tzinfo=UTC))  # Monday 10:00
        move(engine, boss, deal.id, "work")
        set_clock(engine, datetime(2026, 3, 2, 6, 0, tzinfo=UTC))  # 14:00: four of eight hours are over
        move(engine, boss, deal.id, "paused")
        assert next_due(engine) == datetime(2026, 3, 12, 6, 0, tzinfo=UTC)
        set_clock(engine, datetime(2026, 3, 12, 6, 0, tzinfo=UTC))
        assert sweep(engine) == 1
        move(engine, boss, deal.id, "work")
        assert value(engine, "deal", deal.id, "due_at") == datetime(2026, 3, 12, 10, 0, tzinfo=UTC)
        assert value(engine, "deal", deal.id, "log") == "review"


DATES = """
  soon: {on: [7 days before customer.ppap_due, 1 day before customer.ppap_due at 09:00], do: [{set: {log: "log & ' soon'"}}]}
  after: {on: 2 hours after customer.signed_at, do: [{set: {log: "log & ' after'"}}]}
"""


def test_dates_move_and_what_has_passed_is_not_announced(database_url: str, tmp_path: Path) -> None:
    with opened(app(DATES), database_url, tmp_path) as engine:
        boss = hire(engine, "boss", "boss")
        past = create(engine, boss, "customer", ppap_due="2026-02-01")
        late = create(engine, boss, "customer", ppap_due="2026-03-05")
        far = create(engine, boss, "customer", ppap_due="2026-04-01", signed_at="2026-03-01T20:00:00Z")
        assert sweep(engine) == 1
        update(engine, boss, far.id, ppap_due="2026-05-01", signed_at="2026-03-10T00:00:00Z")
        set_clock(engine, datetime(2026, 3, 20, tzinfo=UTC))
        assert sweep(engine) == 2
        assert [value(engine, "customer", c.id, "log") for c in (past, late, far)] == [None, "soon soon", "after"]
        assert next_due(engine) == datetime(2026, 4, 23, 16, 0, tzinfo=UTC)
        update(engine, boss, far.id, ppap_due=None)
        assert next_due(engine) is None


ABSENCE = """
  silent: {on: customer without visit for 30 days, do: [{set: {log: "log & ' silent'"}}]}
  stale: {on: customer without update for 7 days, do: [{set: {log: "log & ' stale'"}}]}
  kept: {on: customer without note for 9 days, do: [{set: {log: "log & ' note'"}}]}
"""


def test_absence_of_updates_changes_and_records(database_url: str, tmp_path: Path) -> None:
    with opened(app(ABSENCE), database_url, tmp_path) as engine:
        boss = hire(engine, "boss", "boss")
        customer = create(engine, boss, "customer", name="c")
        pass_days(engine, 5)
        update(engine, boss, customer.id, name="c2")
        pass_days(engine, 5)
        assert value(engine, "customer", customer.id, "log") == "note"
        create(engine, boss, "visit", customer=customer.id)
        pass_days(engine, 3)
        assert value(engine, "customer", customer.id, "log") == "note stale"
        pass_days(engine, 26)
        assert value(engine, "customer", customer.id, "log") == "note stale"
        pass_days(engine, 1)
        assert value(engine, "customer", customer.id, "log") == "note stale silent"
        pass_days(engine, 100)
        assert value(engine, "customer", customer.id, "log") == "note stale silent"


STREAK = """
  twice: {on: customer had submission.late twice in a row, do: [{set: {log: "log & ' twice'"}}]}
"""


def test_a_streak_fires_once_in_each_run(database_url: str, tmp_path: Path) -> None:
    with opened(app(STREAK), database_url, tmp_path) as engine:
        boss = hire(engine, "boss", "boss")
        customer = create(engine, boss, "customer", name="c")
        fired = []
        for late in (True, True, True, False, True, True, None, True):
            create(engine, boss, "submission", customer=customer.id, late=late)
            fired.append(sweep(engine))
        assert fired == [0, 1, 0, 0, 0, 1, 0, 0]
        with engine.session(boss) as session:
            session.update("submission", 7, {"late": True})  # the run goes on: it is the one that was told of
        assert sweep(engine) == 0


EVERY = """
  weekly: {on: every monday at 09:00, each: customer where tier = gold, do: [{set: {log: "log & ' week'"}}]}
"""


def test_what_repeats_does_so_for_each_record_and_is_made_up_once(database_url: str, tmp_path: Path) -> None:
    with opened(app(EVERY), database_url, tmp_path) as engine:
        boss = hire(engine, "boss", "boss")
        assert next_due(engine) == datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
        gold, plain = (create(engine, boss, "customer", tier=t) for t in ("gold", "plain"))
        set_clock(engine, datetime(2026, 3, 2, 1, 0, tzinfo=UTC))
        assert everything(engine) == 2  # the occurrence, and one record
        set_clock(engine, datetime(2026, 3, 25, tzinfo=UTC))
        assert everything(engine) == 2
        assert [value(engine, "customer", c.id, "log") for c in (gold, plain)] == ["week week", None]
        assert next_due(engine) == datetime(2026, 3, 30, 1, 0, tzinfo=UTC)


def test_a_release_that_changes_rules_moves_what_is_there(database_url: str, tmp_path: Path) -> None:
    with opened(app(), database_url, tmp_path) as engine:
        boss = hire(engine, "boss", "boss")
        ids = [create(engine, boss, "deal", name=str(n)).id for n in range(3)]
        move(engine, boss, ids[2], "work")
        (tmp_path / "app" / "app.yaml").write_text(app().replace("after: 24 hours", "after: 48 hours"), encoding="utf-8")
        engine.apply(tmp_path / "app", "test")
        pass_hours(engine, 24)
        assert [value(engine, "deal", i, "due_at") for i in ids[:2]] == [NOON + timedelta(hours=48)] * 2
        shorter = app().replace("after: 24 hours", "after: 1 hour").replace("on_overdue: [{set: {log: \"log & ' work'\"}}]", "")
        (tmp_path / "app" / "app.yaml").write_text(shorter, encoding="utf-8")
        engine.apply(tmp_path / "app", "test")
        assert everything(engine) == 4  # both deals, twice each: the second step has passed as well
        assert next_due(engine) is None


def test_a_renamed_stage_does_not_tell_again(database_url: str, tmp_path: Path) -> None:
    with opened(app(), database_url, tmp_path) as engine:
        boss = hire(engine, "boss", "boss")
        deal = create(engine, boss, "deal", name="d")
        assert pass_hours(engine, 24) == 1
        renamed = app().replace("      ask:\n", "      asked:\n        was: ask\n").replace("-> ask,", "-> asked,")
        (tmp_path / "app" / "app.yaml").write_text(renamed, encoding="utf-8")
        engine.apply(tmp_path / "app", "test")
        assert [pass_hours(engine, h) for h in (1, 11)] == [0, 1]
        move(engine, boss, deal.id, "held")
        pass_hours(engine, 5)
        move(engine, boss, deal.id, "asked")
        assert pass_hours(engine, 50) == 0
        assert value(engine, "deal", deal.id, "log") == "ask1 ask2"


def test_only_objects_with_deadlines_have_the_columns(database_url: str, tmp_path: Path) -> None:
    with opened(app(), database_url, tmp_path) as engine:
        assert {"due_at", "overdue"} <= set(engine.app.objects["deal"].fields)
        assert not {"due_at", "overdue"} & set(engine.app.objects["customer"].fields)


def test_a_refused_action_stands_in_the_log_and_is_not_tried_again(database_url: str, tmp_path: Path) -> None:
    broken = app().replace("log: long_text\npipelines", "log: long_text\n    checks: [{rule: log is blank, message: no}]\npipelines")
    with opened(broken, database_url, tmp_path) as engine:
        boss = hire(engine, "boss", "boss")
        deal = create(engine, boss, "deal", name="d")
        assert [pass_hours(engine, h) for h in (24, 1)] == [1, 0]
        assert value(engine, "deal", deal.id, "log") is None
        with engine.database.read() as connection:
            assert connection.all('SELECT count(*) FROM "dg_trigger_log" WHERE "refused" IS NOT NULL') == [(1,)]


def test_a_crash_leaves_what_is_due_and_a_failure_is_tried_again(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dougong.runtime.gate import triggers  # lazy: patched here

    with opened(app(), database_url, tmp_path) as engine:
        boss = hire(engine, "boss", "boss")
        deal = create(engine, boss, "deal", name="d")
        set_clock(engine, NOON + timedelta(hours=24))
        with monkeypatch.context() as patch:

            def broken(*arguments: Any, **named: Any) -> None:
                raise RuntimeError("the plug was pulled")

            patch.setattr(triggers, "attempt", broken)
            assert sweep(engine) == 0
        assert next_due(engine) == NOON + timedelta(hours=24, minutes=1)
        assert [pass_hours(engine, h) for h in (0, 1)] == [0, 1]
        assert value(engine, "deal", deal.id, "log") == "ask1"


def test_a_moment_is_explained_to_who_may_see_it(database_url: str, tmp_path: Path) -> None:
    text = (
        app(DATES)
        + """
  clerk: {may: ["read deal", "read customer(name)"]}
calendars:
  short: {hours: "09:00-10:00"}
"""
    )
    with opened(text, database_url, tmp_path) as engine:
        boss, clerk = hire(engine, "boss", "boss", calendar="short"), hire(engine, "clerk", "clerk")
        deal = create(engine, boss, "deal", name="d", owner=boss)
        customer = create(engine, boss, "customer", name="c", ppap_due="2026-04-01")
        pass_hours(engine, 3)
        move(engine, boss, deal.id, "held")
        pass_hours(engine, 2)
        move(engine, boss, deal.id, "ask")
        pass_hours(engine, 23)
        with engine.reader(clerk) as session:
            found = explain_due(session, "deal", deal.id)
            assert explain_due(session, "customer", customer.id) == []
        first, second = (r.sentence()[0] for r in found)
        start, pause = "从 2026-03-01 12:00 起 24 小时", "\uff0c按日历“short”\uff0c不计暂停 2026-03-01 15:00 \u2013 2026-03-01 17:00"
        assert first == f"“ask”超期\uff1a{start}{pause}\uff0c到 2026-03-02 14:00\uff082026-03-02 16:00 已触发\uff09\u3002"
        assert second == f"“ask”超期\uff1a{start} + 12 小时{pause}\uff0c到 2026-03-03 02:00\u3002"
        with engine.reader(boss) as session:
            soon, *_ = explain_due(session, "customer", customer.id)
        assert soon.sentence()[1] == "soon: 7 days before 2026-04-01 00:00, until 2026-03-25 00:00."
        assert soon.sentence()[0] == "soon\uff1a2026-04-01 00:00 之前 7 天\uff0c到 2026-03-25 00:00\u3002"


def test_a_waiting_stage_reminds_its_owner(database_url: str, tmp_path: Path) -> None:
    text = app().replace("review: {after: 10 days, do: [{set: {log: \"log & ' review'\"}}]}", "review: after 10 days")
    with opened(text, database_url, tmp_path) as engine:
        boss = hire(engine, "boss", "boss")
        deal = create(engine, boss, "deal", name="d", owner=boss)
        move(engine, boss, deal.id, "paused")
        pass_days(engine, 10)
        with engine.session(boss, language="en") as session:
            assert [t.text for t in session.todos()] == ["Time to look again: “paused”"]
        assert value(engine, "deal", deal.id, "stage") == "paused"


def test_sweepers_share_what_is_due(database_url: str, tmp_path: Path) -> None:
    with opened(app(), database_url, tmp_path) as engine:
        boss = hire(engine, "boss", "boss")
        with engine.session(boss) as session:
            session.create_many("deal", [{"name": f"d{n}"} for n in range(60)])
        set_clock(engine, NOON + timedelta(hours=24))
        settle(engine)
        others = [
            Engine.open(tmp_path / "app", database=database_url, apply=False, clock=SettableClock(engine.clock.now())) for _ in range(3)
        ]
        counts = [0, 0, 0]

        def work(place: int) -> None:
            while left(engine):
                counts[place] += sweep(others[place], limit=20)

        threads = [threading.Thread(target=work, args=(place,)) for place in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for other in others:
            other.close()
        assert sum(counts) == 60
        with engine.reader(boss) as session:
            assert {d.log.strip() for d in session.find("deal", limit=100).records} == {"ask1"}
        with engine.database.read() as connection:
            assert connection.all('SELECT count(*) FROM "dg_trigger_log"') == [(60,)]


def left(engine: Engine) -> bool:
    """Whether anything is still due."""
    found = next_due(engine)
    return found is not None and found <= engine.clock.now()


def create(engine: Engine, user: int, object: str, **values: object) -> Any:
    with engine.session(user) as session:
        return session.create(object, values)


def update(engine: Engine, user: int, id: int, **values: object) -> None:
    with engine.session(user) as session:
        session.update("customer", id, values)


def move(engine: Engine, user: int, id: int, stage: str) -> None:
    with engine.session(user) as session:
        session.move("deal", id, stage)


def value(engine: Engine, object: str, id: int, name: str) -> Any:
    with engine.system_session("test") as session:
        found = session.get(object, id)[name]
    return found.strip() if isinstance(found, str) else found


def set_clock(engine: Engine, instant: datetime) -> None:
    assert isinstance(engine.clock, SettableClock)
    engine.clock.set(instant)


def pass_hours(engine: Engine, hours: int) -> int:
    """What the sweep does after so many hours."""
    set_clock(engine, engine.clock.now() + timedelta(hours=hours))
    return everything(engine)


def pass_days(engine: Engine, days: int) -> int:
    return pass_hours(engine, days * 24)


def everything(engine: Engine) -> int:
    done = 0
    while found := sweep(engine):
        done += found
    return done
