"""One running site and one browser for all tests of this folder; each test gets fresh contexts."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, expect, sync_playwright

from tests.browser.site import DESKTOP, Desk, chromium, context, desk, go_awake, running, sign_in

Open = Callable[..., Page]
PATIENCE = 60_000  # milliseconds: a busy machine is slow, not wrong
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site with the sample data."""
    folder: Path = tmp_path_factory.mktemp("site")
    with running(folder) as address:
        yield address


@pytest.fixture(scope="module")
def at_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The running desk app; each module has its own."""
    with desk(tmp_path_factory.mktemp("desk")) as running_desk:
        yield running_desk


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    with sync_playwright() as playwright:
        browser = chromium(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def signed_in() -> dict[str, StorageState]:
    """Cookies by login: each person signs in once."""
    return {}


@pytest.fixture
def as_user(site: str, browser: Browser, signed_in: dict[str, StorageState]) -> Iterator[Open]:
    """Opens a page as somebody: `as_user("li.wei", size=PHONE, script=False)`; faults in scripts fail the test."""
    with opener(site, browser, signed_in) as open_page:
        yield open_page


@pytest.fixture
def at_work(at_desk: Desk, browser: Browser) -> Iterator[Open]:
    """The same for the desk app."""
    with opener(at_desk.address, browser, {}) as open_page:
        yield open_page


@contextmanager
def opener(site: str, browser: Browser, signed_in: dict[str, StorageState]) -> Iterator[Open]:
    """Opens pages of a site as somebody; `signed_in` keeps who has signed in before."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_page(login: str, *, size: tuple[int, int] = DESKTOP, script: bool = True, language: str = "zh-CN", dark: bool = False) -> Page:
        made = context(browser, size, language=language, dark=dark, script=script)
        contexts.append(made)
        page = made.new_page()
        page.set_default_timeout(PATIENCE)
        if script:
            go_awake(page)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda m: faults.append(m.text) if m.type == "error" and "status of 4" not in m.text else None)
        if login in signed_in:
            made.add_cookies(signed_in[login]["cookies"])  # type: ignore[arg-type]
            page.goto(site)
        else:
            sign_in(page, site, login)
            signed_in[login] = made.storage_state()
        return page

    yield open_page
    for made in contexts:
        made.close()
    assert faults == []
