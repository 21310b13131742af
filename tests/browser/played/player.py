"""Everybody who acts in a scenario, each with a browser of their own, and the way to the pages of its records."""

from collections.abc import Callable
from dataclasses import dataclass

from dougong.flow.scenarios.world import USER, World
from dougong.model.scenarios import SceneStep
from dougong.runtime.users_sessions import open_session
from playwright.sync_api import Browser, Locator

from tests.browser.played.album import Album
from tests.browser.played.filling import Filler
from tests.browser.played.hand import TEAM, Hand, Missing
from tests.browser.site import context


@dataclass(frozen=True)
class Look:
    """How big the screen is and whether it is dark."""

    size: tuple[int, int]
    dark: bool = False

    @property
    def is_phone(self) -> bool:
        """Whether the screen is held in a hand."""
        return self.size[0] < 768


DESK, HAND = Look((1280, 800)), Look((360, 740), dark=True)


class Player:
    """The people before the pages of one world.

    `notes` tell where a person had to go another way than the line says, `by_engine` are the lines that went past the pages.
    """

    def __init__(self, world: World, address: str, browser: Browser, look: Look, album: Album) -> None:
        self.world = world
        self.look = look
        self.album = album
        self.notes: list[str] = []
        self.by_engine: list[SceneStep] = []
        self.filler = Filler(world)
        self._address = address
        self._browser = browser
        self._hands: dict[str, Hand] = {}

    def hand(self, login: str | None = None) -> Hand:
        """The browser of somebody, signed in; of whoever acts."""
        who = str(login or self.world.actor)
        if who not in self._hands:
            made = context(self._browser, self.look.size, dark=self.look.dark)
            secret = open_session(self.world.engine.database, self.world.users[who])
            made.add_cookies([{"name": "dougong", "value": secret, "url": self._address}])
            self._hands[who] = Hand(made, self._address)
        return self._hands[who]

    def open(self, hand: Hand, record: str | None) -> None:
        """The page of a named record: the first time by the list or the search, then by its address."""
        object_name, number = self.world.records[str(record)]
        path = f"/o/{object_name}/{number}"
        if path not in hand.known:
            self._find(hand, object_name, number, path)
            hand.known.add(path)
        elif hand.go(path) >= 400:
            raise Missing(f"the page of {record}")

    def _find(self, hand: Hand, object_name: str, number: int, path: str) -> None:
        hand.go("/")
        link = hand.page.locator(f'#main a[href="{path}"]:visible')
        if object_name == USER:
            hand.press(self.account(hand, number).locator(f'a[href="{path}"]'))
            return
        if object_name == TEAM:
            hand.teams()
            hand.press(link)
            return
        if hand.menu(f"/o/{object_name}") and link.count():
            hand.press(link)
            return
        with self.world.look() as session:
            title = session.titles(object_name, [number]).get(number, "")
        if title:
            hand.search(title)
            if link.count():
                hand.press(link)
                return
        if hand.go(path) >= 400:
            raise Missing(f"the page {path}")
        self.notes.append(f"neither the list nor the search leads to {object_name} {title!r}")

    def account(self, hand: Hand, number: int) -> Locator:
        """The line of a user on the page of the accounts, unfolded."""
        if not hand.menu("/admin/users"):
            raise Missing("the page of the users")
        line = hand.page.locator(f'li:has(form[action="/admin/users/{number}"])')
        hand.unfold(line.locator(".person-row"))
        return line

    def task(self, record: str | None, login: str | None = None) -> int | None:
        """The question that an approval of a record asks somebody."""
        about = self.world.records[str(record)]
        with self.world.engine.reader(self.world.users[str(login or self.world.actor)]) as session:
            waiting = [a for a in session.approvals_waiting() if (a.object, a.record_id) == about]
        return next((task.id for approval in waiting for task in approval.tasks if task.is_mine), None)

    def picture(self, step: SceneStep) -> None:
        """What whoever acts sees now."""
        if self.world.actor in self._hands:
            self.album.take(self._hands[self.world.actor], step)

    @property
    def warnings(self) -> list[str]:
        """What the record's page warns of, for whoever acts."""
        hand = self._hands.get(str(self.world.actor))
        return [] if hand is None else hand.page.locator(".warned p").all_inner_texts()

    @property
    def faults(self) -> list[str]:
        """What went wrong in the scripts of pages."""
        return [fault for hand in self._hands.values() for fault in hand.faults]

    def leave(self) -> None:
        """Everybody closes their browser."""
        for hand in self._hands.values():
            hand.context.close()
        self._hands.clear()


Act = Callable[[Player, SceneStep], None]
