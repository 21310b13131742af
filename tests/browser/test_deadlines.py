"""Overdue records in lists and on boards: seen at a glance, found with one tap."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.site import DESKTOP, PHONE, Desk
from tests.browser.test_approvals import contract, picture


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_overdue_ones_stand_out_in_a_list(at_work: Open, at_desk: Desk, size: tuple[int, int]) -> None:
    contract(at_desk, "会逾期的合同", amount=900)
    contract(at_desk, "还在起草的合同", amount=900, stage="draft")
    at_desk.clock.advance(timedelta(hours=50))
    page = at_work("li.na", size=size)
    page.goto(f"{at_desk.address}/o/contract?view=contracts")
    late = page.locator("tr[data-mark=red]", has_text="会逾期的合同").first
    expect(late.locator(".due.is-bad")).to_contain_text("已逾期 2 小时")
    expect(page.locator("tr[data-mark=red]", has_text="还在起草的合同")).to_have_count(0)
    page.get_by_role("link", name="已逾期", exact=True).click()
    expect(page.locator("tr", has_text="会逾期的合同").first).to_be_visible()
    expect(page.locator("tr", has_text="还在起草的合同")).to_have_count(0)
    picture(page, f"list-late-{size[0]}")
    page.goto(f"{at_desk.address}/o/contract?view=contract_board")
    expect(page.locator(".lane[data-stage=review] .deck .due.is-bad").first).to_contain_text("已逾期 2 小时")
    picture(page, f"board-late-{size[0]}")
    page.locator(".lane[data-stage=review] .deck", has_text="会逾期的合同").locator("a").first.click()
    page.locator(".deadline summary").click()
    box = page.locator(".derivation").bounding_box()
    assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= size[0], "how the deadline came about is cut off"
    at_desk.clock.advance(timedelta(hours=-50))
