"""The pool page: what may be claimed, claiming it, giving it back, in a hand and on a desk, with and without script."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.site import DESKTOP, PHONE, Desk
from tests.browser.test_approvals import picture
from tests.browser.test_pages import violations


def pooled(at_desk: Desk, *names: str) -> None:
    """Leads that nobody has."""
    with at_desk.engine.system_session("test") as session:
        for name in names:
            made = session.create("lead", name=name, phone="13812345678", need="每月 2000 件法兰")
            session.update("lead", made.id, {"lost": True})


@pytest.mark.parametrize(("size", "script"), [(DESKTOP, True), (PHONE, True), (DESKTOP, False)], ids=["desktop", "phone", "plain"])
def test_a_lead_is_claimed_and_given_back(at_work: Open, at_desk: Desk, size: tuple[int, int], script: bool) -> None:
    name = f"温州华瓯阀门有限公司{size[0]}{script}"
    pooled(at_desk, name, f"台州另一家{size[0]}{script}")
    page = at_work("li.na", size=size, script=script)
    page.goto(f"{at_desk.address}/")
    page.get_by_role("link", name="线索公海").locator("visible=true").first.click()
    line = page.locator(".pooled", has_text=name)
    expect(line).to_contain_text("法兰")
    expect(line).not_to_contain_text("13812345678")
    picture(page, f"pool-{size[0]}")
    assert not script or violations(page) == []
    line.get_by_role("button", name="领取").click()
    expect(page.locator(".crumbs, .phone-top")).not_to_have_count(0)
    page.get_by_role("link", name="退还\uff1a线索公海").locator("visible=true").first.click()
    form = page.locator("form.move-form")
    form.get_by_role("button", name="退还").click()
    expect(page.locator("#wrong")).to_contain_text("原因")
    form.get_by_label("原因").fill("没有预算")
    form.get_by_role("button", name="退还").click()
    expect(form).to_have_count(0)  # the answer is there: leaving earlier would race with it
    page.wait_for_load_state()
    page.goto(f"{at_desk.address}/pools/sea")
    expect(page.locator(".pooled", has_text=name)).to_contain_text("以后才能再领")
    expect(page.locator(".pooled", has_text=name).get_by_role("button")).to_have_count(0)


def test_more_than_allowed_is_refused_in_words(at_work: Open, at_desk: Desk) -> None:
    pooled(at_desk, "甲", "乙", "丙")
    page = at_work("li.na")
    for name in ("甲", "乙", "丙"):
        page.goto(f"{at_desk.address}/pools/sea")
        page.locator(".pooled", has_text=name).get_by_role("button", name="领取").click()
    expect(page.locator("#wrong")).to_contain_text("最多同时持有")


def test_who_may_not_claim_does_not_see_it(at_work: Open, at_desk: Desk) -> None:
    page = at_work("wang.qiang")
    expect(page.get_by_role("link", name="线索公海")).to_have_count(0)
    answer = page.goto(f"{at_desk.address}/pools/sea")
    assert answer is not None and answer.status == 403
