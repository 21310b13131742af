"""The API at its edges: its own description, keys that meet, faults of the engine."""

import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from dougong.database import Connection, Text
from dougong.engine import Engine
from dougong.runtime.session import Session
from dougong.web.api import idempotency
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.web.shop import api


def test_each_person_gets_the_description_of_her_own_api(engine: Engine) -> None:
    boss, ann = api(engine, "boss"), api(engine, "ann", "zh")
    whole, own = boss.get("/api/v1/openapi.json?whole=true").json(), ann.get("/api/v1/openapi.json").json()
    for document in (whole, own):
        OpenAPIV31SpecValidator(document).validate()
    assert own["info"]["title"] == "小店" and whole["info"]["title"] == "Shop"
    assert "delete" in whole["paths"]["/api/v1/customer/{id}"] and "delete" not in own["paths"]["/api/v1/customer/{id}"]
    assert "credit" not in own["components"]["schemas"]["customer"]["properties"]
    assert "credit" not in ann.get("/api/v1/openapi.json?whole=true").text
    assert ann.get("/api/v1/openapi.json?whole=x").json()["code"] == "R605"


def test_what_the_description_says_is_what_comes(engine: Engine) -> None:
    boss = api(engine, "boss")
    made = boss.post("/api/v1/customer", json={"name": "A", "credit": 5, "tags": ["vip"], "since": "2026-03-01"}).json()
    schema = boss.get("/api/v1/openapi.json").json()["components"]["schemas"]["customer"]
    assert set(made) == set(schema["properties"])


def test_a_text_that_the_database_cannot_keep_is_told(engine: Engine) -> None:
    boss = api(engine, "boss")
    customer = boss.post("/api/v1/customer", json={"name": "A"}).json()["id"]
    made = boss.post(f"/api/v1/customer/{customer}/comments", json={"text": "a\0b"})
    asked = boss.get("/api/v1/admin/triggers?trigger=%00")
    kept = engine.database.dialect == "sqlite"
    assert [(made.status_code, made.json().get("code")), asked.json().get("code")] == (
        [(201, None), None] if kept else [(422, "R912"), "R912"]
    )


def test_requests_with_one_key_that_meet_do_it_once(engine: Engine) -> None:
    boss = api(engine, "boss")

    def send(_: int) -> Any:
        return boss.post("/api/v1/customer", json={"name": "Once"}, headers={"idempotency-key": "same"})

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(send, range(12)))
    assert {a.status_code for a in answers} == {201}
    assert len({a.json()["id"] for a in answers}) == 1
    assert len(boss.get("/api/v1/customer").json()["data"]) == 1


@pytest.mark.parametrize("statement", [idempotency.FORGET, idempotency.KEEP])
def test_a_crash_between_the_work_and_its_key_leaves_neither(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, statement: str
) -> None:
    ready = idempotency._text

    def crash(sql: str, connection: Connection) -> Text:
        if sql == statement:
            raise RuntimeError("the work is done by now")
        return ready(sql, connection)

    boss = api(engine, "boss")
    headers = {"idempotency-key": "crash"}
    with monkeypatch.context() as broken:
        broken.setattr(idempotency, "_text", crash)
        assert boss.post("/api/v1/customer", json={"name": "Once"}, headers=headers).status_code == 500
    assert boss.get("/api/v1/customer").json()["data"] == []
    answers = [boss.post("/api/v1/customer", json={"name": "Once"}, headers=headers) for _ in range(2)]
    assert [a.status_code for a in answers] == [201, 201] and answers[1].headers["idempotency-replayed"] == "true"
    assert len(boss.get("/api/v1/customer").json()["data"]) == 1


def test_a_refused_request_does_not_use_up_its_key(engine: Engine) -> None:
    boss = api(engine, "boss")
    headers = {"idempotency-key": "again"}
    assert boss.post("/api/v1/customer", json={}, headers=headers).status_code == 422
    assert boss.post("/api/v1/customer", json={"name": "Now"}, headers=headers).status_code == 201
    assert boss.post("/api/v1/customer", json={"name": "x"}, headers={"idempotency-key": "k" * 201}).json()["code"] == "R605"


def test_a_fault_is_a_reference_here_and_a_trace_in_the_log(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*arguments: object, **options: object) -> None:
        raise RuntimeError("secret detail")

    boss = api(engine, "boss")
    monkeypatch.setattr(Session, "find", broken)
    with caplog.at_level(logging.ERROR):
        response = boss.get("/api/v1/customer")
    body = response.json()
    assert (response.status_code, body["code"]) == (500, "R641") and "secret" not in response.text
    assert body["reference"] in caplog.text and "secret detail" in caplog.text
