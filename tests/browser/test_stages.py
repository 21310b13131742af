"""Moving records: by button, with a dialog for what is asked, by drag on the board."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.site import choose


def new_deal(page: Page, site: str, name: str) -> str:
    """A deal of one's own in its first stage; its address."""
    page.goto(f"{site}/o/deal/new")
    page.get_by_label("项目名称").fill(name)
    choose(page, "客户", "苏州恒川")
    page.get_by_label("产品线").select_option("shafts")
    page.get_by_label("技术要求").fill("同轴度 0.01")
    page.get_by_label("年需求量").fill("36000")
    page.get_by_label("目标单价").fill("38.5")
    page.get_by_role("button", name="创建").click()
    page.wait_for_url(re.compile(r"/o/deal/\d+"))
    return page.url.partition("?")[0]


def drag(page: Page, card: str, stage: str) -> None:
    """Take a card and drop it on the column of a stage."""
    target = page.locator(f".lane[data-stage={stage}]")
    start = page.locator(".deck", has_text=card).bounding_box()
    end = target.locator("ol").bounding_box()
    assert start and end
    page.mouse.move(start["x"] + 40, start["y"] + start["height"] - 8)
    page.mouse.down()
    page.mouse.move(start["x"] + 60, start["y"] + 30, steps=4)
    expect(page.locator(".board.is-dragging")).to_be_visible()
    page.mouse.move(end["x"] + 80, end["y"] + 30, steps=12)
    for step in range(400):  # the browser tells the page of a drag only now and then
        page.mouse.move(end["x"] + 80 + step % 40, end["y"] + 30)
        page.wait_for_timeout(50)
        if target.locator(".deck", has_text=card).count():
            break
    page.mouse.up()


def test_a_move_that_is_not_possible_says_why(as_user: Open, site: str) -> None:
    page = as_user("li.wei")
    new_deal(page, site, "还没确认的项目")
    button = page.locator("summary[data-move-to=tooling]")
    button.click()
    expect(page.locator(".refused[open] .menu-body")).to_be_visible()


def test_a_move_asks_in_a_dialog(as_user: Open, site: str) -> None:
    page = as_user("li.wei")
    new_deal(page, site, "要暂停的项目")
    page.locator(".moves [data-move-to=paused]").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="暂停").click()
    expect(dialog.locator("#wrong")).to_be_visible()
    dialog.locator("label", has_text="客户改设计").click()
    dialog.get_by_label("预算复核日").fill("2027-01-31")
    dialog.get_by_role("button", name="暂停").click()
    expect(page.locator(".path [aria-current=step]").first).to_contain_text("等待预算")
    expect(page.locator(".timeline .moved").first).to_contain_text("等待预算")


def test_a_drag_opens_what_the_move_asks_for(as_user: Open, site: str) -> None:
    page = as_user("li.wei", size=(1800, 900))
    address = new_deal(page, site, "拖着走的项目")
    page.goto(f"{site}/o/deal?view=deal_board")
    page.wait_for_load_state("networkidle")
    drag(page, "拖着走的项目", "paused")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    dialog.locator("label", has_text="等预算批复").click()
    dialog.get_by_label("预算复核日").fill("2027-03-01")
    dialog.get_by_role("button", name="暂停").click()
    expect(page.locator(".lane[data-stage=paused] .deck", has_text="拖着走的项目")).to_be_visible()
    drag(page, "拖着走的项目", "technical")
    expect(page.locator("#toasts")).to_contain_text("已推进")
    menu = page.locator(".lane[data-stage=technical] .deck", has_text="拖着走的项目").locator(".menu-item[href$='/move/paused']")
    expect(menu).to_have_count(1)  # the menu of the stage it is in now
    shown = page.locator(".lane > header").all_inner_texts()
    page.reload()
    assert page.locator(".lane > header").all_inner_texts() == shown  # counts and sums too
    page.goto(address)
    expect(page.locator(".path [aria-current=step]").first).to_contain_text("技术对接")


def test_a_drag_to_a_forbidden_stage_goes_back(as_user: Open, site: str) -> None:
    page = as_user("li.wei", size=(1800, 900))
    new_deal(page, site, "拖不动的项目")
    page.goto(f"{site}/o/deal?view=deal_board")
    page.wait_for_load_state("networkidle")
    before = page.locator("[data-count]").all_inner_texts()
    drag(page, "拖不动的项目", "tooling")
    expect(page.locator("#toasts .bad")).to_be_visible()
    assert page.locator("[data-count]").all_inner_texts() == before
    expect(page.locator(".lane[data-stage=technical] .deck", has_text="拖不动的项目")).to_be_visible()


def test_the_board_works_by_menu(as_user: Open, site: str) -> None:
    page = as_user("li.wei")
    new_deal(page, site, "菜单推进的项目")
    page.goto(f"{site}/o/deal?view=deal_board")
    card = page.locator(".deck", has_text="菜单推进的项目")
    card.locator("summary").click()
    card.get_by_role("link", name="输单").click()
    dialog = page.get_by_role("dialog")
    dialog.locator("label", has_text="价格").click()
    dialog.get_by_role("button", name="输单").click()
    expect(page.locator(".path [aria-current=step]").first).to_contain_text("输单")
