"""Records over HTTP: what goes in comes out, and every mistake has its code."""

from typing import Any

import pytest
from dougong.engine import Engine
from starlette.testclient import TestClient

from tests.web.shop import api, user_number


@pytest.fixture
def boss(engine: Engine) -> TestClient:
    return api(engine, "boss")


def create(client: TestClient, **values: Any) -> dict[str, Any]:
    response = client.post("/api/v1/customer", json={"name": "Ningbo"} | values)
    assert response.status_code == 201, response.text
    made: dict[str, Any] = response.json()
    return made


def code(response: Any) -> tuple[int, str]:
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == response.status_code and body["errors"] and body["code"]
    return response.status_code, body["code"]


def test_a_record_comes_back_as_it_went_in(boss: TestClient) -> None:
    values = {
        "name": "宁波某厂",
        "phone": "13800000000",
        "region": "east",
        "tags": ["old", "vip"],
        "credit": "12.50",
        "since": "2026-03-01",
    }
    response = boss.post("/api/v1/customer", json=values)
    made = response.json()
    assert response.headers["location"] == f"/api/v1/customer/{made['id']}"
    assert response.headers["etag"] == '"1"'
    read = boss.get(f"/api/v1/customer/{made['id']}").json()
    assert read == made
    assert {k: read[k] for k in ("name", "region", "tags", "credit", "since")} == {
        "name": "宁波某厂",
        "region": "east",
        "tags": ["vip", "old"],
        "credit": "12.50",
        "since": "2026-03-01",
    }
    assert read["created_at"].endswith("Z") and len(read["created_at"]) == 24


def test_change_needs_the_version_that_was_read(boss: TestClient) -> None:
    made = create(boss)
    url = f"/api/v1/customer/{made['id']}"
    changed = boss.patch(url, json={"name": "Suzhou"}, headers={"if-match": '"1"'})
    assert (changed.status_code, changed.json()["version"], changed.headers["etag"]) == (200, 2, '"2"')
    assert code(boss.patch(url, json={"name": "Late"}, headers={"if-match": '"1"'})) == (412, "R501")
    assert code(boss.delete(url, headers={"if-match": '"1"'})) == (412, "R501")
    assert boss.get(url).json()["name"] == "Suzhou"
    assert boss.delete(url, headers={"if-match": 'W/"2"'}).status_code == 204
    assert code(boss.get(url)) == (404, "R404")


def test_all_refusals_come_together_in_the_readers_language(boss: TestClient) -> None:
    response = boss.post(
        "/api/v1/customer", json={"credit": "-1", "region": "west", "nmae": "x"}, headers={"accept-language": "zh-CN,en;q=0.5"}
    )
    assert response.status_code == 422
    fields = {error["field"] for error in response.json()["errors"]}
    assert {"name", "region", "nmae"} <= fields or {"region", "nmae"} <= fields
    assert response.headers["content-language"] == "zh"
    refused = boss.post("/api/v1/customer", json={"name": "x", "credit": "-1"}).json()
    assert [(e["code"], e["message"]) for e in refused["errors"]] == [("R202", "Credit cannot be negative")]
    assert refused["errors"][0]["clause"].startswith("app.yaml:")


def test_a_list_is_made_whole_or_not_at_all(boss: TestClient) -> None:
    made = boss.post("/api/v1/customer", json=[{"name": "A"}, {"name": "B"}])
    assert made.status_code == 201 and [r["name"] for r in made.json()["data"]] == ["A", "B"]
    refused = boss.post("/api/v1/customer", json=[{"name": "C"}, {"region": "west", "name": "D"}])
    assert refused.status_code == 422 and [e["row"] for e in refused.json()["errors"]] == [1]
    assert [r["name"] for r in boss.get("/api/v1/customer?order=name").json()["data"]] == ["A", "B"]


def test_pages_filters_and_fields(boss: TestClient) -> None:
    for number in range(7):
        create(boss, name=f"N{number}", credit=str(number))
    seen, url = [], "/api/v1/customer?where=credit >= 2&order=-credit&limit=2&fields=name"
    cursor = None
    for _ in range(10):
        page = boss.get(url + (f"&cursor={cursor}" if cursor else "")).json()
        seen += [r["name"] for r in page["data"]]
        assert all("credit" not in r for r in page["data"])
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == ["N6", "N5", "N4", "N3", "N2"]
    assert [r["name"] for r in boss.get("/api/v1/customer?search=N3").json()["data"]] == ["N3"]


def test_moves_and_history(boss: TestClient) -> None:
    deal = boss.post("/api/v1/deal", json={"name": "Big", "amount": 5}).json()
    url = f"/api/v1/deal/{deal['id']}"
    assert code(boss.post(url + "/move", json={"to": "lost"})) == (422, "R307")
    lost = boss.post(url + "/move", json={"to": "lost", "reason": "price"})
    assert (lost.status_code, lost.json()["stage"], lost.json()["reason"]) == (200, "lost", "price")
    assert code(boss.post(url + "/move", json={})) == (400, "R607")
    history = boss.get(url + "/history").json()["data"]
    assert [(c["kind"], c.get("to"), c["cause"]) for c in history] == [("moved", "lost", "api"), ("created", "open", "api")]
    assert history[0]["fields"]["reason"] == [None, "price"]
    assert history[0]["actor"]["name"] == "老板"


def test_a_seller_sees_only_what_is_granted(engine: Engine, boss: TestClient) -> None:
    ann, bob = api(engine, "ann"), api(engine, "bob")
    mine = ann.post("/api/v1/customer", json={"name": "Mine"}).json()
    assert "credit" not in mine and mine["owner"] == user_number(engine, "ann")
    url = f"/api/v1/customer/{mine['id']}"
    assert code(bob.get(url)) == (404, "R404")
    assert code(bob.patch(url, json={"name": "Stolen"})) == (404, "R404")
    assert bob.get("/api/v1/customer").json()["data"] == []
    assert code(ann.delete(url)) == (403, "R401")
    assert code(ann.patch(url, json={"credit": "5"})) == (422, "R402")  # as if there were no such field
    assert boss.get(url).json()["credit"] is None


def test_the_same_key_does_it_once(boss: TestClient) -> None:
    headers = {"idempotency-key": "k1"}
    first = boss.post("/api/v1/customer", json={"name": "Once"}, headers=headers)
    again = boss.post("/api/v1/customer", json={"name": "Once"}, headers=headers)
    assert (again.status_code, again.json(), again.headers["etag"]) == (201, first.json(), first.headers["etag"])
    assert again.headers["idempotency-replayed"] == "true"
    assert code(boss.post("/api/v1/customer", json={"name": "Other"}, headers=headers)) == (422, "R502")
    assert len(boss.get("/api/v1/customer").json()["data"]) == 1


MISTAKES: list[tuple[str, str, dict[str, Any], int, str]] = [
    ("GET", "/api/v1/nothing", {}, 404, "R407"),
    ("GET", "/api/v2/customer", {}, 404, "R602"),
    ("PUT", "/api/v1/customer", {}, 405, "R603"),
    ("GET", "/api/v1/customer?limit=many", {}, 400, "R605"),
    ("GET", "/api/v1/customer?limit=100000", {}, 422, "R726"),
    ("GET", "/api/v1/customer?ordr=name", {}, 400, "R606"),
    ("GET", "/api/v1/customer?cursor=zzz", {}, 422, "R722"),
    ("GET", "/api/v1/customer?where=name >", {}, 422, "R721"),
    ("GET", "/api/v1/customer?fields=nmae", {}, 422, "R402"),
    ("GET", "/api/v1/customer/999999999999999999999", {}, 404, "R602"),
    ("GET", "/api/v1/customer/77", {}, 404, "R404"),
    ("POST", "/api/v1/customer", {"content": "{", "headers": {"content-type": "application/json"}}, 400, "R600"),
    ("POST", "/api/v1/customer", {"content": b"\xff", "headers": {"content-type": "application/json"}}, 400, "R600"),
    ("POST", "/api/v1/customer", {"content": "a=1", "headers": {"content-type": "text/plain"}}, 415, "R601"),
    ("POST", "/api/v1/customer", {"json": "text"}, 400, "R607"),
    ("POST", "/api/v1/customer", {"json": [1]}, 400, "R607"),
    ("POST", "/api/v1/customer", {"json": [{"name": "x"}] * 1001}, 413, "R609"),
    ("POST", "/api/v1/customer", {"content": "x" * (8 * 1024 * 1024 + 1)}, 413, "R608"),
    ("PATCH", "/api/v1/customer/1", {"json": {}, "headers": {"if-match": "x"}}, 400, "R619"),
]


def test_every_mistake_has_its_code(boss: TestClient) -> None:
    found = [(method, url, *code(boss.request(method, url, **options))) for method, url, options, _, _ in MISTAKES]
    assert found == [(method, url, status, name) for method, url, _, status, name in MISTAKES]


def test_a_wrong_method_says_which_are_right(boss: TestClient) -> None:
    assert set(boss.put("/api/v1/customer").headers["allow"].split(", ")) >= {"GET", "POST"}


def test_nobody_gets_nothing(engine: Engine) -> None:
    nobody = api(engine, "ann")
    del nobody.headers["authorization"]
    response = nobody.get("/api/v1/customer")
    assert code(response) == (401, "R610")
    assert response.headers["www-authenticate"] == "Bearer"
    assert code(nobody.get("/api/v1/customer", headers={"authorization": "Bearer dg_wrong"})) == (401, "R611")
