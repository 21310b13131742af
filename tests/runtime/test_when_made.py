"""Formulas, defaults and checks may ask when a record was made and last changed, and by whom, on the very write that makes it."""

from datetime import timedelta
from pathlib import Path

import pytest
from dougong.refusals import Refused
from dougong.runtime.clock import SettableClock

from tests.runtime.apps import hire, opened

APP = """
app: visits
objects:
  visit:
    fields:
      at: datetime
      noted_at: datetime default created_at
      note: text
      late: number(1) = hours(at, created_at)
      in_time: boolean = created_at <= at + 2 hours
      idle: number(1) = hours(at, updated_at)
      by: text = updated_by.name
    checks:
      - {rule: at <= created_at, message: 不能在将来}
roles: {r: {may: ["read, create, update, import visit"]}}
"""


def test_a_new_record_knows_when_it_is_made(database_url: str, tmp_path: Path) -> None:
    with opened(APP, database_url, tmp_path) as engine:
        li, chen = hire(engine, "li", "r"), hire(engine, "chen", "r")
        clock = engine.clock
        assert isinstance(clock, SettableClock)
        with engine.session(li) as session:
            now = clock.now()
            one = session.create("visit", at=now - timedelta(hours=2))
            assert (one["late"], one["in_time"], one["idle"], one["by"], one["noted_at"]) == (2, True, 2, "li", now)
            (two,) = session.create_many("visit", [{"at": now - timedelta(hours=3)}])
            assert not isinstance(two, Refused) and (two["late"], two["in_time"]) == (3, False)
            with pytest.raises(Refused):
                session.create("visit", at=now + timedelta(hours=1))
        clock.set(clock.now() + timedelta(hours=5))
        with engine.session(chen) as session:
            changed = session.update("visit", one.id, note="x")
            assert (changed["late"], changed["idle"], changed["by"]) == (2, 7, "chen")
            assert session.count("visit", "idle = 7 and late = 2 and in_time") == 1
