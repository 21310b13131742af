"""Documents: what they show is what the reader may see, numbers have no gaps, copies stay with the record and with whom they were sent to."""

import re
from html import escape, unescape
from pathlib import Path

import pytest
from dougong import Engine
from dougong.flow.scenarios.play import play_all
from dougong.flow.scenarios.world import World
from dougong.names.index import declared, index
from dougong.names.symbols import Symbol
from dougong.refusals import Refused
from dougong.runtime import files
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.runtime.apps import hire, opened
from tests.web.shop import api, shop

APP = """
app: quotes
title: {zh: 报价, en: Quotes}
objects:
  deal:
    fields:
      name: text required
      stamp: choice(a "甲" "First", b "乙" "Second")
      cost: money
      owner: user default me
      paper: file accept (html)
      send: boolean
      fail: boolean
    checks: [{rule: paper is blank or fail is blank, message: 不行}]
  line:
    fields: {deal: link deal as lines required, name: text required, amount: money, secret: boolean}
documents:
  quote:
    of: deal
    title: {zh: 报价单, en: Quotation}
    number: "Q{yyyy}{000}"
    template: |
      <h1 title="{{ name }}">{{ document.number }} {{ name }}</h1>
      <p>{{ stamp }} {{ owner }} {% if cost > 5 %}[{{ cost }}]{% endif %}</p>
      <ul>{% for part in lines %}<li>{{ part.name }}: {{ part.amount }}</li>{% endfor %}</ul>
      <b>{{ sum(lines.amount) }}</b>
triggers:
  paper_made:
    on: deal.stamp changed
    do: [{document: quote}]
  sent:
    on: deal.send changed to true
    do: [{document: {name: quote, to: owner}}]
roles:
  boss: {admin: true, may: ["read, create, update user", "read, create, update deal", "read, create, update line"]}
  seller: {may: [read deal hide cost, read line where secret is blank]}
scenarios:
  a_quote:
    as: anna
    given:
      - user anna: {roles: boss}
    steps:
      - create deal d1: {name: A, owner: anna}
      - update d1: {stamp: a}
      - expect d1: paper is not blank
      - update d1: {send: true}
      - expect: message for anna about d1 saying "Q"
"""
WORDS = st.text(st.sampled_from("ab<>&\"'{}%甲 ").filter(bool), min_size=1, max_size=6).filter(lambda text: text.strip())


def content(engine: Engine, number: int | None) -> str:
    """What is kept under a number."""
    found = files.find(engine.database, number or 0)
    assert found is not None and found.media_type == "text/html"
    return files.place(engine.files_dir, found.sha256).read_text("utf-8")


def test_a_copy_shows_what_is_there_and_its_number_has_no_gap(database_url: str, tmp_path: Path) -> None:
    with opened(APP, database_url, tmp_path) as engine:
        hire(engine, "boss", "boss")
        count = 0

        @settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
        @given(WORDS, st.lists(st.tuples(WORDS, st.integers(0, 900)), max_size=3), st.sampled_from(["a", "b"]), st.booleans())
        def agree(name: str, lines: list[tuple[str, int]], stamp: str, fails: bool) -> None:
            nonlocal count
            with engine.session("boss") as session:
                deal = session.create("deal", name=name, cost=7, fail=fails or None).id
                for word, amount in lines:
                    session.create("line", deal=deal, name=word, amount=amount)
                name = session.get("deal", deal)["name"]
                words = [record["name"] for record in session.find("line", where=f"deal.id = {deal}", order="id").records]
            if fails:
                with pytest.raises(Refused), engine.session("boss") as session:
                    session.update("deal", deal, stamp=stamp)
                return
            with engine.session("boss") as session:
                session.update("deal", deal, stamp=stamp)
            paper = session.get("deal", deal)["paper"]
            count += 1
            text = content(engine, paper)
            assert f'<h1 title="{escape(name)}">Q2026{count:03} {escape(name)}</h1>' in text
            shown = re.findall("<li>(.*?): ¥(.*?)</li>", text)
            assert [(unescape(word), amount) for word, amount in shown] == [
                (word, f"{amount}.00") for word, (_, amount) in zip(words, lines, strict=True)
            ]
            assert f"<b>¥{sum(amount for _, amount in lines):,}.00</b>" in text
            assert f"<p>{'甲' if stamp == 'a' else '乙'} boss [¥7.00]</p>" in text

        agree()


def test_on_demand_it_shows_what_the_reader_may_see(database_url: str, tmp_path: Path) -> None:
    with shop(tmp_path / "app", database_url, APP) as engine:
        boss, seller = api(engine, "boss"), api(engine, "ann")
        deal = boss.post("/api/v1/deal", json={"name": "<A>", "cost": "9"}).json()["id"]
        for name, secret in (("open", None), ("hidden", True)):
            boss.post("/api/v1/line", json={"deal": deal, "name": name, "amount": "3", "secret": secret})
        url = f"/api/v1/deal/{deal}/documents/quote"
        whole, part = boss.get(url), seller.get(url)
        assert whole.status_code == part.status_code == 200
        assert "script" not in whole.headers["content-security-policy"] and "sandbox" in whole.headers["content-security-policy"]
        assert "hidden" in whole.text and "[¥9.00]" in whole.text and "<b>¥6.00</b>" in whole.text and "&lt;A&gt;" in whole.text
        assert "hidden" not in part.text and "open" in part.text and "¥9.00" not in part.text and "<b>¥3.00</b>" in part.text
        assert "/api/v1/deal/{id}/documents/quote" in boss.get("/api/v1/openapi.json").json()["paths"]
        assert "Q2026" not in whole.text  # only a copy has a number
        assert boss.get(f"/api/v1/deal/{deal}/documents/none").json()["code"] == "R840"
        assert boss.get("/api/v1/line/1/documents/quote").status_code == 404
        assert f"/api/v1/deal/{deal}/documents/quote" in boss.get(f"/o/deal/{deal}").text


def test_what_was_sent_is_its_recipient_s_alone(database_url: str, tmp_path: Path) -> None:
    with shop(tmp_path / "app", database_url, APP) as engine:
        boss, seller = api(engine, "boss"), api(engine, "ann")
        deal = boss.post("/api/v1/deal", json={"name": "A", "cost": "9"}).json()["id"]
        assert boss.patch(f"/api/v1/deal/{deal}", json={"send": True}).status_code == 200
        (message,) = boss.get("/api/v1/inbox").json()["data"]
        assert "Q" in message["text"] and "[¥9.00]" in boss.get(message["file"]).text
        assert message["file"] in boss.get("/inbox").text
        assert seller.get(message["file"]).status_code == 404


def test_a_scenario_sees_it() -> None:
    with World({"app.yaml": APP}) as world:
        outcomes = play_all(world, world.app.scenarios.values())
    assert [(o.scenario.name, o.failure) for o in outcomes] == [("a_quote", None)]


def test_names_in_templates_and_actions_are_found() -> None:
    files = {"app.yaml": APP}
    found = index(files, declared(files)).by_symbol
    lines = APP.split("\n")

    def at(symbol: Symbol) -> set[str]:
        return {lines[o.place.line - 1].strip()[:9] for o in found[symbol]}

    assert {"<ul>{% fo"} <= at(Symbol("field", "amount", "line")) and {"<h1 title"} <= at(Symbol("field", "name", "deal"))
    assert {"<p>{{ sta"} <= at(Symbol("field", "cost", "deal"))
    assert {"quote:", "do: [{doc"} <= at(Symbol("document", "quote"))
