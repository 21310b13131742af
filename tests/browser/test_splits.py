"""Splitting a record on its page, on a desk and in a hand; what stands at the foot of a phone is never covered by a note."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Open, opener
from tests.browser.site import DESKTOP, PHONE, Desk, desk
from tests.browser.test_approvals import picture
from tests.browser.test_pages import violations
from tests.browser.test_sizes_on_screen import SMALL
from tests.splits.apps import contracts

USERS = "users: [{login: li.na, name: 李娜, password: dougong-demo, roles: [sales]}]\n"
COVERED = """(fixed) => {
  const toasts = document.getElementById("toasts"), made = document.createElement("div");
  made.className = "toast-note";
  made.textContent = "已保存\uff0c".repeat(20);
  toasts.append(made);
  const note = made.getBoundingClientRect();
  const under = [...document.querySelectorAll(fixed)].filter((e) => e.checkVisibility()).map((e) => [e.className, e.getBoundingClientRect()]);
  const found = under.filter(([, r]) => r.top < note.bottom && r.bottom > note.top && r.left < note.right && r.right > note.left);
  made.remove();
  return [under.length, found.map(([name]) => name)];
}"""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The running app of contracts in parts."""
    app: Path = tmp_path_factory.mktemp("office") / "app"
    (app / "demo").mkdir(parents=True)
    (app / "app.yaml").write_text(contracts(), encoding="utf-8")
    (app / "demo" / "users.yaml").write_text(USERS, encoding="utf-8")
    with desk(app.parent, app) as running:
        yield running


@pytest.fixture
def at_office(office: Desk, browser: Browser) -> Iterator[Open]:
    """Opens a page of it as somebody."""
    with opener(office.address, browser, {}) as open_page:
        yield open_page


def left_of(page: Page, name: str) -> float:
    box = page.locator(".form-foot").get_by_text(name, exact=True).bounding_box()
    assert box is not None
    return box["x"]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_contract_is_split_and_split_anew(at_office: Open, office: Desk, size: tuple[int, int]) -> None:
    with office.engine.session("li.na") as session:
        number = session.create("contract", name="三方采购合同", amount=90000).id
    page = at_office("li.na", size=size)
    page.goto(f"{office.address}/o/contract/{number}")
    page.get_by_role("link", name="拆分").click()
    assert left_of(page, "保存") < left_of(page, "取消")
    for row, (party, amount) in enumerate((("无锡恒力", "60000"), ("苏州华谊", ""))):
        part = page.locator(".split-row").nth(row)
        part.get_by_label("主体").fill(party)
        part.get_by_label("金额").fill(amount)
    assert size != PHONE or page.evaluate(SMALL) == []
    assert page.evaluate(COVERED, ".form-foot, .dock")[1] == []
    assert violations(page) == []
    picture(page, f"split-{size[0]}")
    page.locator(".form-foot").get_by_role("button", name="保存").click()
    expect(page).to_have_url(re.compile(rf"/o/contract/{number}(\?|$)"))
    story = page.locator(".timeline")
    expect(story).to_contain_text("李娜做了拆分\uff1a部分")
    expect(story.get_by_role("link", name="苏州华谊")).to_be_visible()
    expect(story).to_contain_text("¥30,000.00")
    office.clock.set(office.clock.now() + timedelta(minutes=5))
    page.goto(f"{office.address}/o/contract/{number}/split?into=part")
    page.locator(".split-row").nth(0).get_by_label("金额").fill("90000")
    page.locator(".split-row").nth(1).get_by_label("去掉").check()
    page.locator(".form-foot").get_by_role("button", name="保存").click()
    expect(page).to_have_url(re.compile(rf"/o/contract/{number}(\?|$)"))
    expect(story).to_contain_text("调整了拆分")
    expect(story).to_contain_text("已去掉")
    picture(page, f"split-story-{size[0]}")
    assert violations(page) == []


def test_a_note_covers_nothing_that_is_docked(at_office: Open, office: Desk) -> None:
    with office.engine.session("li.na") as session:
        number = session.create("contract", name="要推进的合同", amount=1).id
    page = at_office("li.na", size=PHONE)
    page.goto(f"{office.address}/o/contract/{number}")
    assert page.evaluate(COVERED, ".move-dock, .dock") == [2, []]
    page.goto(f"{office.address}/o/contract/{number}/edit")
    assert page.evaluate(COVERED, ".form-foot") == [1, []]
