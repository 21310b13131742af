"""Working time in an app: formulas that are never stored, filters, checks and defaults, on both databases."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from dougong.engine import Engine
from dougong.runtime.clock import SettableClock

APP = """
app: t
calendar: {hours: "09:00-12:00 13:30-18:00"}
calendars:
  plant: {days: mon-sat, hours: "08:00-17:00"}
objects:
  ticket:
    fields:
      name: text required
      due: date default workday(today, 3)
      opened: datetime
      closed: datetime
      answer_by: datetime = opened + 8 working hours
      build_by: date = workday(due, 2, plant)
      days: integer = networkdays(opened, due)
      hours: number(1) = workhours(opened, closed)
    checks:
      - {rule: isworkday(due), message: 交期要在工作日}
roles:
  sales: {admin: true, may: ["create, read, update ticket"]}
"""
OPENED = datetime(2026, 9, 30, 8, 0, tzinfo=UTC)  # the last afternoon before the holidays, 16:00


def opened(tmp_path: Path, url: str, text: str = APP) -> Engine:
    (tmp_path / "app.yaml").write_text(text, encoding="utf-8")
    return Engine.open(tmp_path, database=url, clock=SettableClock(OPENED), apply=True)


def test_formulas_filters_checks_and_defaults(tmp_path: Path, database_url: str) -> None:
    engine = opened(tmp_path, database_url)
    closed = datetime(2026, 10, 8, 2, 30, tzinfo=UTC)
    with engine.system_session("test") as session:
        record = session.create("ticket", name="a", opened=OPENED, closed=closed)
        session.create("ticket", name="b", due=date(2026, 10, 10))  # a Saturday that is worked
    with engine.system_session("test") as session:
        record = session.get("ticket", record.id)
        assert record["due"] == date(2026, 10, 10)  # 8, 9 and 10 October
        assert record["answer_by"] == datetime(2026, 10, 8, 8, 30, tzinfo=UTC)
        assert (record["build_by"], record["days"], record["hours"]) == (date(2026, 10, 13), 4, Decimal("3.5"))
        for where in (
            "workhours(opened, closed) > 3",
            "opened < now + 1 working day",
            "due = workday(opened, 3)",
            "networkdays(opened, due) = 4",
        ):
            assert [found["name"] for found in session.find("ticket", where=where).records] == ["a"], where
        assert session.count("ticket", "not isworkday(due + 1, plant)") == 2
    engine.close()


def test_a_formula_over_a_calendar_has_no_column(tmp_path: Path) -> None:
    engine = opened(tmp_path, f"sqlite:///{tmp_path}/a.db")
    fields = engine.app.objects["ticket"].fields
    assert [name for name, field in fields.items() if not field.is_stored] == ["answer_by", "build_by", "days", "hours"]
    with engine.system_session("test") as session:
        record = session.create("ticket", name="a", opened=OPENED)
    (tmp_path / "app.yaml").write_text(APP.replace("calendar: {", "calendar: {exceptions: {2026-10-08: off}, "), encoding="utf-8")
    engine.apply(tmp_path, "test")
    with engine.system_session("test") as session:
        assert session.get("ticket", record.id)["answer_by"] == datetime(2026, 10, 9, 8, 30, tzinfo=UTC)
    engine.close()
