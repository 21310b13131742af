"""Inbox, to-dos and the settings of a person, on a desk and in a hand, with and without script."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.site import DESKTOP, PHONE, Desk
from tests.browser.test_approvals import BIG, contract, picture


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_an_approval_is_decided_in_the_inbox(at_work: Open, at_desk: Desk, size: tuple[int, int]) -> None:
    contract(at_desk, f"{BIG}{size[0]}")
    page = at_work("wang.qiang", size=size)
    page.get_by_role("link", name="收件箱").first.click()
    first = page.locator(".message", has_text=f"{BIG}{size[0]}").filter(has=page.get_by_role("button", name="同意"))
    picture(page, f"inbox-{size[0]}")
    before = int(page.locator(".badge-count:visible").first.inner_text())
    first.get_by_role("button", name="同意").click()
    expect(page.locator("#toasts")).to_contain_text("已记下")
    expect(page.locator(".badge-count:visible").first).to_have_text(str(before - 1))
    expect(first).to_have_count(0)


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_opening_a_message_reads_it(at_work: Open, at_desk: Desk, script: bool) -> None:
    number = contract(at_desk, f"要读的合同 {script}", stage="draft")
    page = at_work("wang.qiang", script=script)
    page.goto(f"{at_desk.address}/inbox?kind=notify")
    line = page.locator(".message", has_text=f"要读的合同 {script}")
    line.locator(".message-open").click()
    page.wait_for_url(f"**/o/contract/{number}")
    page.goto(f"{at_desk.address}/inbox")
    expect(page.locator(".message:not(.is-unread)", has_text=f"要读的合同 {script}")).to_have_count(1)


def test_all_are_read_at_once(at_work: Open, at_desk: Desk) -> None:
    contract(at_desk, "全部已读", stage="draft")
    page = at_work("wang.qiang", language="en")
    page.goto(f"{at_desk.address}/inbox?show=unread")
    picture(page, "inbox-english")
    page.get_by_role("button", name="All read").click()
    expect(page.locator(".message.is-unread")).to_have_count(0)
    expect(page.locator(".badge-count:visible")).to_have_count(0)
    page.goto(f"{at_desk.address}/inbox?show=unread")
    expect(page.locator(".nothing")).to_be_visible()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_todo_is_claimed_given_back_and_done(at_work: Open, at_desk: Desk, size: tuple[int, int]) -> None:
    name = f"要核对的合同{size[0]}"
    contract(at_desk, name, stage="draft")
    page = at_work("zhou.lv", size=size)
    page.goto(f"{at_desk.address}/todos")
    free = page.locator(".todo.is-free", has_text=name)
    expect(free).to_contain_text("2 小时后到期")
    free.get_by_role("button").click()
    own = page.locator("section:has(#h-today) .todo", has_text=name)
    expect(own).to_be_visible()
    picture(page, f"todos-{size[0]}")
    own.get_by_role("button", name="退还").click()
    expect(free).to_be_visible()
    free.get_by_role("button").click()
    own.locator(".tick").click()
    expect(page.locator(".todo", has_text=name)).to_have_count(0)


def test_who_was_slower_is_told(at_work: Open, at_desk: Desk) -> None:
    contract(at_desk, "两个人都要的合同", stage="draft")
    slow, fast = at_work("zhou.lv"), at_work("qin.shu")
    for page in (slow, fast):
        page.goto(f"{at_desk.address}/todos")
    fast.locator(".todo.is-free", has_text="两个人都要的").get_by_role("button").click()
    slow.locator(".todo.is-free", has_text="两个人都要的").get_by_role("button").click()
    expect(slow.locator("#wrong")).to_contain_text("秦淑")


def test_todos_stand_in_groups(at_work: Open, at_desk: Desk) -> None:
    contract(at_desk, "缺附件的合同", stage="draft")
    page = at_work("li.na")
    page.goto(f"{at_desk.address}/todos")
    expect(page.locator("section:has(#h-later)")).to_contain_text("缺附件的合同")
    at_desk.clock.advance(timedelta(days=6))
    page = at_work("li.na")
    page.goto(f"{at_desk.address}/todos")
    expect(page.locator("section:has(#h-late)")).to_contain_text("缺附件的合同")
    late = page.locator("section:has(#h-late) .todo", has_text="缺附件的合同")
    expect(late.locator(".due.is-bad")).to_contain_text("已逾期 1 天")
    picture(page, "todos-late")
    at_desk.clock.advance(timedelta(days=-6))


def test_nobody_sees_the_title_of_a_record_they_may_not_read(at_work: Open, at_desk: Desk) -> None:
    number = contract(at_desk, "法务看不到的合同", amount=1500, stage="draft")
    with at_desk.engine.system_session("test") as session:
        zhou = next(u["id"] for u in session.unit.users() if u["login"] == "zhou.lv")
        session.add_todos([(zhou, None, None)], ("看一下", "Look"), "contract", number)
        session.notify([zhou], ("看一下", "Look"), object="contract", record_id=number)
    page = at_work("zhou.lv")
    for path in ("/", "/todos", "/inbox"):
        page.goto(at_desk.address + path)
        expect(page.locator("main")).to_contain_text("看一下") if path != "/" else None
        expect(page.locator(".meta", has_text="法务看不到的合同")).to_have_count(0)
        expect(page.locator(f"a[href$='/o/contract/{number}']")).to_have_count(0)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_absence_and_notifications_are_set(at_work: Open, at_desk: Desk, size: tuple[int, int]) -> None:
    page = at_work("wang.qiang", size=size)
    page.goto(f"{at_desk.address}/me")
    page.get_by_label("第一天").fill("2026-04-06")
    page.get_by_label("最后一天").fill("2026-04-01")
    page.get_by_label("代理人").select_option(label="秦淑")
    page.get_by_role("button", name="登记").click()
    expect(page.locator("#wrong")).to_be_visible()
    expect(page.get_by_label("第一天")).to_have_value("2026-04-06")
    page.get_by_label("最后一天").fill("2026-04-08")
    page.get_by_role("button", name="登记").click()
    expect(page.locator(".away")).to_contain_text("2026-04-06 – 2026-04-08")
    page.get_by_label("免打扰开始").fill("22:00")
    page.get_by_label("免打扰结束").fill("07:30")
    page.locator("label.option", has_text="提到我").click()
    picture(page, f"me-{size[0]}")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_label("免打扰结束")).to_have_value("07:30")
    is_on = page.locator("label.option", has_text="提到我").locator("input").is_checked()
    with at_desk.engine.reader("wang.qiang") as session:
        assert ("mail:mention" in session.preferences().muted) is not is_on
    page.get_by_role("button", name="取消").click()
    expect(page.locator(".away")).to_have_count(0)


def test_a_proposed_move_is_answered_in_the_inbox(at_work: Open, at_desk: Desk) -> None:
    numbers = [contract(at_desk, f"纸质件回来的合同{n}", amount=900) for n in (1, 2)]
    with at_desk.engine.session("li.na") as session:
        for number in numbers:
            session.update("contract", number, {"hard_copy": True})
    page = at_work("li.na")
    page.goto(f"{at_desk.address}/inbox?kind=proposal")
    first, second = (page.locator(".message.of-proposal", has_text=f"合同{n}") for n in (1, 2))
    picture(page, "inbox-proposals")
    second.get_by_role("button", name="接受").click()
    expect(second).to_contain_text("已处理")
    with at_desk.engine.session("li.na") as session:
        session.move("contract", numbers[0], "paused")
    page.reload()
    expect(first).to_contain_text("已处理")  # moved by hand: there is nothing to answer any more
    expect(page.locator(".message").get_by_role("button", name="接受")).to_have_count(0)
    with at_desk.engine.reader("li.na") as session:
        assert [session.get("contract", number).stage for number in numbers] == ["paused", "filing"]


def test_the_navigation_counts_approvals_among_what_is_to_be_done(at_work: Open, at_desk: Desk) -> None:
    contract(at_desk, "要审的合同")
    page = at_work("wang.qiang")
    page.goto(f"{at_desk.address}/todos")
    with at_desk.engine.reader("wang.qiang") as session:
        waiting = len(session.todos()) + len(session.approvals_waiting())
    assert waiting > 0
    expect(page.locator(".rail-item[href$='/todos'] .count")).to_have_text(str(waiting))
