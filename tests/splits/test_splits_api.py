"""Splits over HTTP and on pages."""

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from dougong.engine import Engine
from dougong.runtime.users import create_user
from dougong.runtime.users_sessions import create_token
from starlette.testclient import TestClient

from tests.runtime.apps import opened
from tests.splits.apps import contracts


class Fields(HTMLParser):
    """The inputs of a page by name, as a browser without script would send them, ticks left out."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.feed(text[text.index('class="split-form"') :])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = dict(attrs)
        if tag == "input" and own.get("name") and own.get("type") != "checkbox":
            self.found[str(own["name"])] = own.get("value") or ""


def contract(engine: Engine, amount: int = 100) -> int:
    with engine.system_session("test") as session:
        return session.create("contract", name="A", amount=amount).id


def http_of(engine: Engine) -> TestClient:
    with engine.system_session("test") as session:
        number = create_user(session, "web", "Web", "a-long-password", ["sales"])
    _, secret = create_token(engine.database, number, "test")
    return TestClient(engine.asgi(), headers={"authorization": f"Bearer {secret}", "accept-language": "en"})


def test_a_split_over_http(sqlite_url: str, tmp_path: Path) -> None:
    with opened(contracts(), sqlite_url, tmp_path) as engine:
        http, root = http_of(engine), f"/api/v1/contract/{contract(engine)}/split"
        body = {"parts": [{"party": "x", "amount": "60.00"}, {"party": "y"}]}
        made = http.post(root, json=body, headers={"if-match": '"1"'}).json()["data"]
        assert [(p["party"], p["amount"], p["stage"]) for p in made] == [("x", "60.00", "draft"), ("y", "40.00", "draft")]
        (found,) = http.get(root).json()["data"]
        assert (found["into"], found["close_when"], found["hidden"], found["done"]) == ("part", "all", 0, [])
        assert found["sums"] == {"amount": {"whole": "100.00", "parts": "100.00", "rest": "0.00"}}
        wrong = http.post(root, json={"parts": [{"id": made[0]["id"], "amount": 5}], "values": {"amount": 6}})
        assert (wrong.status_code, wrong.json()["code"], wrong.json()["errors"][0]["message"]) == (
            422,
            "R380",
            "Amount of the Contract “A” is ¥6.00, its parts add up to ¥5.00: ¥1.00 is missing",
        )
        assert http.post(root, json={"parts": [{"party": None}]}).json()["errors"][0]["field"] == "parts.0.party"
        assert http.post(root, json={"parts": {}}).json()["code"] == "R607"
        assert http.post(root, json={"parts": [], "more": 1}).json()["code"] == "R607"
        assert http.post(root, json={"parts": []}, headers={"if-match": '"9"'}).status_code == 412
        assert http.get("/api/v1/part/1/split").json() == {"data": []}
        assert http.patch(f"/api/v1/part/{made[0]['id']}", json={"amount": "1"}).json()["code"] == "R380"
        paths = http.get("/api/v1/openapi.json").json()["paths"]
        assert set(paths["/api/v1/contract/{id}/split"]) == {"get", "post", "parameters"}
        assert "/api/v1/part/{id}/split" not in paths


@pytest.fixture
def page(sqlite_url: str, tmp_path: Path) -> Iterator[TestClient]:
    """Somebody without script in front of contract 1."""
    with opened(contracts(), sqlite_url, tmp_path) as engine:
        assert contract(engine) == 1
        yield http_of(engine)


def test_splitting_on_a_page_works_without_script(page: TestClient) -> None:
    where = "/o/contract/1/split?into=part"
    assert "Not split yet." in page.get("/o/contract/1").text
    form = Fields(page.get(where).text).found | {"0-party": "x", "0-amount": "60", "1-party": "y"}
    more = Fields(page.post(where, data=form | {"_more": "1"}).text).found
    assert (more["rows"], more["0-amount"]) == ("6", "60")
    done = page.post(where, data=more)
    assert done.url.path == "/o/contract/1" and "0 of 2 done" in done.text and "¥40.00" in done.text
    form = Fields(page.get(where).text).found
    wrong = page.post(where, data=form | {"0-party": "", "1-amount": "1"})
    assert wrong.status_code == 422 and 'id="p-0-party-error"' in wrong.text and 'value="1"' in wrong.text
    missing = page.post(where, data=form | {"1-amount": "1"})
    assert missing.status_code == 422 and "¥39.00 is missing" in missing.text
    fresh = Fields(page.get(where).text).found
    page.post(where, data=fresh | {"w-amount": "30", "gone-0": "on", "1-amount": ""})
    text = page.get("/o/contract/1").text
    assert "0 of 1 done" in text and "¥30.00" in text and "¥60.00" not in text.split('class="timeline"')[0]
    stale = page.post(where, data=fresh | {"w-amount": "31", "1-amount": ""})
    assert stale.status_code == 422 and "changed by somebody else" in stale.text
    assert page.get("/o/part/1/split").status_code == 404
