"""`dougong doctor`, `dougong jobs` and `dougong explain --record` from the outside."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from dougong.database.instants import instant_to_db
from dougong.engine import Engine
from dougong.flow.doctor import examine
from dougong.flow.sweep import settle
from dougong.runtime.clock import SettableClock
from dougong.runtime.jobs.outbox import enqueue

from tests.cli.test_commands import Line, line

__all__ = ["line"]  # the fixture

APP = """
app: shop
timezone: Asia/Shanghai
objects: {deal: {fields: {name: text required}}}
pipelines:
  flow:
    of: deal
    stages:
      open: {title: {zh: 进行中, en: Open}, start: true, overdue: after 3 days, on_overdue: [{todo: {for: role boss, text: late}}]}
      won: {kind: won}
    moves: [open -> won]
roles: {boss: {admin: true, may: ["read, create, update deal", "read user"]}}
"""
MAIL = {
    "DOUGONG_SMTP_URL": "smtp://mail.example.com",
    "DOUGONG_MAIL_FROM": "crm@example.com",
    "DOUGONG_URL": "https://crm.example.com",
}
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "shop"
    found.mkdir()
    (found / "app.yaml").write_text(APP, encoding="utf-8")
    return found


def levels(engine: Engine, environment: dict[str, str]) -> dict[str, str]:
    """The worst of each."""
    order = ("fine", "doubt", "bad")
    found: dict[str, str] = {}
    for each in examine(engine, environment):
        found[each.about] = max(found.get(each.about, "fine"), each.level, key=order.index)
    return found


def test_what_is_wrong_is_found(folder: Path, database_url: str) -> None:
    clock = SettableClock(NOW)
    with Engine.open(folder, database=database_url, clock=clock) as engine:
        on_postgres = engine.database.dialect == "postgresql"
        found = levels(engine, {})
        assert found | {"workers": ""} == {
            "database": "fine",
            "release": "fine",
            "tables": "fine",
            "deadlines": "doubt",
            "workers": "",
            "jobs": "fine",
            "mail": "doubt",
            "calendar": "fine",
            "administrators": "doubt",
        }
        assert found["workers"] == ("bad" if on_postgres else "fine")
        settle(engine)
        with engine.system_session("test") as session:
            session.create("user", login="boss", name="boss", roles=["boss"], active=True)
            session.create("deal", name="a")
            enqueue(session.unit, "mail", {"to": "x"}, key="k")
        with engine.database.write() as connection:
            connection.run("UPDATE dg_job SET state = 'dead'")
        if on_postgres:
            with engine.database.write() as connection:
                at = {"at": instant_to_db(clock.now(), "postgresql")}
                connection.run("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%(at)s)", at)
        found = levels(engine, MAIL)
        assert [found[a] for a in ("deadlines", "workers", "jobs", "mail", "administrators")] == ["fine", "fine", "doubt", "fine", "fine"]
        assert levels(engine, {**MAIL, "DOUGONG_SMTP_URL": "http://x"})["mail"] == "bad"
        assert [levels(engine, {**MAIL, "DOUGONG_URL": url})["mail"] for url in ("", "crm")] == ["doubt", "bad"]
        clock.set(NOW + timedelta(days=3, seconds=30))  # due, but not for long
        assert not any(f.en.startswith("What is due") for f in examine(engine, MAIL))
        clock.set(NOW + timedelta(days=3, minutes=2))
        (late,) = [f for f in examine(engine, MAIL) if f.en.startswith("What is due")]
        assert (late.level, late.en) == ("bad", "What is due is not done by anybody, since 2026-03-05 17:00")
        with engine.database.write() as connection:
            connection.run("UPDATE dg_due SET open_at = NULL, error = 'x' WHERE record_id <> 0")
        assert levels(engine, MAIL)["deadlines"] == "bad"
        clock.set(datetime(2050, 1, 1, tzinfo=UTC))
        assert levels(engine, MAIL)["calendar"] == "doubt"


def test_doctor_speaks(line: Line, folder: Path, database_url: str) -> None:
    assert line("apply", str(folder))[0] == 0
    (folder / "app.yaml").write_text(APP.replace("name: text required", "name: text required, note: text"), encoding="utf-8")
    code, out, _ = line("doctor", str(folder))
    assert code == (1 if database_url.startswith("postgres") else 0)
    assert "✓ Release 1, applied " in out
    assert "! No mail server is configured (DOUGONG_SMTP_URL)" in out
    assert out.endswith(" changes that are not applied\n")
    assert "没有配置邮件服务器" in line("doctor", str(folder), "--lang", "zh")[1]


def test_jobs_are_mended(line: Line, folder: Path, database_url: str) -> None:
    with Engine.open(folder, database=database_url) as engine:
        with engine.system_session("test") as session:
            first, second = (enqueue(session.unit, "mail", {"to": "nobody"}, key=k) for k in ("a", "b"))
        with engine.database.write() as connection:
            connection.run("UPDATE dg_job SET state = 'dead', error = 'no such person'")
    app = ("--app", str(folder))
    assert [r.split()[0] for r in line("jobs", "list", *app)[1].splitlines()] == [str(second), str(first)]
    assert line("jobs", "resend", str(first), "--payload", '{"to": "a@example.com"}', *app)[:2] == (0, f"Job {first} will be sent again\n")
    assert line("jobs", "resend", str(first), *app)[0] == 1
    shown = line.json("jobs", "show", str(first), *app)
    assert (shown["state"], shown["payload"], [a["outcome"] for a in shown["attempts"]]) == (
        "waiting",
        {"to": "a@example.com"},
        ["mended", "resent"],
    )
    assert "resent" in line("jobs", "show", str(first), *app)[1]
    assert line("jobs", "give-up", str(second), *app)[:2] == (0, f"Job {second} will not be sent\n")
    assert line("jobs", "list", *app)[1] == "There are none\n"
    assert [x["id"] for x in line.json("jobs", "list", "--state", "cancelled", *app)] == [second]
    assert line("jobs", "list", "--state", "lost", *app)[0] == 2
    assert line("jobs", "resend", str(second), "--payload", "{", *app)[0] == 2


def test_what_is_due_is_explained(line: Line, folder: Path, database_url: str) -> None:
    with Engine.open(folder, database=database_url, clock=SettableClock(NOW)) as engine, engine.system_session("test") as session:
        deal = session.create("deal", name="a")
        won = session.create("deal", name="b")
        session.move(won, "won")
    asked = ("explain", str(folder), "--record")
    said = line(*asked, f"deal/{deal.id}")[1]
    assert said == "“Open” is overdue: 3 days from 2026-03-02 17:00, until 2026-03-05 17:00. (app.yaml:9)\n"
    assert line(*asked, f"deal/{deal.id}", "--lang", "zh")[1].startswith("“进行中”超期：从 2026-03-02 17:00 起")
    (found,) = line.json(*asked, f"deal/{deal.id}")
    assert (found["kind"], found["amounts"]) == ("overdue", ["3 days"])
    assert line(*asked, f"deal/{won.id}")[1] == "Nothing is due of this record\n"
    assert line(*asked, f"deal/{deal.id}", "--dry-run")[0] == 2
    assert line(*asked, "deal/99")[0] == 1
