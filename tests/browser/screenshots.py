"""Pictures of every page in three sizes, light and dark, in Chinese and English: `make screenshots` puts them into var/screenshots.

With an address as first argument an already running site with the sample data is used. Further arguments pick pages and kinds by name.
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser.site import DESKTOP, PHONE, TABLET, chromium, context, running, sign_in

FOLDER = Path(__file__).parent.parent.parent / "var" / "screenshots"
PAGES = {
    "home": "/",
    "todos": "/todos",
    "inbox": "/inbox",
    "list": "/o/deal?view=deals",
    "customers": "/o/customer?view=customers",
    "filter": "/o/deal?view=deals&f.line.in=shafts&adding=stage",
    "none": "/o/deal?q=没有这样的项目",
    "wrong": "/o/deal?where=amount%20%3E",
    "kanban": "/o/deal?view=deal_board",
    "record": "/o/deal/@",
    "customer": "/o/customer/@",
    "new": "/o/deal/new",
    "edit": "/o/deal/@/edit",
    "move": "/o/deal/@/move/lost",
    "search": "/search?q=汽车",
    "me": "/me",
    "missing": "/o/deal/999999",
}
KINDS = {
    "desktop": (DESKTOP, "zh-CN", False),
    "tablet": (TABLET, "zh-CN", False),
    "phone": (PHONE, "zh-CN", False),
    "dark": (DESKTOP, "zh-CN", True),
    "phone-dark": (PHONE, "zh-CN", True),
    "english": (DESKTOP, "en", False),
}


def main(given: list[str]) -> None:
    """Take the pictures."""
    addresses = [a for a in given if a.startswith("http")]
    wanted = [a for a in given if not a.startswith("http")]
    FOLDER.mkdir(parents=True, exist_ok=True)
    if addresses:
        take(addresses[0], wanted)
        return
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as address:
        take(address, wanted)


def take(address: str, wanted: list[str]) -> None:
    """Every wanted page in every wanted kind (all, when nothing is named)."""
    kinds = {k: v for k, v in KINDS.items() if k in wanted} or KINDS
    pages = {n: p for n, p in PAGES.items() if n in wanted} or PAGES
    with sync_playwright() as playwright:
        browser = chromium(playwright)
        for kind, (size, language, dark) in kinds.items():
            page = context(browser, size, language=language, dark=dark).new_page()
            page.goto(f"{address}/sign-in")
            page.screenshot(path=FOLDER / f"sign-in-{kind}.png")
            sign_in(page, address, "sun.yue")
            for name, path in pages.items():
                shoot(page, address + path, FOLDER / f"{name}-{kind}.png")
            page.context.close()
            if not wanted or "users" in wanted:
                admin = context(browser, size, language=language, dark=dark).new_page()
                sign_in(admin, address, "admin")
                shoot(admin, f"{address}/admin/users", FOLDER / f"users-{kind}.png")
                admin.context.close()
        browser.close()


def shoot(page: Page, address: str, file: Path) -> None:
    """One picture of what a person sees first, and says so when the page is wider than the screen. `@` is the first record of the list."""
    if "@" in address:
        page.goto(address.partition("/@")[0])
        address = address.replace("@", str(page.locator(".row-link").first.get_attribute("href")).rpartition("/")[2])
    page.goto(address)
    page.wait_for_load_state("networkidle")
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if width > 0:
        print(f"{file.name}: {width} px too wide")
    page.screenshot(path=file)


if __name__ == "__main__":
    main(sys.argv[1:])
