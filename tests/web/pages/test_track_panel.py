"""The panel of a card that goes several ways: it tells each person what their own moves still want, not what they have no right to."""

from pathlib import Path

from tests.gates.test_tracks import CARD
from tests.runtime.apps import hire, opened
from tests.web.shop import api


def test_only_ones_own_moves_are_missing_something(sqlite_url: str, tmp_path: Path) -> None:
    with opened(CARD, sqlite_url, tmp_path) as engine:
        sales = hire(engine, "sales", "sales")
        hire(engine, "quality", "quality")
        with engine.session(sales) as session:
            session.create("card", name="c")
        mine, theirs = (api(engine, who, "zh").get("/o/card/1").text for who in ("sales", "quality"))
        assert 'id="gates"' in mine and "还差 1 项" in mine  # won, when quality has passed
        assert 'id="gates"' not in theirs
        assert mine.count("没有移动card\uff08质量\uff09的权限") == 1  # said by the locked button alone
        assert "没有移动card\uff08sales_flow\uff09的权限" in theirs and "没有移动card\uff08质量\uff09的权限" not in theirs
