"""Plays the scenarios of one app by hand: a world on a database, served over HTTP, and a browser for everybody who acts."""

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from dougong.engine import Source
from dougong.flow.scenarios.expectations import EXPECTATIONS, Expectation
from dougong.flow.scenarios.play import Outcome, play
from dougong.flow.scenarios.verbs import VERBS, Verb
from dougong.flow.scenarios.world import Unmet, World
from dougong.model.scenarios import Scenario, SceneStep
from playwright.sync_api import Browser, Error

from tests.browser.played.album import Album
from tests.browser.played.hand import Missing, Unseen, said
from tests.browser.played.looking import LOOKS
from tests.browser.played.player import Act, Look, Player
from tests.browser.played.verbs import ACTS
from tests.browser.site import served

# What nobody does on a page: time that passes, other systems, imports (they have a command), absences to the minute
NOT_ON_PAGES = frozenset({"wait", "as", "import", "message", "webhook", "stands"})


@contextmanager
def player(app: Source, database: str, browser: Browser, look: Look, album: Album) -> Iterator[Player]:
    """The people of a world of its own in an empty database, served until the end of the block."""
    with World(app, database=database) as world, served(world.engine) as address:
        yield Player(world, address, browser, look, album)


def play_by_hand(player: Player, scenario: Scenario) -> Outcome:
    """One scenario, from an empty world to its end or its first failure; a fault in a page's script is a failure, too."""
    verbs = {kind: _verb(player, ACTS[kind]) if kind in ACTS else _through_engine(player, kind) for kind in VERBS}
    looks = {kind: _expectation(player, expected, LOOKS.get(kind)) for kind, expected in EXPECTATIONS.items()}
    try:
        return play(player.world, scenario, verbs, looks)
    finally:
        player.leave()


def told(outcome: Outcome) -> str | None:
    """The line that did not come true, with its reason."""
    failure = outcome.failure
    return None if failure is None else f"{failure.step.place}: {failure.step.text}: {failure.zh} ({failure.at})"


def _verb(player: Player, act: Act) -> Verb:
    def verb(world: World, step: SceneStep) -> None:
        try:
            act(player, step)
        except Unseen:
            player.by_engine.append(step)
            VERBS[step.kind](world, step)
            return
        except Missing as missing:
            if step.refused == "":
                raise said(str(missing)) from None
            raise Unmet(f"页面上没有：{missing}", f"The page does not offer: {missing}") from None
        except Error as error:
            raise _stuck(error) from None
        finally:
            player.picture(step)
        world.warnings = tuple(refusal for text in player.warnings for refusal in said(text).refusals)
        _sound(player)

    return verb


def _through_engine(player: Player, kind: str) -> Verb:
    def verb(world: World, step: SceneStep) -> None:
        assert kind in NOT_ON_PAGES, f"nobody knows how to do “{kind}” on a page"
        if kind not in ("as", "wait"):
            player.by_engine.append(step)
        VERBS[kind](world, step)

    return verb


def _expectation(player: Player, expected: Expectation, look: Act | None) -> Expectation:
    def expectation(world: World, step: SceneStep) -> None:
        expected(world, step)
        if look is None:
            return
        try:
            look(player, step)
        except Missing as missing:
            raise Unmet(f"页面上没有：{missing}", f"The page does not show: {missing}") from None
        except Error as error:
            raise _stuck(error) from None
        _sound(player)

    return expectation


def _stuck(error: Error) -> Unmet:
    traceback.print_exc(file=sys.stderr)
    return Unmet(f"浏览器：{error.message}", f"Browser: {error.message}")


def _sound(player: Player) -> None:
    if player.faults:
        raise Unmet(f"页面的脚本出错：{player.faults[0]}", f"A script of the page failed: {player.faults[0]}")
