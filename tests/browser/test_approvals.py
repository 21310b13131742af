"""Approvals, deadlines, proposals and comments on a record's page, on a desk and in a hand."""

import os
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.site import DESKTOP, PHONE, Desk

BIG = "昆山博瑞达自动化设备有限公司年度框架合同"


def contract(at_desk: Desk, name: str, amount: int = 860000, stage: str = "review") -> int:
    """A contract of 李娜 in a stage; its number."""
    with at_desk.engine.session("li.na") as session:
        made = session.create("contract", name=name, amount=amount, customer="无锡锐翔液压科技有限公司")
        if stage != "draft":
            session.move(made, "review")
        return made.id


def see(page: Page, at_desk: Desk, number: int) -> None:
    page.goto(f"{at_desk.address}/o/contract/{number}")


def picture(page: Page, name: str) -> None:
    """A picture for whoever wants to look: `PICTURES=folder`."""
    if folder := os.environ.get("PICTURES"):
        page.wait_for_timeout(300)
        page.screenshot(path=f"{folder}/{name}.png")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_yes_is_one_tap(at_work: Open, at_desk: Desk, size: tuple[int, int]) -> None:
    number = contract(at_desk, BIG)
    page = at_work("wang.qiang", size=size)
    see(page, at_desk, number)
    expect(page.locator(".approval.is-mine")).to_contain_text("部门经理")
    picture(page, f"approval-{size[0]}")
    button = page.get_by_role("button", name="同意")
    expect(button).to_be_in_viewport()
    button.click()
    expect(page.locator("#toasts")).to_be_visible()
    expect(page.locator(".approval .decision").first).to_contain_text("已同意")
    expect(page.locator(".approval .is-now")).to_contain_text("周律")
    expect(page.locator(".timeline")).to_contain_text("王强")
    expect(page.get_by_role("button", name="同意")).to_have_count(0)


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_a_no_needs_a_reason_and_keeps_what_was_typed(at_work: Open, at_desk: Desk, script: bool) -> None:
    number = contract(at_desk, "要驳回的合同")
    page = at_work("wang.qiang", script=script)
    see(page, at_desk, number)
    page.get_by_role("link", name="驳回").click()
    form = page.locator("form.move-form")
    form.get_by_role("button", name="驳回").click()
    expect(page.locator("#wrong")).to_contain_text("原因")
    form.get_by_label("原因").fill("价格低于底线")
    form.get_by_role("button", name="驳回").click()
    expect(page.locator(".path [aria-current=step]")).to_contain_text("起草")
    expect(page.locator(".timeline")).to_contain_text("价格低于底线")
    expect(page.locator(".timeline .moved").first).to_contain_text("合同审批")  # the rule that moved it


def test_passing_on_and_adding_a_signer(at_work: Open, at_desk: Desk) -> None:
    number = contract(at_desk, "要转交的合同")
    page = at_work("wang.qiang")
    see(page, at_desk, number)
    page.locator(".approval .decide .menu summary").click()
    page.get_by_role("link", name="加签").click()
    picture(page, "add-signer")
    page.get_by_label("人员").select_option("qin.shu")
    page.locator("dialog label", has_text="我之前").click()
    page.locator("dialog").get_by_role("button", name="加签").click()
    expect(page.locator(".approval")).to_contain_text("秦淑")
    expect(page.get_by_role("button", name="同意", exact=True)).to_have_count(0)  # she goes first


def test_the_submitter_takes_it_back(at_work: Open, at_desk: Desk) -> None:
    number = contract(at_desk, "要撤回的合同", amount=3000)
    page = at_work("li.na")
    see(page, at_desk, number)
    page.get_by_role("button", name="撤回").click()
    expect(page.locator(".approval summary")).to_contain_text("已撤回")
    page.get_by_role("button", name="提交\uff1a折扣审批").click()
    expect(page.locator(".approval").first).to_contain_text("折扣审批")


def test_a_deadline_counts_down_and_says_how_it_was_counted(at_work: Open, at_desk: Desk) -> None:
    number = contract(at_desk, "有时限的合同", amount=900)
    page = at_work("li.na")
    see(page, at_desk, number)
    chip = page.locator(".due-chip")
    expect(chip).to_contain_text("48 小时后到期")
    chip.click()
    expect(page.locator(".derivation")).to_contain_text("48 小时")
    picture(page, "deadline")
    at_desk.clock.advance(timedelta(hours=51))
    page.reload()
    expect(page.locator(".due-chip.is-bad")).to_contain_text("已逾期 3 小时")
    picture(page, "overdue")
    at_desk.clock.advance(timedelta(hours=-51))


@pytest.mark.parametrize("answer", ["接受", "拒绝"])
def test_a_proposed_move_is_answered(at_work: Open, at_desk: Desk, answer: str) -> None:
    number = contract(at_desk, "纸质件回来的合同", amount=900)
    with at_desk.engine.session("li.na") as session:
        session.update("contract", number, {"hard_copy": True})
    page = at_work("li.na", size=PHONE)
    see(page, at_desk, number)
    expect(page.locator(".proposal")).to_contain_text("纸质件已回")
    picture(page, "proposal-phone")
    page.locator(".proposal").get_by_role("button", name=answer).click()
    expect(page.locator(".proposal")).to_have_count(0)
    expect(page.locator(".path [aria-current=step]")).to_contain_text("归档" if answer == "接受" else "审批中")


def test_a_comment_is_said_and_taken_back(at_work: Open, at_desk: Desk) -> None:
    number = contract(at_desk, "要讨论的合同", amount=5000)
    page = at_work("li.na", language="en")
    see(page, at_desk, number)
    page.get_by_label("Comment").fill("@王强 请看一下付款条款")
    page.get_by_role("button", name="Post").click()
    expect(page.locator(".timeline .commented")).to_contain_text("付款条款")
    picture(page, "comment-english")
    page.get_by_role("link", name="Comments and decisions").click()
    expect(page.locator(".timeline > li.commented")).to_have_count(1)
    expect(page.locator(".timeline > li:is(.created, .moved)")).to_have_count(0)
    page.get_by_role("button", name="Take back", exact=True).click()
    expect(page.locator(".timeline .commented")).to_have_count(0)
    with at_desk.engine.reader("wang.qiang") as session:
        assert "mention" in {m.kind for m in session.messages()}


def test_an_administrator_sees_the_line_of_the_rule(at_work: Open, at_desk: Desk) -> None:
    number = contract(at_desk, "规则改过的合同", amount=900)
    with at_desk.engine.session("li.na") as session:
        session.update("contract", number, {"hard_copy": True})
    admin, owner = at_work("admin"), at_work("li.na")
    for page in (admin, owner):
        see(page, at_desk, number)
        expect(page.locator(".timeline")).to_contain_text("纸质件回来了")
    expect(admin.locator(".timeline .by code").first).to_contain_text("app.yaml:")
    expect(owner.locator(".timeline .by code")).to_have_count(0)
