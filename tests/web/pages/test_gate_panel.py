"""The panel of a record's page: what its gates ask for, who may do what about it, which file counts; and what the small forms do."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from dougong.engine import Engine
from dougong.runtime.clock import SettableClock
from starlette.testclient import TestClient

from tests.gates.apps import DEALS
from tests.runtime.apps import NOON, hire, opened
from tests.web.pages.test_form_keys import key_of
from tests.web.shop import api


@contextmanager
def work(database_url: str, folder: Path) -> Iterator[Engine]:
    """A deal of ann in the stage whose gate asks for everything; a helper, and a boss who grants exceptions."""
    with opened(DEALS, database_url, folder) as engine:
        for login, role in (("ann", "sales"), ("hal", "helper"), ("max", "boss")):
            hire(engine, login, role)
        with engine.session("ann") as session:
            made = session.create("deal", name="A")
            session.move(made, "solution")
        yield engine


@pytest.fixture
def deals(tmp_path: Path) -> Iterator[Engine]:
    """The same, where the database does not matter."""
    with work(f"sqlite:///{tmp_path / 'a.db'}", tmp_path) as engine:
        yield engine


def post(client: TestClient, path: str, **data: str) -> int:
    return client.post(f"/o/deal/1/{path}", data=data).status_code


def send(client: TestClient, field: str, *names: str, key: str = "") -> int:
    files = [(f"{field}~file", (name, io.BytesIO(b"x"), "application/octet-stream")) for name in names]
    return client.post(f"/o/deal/1/evidence/{field}", data={"_key": key}, files=files).status_code


def stage(engine: Engine) -> str:
    with engine.reader("ann") as session:
        return str(session.get("deal", 1).stage)


def test_everything_is_done_from_the_page(database_url: str, tmp_path: Path) -> None:
    with work(database_url, tmp_path) as engine:
        reach_the_contract(engine)


def reach_the_contract(deals: Engine) -> None:
    """Do everything that the gates ask for, and move on."""
    ann = api(deals, "ann", "zh")
    assert "还差 6 项" in ann.get("/o/deal/1").text
    assert ann.post("/o/deal/1/move/contract", data={"_version": "2"}).status_code == 422
    assert ann.post("/o/deal/1/field/requirement?in=dialog", data={"requirement": "耐高温"}).headers["location"] == "/o/deal/1?note=saved"
    assert post(ann, "actions/compared") == 422
    assert post(ann, "actions/compared", place="", latitude="91", longitude="0") == 422
    assert post(ann, "actions/compared", place="", latitude="31.491170", longitude="120.311910") == 303
    assert post(ann, "actions/called") == 303
    assert send(ann, "proposal", "方案.docx") == send(ann, "deck", "演示 Rev1.pdf") == 303
    page = ann.get("/o/deal/1").text
    assert "还差 2 项" in page and "不是 PDF 或 PPTX 文件" in page and "31.49117, 120.31191" in page
    assert send(ann, "proposal", "方案.pdf") == 303
    page = ann.get("/o/deal/1").text
    assert "都齐了" not in page and "进入“合同”之前" in page  # the next gate asks for scans
    assert send(ann, "scans", "合同 v1.pdf", "合同 v2.pdf") == 303
    page = ann.get("/o/deal/1").text
    scans = next(i for i in ann.get("/api/v1/deal/1/gates").json()["data"] if i["item"] == "scans")
    assert [(f["name"], [r["code"] for r in f["refusals"]]) for f in scans["files"]] == [("合同 v2.pdf", []), ("合同 v1.pdf", ["R313"])]
    assert "都齐了" in page and "版本旧了，需要版本 2" in page and page.count("算数") == 3
    assert ann.post("/o/deal/1/move/contract").status_code == 303
    assert stage(deals) == "contract"


def test_files_are_added_to_a_field_that_takes_several_and_once(deals: Engine) -> None:
    ann = api(deals, "ann")
    key = key_of(ann.get("/o/deal/1").text)
    assert [send(ann, "scans", "a.pdf", key=key) for _ in range(2)] == [303, 303]
    assert send(ann, "scans", "b.pdf") == 303
    assert send(ann, "proposal", "one.pdf") == send(ann, "proposal", "two.pdf") == 303
    with deals.reader("ann") as session:
        record = session.get("deal", 1)
        assert len(record.scans) == 2 and isinstance(record.proposal, int)
    assert send(ann, "requirement", "x.pdf") == 422
    assert send(ann, "nothing", "x.pdf") == 422


def test_what_is_withdrawn_marks_the_record(deals: Engine) -> None:
    reach_the_contract(deals)
    ann, helper = api(deals, "ann", "zh"), api(deals, "hal", "zh")
    page = ann.get("/o/deal/1").text
    assert "已失去依据" not in page and page.count("走到这里之前完成的动作") == 2
    assert re.findall(r'href="/o/deal/1/actions/(\w+)/undo" data-dialog', page) == ["compared", "called"]
    assert re.findall(r'href="/o/deal/1/actions/(\w+)/undo" data-dialog', helper.get("/o/deal/1").text) == ["called"]
    asked = ann.get("/o/deal/1/actions/called/undo")
    assert "撤销“电话沟通”" in asked.text and "记录留在“合同”" in asked.text and "失去依据" in asked.text
    assert [c.get(f"/o/deal/1/actions/{a}/undo").status_code for c, a in ((helper, "compared"), (ann, "nothing"))] == [404, 404]
    answer = ann.post("/o/deal/1/actions/called/undo", data={})
    assert (answer.status_code, answer.headers["location"]) == (303, "/o/deal/1?note=unsupported")
    page = ann.get("/o/deal/1").text
    assert "已失去依据" in page and "阶段“合同”失去了依据" in page
    assert post(ann, "actions/called/undo") == 422
    assert post(ann, "actions/called") == 303
    assert "已失去依据" not in ann.get("/o/deal/1").text


def test_what_was_done_longer_ago_is_withdrawn_without_harm(deals: Engine) -> None:
    reach_the_contract(deals)
    ann = api(deals, "ann", "zh")
    assert ann.post("/o/deal/1/move/lost").status_code == 303
    items = {i["item"]: i["when"] for i in ann.get("/api/v1/deal/1/gates").json()["data"]}
    assert items == {"compared": "behind", "called": "behind"}
    asked = ann.get("/o/deal/1/actions/called/undo").text
    assert "失去依据" not in asked and "记录留在原来的阶段" in asked
    answer = ann.post("/o/deal/1/actions/called/undo", data={})
    assert (answer.status_code, answer.headers["location"]) == (303, "/o/deal/1?note=unticked")
    assert "已失去依据" not in ann.get("/o/deal/1").text


def test_only_who_may_sees_the_buttons(deals: Engine) -> None:
    helper, boss, ann = (api(deals, login, "zh") for login in ("hal", "max", "ann"))
    page = helper.get("/o/deal/1").text
    assert "/actions/compared" not in page and "由销售完成" in page and "/actions/called" in page and "/exceptions/" not in page
    assert post(helper, "actions/compared", place="无锡") == 422
    assert "/exceptions/solution/requirement" in boss.get("/o/deal/1").text
    address = "/o/deal/1/exceptions/solution/requirement"
    assert [c.get(address).status_code for c in (boss, ann, helper)] == [200, 404, 404]
    assert boss.get("/o/deal/1/exceptions/solution/nothing").status_code == 404


def test_an_exception_has_a_reason_and_an_end(deals: Engine) -> None:
    assert isinstance(deals.clock, SettableClock)
    boss, address = api(deals, "max", "zh"), "/o/deal/1/exceptions/solution/requirement"
    for given in (
        {"reason": " ", "until": "2030-01-01T18:00"},
        {"reason": "急", "until": ""},
        {"reason": "急", "until": "2020-01-01T18:00"},
    ):
        answer = boss.post(address, data=given)
        assert answer.status_code == 422 and given["until"] in answer.text
    until = deals.clock.now() + timedelta(days=2)
    local = until.astimezone(deals.app.zone).strftime("%Y-%m-%dT%H:%M")
    assert boss.post(address, data={"reason": "客户下周确认", "until": local}).status_code == 303
    page = boss.get("/o/deal/1").text
    assert "还差 5 项" in page and "max批准的例外" in page and "客户下周确认" in page
    deals.clock.set(NOON + timedelta(days=30))
    page = boss.get("/o/deal/1").text
    assert "还差 6 项" in page and "到期" in page


def test_an_action_sent_twice_is_done_once(deals: Engine) -> None:
    ann = api(deals, "ann")
    key = key_of(ann.get("/o/deal/1").text)
    assert [post(ann, "actions/called", _key=key) for _ in range(2)] == [303, 303]
    assert post(ann, "actions/called", _key="another") == 422


def test_what_is_not_there_cannot_be_acted_on(deals: Engine) -> None:
    ann = api(deals, "ann")
    assert post(ann, "actions/nothing") == 404
    assert ann.post("/o/deal/99/actions/called").status_code == 404
    assert ann.get("/o/user/1").text.count('id="gates"') == 0


def test_nothing_is_said_of_a_field_that_a_role_may_not_see(tmp_path: Path) -> None:
    text = DEALS.replace(
        'helper: {title: 助理, may: ["read, update, move deal"]}', 'helper: {title: 助理, may: ["read deal hide requirement, deck"]}'
    )
    assert text != DEALS
    with opened(text, f"sqlite:///{tmp_path / 'a.db'}", tmp_path) as engine:
        hire(engine, "ann", "sales")
        hire(engine, "hal", "helper")
        with engine.session("ann") as session:
            session.move(session.create("deal", name="A"), "solution")
        helper = api(engine, "hal", "zh")
        page = helper.get("/o/deal/1").text
        assert "需求" not in page and "演示稿" not in page and "完成竞品对比" in page
        assert {i["item"] for i in helper.get("/api/v1/deal/1/gates").json()["data"]} == {"proposal", "compared", "called", "scans"}


def test_the_story_tells_what_was_done_where_and_what_was_let_pass(database_url: str, tmp_path: Path) -> None:
    with work(database_url, tmp_path) as engine:
        ann = api(engine, "ann", "zh")
        assert post(ann, "actions/compared", place="无锡客户现场") == 303
        with engine.session("ann") as session:
            session.undo_action("deal", 1, "compared")
        with engine.session("max") as session:
            session.except_gate("deal", 1, "solution", "compared", "客户急单", NOON + timedelta(days=3))
        with engine.reader("ann") as session:
            told = session.gate_story("deal", 1)
        assert [(e.kind, e.by, e.words) for e in told] == [
            ("done", "ann", "无锡客户现场"),
            ("undone", "ann", ""),
            ("excepted", "max", "客户急单"),
        ]
        page = ann.get("/o/deal/1").text
        assert "完成了" in page and "无锡客户现场" in page and "撤回了" in page and "批准“" in page and "客户急单" in page
