"""The page by which an administrator hands over the work of somebody who leaves."""

from dougong.engine import Engine

from tests.web.shop import api, user_number

ZH = {"accept-language": "zh"}


def test_everything_goes_to_the_heir_and_the_account_is_closed(engine: Engine) -> None:
    boss, ann, bob = api(engine, "boss"), user_number(engine, "ann"), user_number(engine, "bob")
    with engine.session("ann") as session:
        number = session.create("customer", name="甲", owner=ann).id
    assert f'href="/admin/users/{ann}/handover"' in boss.get("/admin/users").text
    page = boss.get(f"/admin/users/{ann}/handover", headers=ZH).text
    assert "由谁接手" in page and f'<option value="{bob}">' in page and f'<option value="{ann}">' not in page
    done = boss.post(f"/admin/users/{ann}/handover", data={"to": str(bob)}, headers=ZH)
    assert done.status_code == 200 and "交接完成" in done.text
    with engine.reader("boss") as session:
        assert session.get("customer", number).owner == bob
        assert session.get("user", ann).active is False
    assert f'href="/admin/users/{ann}/handover"' not in boss.get("/admin/users").text


def test_what_cannot_go_is_told_and_nothing_goes(engine: Engine) -> None:
    boss, ann = api(engine, "boss"), user_number(engine, "ann")
    refused = boss.post(f"/admin/users/{ann}/handover", data={"to": str(ann), "all": "1"}, headers=ZH)
    assert refused.status_code == 422 and 'id="wrong"' in refused.text
    assert 'name="all" value="1" checked' in refused.text
    with engine.reader("boss") as session:
        assert session.get("user", ann).active is True


def test_nobody_else_hands_over(engine: Engine) -> None:
    ann, bob = api(engine, "ann"), user_number(engine, "bob")
    assert ann.get(f"/admin/users/{bob}/handover").status_code == 404
    assert ann.post(f"/admin/users/{bob}/handover", data={"to": ""}).status_code == 404
