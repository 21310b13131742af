"""Tags on pages: ticks and a line that need no script, offers only of what one may see, filters by several."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from dougong.engine import Engine

from tests.web.shop import SHOP, api, shop

TAGGED = SHOP.replace('      credit: money "信用额度"', '      marks: tags "标记" "Marks"\n      credit: money "信用额度"')


@pytest.fixture
def engine(tmp_path: Path, database_url: str) -> Iterator[Engine]:
    with shop(tmp_path / "shop", database_url, TAGGED) as running:
        yield running


def test_ticks_and_a_line_of_words_are_kept_through_a_mistake(engine: Engine) -> None:
    ann, bob = api(engine, "ann"), api(engine, "bob")
    assert bob.post("/api/v1/customer", json={"name": "Z", "marks": "hidden"}).status_code == 201
    assert ann.post("/api/v1/customer", json={"name": "A", "marks": ["seen", "often"]}).json()["marks"] == ["often", "seen"]
    form = ann.get("/o/customer/new").text
    assert ticks(form) == {"often": False, "seen": False} and ">hidden<" not in form
    wrong = ann.post("/o/customer/new", data={"name": "", "marks": ["", "seen", "new, 大单"]})
    assert wrong.status_code == 422 and ticks(wrong.text) == {"seen": True, "often": False} and 'value="new, 大单"' in wrong.text
    made = ann.post("/o/customer/new", data={"name": "B", "marks": ["", "seen", "new, 大单"]})
    assert made.status_code == 303
    assert ann.get("/api/v1/customer", params={"where": 'name = "B"'}).json()["data"][0]["marks"] == ["new", "seen", "大单"]
    found = ann.get("/o/customer", params={"f.marks.any": "often, 大单"}).text
    assert ">A<" in found and ">B<" in found
    found = ann.get("/o/customer", params={"f.marks.all": "seen, 大单"}).text
    assert ">A<" not in found and ">B<" in found


def ticks(page: str) -> dict[str, bool]:
    """The tags that can be ticked, and which are."""
    return {word: bool(on) for word, on in re.findall(r'type="checkbox" name="marks" value="([^"]*)"[^>]*?( checked)?>', page)}
