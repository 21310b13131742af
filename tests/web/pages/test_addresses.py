"""Addresses that nobody is led to: an answer, never a fault."""

import re

import pytest
from dougong.engine import Engine
from dougong.web.pages.routes import routes
from starlette.routing import Route

from tests.web.shop import api


@pytest.mark.parametrize(
    "address", ["customer/{}/move/won", "deal/{}/move/nope", "customer/{}/field/nope", "customer/999/edit", "nope", "nope/1"]
)
def test_an_address_that_is_not_there_says_so(engine: Engine, address: str) -> None:
    ann = api(engine, "ann")
    customer = ann.post("/api/v1/customer", json={"name": "Mine"}).json()["id"]
    deal = ann.post("/api/v1/deal", json={"name": "Big", "customer": customer}).json()["id"]
    found = ann.get("/o/" + address.format(deal if address.startswith("deal") else customer))
    assert found.status_code in (303, 404), found.text


@pytest.mark.parametrize("number", [2**62, 2**63, 10**40])
def test_a_number_that_no_record_can_have_is_a_page_that_is_not_there(engine: Engine, number: int) -> None:
    boss = api(engine, "boss")
    found: dict[str, int] = {}
    for route in (r for r in routes() if isinstance(r, Route) and ":key}" in r.path):
        path = re.sub(r"\{\w+\}", "customer", re.sub(r"\{\w+:key\}", str(number), route.path))
        for method in route.methods or ():
            found[f"{method} {route.path}"] = boss.request(method, path, follow_redirects=False).status_code
    assert len(found) > 40
    assert {line: status for line, status in found.items() if status >= 500} == {}


def test_a_person_made_through_the_api_is_active(engine: Engine) -> None:
    made = api(engine, "boss").post("/api/v1/user", json={"login": "new", "name": "New", "roles": ["seller"]})
    assert (made.status_code, made.json()["active"]) == (201, True)
