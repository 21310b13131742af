"""What a refused form and a page that is not there say: once, with a link to the field, inside the frame of the app."""

from dougong.engine import Engine
from dougong.web.pages.forms import _both

from tests.web.shop import api


def test_a_check_links_to_the_field_it_speaks_of(engine: Engine) -> None:
    page = api(engine, "boss").post("/o/customer/new", data={"name": "X", "credit": "-1"})
    assert page.status_code == 422
    assert '<a href="#f-credit">Credit cannot be negative</a>' in page.text


def test_a_title_is_said_once(engine: Engine) -> None:
    page = api(engine, "boss", "zh").post("/o/deal/new", data={"name": "", "customer": "99999"}).text
    assert '<a href="#f-customer">找不到编号为 99999 的客户</a>' in page
    assert '<a href="#f-name">请填写名称</a>' in page
    assert "客户\uff1a客户" not in page and "<span>客户\uff1a" not in page


def test_what_is_not_there_is_said_inside_the_frame(engine: Engine) -> None:
    ann = api(engine, "ann")
    for address in ("/o/customer/99999", "/o/nope", "/nowhere"):
        page = ann.get(address, headers={"accept": "text/html"})
        assert page.status_code == 404 and 'class="rail"' in page.text and "/o/deal" in page.text, address


def test_nobody_is_offered_a_deletion_that_is_not_theirs(engine: Engine) -> None:
    ann, boss = api(engine, "ann"), api(engine, "boss")
    number = ann.post("/api/v1/customer", json={"name": "Mine"}).json()["id"]
    refused = ann.get(f"/o/customer/{number}/delete")
    assert refused.status_code == 403 and "You may not delete" in refused.text
    assert boss.get(f"/o/customer/{number}/delete").status_code == 200


def test_two_refusals_of_one_field_are_told_apart() -> None:
    assert _both("请填写客户", "保存后超出范围", "zh") == "请填写客户\uff1b保存后超出范围"
    assert _both("One.", "Two", "en") == "One. Two" and _both("One", "Two", "en") == "One; Two"
