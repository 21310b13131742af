"""Who may not look at users still keeps the owner: the form shows who it is, and saving it loses nobody."""

import re
from pathlib import Path

from tests.web.shop import SHOP, api, shop, user_number

BLIND = SHOP.replace("      - read user\n", "")


def sent(page: str) -> str:
    """What the form sends for the owner: the option that is chosen, as browsers do it."""
    field = re.search(r'<select[^>]*name="owner".*?</select>', page, re.DOTALL)
    assert field is not None, page
    chosen = re.search(r'<option value="(\d*)"[^>]*selected[^>]*>\s*([^<]*?)\s*</option>', field[0])
    return chosen[1] if chosen is not None else ""


def test_a_form_keeps_an_owner_that_its_reader_may_not_look_at(sqlite_url: str, tmp_path: Path) -> None:
    with shop(tmp_path / "app", sqlite_url, BLIND) as engine:
        ann, me = api(engine, "ann", "zh"), str(user_number(engine, "ann"))
        assert ann.get("/options/user").status_code == 404
        assert sent(ann.get("/o/deal/new").text) == me
        assert ann.post("/o/deal/new", data={"name": "泵", "owner": me}).status_code == 303
        assert sent(ann.get("/o/deal/1/edit").text) == me
        shown = ann.get("/o/deal/1/field/owner").text
        assert sent(shown) == me and "安" in shown and "鲍" not in shown
