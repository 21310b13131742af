"""What an eye would notice: nothing is cut that has to be read, nothing is too small for a finger, no page shows through another."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.site import PASSWORD, PHONE, TABLET

SMALL = """() => [...document.querySelectorAll('main a, main button, main summary, main select, main input:not([type=hidden])')]
  .filter((e) => e.checkVisibility() && e.getBoundingClientRect().width > 1 && e.getBoundingClientRect().height < 43.5)
  .map((e) => e.outerHTML.slice(0, 120))"""
CUT = (
    """(selector) => [...document.querySelectorAll(selector)].filter((e) => e.scrollWidth > e.clientWidth + 1).map((e) => e.textContent)"""
)


def first_record(page: Page, site: str, name: str) -> None:
    page.goto(f"{site}/o/{name}?view=all")
    page.goto(site + (page.locator(".row-link").first.get_attribute("href") or ""))


@pytest.mark.parametrize("name", ["deal", "customer", "contact"])
def test_everything_on_a_record_can_be_hit_with_a_finger(as_user: Open, site: str, name: str) -> None:
    page = as_user("li.wei", size=PHONE)
    first_record(page, site, name)
    assert page.evaluate(SMALL) == []


def test_a_card_cuts_no_date_and_no_amount(as_user: Open, site: str) -> None:
    page = as_user("li.wei", size=TABLET, language="en-US")
    page.goto(f"{site}/o/deal?view=deal_board")
    expect(page.locator(".deck .num").first).to_be_visible()
    assert page.evaluate(CUT, ".deck dd:has(.num, time), .deck dd .num, .deck dd time") == []


def test_the_users_on_a_phone_show_their_roles_whole(as_user: Open, site: str) -> None:
    page = as_user("admin", size=PHONE)
    page.goto(f"{site}/admin/users")
    assert page.evaluate(CUT, ".person-row .chip, .person-row .who") == []


def test_signing_in_does_not_fade_one_page_into_the_other(as_user: Open, site: str) -> None:
    page = as_user("sun.yue")
    page.context.add_init_script("addEventListener('pagereveal', (e) => { window.fades = Boolean(e.viewTransition); });")
    page.context.clear_cookies()
    page.goto(f"{site}/sign-in")
    page.fill("#login", "sun.yue")
    page.fill("#password", PASSWORD)
    page.click("form:has(#password) .btn-primary")
    page.wait_for_url(f"{site}/")
    assert page.evaluate("() => window.fades") is False
    page.click(".rail a[href$='/o/deal']")
    page.wait_for_url("**/o/deal")
    assert page.evaluate("() => window.fades") is True
