"""The mark of a stage that lost what opened it: on lists and boards, cheap, and what it says when it is asked why."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dougong.database.connection import Connection
from dougong.engine import Engine

from tests.runtime.apps import hire, opened
from tests.web.shop import api

LEADS = """
app: leads
objects:
  lead:
    title: {zh: 线索, en: Lead}
    record_title: name
    fields: {name: text required, secret: text "底价" "Floor", owner: user default me}
pipelines:
  flow:
    of: lead
    stages:
      new:
        title: {zh: 新, en: New}
        start: true
        to_leave: {actions: [{id: called, title: {zh: 打过电话, en: Called}}], fields: [secret]}
      talking: {title: {zh: 洽谈, en: Talking}}
    moves: [new -> talking]
roles:
  sales: {may: ["read, create, update, move lead"]}
  guest: {may: [read lead hide secret]}
"""
MARK = re.compile(r'class="lost-mark" href="/o/lead/(\d+)/support" data-dialog draggable="false" title="([^"]*)"')


@pytest.fixture
def engine(tmp_path: Path, database_url: str) -> Iterator[Engine]:
    """Twelve leads that are talked with; the first has lost its call, the second its call and its secret."""
    with opened(LEADS, database_url, tmp_path) as running:
        hire(running, "ann", "sales")
        hire(running, "gus", "guest")
        with running.session("ann") as session:
            for number in range(12):
                made = session.create("lead", name=f"L{number}", secret="s")
                session.do_action("lead", made.id, "called")
                session.move("lead", made.id, "talking")
        lose(running, 1)
        lose(running, 2)
        with running.session("ann") as session:
            session.update("lead", 2, {"secret": None})
        yield running


def lose(engine: Engine, number: int) -> None:
    with engine.session("ann") as session:
        session.undo_action("lead", number, "called")


def test_lists_and_boards_mark_what_lost_its_support(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = api(engine, "ann", "zh")
    faces = ("/o/lead?view=all", "/o/lead?view=board")
    marked = [sorted(MARK.findall(ann.get(face).text)) for face in faces]
    assert marked == [[("1", "从 2026-03-01 12:00 起阶段失去依据"), ("2", "从 2026-03-01 12:00 起阶段失去依据")]] * 2
    asked: list[int] = [0]
    run = Connection._execute

    def counted(self: Connection, *given: Any) -> Any:
        asked[0] += 1
        return run(self, *given)

    monkeypatch.setattr(Connection, "_execute", counted)
    costs = []
    for number in range(3, 12):
        if number in (3, 11):
            asked[0] = 0
            assert [len(MARK.findall(ann.get(face).text)) for face in faces] == [number - 1] * 2
            costs.append(asked[0])
        lose(engine, number)
    assert costs[0] == costs[1]  # two marks or ten


def test_the_mark_says_why(engine: Engine) -> None:
    ann, guest = api(engine, "ann", "zh"), api(engine, "gus", "zh")
    said = ann.get("/o/lead/2/support").text
    assert "阶段“洽谈”失去了依据" in said and "离开“新”之前请先完成“打过电话”" in said and "离开“新”之前请填写底价" in said
    said = guest.get("/o/lead/2/support").text
    assert "打过电话" in said and "底价" not in said and "缺了您看不到的内容" in said
    assert "<html" not in ann.get("/o/lead/1/support", headers={"hx-request": "true"}).text
    assert [ann.get(f"/o/lead/{number}/support").status_code for number in (1, 3, 99)] == [200, 404, 404]
