"""Nothing that is said of a move names a field that its reader may not see: every set of hidden fields, on pages and over HTTP."""

from collections.abc import Iterator
from itertools import chain, combinations
from pathlib import Path

import pytest
from dougong.engine import Engine
from starlette.testclient import TestClient

from tests.gates.apps import bring
from tests.runtime.apps import hire, opened
from tests.web.shop import api

# name → what must not be read by whom it is hidden from
WORDS = {
    "zfloor": ("底价档", "Floor price", "zfloor"),
    "zgrade": ("密级码", "Secret grade", "zgrade"),
    "zpaper": ("内部卷宗", "Inner file", "zpaper", "zdossier"),
    "zextra": ("附加话", "Extra words", "zextra"),
    "zneed": ("必填暗项", "Dark need", "zneed"),
}
SETS = [frozenset(some) for some in chain.from_iterable(combinations(WORDS, n) for n in range(len(WORDS) + 1))]
APP = """
app: a
objects:
  thing:
    record_title: name
    fields:
      name: text
      zfloor: money "底价档" "Floor price"
      zgrade: integer "密级码" "Secret grade"
      zpaper: file "内部卷宗" "Inner file"
      zextra: text "附加话" "Extra words"
      zneed: {type: text, title: {zh: 必填暗项, en: Dark need}, required_when: stage = go}
      owner: user
pipelines:
  flow:
    of: thing
    stages:
      a: {start: true, to_leave: {fields: [zfloor], evidence: [{file: zpaper, accept: pdf}]}}
      go: {to_enter: {fields: [zgrade]}}
      lost: {kind: lost}
    moves: ["a -> go asks(zextra) when zgrade > 5 and name is not blank", "a -> lost when zfloor is blank"]
roles:
"""


def role(index: int, hidden: frozenset[str]) -> str:
    without = f" hide {', '.join(sorted(hidden))}" if hidden else ""
    return f'  r{index}: {{may: ["read thing{without}", "update thing(name, owner)", move thing]}}\n'


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder: Path = tmp_path_factory.mktemp("unseen")
    with opened(APP + "".join(role(i, hidden) for i, hidden in enumerate(SETS)), f"sqlite:///{folder / 'a.db'}", folder) as running:
        for index in range(len(SETS)):
            hire(running, f"u{index}", f"r{index}")
        paper = bring(running, "zdossier.docx", None)
        with running.system_session("test") as session:
            session.create("thing", name="T1")
            session.create("thing", name="T2", zpaper=paper, zfloor=3)
        yield running


@pytest.mark.parametrize("index", range(0, len(SETS), 3))
def test_no_text_of_a_move_names_what_is_hidden(engine: Engine, index: int) -> None:
    hidden = SETS[index]
    http, english = api(engine, f"u{index}", "zh"), api(engine, f"u{index}", "en")
    for number in (1, 2):
        texts = list(said(http, number)) + [english.get(f"/o/thing/{number}").text, english.get(f"/api/v1/thing/{number}/moves").text]
        for name, words in WORDS.items():
            told = [word for word in words for text in texts if word in text]
            assert bool(told) is not (name in hidden), (number, name, told)
    moves = http.get("/api/v1/thing/1/moves").json()["data"]
    refused = {r["code"] for m in moves for r in m["refusals"] if m["to"] == "go"}
    assert ("R326" in refused) is bool(hidden & {"zfloor", "zgrade", "zpaper", "zextra", "zneed"})


def said(http: TestClient, number: int) -> Iterator[str]:
    """Everything that a page, the form of the move, the board and the API say when the record is moved, or is not."""
    yield http.get(f"/o/thing/{number}").text
    yield http.get(f"/o/thing/{number}/move/go").text
    yield http.get(f"/api/v1/thing/{number}/moves").text
    yield http.get(f"/api/v1/thing/{number}/gates").text
    for accept in ("application/json", "text/html"):
        yield http.post(f"/o/thing/{number}/move/go", headers={"accept": accept}).text
    yield http.patch(f"/api/v1/thing/{number}", json={"stage": "go"}).text


def test_the_lock_names_everything_in_the_order_of_the_form(engine: Engine) -> None:
    page = api(engine, "u0", "zh").get("/o/thing/2").text
    popup = page[page.index("is-locked") :]
    popup = popup[: popup.index("</details>")]
    places = [popup.index(words) for words in ("密级码", "内部卷宗", "附加话", "必填暗项", "条件")]
    assert places == sorted(places)
