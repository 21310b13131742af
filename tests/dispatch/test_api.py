"""Pools over HTTP."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from dougong.engine import Engine
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.web.shop import SHOP, api, shop

V1 = "/api/v1"
POOLED = (
    SHOP
    + "\npools:\n  sea: {of: deal, by: [seller], shows: [name, amount], views_per_day: 3}\ntriggers:\n  drop: {on: deal created, when: name = 'x', do: [{recycle: sea}]}\n"
)


@pytest.fixture
def engine(tmp_path: Path, database_url: str) -> Iterator[Engine]:
    with shop(tmp_path / "shop", database_url, POOLED) as running:
        yield running


def test_look_claim_and_give_back(engine: Engine) -> None:
    ann, boss = api(engine, "ann"), api(engine, "boss")
    deal = ann.post(f"{V1}/deal", json={"name": "x", "amount": "3.5"}).json()["id"]
    page = ann.get(f"{V1}/pools/sea?limit=1").json()
    (found,) = page["data"]
    assert (found["id"], found["values"], found["refusals"]) == (deal, {"name": "x", "amount": "3.50"}, [])
    assert (page["object"], page["next_cursor"], page["views_left"]) == ("deal", None, 2)
    assert boss.get(f"{V1}/pools/sea").json()["code"] == "R371"
    assert ann.get(f"{V1}/pools/lake").json()["code"] == "R370"
    assert ann.get(f"{V1}/pools/sea?limit=0").json()["code"] == "R605"
    claimed = ann.post(f"{V1}/deal/{deal}/claim")
    assert (claimed.status_code, claimed.json()["pool"]) == (200, None)
    assert ann.post(f"{V1}/deal/{deal}/claim").json()["code"] == "R372"
    assert ann.post(f"{V1}/deal/{deal}/release", json={"reason": ""}).json()["code"] == "R379"
    assert ann.post(f"{V1}/deal/{deal}/release", json={"reason": 3}).status_code == 400
    assert ann.post(f"{V1}/deal/{deal}/release", json={"reason": "quiet", "pool": "lake"}).json()["code"] == "R370"
    assert ann.post(f"{V1}/deal/{deal}/release", json={"reason": "quiet"}).status_code == 204
    told = api(engine, "boss").get(f"{V1}/deal/{deal}/assignments", headers={"accept-language": "en"}).json()["data"]
    assert [(each["pool"], each["user"] is None) for each in told] == [(None, False), ("sea", True), (None, False), ("sea", True)]


def test_the_story_tells_who_claimed_and_which_pool_took_it(engine: Engine) -> None:
    ann = api(engine, "ann", "zh")
    deal = ann.post(f"{V1}/deal", json={"name": "x"}).json()["id"]
    ann.post(f"{V1}/deal/{deal}/claim")
    page = ann.get(f"/o/deal/{deal}").text
    assert "<b>安</b><span>从“sea”领取了这条记录</span>" in page and "进入公海时间" not in page
    ann.post(f"{V1}/deal/{deal}/release", json={"reason": "quiet"})
    page = api(engine, "boss", "zh").get(f"/o/deal/{deal}").text
    assert "<b>安</b><span>放回了“sea”</span>" in page and "<b>安</b><span>从“sea”领取了这条记录</span>" in page
    assert "进入公海时间" in page


def test_the_document_knows_pools(engine: Engine) -> None:
    document = api(engine, "boss").get(f"{V1}/openapi.json").json()
    OpenAPIV31SpecValidator(document).validate()
    assert {f"{V1}/pools/{{name}}", f"{V1}/deal/{{id}}/claim", f"{V1}/deal/{{id}}/release"} <= document["paths"].keys()
    assert f"{V1}/customer/{{id}}/claim" not in document["paths"]
