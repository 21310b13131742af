"""A running site with the sample data of the manufacturing template, and browsers to look at it with."""

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import uvicorn
from dougong.engine import Engine
from dougong.exchange.demo import load_demo
from dougong.runtime.clock import SettableClock
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Response

TEMPLATE = Path(__file__).parent.parent.parent / "manufacturing"
DESK = Path(__file__).parent / "desk"  # a small app of approvals, to-dos and deadlines
WORKSHOP = Path(__file__).parent / "workshop"  # a small app whose stages ask for actions and evidence
PASSWORD = "dougong-demo"
DESKTOP, TABLET, PHONE = (1440, 900), (1024, 800), (360, 740)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage"]


@dataclass(frozen=True)
class Desk:
    """The running desk app with its engine, and the clock that tests turn."""

    address: str
    engine: Engine
    clock: SettableClock


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Serve the template from `folder` on a free port; the address."""
    with opened(folder, TEMPLATE) as engine, served(engine) as address:
        yield address


@contextmanager
def desk(folder: Path, app: Path = DESK) -> Iterator[Desk]:
    """Serve the desk app, or another, at nine on a Monday morning."""
    clock = SettableClock(datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Asia/Shanghai")))
    with opened(folder, app, clock) as engine, served(engine) as address:
        yield Desk(address, engine, clock)


@contextmanager
def opened(folder: Path, app: Path, clock: SettableClock | None = None) -> Iterator[Engine]:
    """An engine with an app and its sample data in a database in `folder`."""
    engine = Engine.open(app, database=f"sqlite:///{folder / 'site.db'}", clock=clock)
    try:
        load_demo(engine, app / "demo")
        yield engine
    finally:
        engine.close()


@contextmanager
def served(engine: Engine) -> Iterator[str]:
    """The address of a server that runs until the end of the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(engine.asgi(), port=port, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(20)


def chromium(playwright: Playwright) -> Browser:
    """The system's Chromium, without a window."""
    path = next(p for p in (shutil.which("chromium"), shutil.which("chromium-browser"), shutil.which("google-chrome")) if p)
    return playwright.chromium.launch(executable_path=path, args=FLAGS)


def context(
    browser: Browser, size: tuple[int, int] = DESKTOP, *, language: str = "zh-CN", dark: bool = False, script: bool = True
) -> BrowserContext:
    """A fresh browser of a certain size; a narrow one is a phone with a touch screen."""
    is_phone = size[0] < 768
    return browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        locale=language,
        color_scheme="dark" if dark else "light",
        java_script_enabled=script,
        has_touch=is_phone,
        is_mobile=is_phone,
        device_scale_factor=2 if is_phone else 1,
        reduced_motion="reduce",
    )


def sign_in(page: Page, address: str, login: str) -> None:
    """Sign in through the page, as people do."""
    page.goto(f"{address}/sign-in")
    page.fill("#login", login)
    page.fill("#password", PASSWORD)
    page.click("form:has(#password) .btn-primary")
    page.wait_for_url(f"{address}/")


def choose(page: Page, label: str, words: str) -> None:
    """Pick a record in a link field by typing a part of its title, once the field can be searched."""
    box = page.locator("input[role=combobox]").and_(page.get_by_role("combobox", name=label))
    box.fill(words)
    page.get_by_role("option", name=words).first.click()


def go_awake(page: Page) -> None:
    """From now on `page.goto` comes back when every island of the page runs: what a test touches is not replaced under its hands."""
    plain = page.goto

    def goto(url: str, **more: Any) -> Response | None:
        answer = plain(url, **more)
        page.wait_for_function("() => !document.querySelector('[data-island]:not([data-awake])')")
        return answer

    page.goto = goto  # type: ignore[method-assign]
