"""Lists and boards show what their address asks for, or say why they show nothing."""

from pathlib import Path

import pytest
from dougong.engine import Engine
from starlette.testclient import TestClient

from tests.web.shop import SHOP, api, shop


def made(client: TestClient, kind: str, /, **values: object) -> int:
    answer = client.post(f"/api/v1/{kind}", json=values)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


@pytest.mark.parametrize(
    "address", ["customer?f.credit.ge=much", "customer?f.credit.between=1", "customer?f.nope.eq=1", "deal?view=board&f.amount.ge=x"]
)
def test_a_filter_that_cannot_be_understood_shows_nothing_and_says_so(engine: Engine, address: str) -> None:
    boss = api(engine, "boss")
    made(boss, "deal", name="Visible deal", customer=made(boss, "customer", name="Visible customer", credit=5))
    page = boss.get(f"/o/{address}")
    assert "cannot be understood" in page.text and "Visible" not in page.text
    place = address.partition("?")
    assert "<b>" not in boss.get(f"/o/{place[0]}/totals?{place[2]}").text


def test_a_piece_of_a_phone_number_finds_it(engine: Engine) -> None:
    boss = api(engine, "boss")
    made(boss, "customer", name="With a phone", phone="13800001234")
    made(boss, "customer", name="Another one", phone="13900009999")
    page = boss.get("/o/customer?f.phone.contains=1234").text
    assert "With a phone" in page and "Another one" not in page
    assert "With a phone" in boss.get("/o/customer?f.phone.starts=138").text


@pytest.mark.parametrize("address", ["customer?vew=all", "customer/{}?stroy=moved", "customer/new?nmae=x", "customer/totals?wher=1"])
def test_an_address_with_an_unknown_part_is_refused(engine: Engine, address: str) -> None:
    boss = api(engine, "boss")
    number = made(boss, "customer", name="One")
    page = boss.get("/o/" + address.format(number))
    assert page.status_code == 400 and "There is no parameter" in page.text
    assert boss.get("/search?query=x").status_code == 400


def test_a_view_that_is_not_there_is_said(engine: Engine) -> None:
    page = api(engine, "boss").get("/o/customer?view=bord")
    assert page.status_code == 404 and "did you mean `board`" in page.text


def test_a_link_in_the_address_is_filled_in_only_when_its_record_may_be_seen(engine: Engine) -> None:
    ann, bob = api(engine, "ann"), api(engine, "bob")
    theirs, mine = made(bob, "customer", name="Of Bob"), made(ann, "customer", name="Of Ann")
    assert f"#{theirs}" not in ann.get(f"/o/deal/new?customer={theirs}").text
    assert f'value="{mine}" selected' in ann.get(f"/o/deal/new?customer={mine}").text


@pytest.mark.parametrize("sought", ["%00", "a%00", "%25", "_", "%E2%80%8B"])
def test_a_search_for_what_no_text_holds_finds_nothing(engine: Engine, sought: str) -> None:
    boss = api(engine, "boss")
    made(boss, "customer", name="Alpha")
    assert "Alpha" not in boss.get(f"/o/customer?q={sought}").text
    assert boss.get(f"/api/v1/customer?search={sought}").json()["data"] == []


def test_prices_are_not_added_up(tmp_path: Path, database_url: str) -> None:
    amount = '      amount: money default 0 "金额" "Amount"\n'
    with shop(
        tmp_path / "shop",
        database_url,
        SHOP.replace(amount, f'{amount}      price: money "单价" "Price"\n      worth: money = count * price\n      count: integer\n'),
    ) as engine:
        boss = api(engine, "boss")
        made(boss, "deal", name="One", price=7, count=3)
        made(boss, "deal", name="Two", price=4, count=2)
        sums = boss.get("/o/deal/totals?columns=name,price,count,worth").text
        assert "29.00" in sums and "<b>5</b>" in sums and "11.00" not in sums
