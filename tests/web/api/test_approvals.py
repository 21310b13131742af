"""Approvals over HTTP: submitted, seen and decided by those who are asked, hidden from everybody else."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dougong.engine import Engine
from dougong.web.api.approvals import DEEDS, Approvals
from starlette.routing import Route
from starlette.testclient import TestClient

from tests.runtime.approvals.apps import NUMBER, firm
from tests.web.shop import api

V1 = "/api/v1"
TWO_STEPS = """  pay:
    title: {zh: 付款, en: Payment}
    of: deal
    steps:
      - 经理: by owner.manager
      - 财务: by 2 of role fin
"""


@pytest.fixture
def engine(database_url: str, tmp_path: Path) -> Iterator[Engine]:
    with firm(database_url, tmp_path, TWO_STEPS) as engine:
        yield engine


def code(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


def submitted(engine: Engine) -> tuple[TestClient, int, int]:
    """Sue's client, her deal and its approval."""
    sue = api(engine, "sue")
    deal = sue.post(f"{V1}/deal", json={"name": "泵", "amount": 5, "owner": NUMBER["sue"]}).json()["id"]
    made = sue.post(f"{V1}/deal/{deal}/approvals", json={"approval": "pay"})
    assert made.status_code == 201
    return sue, deal, made.json()["id"]


def tasks(client: TestClient) -> list[int]:
    return [t["id"] for a in client.get(f"{V1}/approvals").json()["data"] for t in a["tasks"] if t["is_mine"]]


def test_a_way_through(engine: Engine) -> None:
    sue, deal, number = submitted(engine)
    m2, ann, bob, dan = (api(engine, login) for login in ("m2", "ann", "bob", "dan"))
    assert (tasks(ann), tasks(sue)) == ([], [])
    (task,) = tasks(m2)
    assert code(sue.post(f"{V1}/approvals/tasks/{task}/approve", json={})) == (403, "R353")
    assert m2.post(f"{V1}/approvals/tasks/{task}/approve", json={"comment": "好"}).status_code == 204
    (first,), (second,) = tasks(ann), tasks(bob)
    assert ann.post(f"{V1}/approvals/tasks/{first}/approve").status_code == 204
    assert bob.post(f"{V1}/approvals/tasks/{second}/add-signer", json={"to": "dan", "before": True, "comment": "请看"}).status_code == 204
    assert tasks(bob) == []
    (third,) = tasks(dan)
    assert dan.post(f"{V1}/approvals/tasks/{third}/return", json={"reason": "重做", "step": 0}).status_code == 204
    (state,) = sue.get(f"{V1}/deal/{deal}/approvals").json()["data"]
    assert (state["id"], state["title"], state["state"], state["step"], state["steps"]) == (
        number,
        "Payment",
        "running",
        0,
        ["经理", "财务"],
    )
    said = {
        (t["person"]["name"], t["state"], t["comment"], t["to_step"], t["note"]) for t in state["tasks"] if t["kind"] in ("before", "step")
    }
    assert {("m2", "approved", "好", None, None), ("dan", "returned", "重做", 0, "请看"), ("m2", "open", None, None, None)} <= said
    assert state["may_withdraw"] and sue.post(f"{V1}/approvals/{number}/withdraw").status_code == 204
    assert code(sue.post(f"{V1}/approvals/{number}/withdraw")) == (409, "R355")


def test_rejected_passed_on_and_refused(engine: Engine) -> None:
    sue, deal, number = submitted(engine)
    m2, m1 = api(engine, "m2"), api(engine, "m1")
    (task,) = tasks(m2)
    url = f"{V1}/approvals/tasks/{task}"
    assert code(m2.post(f"{url}/reject", json={})) == (422, "R357")
    assert code(m2.post(f"{url}/reject", json={"why": "x"}))[0] == 400
    assert code(m2.post(f"{url}/return", json={"reason": "x", "step": "1"}))[0] == 400
    assert code(m2.post(f"{url}/transfer", json={"to": "sue"})) == (422, "R364")
    assert code(m2.post(f"{url}/transfer", json={"to": "nobody"})) == (422, "R360")
    assert m2.post(f"{url}/transfer", json={"to": "m1"}).status_code == 204
    assert code(m2.post(f"{url}/approve", json={})) == (403, "R353")
    (passed,) = tasks(m1)
    assert code(m1.post(f"{V1}/approvals/{number}/withdraw")) == (403, "R356")
    assert m1.post(f"{V1}/approvals/tasks/{passed}/reject", json={"reason": "太贵"}).status_code == 204
    assert sue.get(f"{V1}/deal/{deal}/approvals").json()["data"][0]["state"] == "rejected"
    assert code(sue.post(f"{V1}/deal/{deal}/approvals", json={"approval": "none"})) == (404, "R354")


def test_nobody_else_sees_anything(engine: Engine) -> None:
    _, deal, number = submitted(engine)
    with engine.system_session("test") as session:
        session.create("user", login="eve", name="eve", roles=[], active=True)
    eve = api(engine, "eve")
    assert eve.get(f"{V1}/approvals").json() == {"data": []}
    assert eve.get(f"{V1}/deal/{deal}/approvals").status_code == 404
    (task,) = tasks(api(engine, "m2"))
    for name in DEEDS:
        assert code(eve.post(f"{V1}/approvals/tasks/{task}/{name}", json={})) == (403, "R353")
        assert code(eve.post(f"{V1}/approvals/tasks/{task + 99}/{name}", json={})) == (403, "R353")
    assert code(eve.post(f"{V1}/approvals/{number}/withdraw")) == code(eve.post(f"{V1}/approvals/{number + 9}/withdraw")) == (403, "R356")


def test_the_document_tells_every_path(engine: Engine) -> None:
    paths = api(engine, "adm").get(f"{V1}/openapi.json").json()["paths"]
    for route in Approvals(engine).routes():
        assert isinstance(route, Route)
        path = route.path.replace(":int", "").replace("{object}", "deal")
        assert {m.lower() for m in route.methods or ()} - {"head"} <= paths[path].keys()
