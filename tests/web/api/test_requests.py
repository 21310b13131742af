"""Requests that are not quite right are refused, in the reader's language, before they do anything."""

from typing import Any

import pytest
from dougong.engine import Engine

from tests.web.shop import api


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", ""), ("PATCH", ""), ("DELETE", ""), ("GET", "/history"), ("POST", "/move")],
)
def test_parameters_that_mean_nothing_are_refused(engine: Engine, method: str, path: str) -> None:
    boss = api(engine, "boss")
    deal = boss.post("/api/v1/deal", json={"name": "One"}).json()["id"]
    answer = boss.request(method, f"/api/v1/deal/{deal}{path}?filter=x", json={"to": "won"} if path == "/move" else {"name": "Two"})
    assert (answer.status_code, answer.json()["code"]) == (400, "R606")
    assert boss.get(f"/api/v1/deal/{deal}").json()["name"] == "One"
    assert boss.post("/api/v1/deal?dry=1", json={"name": "x"}).json()["code"] == "R606"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("[]", "R607"),
        ('{"name": "a", "name": "b"}', "R618"),
        ('[{"name": "a"}, {"name": "b", "n\\u0061me": "c"}]', "R618"),
        ('{"name": "a: b, c: d"}', None),
        ('{"name": "x", "amount": {"a": 1}}', "R101"),
        ('{"name": ', "R600"),
    ],
)
def test_bodies(engine: Engine, body: str, code: str | None) -> None:
    boss = api(engine, "boss")
    answer = boss.post("/api/v1/deal", content=body, headers={"content-type": "application/json"})
    found: Any = answer.json()
    assert found.get("code") == code or code == "R101" and answer.status_code == 422, answer.text
    assert len(boss.get("/api/v1/deal").json()["data"]) == (1 if code is None else 0)


def test_what_cannot_be_parsed_is_said_in_the_language_of_the_reader(engine: Engine) -> None:
    answer = api(engine, "boss", "zh").post("/api/v1/deal", content='{"name": x}', headers={"content-type": "application/json"})
    assert answer.json()["title"] == "请求内容不是有效的 JSON\uff1a第 1 行第 10 列读不下去"
    form = api(engine, "boss", "zh").post("/api/v1/files", content=b"x", headers={"content-type": "multipart/form-data"})
    assert form.json()["title"] == "请求内容应为一份完好的表单"


@pytest.mark.parametrize(
    ("tag", "status"), [('"1"', 200), ("1", 200), ('W/"1"', 200), ("*", 200), ('"abc"', 412), ('"7"', 412), ("abc", 400)]
)
def test_if_match(engine: Engine, tag: str, status: int) -> None:
    boss = api(engine, "boss")
    deal = boss.post("/api/v1/deal", json={"name": "One"}).json()["id"]
    answer = boss.patch(f"/api/v1/deal/{deal}", json={"name": "Two"}, headers={"if-match": tag})
    assert answer.status_code == status, answer.text
    assert status != 400 or answer.json()["code"] == "R619"


def test_a_wrong_filter_is_two_sentences(engine: Engine) -> None:
    answer = api(engine, "boss", "zh").get("/api/v1/deal?where=amuont > 1").json()["title"]
    assert answer.startswith("筛选条件有误\uff1a") and "\u3002是不是想写 `amount`" in answer
