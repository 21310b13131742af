"""What a stage wants is done on the record's page, on a desk and in a hand, with and without script; why somebody got a record; comments."""

import io
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from dougong.runtime import files
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Open, opener
from tests.browser.site import DESKTOP, PHONE, WORKSHOP, Desk, desk
from tests.browser.test_approvals import picture
from tests.browser.test_pages import violations
from tests.browser.test_sizes_on_screen import SMALL

PDF = {"name": "方案.pdf", "mimeType": "application/pdf", "buffer": b"x"}


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The running workshop app."""
    with desk(tmp_path_factory.mktemp("workshop"), WORKSHOP) as running:
        yield running


@pytest.fixture
def at_bench(workshop: Desk, browser: Browser) -> Iterator[Open]:
    """Opens a page of it as somebody."""
    with opener(workshop.address, browser, {}) as open_page:
        yield open_page


def deal(workshop: Desk, name: str, **values: object) -> int:
    """A deal of 李娜 in the stage that asks for everything."""
    with workshop.engine.session("li.na") as session:
        made = session.create("deal", name=name, **{"budget": 5000, "owner": session.user["id"], **values}).id
        session.move("deal", made, "solution")
    return made


def see(page: Page, workshop: Desk, number: int) -> None:
    page.goto(f"{workshop.address}/o/deal/{number}")


@pytest.mark.parametrize(("size", "script"), [(PHONE, True), (DESKTOP, False)], ids=["phone", "plain"])
def test_what_a_stage_wants_is_done_on_the_page(at_bench: Open, workshop: Desk, size: tuple[int, int], script: bool) -> None:
    number = deal(workshop, f"苏州恒川精密机电有限公司主轴泵体改造项目 {size[0]}{script}")
    page = at_bench("li.na", size=size, script=script)
    see(page, workshop, number)
    panel = page.locator("#gates")
    expect(panel.locator("summary").first).to_contain_text("还差 6 项")
    assert not script or violations(page) == []
    panel.get_by_role("link", name="填写\uff1a技术要求").click()
    page.get_by_role("textbox", name="技术要求").fill("耐高温")
    page.get_by_role("button", name="保存").click()
    expect(panel.locator("summary").first).to_contain_text("还差 5 项")
    panel.get_by_role("button", name="打勾完成\uff1a完成竞品对比").click()
    expect(panel.locator("summary").first).to_contain_text("还差 4 项")
    expect(panel.locator("li", has_text="完成竞品对比")).to_contain_text("李娜")
    visited = panel.locator("li", has_text="拜访客户现场")
    visited.locator("summary").click()
    visited.get_by_label("完成的地点").fill("无锡客户现场")
    visited.get_by_role("button", name="打勾完成", exact=True).click()
    expect(visited).to_contain_text("无锡客户现场")
    proposal = panel.locator(".needed > ul > li", has_text="方案书")
    proposal.locator("input[type=file]").set_input_files(PDF)  # type: ignore[arg-type]
    if not script:
        proposal.get_by_role("button", name="发送").click()
    expect(proposal).to_contain_text("算数")
    assert size != PHONE or page.evaluate(SMALL) == []
    picture(page, f"gates-{size[0]}-{script}")
    visited.get_by_role("button", name="撤销\uff1a拜访客户现场").click()
    expect(visited).not_to_contain_text("无锡客户现场")


def test_the_device_says_where_it_is(at_bench: Open, workshop: Desk) -> None:
    number = deal(workshop, "要定位的项目")
    page = at_bench("li.na", size=PHONE)
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": 31.49117, "longitude": 120.31191})
    see(page, workshop, number)
    visited = page.locator("#gates li", has_text="拜访客户现场")
    visited.locator("summary").click()
    visited.get_by_role("button", name="用我现在的位置").click()
    expect(visited.locator("output")).to_contain_text("31.49117")
    visited.get_by_role("button", name="打勾完成", exact=True).click()
    expect(visited).to_contain_text("31.49117, 120.31191")


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_an_exception_is_granted_and_shown(at_bench: Open, workshop: Desk, script: bool) -> None:
    number = deal(workshop, f"要例外的项目 {script}")
    page = at_bench("chen.zong", script=script)
    see(page, workshop, number)
    page.get_by_role("link", name="例外\uff1a技术要求").click()
    form = page.locator("form.move-form")
    form.get_by_role("button", name="批准例外").click()
    expect(page.locator("#wrong")).to_contain_text("理由")
    form.get_by_label("原因").fill("客户下周确认")
    form.get_by_label("截止时间").fill("2026-03-09T18:00")
    picture(page, "exception")
    form.get_by_role("button", name="批准例外").click()
    item = page.locator("#gates .is-held", has_text="技术要求")
    expect(item).to_contain_text("陈总批准的例外")
    expect(item).to_contain_text("2026-03-09 18:00")


def test_a_locked_move_leads_to_the_panel_and_lost_support_is_marked(at_bench: Open, workshop: Desk) -> None:
    with workshop.engine.reader("li.na") as session:
        me = session.user["id"]
    papers = [
        files.keep(workshop.engine.database, workshop.engine.files_dir, name, "x/x", io.BytesIO(b"x"), me, workshop.clock.now()).id
        for name in ("方案.pdf", "图 v1.pdf")
    ]
    number = deal(workshop, "会失去依据的项目", requirement="x", proposal=papers[0], drawings=[papers[1]])
    page = at_bench("li.na")
    see(page, workshop, number)
    page.locator("summary[data-move-to=contract]").click()
    page.get_by_role("link", name="看看还差什么").click()
    expect(page).to_have_url(re.compile("#gates$"))
    with workshop.engine.session("li.na") as session:
        session.do_action("deal", number, "compared")
        session.do_action("deal", number, "visited", "无锡")
    with workshop.engine.session("qian.kuai") as session:
        session.do_action("deal", number, "credit")
    page.reload()
    expect(page.locator("#gates")).to_contain_text("都齐了")
    expect(page.locator("#gates")).not_to_have_attribute("open", "")
    page.locator(".moves").get_by_role("button", name="转合同").click()
    expect(page.locator(".path [aria-current=step]")).to_contain_text("合同")
    workshop.clock.advance(timedelta(hours=2))
    with workshop.engine.session("li.na") as session:
        session.undo_action("deal", number, "visited")
    workshop.clock.advance(timedelta(hours=1))
    page.reload()
    expect(page.locator("#gates .chip-bad")).to_contain_text("1 小时前")
    picture(page, "unsupported")


def test_two_taps_without_script_are_one_move(at_bench: Open, workshop: Desk) -> None:
    with workshop.engine.session("li.na") as session:
        number = session.create("deal", name="点了两下的项目", owner=session.user["id"]).id
    page = at_bench("li.na", script=False)
    see(page, workshop, number)
    page.locator(".moves").get_by_role("button", name="方案").dblclick()
    expect(page.locator(".path [aria-current=step]")).to_contain_text("方案")
    expect(page.locator("#wrong")).to_have_count(0)
    with workshop.engine.reader("li.na") as session:
        assert [c.kind for c in session.history("deal", number)].count("moved") == 1


def test_the_page_says_why_somebody_got_the_record(at_bench: Open, workshop: Desk) -> None:
    with workshop.engine.session("zhao.lei") as session:
        number = session.create("deal", name="等分配的项目").id
        owner = session.get("deal", number).owner
        name = session.titles("user", [owner])[owner]
    page = at_bench("li.na")
    see(page, workshop, number)
    page.locator(".fact .why-link").click()
    expect(page.get_by_role("heading", name=f"为什么分给了{name}")).to_be_visible()
    expect(page.locator(".assigned")).to_contain_text("“新商机分配”")
    expect(page.locator(".assigned")).to_contain_text("给手上最少的人")
    picture(page, "why")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_colleagues_are_offered_behind_an_at(at_bench: Open, workshop: Desk, size: tuple[int, int]) -> None:
    number = deal(workshop, f"要讨论的项目 {size[0]}")
    page = at_bench("li.na", size=size)
    see(page, workshop, number)
    box = page.locator("#comment")
    page.wait_for_selector("#comment[aria-autocomplete]")
    box.press_sequentially("请 @")
    offered = page.get_by_role("option")
    expect(offered.filter(has_text="赵磊")).to_have_count(1)
    expect(offered.filter(has_text="何客")).to_have_count(0)  # may not read it
    picture(page, f"mention-{size[0]}")
    box.press_sequentially("陈")
    expect(offered).to_have_count(1)
    if size == PHONE:
        offered.tap()
    else:
        box.press("Enter")
    expect(box).to_have_value("请 @陈总 ")
    box.press_sequentially("看一下")
    page.get_by_role("button", name="发表").click()
    expect(page.locator(".timeline .mention")).to_have_text("@陈总")
    page.locator(".entry-tools").get_by_role("link", name="编辑").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("评论").fill("请 @赵磊 看一下")
    dialog.get_by_role("button", name="保存").click()
    expect(page.locator(".timeline .mention")).to_have_text("@赵磊")
