"""One person at a browser: goes where the pages lead, presses what they show, reads what they say.

Every press waits until the page has answered: with a new page, or with what a dialog shows next.
"""

import re

from dougong.refusals import RefusalCode, Refused, refuse
from playwright.sync_api import BrowserContext, Locator, Page

TEAM = "team"
WAIT = 20_000  # milliseconds, for slow machines
_AWAKE = "() => !document.querySelector('[data-island]:not([data-awake])')"
_MARK = "() => document.querySelectorAll('body, #sheet form').forEach((one) => (one.dataset.before = ''))"
_ANSWERED = "body:not([data-before]), #sheet[open] form:not([data-before])"
_COMPLAINTS = ".notice-bad, .error:visible, .nothing[role=alert]"


_SAID = RefusalCode("PAGE", 422, "{said}", "{said}")


class Missing(Exception):
    """The page shows no such thing to press or to fill."""


class Unseen(Exception):
    """The line speaks of a record that whoever acts may not even see: no page offers it."""


class Hand:
    """A signed-in person with one page open; `faults` are errors of its scripts."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.context = context
        self.address = address
        self.faults: list[str] = []
        self.known: set[str] = set()  # addresses of records to which lists have led
        self.page: Page = context.new_page()
        self.page.set_default_timeout(WAIT)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda m: self.faults.append(m.text) if m.type == "error" and "status of 4" not in m.text else None)

    @property
    def path(self) -> str:
        """The address within the site, without what stands behind `?`."""
        return re.sub(r"[?#].*", "", self.page.url.removeprefix(self.address))

    @property
    def sheet(self) -> Locator:
        """The open dialog."""
        return self.page.locator("#sheet[open]")

    @property
    def place(self) -> Locator:
        """Where a person looks: the open dialog, else the main part of the page."""
        return self.sheet if self.sheet.count() else self.page.locator("#main")

    def go(self, path: str) -> int:
        """Open an address; the status of the answer."""
        answer = self.page.goto(self.address + path)
        self._settle()
        return answer.status if answer is not None else 200

    def press(self, what: Locator) -> None:
        """Press it, and wait for what comes of it."""
        if not what.count():
            raise Missing(str(what))
        self.page.evaluate(_MARK)
        what.first.click()
        self.page.locator(_ANSWERED).first.wait_for(state="attached")
        self._settle()

    def unfold(self, what: Locator) -> None:
        """Open a `<details>` by its summary, where it is shut."""
        if what.count() and what.first.get_attribute("open") is None:
            what.first.locator("summary").first.click()

    @property
    def complaint(self) -> str:
        """What the page says against the last act; empty when nothing."""
        said = [*self.place.locator(_COMPLAINTS).all_inner_texts(), *self.page.locator("#toasts .bad").all_inner_texts()]
        return "\n".join(text for text in said if text.strip())

    def text(self) -> str:
        """Everything that stands where a person looks."""
        return self.place.inner_text()

    def menu(self, path: str) -> bool:
        """Go to a place of the main navigation (the drawer, on a phone); whether it is there."""
        if not self.page.url.startswith(self.address):
            self.go("/")
        drawer = self.page.locator(".phone-top .drawer")
        is_phone = self.page.locator(".phone-top").is_visible()
        if is_phone and not drawer.count():
            self.go("/")
        link = self.page.locator(f'{".phone-top .drawer" if is_phone else ".rail"} a[href="{path}"]')
        if not link.count():
            return False
        if is_phone:
            self.unfold(drawer)
        self.press(link)
        return True

    def new(self, object_name: str) -> None:
        """To the form for a new record, by the button "new" that every page has."""
        if object_name == TEAM:
            self.teams()
            self.press(self.page.locator(f'.page-head a[href="/o/{TEAM}/new"]:visible, .dock a[href="/o/{TEAM}/new"]:visible'))
            return
        self.go("/")
        link = f'a[href="/o/{object_name}/new"]'
        menu = self.page.locator(".top details.menu, .dock details.menu").filter(has=self.page.locator(link)).locator("visible=true")
        if not menu.count():
            raise Missing(f"a button for a new {object_name}")
        self.unfold(menu)
        self.press(menu.locator(link))

    def teams(self) -> None:
        """To the list of teams, by way of the accounts."""
        if not self.menu("/admin/users"):
            raise Missing("the page of the users")
        self.press(self.page.locator(f'a[href="/o/{TEAM}"]'))

    def search(self, words: str) -> None:
        """Search everything."""
        box = self.page.locator(".top-search input:visible")
        if not box.count():
            self.press(self.page.locator('.dock a[href="/search"]'))
            box = self.page.locator("#main input[type=search]")
        box.fill(words)
        self.page.evaluate(_MARK)
        box.press("Enter")
        self.page.locator(_ANSWERED).first.wait_for(state="attached")
        self._settle()

    def desk(self, path: str) -> None:
        """To the to-dos or the inbox."""
        self.go("/")
        if self.page.locator(".rail").is_visible():
            self.press(self.page.locator(f'.rail a[href="{path}"]'))
            return
        self.press(self.page.locator('.dock a[href="/inbox"]'))
        if path != "/inbox":
            self.press(self.page.locator(f'.desk-tools a[href="{path}"]:visible'))

    def awake(self) -> None:
        """Wait until everything on the page that a script drives is driven."""
        self.page.wait_for_function(_AWAKE)

    def _settle(self) -> None:
        self.page.wait_for_load_state("load")
        self.awake()


def said(text: str) -> Refused:
    """What a page says against an act, as a refusal."""
    return refuse(_SAID, said=text)
