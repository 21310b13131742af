"""A few stories played by hand: on SQLite before a desk, on PostgreSQL in a hand. `make stories` plays all of them on both."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.played.album import Album
from tests.browser.played.player import DESK, HAND
from tests.browser.played.playing import play_by_hand, player, told

STORIES = Path(__file__).parent.parent / "stories"
PLAYED = {
    "sqlite": (DESK, [("B14", "B14 新建时就带图纸"), ("D9", "D9 缺的一次列全")]),
    "postgresql": (HAND, [("B5", "B5 退回要写原因，和新线索分开数"), ("B42", "B42 驳回回到起草")]),
}


@pytest.mark.parametrize("kind", PLAYED)
def test_stories_come_true_by_hand(kind: str, browser: Browser, request: pytest.FixtureRequest) -> None:
    look, stories = PLAYED[kind]
    for story, name in stories:
        url: str = request.getfixturevalue("sqlite_url" if kind == "sqlite" else "postgres_url")
        app = {f"{story}.yaml": (STORIES / f"{story}.yaml").read_text("utf-8")}
        with player(app, url, browser, look, Album()) as people:
            assert told(play_by_hand(people, people.world.app.scenarios[name])) is None
