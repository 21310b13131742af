"""What was typed and not saved waits for whoever comes back to the form in the same tab; once it is saved it is gone."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.site import PHONE, choose

OFFER = ".notice.draft"


def kept(page: Page, text: str) -> None:
    """Wait until the draft with what was typed last is written: that is when the hand rests."""
    page.wait_for_function("text => JSON.stringify(sessionStorage).includes(text)", arg=text)


def leave(page: Page, typed: str, url: str) -> None:
    """Go away from a form whose last typed text is `typed`, and say yes to the warning."""
    kept(page, typed)
    page.once("dialog", lambda dialog: dialog.accept())
    page.goto(url)


def test_a_draft_waits_and_is_put_back(as_user: Open, site: str) -> None:
    page = as_user("li.wei", size=PHONE)
    page.goto(f"{site}/o/contact/new")
    expect(page.locator(OFFER)).to_have_count(0)
    page.get_by_label("姓名").fill("周工")
    choose(page, "客户", "苏州恒川")
    page.get_by_label("沟通偏好").fill("早上打电话")
    page.get_by_label("手机").fill("123")
    leave(page, "123", f"{site}/o/contact")
    page.goto(f"{site}/o/contact/new")
    expect(page.get_by_label("姓名")).to_have_value("")
    page.get_by_role("button", name="恢复").click()
    expect(page.locator(OFFER)).to_have_count(0)
    expect(page.get_by_label("姓名")).to_have_value("周工")
    expect(page.get_by_role("combobox", name="客户")).to_have_value("苏州恒川精密机电有限公司")
    expect(page.get_by_label("沟通偏好")).to_have_value("早上打电话")
    page.get_by_role("button", name="创建").click()
    expect(page.locator("#wrong")).to_contain_text("手机")
    page.wait_for_selector("form.form[data-awake]")
    expect(page.locator(OFFER)).to_have_count(0)  # it all stands there
    page.get_by_label("手机").fill("13800001234")
    leave(page, "13800001234", f"{site}/o/contact")
    page.goto(f"{site}/o/contact/new")
    page.get_by_role("button", name="恢复").click()
    expect(page.get_by_label("姓名")).to_have_value("周工")
    expect(page.get_by_label("手机")).to_have_value("13800001234")
    page.get_by_role("button", name="创建").click()
    expect(page.locator("#toasts")).to_contain_text("已创建")
    page.goto(f"{site}/o/contact/new")
    page.wait_for_selector("form.form[data-awake]")
    expect(page.locator(OFFER)).to_have_count(0)


def test_a_draft_belongs_to_its_record_and_can_be_thrown_away(as_user: Open, site: str) -> None:
    page = as_user("li.wei")
    page.goto(f"{site}/o/deal?view=deals")
    rows = [link.get_attribute("href") or "" for link in page.locator(".row-link").all()[:2]]
    page.goto(f"{site}{rows[0]}/edit")
    before = page.get_by_label("项目名称").input_value()
    page.get_by_label("项目名称").fill("写到一半")
    leave(page, "写到一半", f"{site}{rows[1]}/edit")
    page.wait_for_selector("form.form[data-awake]")
    expect(page.locator(OFFER)).to_have_count(0)
    page.goto(f"{site}{rows[0]}/edit")
    page.get_by_role("button", name="不要了").click()
    expect(page.get_by_label("项目名称")).to_have_value(before)
    page.reload()
    page.wait_for_selector("form.form[data-awake]")
    expect(page.locator(OFFER)).to_have_count(0)


def test_nothing_is_left_behind_by_whoever_signs_out(as_user: Open, site: str) -> None:
    page = as_user("ma.chao")  # nobody else's session: signing out ends it
    page.goto(f"{site}/o/contact/new")
    page.get_by_label("姓名").fill("留下的字")
    leave(page, "留下的字", f"{site}/")
    assert "留下的字" in page.evaluate("() => JSON.stringify(sessionStorage)")
    page.evaluate("() => document.querySelector('form[action$=\"/sign-out\"]').requestSubmit()")
    page.wait_for_url("**/sign-in*")
    assert "留下的字" not in page.evaluate("() => JSON.stringify(sessionStorage)")


def test_a_comment_that_was_not_posted_is_there_again(as_user: Open, site: str) -> None:
    page = as_user("li.wei")
    page.goto(f"{site}/o/customer?view=customers")
    page.locator(".row-link").first.click()
    page.wait_for_selector("#comment[data-awake]")
    page.locator("#comment").fill("客户说下周")
    kept(page, "客户说下周")
    page.reload()
    expect(page.locator("#comment")).to_have_value("客户说下周")
    page.get_by_role("button", name="发表").click()
    expect(page.locator(".timeline .commented")).to_contain_text("客户说下周")
    page.evaluate("() => new Promise(requestAnimationFrame)")  # the page is to be seen before it goes again
    page.reload()
    page.wait_for_selector("#comment[data-awake]")
    expect(page.locator("#comment")).to_have_value("")
