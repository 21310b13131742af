"""Who signs in sees a world of their own."""

from playwright.sync_api import Browser, expect

from tests.browser.conftest import Open
from tests.browser.site import context


def test_people_see_different_worlds(as_user: Open, site: str) -> None:
    east, south, engineer = as_user("li.wei"), as_user("wang.lei"), as_user("chen.gong")
    for page in (east, south, engineer):
        page.goto(f"{site}/o/customer?view=customers")
    expect(east.get_by_text("苏州恒川精密机电有限公司")).to_be_visible()
    expect(south.get_by_text("苏州恒川精密机电有限公司")).to_have_count(0)
    expect(south.get_by_text("深圳鹏程电驱动技术有限公司")).to_be_visible()
    expect(east.get_by_role("columnheader", name="年采购额")).to_be_visible()
    expect(engineer.get_by_role("columnheader", name="年采购额")).to_have_count(0)


def test_a_hidden_field_is_on_no_page(as_user: Open, site: str) -> None:
    page = as_user("chen.gong")
    page.goto(f"{site}/o/deal?view=all")
    page.locator(".row-link").first.click()
    expect(page.get_by_role("heading", name="动态")).to_be_visible()
    assert "目标单价" not in page.content()
    page.goto(f"{site}/o/deal?view=all&adding=unit_price")
    assert "目标单价" not in page.content()


def test_a_wrong_password_says_so_and_keeps_the_account(browser: Browser, site: str) -> None:
    page = context(browser).new_page()
    page.goto(f"{site}/o/deal")
    page.fill("#login", "li.wei")
    page.fill("#password", "not-the-password")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_contain_text("账号或密码不对")
    assert page.input_value("#login") == "li.wei"
    page.fill("#password", "dougong-demo")
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(f"{site}/o/deal")
    page.context.close()


def test_the_language_is_the_persons_own(as_user: Open, site: str) -> None:
    page = as_user("yu.bo")
    page.locator("summary.me").click()
    page.locator(".top").get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="To do", exact=True)).to_be_visible()
    page.goto(f"{site}/o/ticket")
    expect(page.get_by_role("heading", name="Ticket", exact=True)).to_be_visible()
    page.locator("summary.me").click()
    page.locator(".top").get_by_role("button", name="中文").click()
    expect(page.get_by_role("heading", name="售后工单", exact=True)).to_be_visible()


def test_theme_and_density_stay(as_user: Open, site: str) -> None:
    page = as_user("li.wei")
    page.locator("summary.me").click()
    page.locator(".top").get_by_role("button", name="深色").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.locator("summary.me").click()
    page.locator(".top").get_by_role("button", name="紧凑").click()
    page.goto(f"{site}/o/customer")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("html")).to_have_attribute("data-density", "compact")


def test_a_to_do_is_ticked_off(as_user: Open, site: str) -> None:
    page = as_user("li.wei")
    page.goto(f"{site}/todos")
    before = page.locator("main .todo").count()
    page.locator("main .tick").first.click()
    expect(page.locator("main .todo")).to_have_count(before - 1)
    expect(page.locator("#toasts")).to_contain_text("已办好")
