"""A record with several pipelines on the pages: a stage bar and buttons for each, boards, lists and the story."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from dougong.engine import Engine
from dougong.runtime.clock import SettableClock
from starlette.testclient import TestClient

from tests.runtime.apps import NOON, hire, opened
from tests.web.pages.test_form_keys import key_of
from tests.web.shop import api

CARDS = """
app: cards
objects:
  card:
    title: {zh: 卡, en: Card}
    record_title: name
    fields: {name: text required, report: text "报告" "Report", owner: user default me}
pipelines:
  sales:
    of: card
    title: {zh: 销售, en: Sales}
    stages: {open: {title: {zh: 洽谈, en: Talking}, start: true}, won: {title: {zh: 成交, en: Won}, kind: won}}
    moves: [open -> won when quality_stage = passed]
  quality:
    of: card
    field: quality_stage
    title: {zh: 质量, en: Quality}
    stages:
      waiting: {title: {zh: 待检, en: Waiting}, start: true, overdue: after 10 hours}
      testing: {title: {zh: 检测, en: Testing}}
      passed: {title: {zh: 合格, en: Passed}, kind: done, to_enter: {fields: [report]}}
    moves: [waiting -> testing, testing -> passed]
triggers:
  hint: {on: card.report changed, do: [{propose_move: {to: quality_stage.testing, for: owner}}]}
views:
  quality_board: {of: card, kind: kanban, pipeline: quality, columns: [name, stage]}
  sales_board: {of: card, kind: kanban, columns: [name, quality_stage]}
roles:
  boss: {may: ["read, create, update, move card", read user]}
  guest: {may: [read card(name)]}
"""


@pytest.fixture
def cards(tmp_path: Path) -> Iterator[Engine]:
    with opened(CARDS, f"sqlite:///{tmp_path / 'a.db'}", tmp_path) as engine:
        hire(engine, "ann", "boss")
        hire(engine, "gus", "guest")
        with engine.session("ann") as session:
            session.create("card", name="A")
        yield engine


def later(engine: Engine, hours: int) -> None:
    assert isinstance(engine.clock, SettableClock)
    engine.clock.set(NOON + timedelta(hours=hours))


def bars(page: str) -> list[tuple[str, str]]:
    """(pipeline, the stage that the record is in) of every stage bar."""
    return re.findall(r'class="path"[^>]*aria-label="Stages: (\w+)".*?is-now[^>]*>\s*(\w+)', page, re.DOTALL)


def move(client: TestClient, to: str, page: str = "", **data: str) -> int:
    answer = client.post(f"/o/card/1/move/{to}", data={"_key": key_of(page) if page else "", **data}, follow_redirects=False)
    return answer.status_code


def test_each_pipeline_has_its_bar_and_its_buttons(cards: Engine) -> None:
    ann = api(cards, "ann", "en")
    page = ann.get("/o/card/1").text
    assert bars(page) == [("Sales", "Talking"), ("Quality", "Waiting")]
    assert 'action="/o/card/1/move/quality_stage.testing"' in page
    assert "Quality is “Passed”" in page and 'data-move-to="won"' in page
    assert page.count('class="move-dock"') == 1 and page.count("is-docked") == 2  # the same button in its bar, hidden on a phone
    assert move(ann, "quality_stage.nowhere") == move(ann, "testing") == move(ann, "stages.won") == 404
    assert move(ann, "quality_stage.testing", page) == 303
    page = ann.get("/o/card/1").text
    assert bars(page) == [("Sales", "Talking"), ("Quality", "Testing")]
    assert "moved it along “Quality”" in page and "Waiting</span> → <b>Testing" in page.replace("\n", "")
    form = ann.get("/o/card/1/move/quality_stage.passed").text
    assert 'name="report"' in form and "Testing → <b>Passed</b>" in form
    assert move(ann, "quality_stage.passed", form) == 422
    assert move(ann, "quality_stage.passed", form, report="fine") == 303
    assert move(ann, "won", ann.get("/o/card/1").text) == 303
    assert bars(ann.get("/o/card/1").text) == [("Sales", "Won"), ("Quality", "Passed")]


def test_a_guest_sees_where_it_stands_and_no_buttons(cards: Engine) -> None:
    page = api(cards, "gus", "en").get("/o/card/1").text
    assert bars(page) == [("Sales", "Talking"), ("Quality", "Waiting")]
    assert "/move/" not in page


def test_deadlines_of_each_pipeline(cards: Engine) -> None:
    ann = api(cards, "ann", "en")
    later(cards, 4)
    assert re.search(r'way-title">Quality<span class="small due is-warn"[^>]*>due in 6 hours', ann.get("/o/card/1").text)
    assert 'data-mark="red"' not in ann.get("/o/card").text
    later(cards, 12)
    listed = ann.get("/o/card?columns=name,quality_stage_due_at,quality_stage").text
    assert "overdue by 2 hours" in ann.get("/o/card/1").text
    assert "f.quality_stage_overdue." in listed and "overdue by 2 hours" in listed and 'data-mark="red"' in listed
    board = ann.get("/o/card?view=quality_board").text
    assert "overdue by 2 hours" in board
    assert re.findall(r'data-stage="([\w.]+)" data-targets="([\w. ]*)"', board) == [
        ("quality_stage.waiting", "quality_stage.testing"),
        ("quality_stage.testing", "quality_stage.passed"),
        ("quality_stage.passed", ""),
    ]
    assert re.findall(r'data-stage="([\w.]+)"', ann.get("/o/card?view=sales_board").text) == ["open", "won"]


def test_a_card_on_the_board_is_moved_by_a_script(cards: Engine) -> None:
    ann = api(cards, "ann", "en")
    moved = ann.post("/o/card/1/move/quality_stage.testing", data={"_key": ""}, headers={"Accept": "application/json"})
    assert moved.json()["stage"] == "quality_stage.testing"
    refused = ann.post("/o/card/1/move/won", data={"_key": ""}, headers={"Accept": "application/json"})
    assert refused.status_code == 422 and "Passed" in refused.json()["why"][0]


def test_a_proposed_move_and_the_counts_at_home(cards: Engine) -> None:
    ann = api(cards, "ann", "en")
    with cards.session("ann") as session:
        session.update("card", 1, report="r")
        (asked,) = session.proposals()
        assert (asked.pipeline, asked.from_stage, asked.to_stage) == ("quality", "waiting", "testing")
    assert "Move to Testing" in ann.get("/o/card/1").text
    home = ann.get("/").text
    assert "Card · Sales" in home and "Card · Quality" in home
    with cards.session("ann") as session:
        session.move("card", 1, "testing", pipeline="quality")  # by hand
        assert session.proposals() == []
        assert [m.read_at is not None for m in session.messages()] == [True]


ALONE = """
app: visits
objects:
  visit:
    record_title: name
    fields: {name: text required, owner: user}
pipelines:
  way:
    of: visit
    field: state
    title: {zh: 上门, en: Visits}
    stages:
      planned: {start: true, overdue: after 10 hours, title: {zh: 已约, en: Planned}}
      done: {kind: done, title: {zh: 完成, en: Done}}
    moves: [planned -> done]
triggers:
  give: {on: visit created, do: [{assign: {field: owner, from: 'user where has(roles, "boss")', by: least loaded}}]}
roles:
  boss: {may: ["read, create, update, move visit", read user]}
"""


def test_the_only_pipeline_may_keep_its_stage_in_a_field(database_url: str, tmp_path: Path) -> None:
    with opened(ALONE, database_url, tmp_path) as engine:
        ann, ben = (hire(engine, login, "boss") for login in ("ann", "ben"))
        with engine.session(ann) as session:
            owners = [session.get("visit", session.create("visit", name=n).id)["owner"] for n in "abc"]
            assert owners == [ann, ben, ann]
            session.move("visit", 1, "done")
            session.move("visit", 3, "done")  # what is done does not count
            assert session.get("visit", session.create("visit", name="d").id)["owner"] == ann
            assert session.count("visit", "passed(planned)") == 2
        client = api(engine, "ann", "en")
        page = client.get("/o/visit/2").text
        assert re.findall(r'class="path"[^>]*aria-label="Stages"', page) and 'action="/o/visit/2/move/state.done"' in page
        board = client.get("/o/visit?view=board").text
        assert re.findall(r'data-stage="([\w.]+)"', board) == ["state.planned", "state.done"]
        later(engine, 12)
        assert "overdue by 2 hours" in client.get("/o/visit/2").text
        assert client.post("/api/v1/visit/2/move", json={"to": "done"}).status_code == 200
        assert "overdue" not in client.get("/o/visit/2").text.replace("Overdue", "")
