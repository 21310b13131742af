"""What administrators see of rules, moments and jobs; nobody else finds these pages."""

import pytest
from dougong.runtime.jobs.outbox import enqueue
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.site import DESKTOP, PHONE, Desk
from tests.browser.test_approvals import contract, picture
from tests.browser.test_pages import violations

PAGES = ("/admin/triggers", "/admin/triggers/why", "/admin/dues", "/admin/jobs")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_log_tells_what_a_rule_did(at_work: Open, at_desk: Desk, size: tuple[int, int]) -> None:
    number = contract(at_desk, "看日志的合同", stage="draft")
    page = at_work("admin", size=size)
    page.goto(f"{at_desk.address}/admin/triggers")
    page.get_by_label("规则", exact=True).select_option("contract/contract_check")
    page.get_by_label("记录编号").fill(str(number))
    page.get_by_role("button", name="筛选").click()
    line = page.locator(".firing")
    expect(line).to_have_count(1)
    line.locator("summary").click()
    expect(line.locator(".firing-more")).to_contain_text("app.yaml:")
    expect(line.get_by_role("link", name="看日志的合同")).to_be_visible()
    picture(page, f"admin-log-{size[0]}")


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_why_a_rule_did_not_fire(at_work: Open, at_desk: Desk, script: bool) -> None:
    number = contract(at_desk, "金额太小的合同", amount=500, stage="draft")
    page = at_work("admin", script=script)
    page.goto(f"{at_desk.address}/admin/triggers/why")
    page.get_by_label("规则", exact=True).select_option("contract/contract_check")
    page.get_by_label("记录编号").fill(str(number))
    page.get_by_role("button", name="为什么没有触发").click()
    expect(page.locator(".verdict")).to_contain_text("条件不成立")
    expect(page.locator(".answer .is-bad")).to_contain_text("1000")
    picture(page, "admin-why")
    page.get_by_role("button", name="试运行").click()
    expect(page.locator(".verdict")).to_contain_text("什么都不会做")
    page.get_by_label("记录编号").fill("99999")
    page.get_by_role("button", name="为什么没有触发").click()
    expect(page.locator("#wrong")).to_be_visible()


def test_a_dead_letter_is_mended_and_sent_again(at_work: Open, at_desk: Desk) -> None:
    with at_desk.engine.system_session("test") as session:
        jobs = [enqueue(session.unit, "mail", {"to": f"{n}@example"}, key=f"mail:{n}") for n in ("a", "b")]
        session.connection.run("UPDATE dg_job SET state = 'dead', error = '550 no such user', tries = 12")
    page = at_work("admin")
    page.goto(f"{at_desk.address}/admin/jobs")
    expect(page.locator(".job")).to_have_count(2)
    picture(page, "admin-jobs")
    page.locator(".job", has_text="mail:a").click()
    page.get_by_role("textbox", name="内容").fill("{oops")
    page.get_by_role("button", name="重新发送").click()
    expect(page.locator("#wrong")).to_contain_text("JSON")
    expect(page.get_by_role("textbox", name="内容")).to_have_value("{oops")
    page.get_by_role("textbox", name="内容").fill('{"to": "a@example.com"}')
    picture(page, "admin-job")
    page.get_by_role("button", name="重新发送").click()
    expect(page.locator(".job")).to_have_count(1)
    page.goto(f"{at_desk.address}/admin/jobs/{jobs[0]}")
    expect(page.locator(".payload").first).to_contain_text("a@example.com")
    expect(page.locator(".attempt", has_text="已修改")).to_contain_text("管理员")
    page.goto(f"{at_desk.address}/admin/jobs/{jobs[1]}")
    page.get_by_role("button", name="放弃").click()
    page.goto(f"{at_desk.address}/admin/jobs?state=cancelled")
    expect(page.locator(".job")).to_contain_text("mail:b")


def test_what_is_due_next(at_work: Open, at_desk: Desk) -> None:
    contract(at_desk, "快到期的合同")
    page = at_work("admin", language="en")
    page.goto(f"{at_desk.address}/admin/dues?object=contract")
    expect(page.locator(".due-line", has_text="快到期的合同").first).to_contain_text("due in")
    expect(page.locator(".due-line", has_text="Time limit of an approval")).not_to_have_count(0)
    picture(page, "admin-dues")


def test_nobody_else_finds_them(at_work: Open, at_desk: Desk) -> None:
    page = at_work("wang.qiang")
    for path in PAGES:
        answer = page.goto(at_desk.address + path)
        assert answer is not None and answer.status == 404, path


def test_they_fit_a_phone_and_axe_finds_nothing(at_work: Open, at_desk: Desk) -> None:
    contract(at_desk, "给工具看的合同")
    page = at_work("admin", size=PHONE)
    for path in (*PAGES, "/inbox", "/todos", "/me", "/o/contract/1"):
        page.goto(at_desk.address + path)
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, path
        assert violations(page) == [], path
    page = at_work("wang.qiang", size=PHONE)
    for path in ("/inbox", "/todos", "/me"):
        page.goto(at_desk.address + path)
        assert violations(page) == [], path
        small = page.evaluate(
            """() => [...document.querySelectorAll("main button, main .btn, main summary, main .chip-link, main .segments a")]
                .filter((e) => e.checkVisibility({visibilityProperty: true}) && e.getBoundingClientRect().height < 43.5)
                .map((e) => e.outerHTML.slice(0, 90))"""
        )
        assert small == [], path
