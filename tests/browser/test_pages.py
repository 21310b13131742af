"""Every page: fits a phone, is light enough, has no accessibility violations; lists filter, sort and answer the keyboard."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.site import PHONE

AXE = Path(__file__).parent.parent.parent / "engine/dougong/web/assets/node_modules/axe-core/axe.min.js"
PATHS = {
    "home": "/",
    "to-dos": "/todos",
    "inbox": "/inbox",
    "list": "/o/customer?view=customers",
    "filter": "/o/deal?f.line.in=shafts&adding=stage",
    "nothing": "/o/deal?q=没有这样的项目",
    "board": "/o/deal?view=deal_board",
    "record": "/o/deal/@",
    "new": "/o/deal/new",
    "edit": "/o/customer/@/edit",
    "move": "/o/deal/@/move/lost",
    "search": "/search?q=汽车",
    "me": "/me",
    "error": "/o/deal/999999",
}
BUDGET_BYTES = 150_000


def visit(page: Page, site: str, path: str) -> None:
    """Go to a path; `@` is the first record of the list."""
    if "@" in path:
        page.goto(site + path.partition("/@")[0] + "?view=all")
        path = path.replace("@", str(page.locator(".row-link").first.get_attribute("href")).rpartition("/")[2])
    page.goto(site + path)
    page.wait_for_load_state("networkidle")


def violations(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 A and AA."""
    page.evaluate(AXE.read_text("utf-8"))
    found: list[dict[str, Any]] = page.evaluate(
        "async () => (await axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})).violations"
    )
    return [f"{v['id']}: {n['html'][:120]}" for v in found for n in v["nodes"][:3]]


def test_pages_fit_a_phone(as_user: Open, site: str) -> None:
    page = as_user("sun.yue", size=PHONE)
    too_wide = {}
    for name, path in PATHS.items():
        visit(page, site, path)
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if over > 0:
            too_wide[name] = over
    assert too_wide == {}


def test_targets_on_a_phone_are_large_enough(as_user: Open, site: str) -> None:
    page = as_user("sun.yue", size=PHONE)
    small = {}
    for name in ("list", "record", "new"):
        visit(page, site, PATHS[name])
        small[name] = page.evaluate(
            """() => [...document.querySelectorAll("button, .btn, .form-control, .form-select, .dock-item, .tabs a, summary")]
                .filter((e) => e.checkVisibility({visibilityProperty: true}) && e.getBoundingClientRect().height > 1)
                .filter((e) => e.getBoundingClientRect().height < 43.5).map((e) => e.outerHTML.slice(0, 90))"""
        )
    assert small == {"list": [], "record": [], "new": []}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing(as_user: Open, site: str, dark: bool) -> None:
    page = as_user("sun.yue", dark=dark)
    found = {}
    for name, path in PATHS.items():
        visit(page, site, path)
        wrong = violations(page)
        if wrong:
            found[name] = wrong
    assert found == {}


def test_axe_finds_nothing_on_a_phone(as_user: Open, site: str) -> None:
    page = as_user("sun.yue", size=PHONE)
    found = {}
    for name in ("home", "list", "record", "new", "board"):
        visit(page, site, PATHS[name])
        wrong = violations(page)
        if wrong:
            found[name] = wrong
    assert found == {}


@pytest.mark.parametrize("name", ["list", "record", "new"])
def test_script_and_style_are_within_the_budget(as_user: Open, site: str, name: str) -> None:
    page = as_user("sun.yue")
    visit(page, site, PATHS[name])
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    kinds: dict[str, str] = {}
    sizes: dict[str, int] = {}
    session.on("Network.responseReceived", lambda e: kinds.update({e["requestId"]: e["type"]}))
    session.on("Network.loadingFinished", lambda e: sizes.update({e["requestId"]: e["encodedDataLength"]}))
    page.reload()
    page.wait_for_load_state("networkidle")
    total = sum(size for request, size in sizes.items() if kinds.get(request) in ("Script", "Stylesheet"))
    assert 20_000 < total <= BUDGET_BYTES


def test_filters_and_sorting(as_user: Open, site: str) -> None:
    page = as_user("sun.yue")
    page.goto(f"{site}/o/customer?view=customers")
    everything = page.locator("#rows tr").count()
    page.get_by_role("button", name="筛选").click()
    page.locator(".filter-fields").get_by_role("link", name="所属行业").click()
    page.locator(".filter-panel label", has_text="汽车零部件").click()
    page.get_by_role("button", name="应用").click()
    expect(page.locator(".filter")).to_contain_text("汽车零部件")
    assert 0 < page.locator("#rows tr").count() < everything
    page.locator(".filter .drop").click()
    expect(page.locator("#rows tr")).to_have_count(everything)
    page.get_by_role("columnheader", name="年采购额").get_by_role("link").click()
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("年采购额")
    page.goto(f"{site}/o/customer?where=annual_value %3E 1000000")
    assert 0 < page.locator("#rows tr").count() < everything


def test_totals_come_below_the_list(as_user: Open, site: str) -> None:
    page = as_user("sun.yue")
    page.goto(f"{site}/o/customer?view=customers")
    expect(page.locator("tfoot")).to_contain_text("共 14 条")
    expect(page.locator("tfoot b")).to_contain_text("¥")


def test_columns_are_chosen(as_user: Open, site: str) -> None:
    page = as_user("sun.yue")
    page.goto(f"{site}/o/customer?view=customers")
    page.get_by_role("button", name="列").click()
    page.locator(".filter-fields label", has_text="收货地址").click()
    page.get_by_role("button", name="显示").click()
    expect(page.get_by_role("columnheader", name="收货地址")).to_be_visible()


def test_the_keyboard_does_it_all(as_user: Open, site: str) -> None:
    page = as_user("sun.yue")
    page.goto(f"{site}/o/customer?view=customers")
    page.keyboard.press("/")
    expect(page.locator(".top-search input")).to_be_focused()
    page.keyboard.press("Escape")
    page.locator(".top-search input").blur()
    page.keyboard.press("j")
    page.keyboard.press("j")
    name = page.locator("tr.is-current .row-link").inner_text()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    page.keyboard.press("e")
    page.wait_for_url("**/edit")
    page.keyboard.press("g")
    page.keyboard.press("h")
    page.wait_for_url(f"{site}/")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("快捷键")
