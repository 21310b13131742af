"""Addresses that nobody is led to: an answer, never a fault."""

import pytest
from dougong.engine import Engine

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


def test_a_person_made_through_the_api_is_active(engine: Engine) -> None:
    made = api(engine, "boss").post("/api/v1/user", json={"login": "new", "name": "New", "roles": ["seller"]})
    assert (made.status_code, made.json()["active"]) == (201, True)
