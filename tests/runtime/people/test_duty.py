"""Owners of stages: a to-do on entering, a message when it is overdue, and as much of the standard as the reader may read."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from dougong.engine import Engine
from dougong.flow.sweep import sweep
from dougong.runtime.clock import SettableClock
from dougong.runtime.people.duty import duties

from tests.runtime.apps import NOON, hire, opened
from tests.web.shop import api

APP = """
app: duties
title: Duties
objects:
  deal:
    title: {zh: 商机, en: Deal}
    fields:
      name: text
      price: integer
      owner: user default me
      helper: user
      check_stage: text
pipelines:
  flow:
    of: deal
    stages:
      ask:
        title: {zh: 询盘, en: Inquiry}
        start: true
        owner: [owner, role maker, helper]
        standard: {zh: "{{ name }} 按 {{ price }} 元回电", en: "Call {{ name }} about {{ price }}"}
        overdue: after 2 hours
        on_overdue: [{set: {check_stage: "'late'"}}]
      work: {title: {zh: 生产, en: Making}, owner: user zong}
      free: {title: {zh: 搁置, en: Put off}, standard: {zh: 每月问一次, en: Ask once a month}}
      won: {kind: won}
    moves: [ask -> work, work -> free, free -> won]
roles:
  sales: {title: {zh: 销售, en: Sales}, may: ["read, create, update, move deal"]}
  maker: {title: {zh: 生产, en: Maker}, may: [{may: [read], of: deal, hide: [price, helper]}]}
"""


@contextmanager
def deals(url: str, folder: Path) -> Iterator[Engine]:
    """One deal of li, and people in charge."""
    with opened(APP, url, folder) as engine:
        for login, role in (("li", "sales"), ("zong", "sales"), ("ma", "maker")):
            hire(engine, login, role)
        with engine.session("li") as session:
            session.create("deal", name="Pump", price=900)
        yield engine


@pytest.fixture
def engine(sqlite_url: str, tmp_path: Path) -> Iterator[Engine]:
    """Where the database does not matter."""
    with deals(sqlite_url, tmp_path) as engine:
        yield engine


def texts(engine: Engine, who: str, language: str = "zh") -> list[str]:
    with engine.reader(who, language=language) as session:  # type: ignore[arg-type]  # zh or en
        return [todo.text for todo in session.todos()]


def shown(engine: Engine, who: str, language: str = "zh") -> list[tuple[tuple[str, ...], str, bool]]:
    with engine.reader(who, language=language) as session:  # type: ignore[arg-type]  # zh or en
        return [(d.owners, d.standard, d.is_mine) for d in duties(session.unit, "deal", 1)]


def move(engine: Engine, to: str) -> None:
    with engine.session("li") as session:
        session.move(session.get("deal", 1), to)


def test_the_owner_has_it_to_do_until_the_record_leaves(database_url: str, tmp_path: Path) -> None:
    with deals(database_url, tmp_path) as engine:
        the_owner_has_it_to_do(engine)


def the_owner_has_it_to_do(engine: Engine) -> None:
    assert (texts(engine, "li"), texts(engine, "ma", "en")) == (["Pump 按 900 元回电"], ["Call Pump about 900"])
    move(engine, "work")
    assert [texts(engine, who) for who in ("li", "ma", "zong")] == [[], [], ["生产"]]  # no standard: the stage's title
    move(engine, "free")
    assert [texts(engine, who) for who in ("li", "ma", "zong")] == [[], [], []]


def test_owners_hear_when_it_is_overdue_and_what_is_written_happens_too(engine: Engine) -> None:
    assert isinstance(engine.clock, SettableClock)
    engine.clock.advance(timedelta(hours=2))
    while sweep(engine):
        pass
    for who in ("li", "ma"):
        with engine.reader(who) as session:
            assert "“询盘”已超期：Pump 按 900 元回电" in [m.text for m in session.messages()]
    with engine.system_session("test") as session:
        assert (session.get("deal", 1).check_stage, session.get("deal", 1).created_at) == ("late", NOON)


def test_the_page_shows_what_the_reader_may_read(engine: Engine) -> None:
    assert shown(engine, "li") == [(("li", "生产"), "Pump 按 900 元回电", True)]
    assert shown(engine, "zong", "en") == [(("li", "Maker"), "Call Pump about 900", False)]
    assert shown(engine, "ma") == [(("li", "生产"), "Pump 按 … 元回电", True)]
    page = api(engine, "zong", "zh").get("/o/deal/1").text
    assert all(words in page for words in ("“询盘”阶段", "责任人：li、生产", "交付标准：</span>Pump 按 900 元回电"))
    assert "“询盘”由您负责" in api(engine, "li", "zh").get("/o/deal/1").text
    move(engine, "work")
    move(engine, "free")
    assert shown(engine, "zong") == [((), "每月问一次", False)]
    move(engine, "won")
    assert shown(engine, "zong") == []
