"""What comes in: only from those who know the secret, once, never lost, never a 500; records, triggers and people hear of it."""

import itertools
import json
import threading
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import jsonschema
import pytest
from dougong.derive.openapi_doors import payload_schema
from dougong.engine import Engine
from dougong.fields.base import Reading
from dougong.flow.handlers import standard
from dougong.flow.worker import drain
from dougong.pipeline import read_app
from dougong.refusals import Refused
from dougong.runtime.channels.reading import read_payload
from dougong.runtime.clock import SettableClock
from dougong.runtime.users_sessions import create_token
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from tests.channels.apps import APP, NOON, SECRET, Gateway, post

NUMBERS = itertools.count()
READ = read_app({"app.yaml": APP}).app
assert READ is not None
APP_READ = READ
SETTINGS = ("CHANNEL_SMS", "CHANNEL_WECOM", "WEBHOOK_PAID", "WEBHOOK_DOUYIN")


@pytest.fixture(autouse=True)
def _secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SETTINGS:
        monkeypatch.setenv(f"DOUGONG_{name}_SECRET", SECRET)


@pytest.fixture
def client(engine: Engine) -> Iterator[TestClient]:
    with TestClient(engine.asgi(), base_url="http://doors") as client:
        yield client


def bearer(engine: Engine, login: str) -> dict[str, str]:
    with engine.system_session("test") as session:
        (user,) = session.find("user", where=f'login = "{login}"').records
    return {"authorization": f"Bearer {create_token(engine.database, user.id, 'test')[1]}"}


def made(engine: Engine, object: str, **values: Any) -> int:
    with engine.session("li") as session:
        return session.create(object, values).id


def row(engine: Engine, object: str, id: int) -> Any:
    with engine.system_session("test", write=False) as session:
        return session.get(object, id)


def test_a_message_finds_its_record_and_sets_triggers_off(engine: Engine, client: TestClient) -> None:
    lead = made(engine, "lead", name="甲", wecom_id="jia")
    other = post(client, "/channels/wecom/messages", {"from": "jia", "text": "在吗", "id": "m0"})
    asked = {"from": "jia", "text": "请报价", "id": "m1", "at": "2026-03-02T11:00:00+08:00", "extra": 1}
    first, second = (post(client, "/channels/wecom/messages", asked) for _ in range(2))
    assert (other.status_code, first.status_code, second.status_code) == (201, 201, 200)
    assert (first.json()["state"], second.json()["repeated"]) == ("done", True)
    found = row(engine, "lead", lead)
    assert (found["said"], found["hot"]) == ("请报价", True)
    told = client.get(f"/api/v1/lead/{lead}/conversation", headers=bearer(engine, "li")).json()["data"]
    assert [(x["direction"], x["text"]) for x in told if x["direction"] == "in"] == [("in", "在吗"), ("in", "请报价")]
    assert told[-1]["at"] == "2026-03-02T03:00:00.000Z"
    assert client.get(f"/api/v1/lead/{lead}/conversation", headers=bearer(engine, "ot")).status_code in (403, 404)


def test_a_stranger_becomes_a_lead(engine: Engine, client: TestClient) -> None:
    assert post(client, "/channels/wecom/messages", {"from": "nobody", "text": "你好", "id": "1"}).json()["state"] == "done"
    assert post(client, "/channels/sms/messages", {"from": "13900000000", "text": "你好", "id": "1"}).json()["state"] == "nobody"
    found = row(engine, "lead", 1)
    assert (found["name"], found["wecom_id"]) == ("你好", "nobody")


def test_who_says_stop_has_opted_out(engine: Engine, client: TestClient) -> None:
    lead = made(engine, "lead", name="甲", phone="13800000000")
    post(client, "/channels/sms/messages", {"from": "+86 138 0000 0000", "text": " stop ", "id": "1"})
    assert row(engine, "lead", lead)["quiet"] is True


def test_of_several_records_the_one_touched_last_is_meant(engine: Engine, client: TestClient) -> None:
    first, second = (made(engine, "lead", name=n, wecom_id="same") for n in "甲乙")
    assert isinstance(engine.clock, SettableClock)
    engine.clock.advance(timedelta(minutes=1))
    with engine.session("li") as session:
        session.update("lead", first, {"nickname": "x"})
    post(client, "/channels/wecom/messages", {"from": "same", "text": "样品", "id": "1"})
    assert [row(engine, "lead", n)["hot"] for n in (first, second)] == [True, False]


def test_webhook_data_reaches_its_record_and_what_follows(engine: Engine, client: TestClient) -> None:
    deal = made(engine, "deal", no="A1")
    answer = post(client, "/webhooks/paid", {"no": "A1", "amount": "12.5", "more": [1]}, Idempotency_Key="k1")
    again = post(client, "/webhooks/paid", {"no": "A1", "amount": "99"}, Idempotency_Key="k1")
    assert (answer.status_code, again.status_code, again.json()["repeated"]) == (201, 200, True)
    found = row(engine, "deal", deal)
    assert (str(found["paid"]), found["open"]) == ("12.50", False)
    gateway = Gateway()
    with gateway.opened() as url:
        drain(engine, standard({"DOUGONG_CONNECTOR_ERP_URL": url, "DOUGONG_CONNECTOR_ERP_SECRET": SECRET}))
    ((path, _, content),) = gateway.came
    assert (path, json.loads(content)) == ("/send/orders/A1/paid", {"amount": "12.50", "order": deal})
    assert post(client, "/webhooks/paid", {"no": "A1", "amount": "1"}).json()["state"] == "nobody", "it is not open any more"
    with engine.system_session("test", write=False) as session:
        (entry,) = session.trigger_log("deal", deal, "paid").entries
    assert (entry.event, entry.cause, entry.cause_id) == ("webhook paid received", "webhook", "paid k1")


def test_a_webhook_without_a_record_makes_one(engine: Engine, client: TestClient) -> None:
    assert post(client, "/webhooks/douyin", {"name": "抖音线索", "phone": 13800000000}).status_code == 201
    assert row(engine, "lead", 1)["phone"] == "13800000000"
    with engine.system_session("test", write=False) as session:
        assert [(e.object, e.record_id) for e in session.trigger_log(trigger="douyin").entries] == [(None, None)]


def test_everything_wrong_is_told_at_once_and_kept(engine: Engine, client: TestClient) -> None:
    answer = post(client, "/webhooks/paid", {"amount": "many", "on": "yesterday"})
    assert answer.status_code == 400
    assert {e["field"] for e in answer.json()["errors"]} == {"no", "amount", "on"}
    assert post(client, "/webhooks/paid", b"{").status_code == 400
    assert post(client, "/channels/sms/messages", {"text": ""}).status_code == 400
    boss = bearer(engine, "boss")
    kept = client.get("/api/v1/admin/received?state=malformed", headers=boss).json()
    assert [x["body"] for x in kept["data"]] == ['{"text": ""}', "{", '{"amount": "many", "on": "yesterday"}']
    assert kept["counts"] == {"done": 0, "nobody": 0, "malformed": 3, "refused": 0}
    assert client.get("/api/v1/admin/received", headers=bearer(engine, "li")).status_code == 403


def test_what_a_rule_refused_can_be_let_in_later(engine: Engine, client: TestClient) -> None:
    boss, sent = bearer(engine, "boss"), {"no": "A1", "amount": "12"}
    assert post(client, "/webhooks/paid", sent).json()["state"] == "nobody"
    deal = made(engine, "deal", no="A1")
    assert post(client, "/webhooks/paid", {"no": "A1", "amount": "5000"}).json()["state"] == "refused"
    assert row(engine, "deal", deal)["open"] is True
    assert client.post("/api/v1/admin/received/1/take", headers=boss).json()["state"] == "done"
    assert client.post("/api/v1/admin/received/1/take", headers=boss).status_code == 409
    assert client.post("/api/v1/admin/received/1/take", headers=bearer(engine, "li")).status_code == 403
    assert str(row(engine, "deal", deal)["paid"]) == "12.00"


@pytest.mark.parametrize("path", ["/channels/sms/messages", "/webhooks/paid"])
def test_only_who_knows_the_secret_comes_in(engine: Engine, client: TestClient, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = {"from": "1", "text": "x", "id": "1"}
    assert post(client, path, sent, secret="other").status_code == 401
    assert post(client, path, sent, at=NOON - timedelta(minutes=6)).status_code == 401
    assert client.post(f"/api/v1{path}", json=sent).status_code == 401
    assert post(client, path.replace("sms", "fax").replace("paid", "none"), sent).status_code == 404
    with engine.system_session("test", write=False) as session:
        assert session.came_in()[0] == []
    for name in SETTINGS:
        monkeypatch.delenv(f"DOUGONG_{name}_SECRET")
    assert post(client, path, sent).status_code == 503


def test_the_same_at_the_same_time_is_taken_in_once(engine: Engine, client: TestClient) -> None:
    answers: list[int] = []
    sent = {"name": "一次", "phone": "13800000000"}
    clients = [
        threading.Thread(target=lambda: answers.append(post(client, "/webhooks/douyin", sent, Idempotency_Key="x").status_code))
        for _ in range(6)
    ]
    for thread in clients:
        thread.start()
    for thread in clients:
        thread.join()
    assert sorted(answers) == [200] * 5 + [201]
    with engine.system_session("test", write=False) as session:
        assert session.count("lead") == 1


def test_a_form_is_heard_of_and_nothing_else(engine: Engine, client: TestClient) -> None:
    li = bearer(engine, "li")
    through = client.post("/api/v1/lead?form=quick", json={"name": "甲"}, headers=li).json()
    plain = client.post("/api/v1/lead", json={"name": "乙"}, headers=li).json()
    assert (through["nickname"], plain["nickname"]) == ("quick", None)
    changed = client.patch(f"/api/v1/lead/{plain['id']}?form=quick", json={"name": "丙"}, headers=li).json()
    assert changed["nickname"] == "quick"
    assert client.post("/api/v1/lead?form=quick", json={"name": "甲", "hot": True}, headers=li).json()["code"] == "R830"
    assert client.post("/api/v1/lead?form=none", json={"name": "甲"}, headers=li).json()["code"] == "R829"
    assert client.post("/api/v1/deal?form=quick", json={"no": "1"}, headers=li).json()["code"] == "R829"
    with engine.session("li") as session:
        assert [c.cause for c in session.history("lead", through["id"])][-1] == "form"
        with pytest.raises(Refused, match="R830"):
            session.submit_form("lead", "quick", {"said": "x"}, through["id"])


def test_names_of_what_came_in_are_no_objects(engine: Engine, client: TestClient) -> None:
    li = bearer(engine, "li")
    for name in ("webhook paid", "message sms"):
        assert client.post(f"/api/v1/{name}", json={}, headers=li).status_code == 404
        assert client.get(f"/api/v1/{name}/1", headers=li).status_code == 404


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["no", "amount", "on", "from", "text", "id", "x"]), inner, max_size=5)
    ),
    max_leaves=8,
)
BODIES = st.binary(max_size=30) | JSON.map(lambda value: json.dumps(value).encode())


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bodies=st.lists(BODIES, min_size=1, max_size=4), door=st.sampled_from(["/webhooks/paid", "/channels/wecom/messages"]))
def test_whatever_comes_is_answered_and_kept(engine: Engine, client: TestClient, bodies: list[bytes], door: str) -> None:
    for body in bodies:
        before = sum(came(engine)[1].values())
        answer = post(client, door, body, Idempotency_Key=f"{next(NUMBERS)}")
        assert answer.status_code in (200, 201, 202, 400), answer.text
        (newest, *_), counts = came(engine)
        is_new = not answer.json().get("repeated", False)
        assert sum(counts.values()) == before + is_new or (newest.state == "malformed" and not is_new)
        assert not is_new or newest.body.encode() == body or b"\x00" in body or b"\xef\xbf\xbd" in newest.body.encode()


def came(engine: Engine) -> Any:
    with engine.system_session("test", write=False) as session:
        return session.came_in()


@settings(max_examples=100)
@given(
    body=st.fixed_dictionaries(
        {},
        optional={
            "no": st.text(min_size=1, max_size=5) | JSON,
            "amount": st.integers(0, 10**6) | st.decimals(0, 10**6, places=2).map(str) | JSON,
            "on": st.dates(date(1900, 1, 1)).map(str) | JSON,
        },
    )
)
def test_what_the_schema_takes_is_read(body: dict[str, Any]) -> None:
    webhook = APP_READ.webhooks["paid"]
    values, problems = read_payload(webhook, json.dumps(body).encode(), Reading("zh", APP_READ.zone))
    missing = {name for name in ("no", "amount") if body.get(name) is None}
    assert missing <= {p.field for p in problems}
    is_valid = jsonschema.Draft202012Validator(payload_schema(webhook)).is_valid({k: v for k, v in body.items() if v is not None})
    blank = not str(body.get("no") or "").strip()
    if is_valid and not blank and not missing and str(body["no"]).isprintable():
        assert problems == []
        assert values["no"] == unicodedata.normalize("NFC", body["no"].strip())


def test_why_it_did_not_fire(engine: Engine, client: TestClient) -> None:
    lead = made(engine, "lead", name="甲", wecom_id="jia")
    said = {"from": "jia", "text": "在吗", "id": "1"}

    def why(trigger: str) -> list[str]:
        with engine.system_session("test", write=False) as session:
            found = session.explain_trigger(trigger, "lead", lead)
        return [step.said[0] for step in found.steps if step.about == "event"]

    assert why("asked") == ["“message on wecom”没有发生过：还没有收到过消息"]
    post(client, "/channels/wecom/messages", said)
    assert why("asked") == ["“message on wecom”没有发生过：收到过的消息里都没有 报价、样品"]
    post(client, "/channels/wecom/messages", said | {"text": "要样品", "id": "2"})
    assert why("asked") == ["“message on wecom”最近一次发生在 2026-03-02 12:00:00"]
    assert why("quick") == ["“form quick submitted”没有发生过"]
    with engine.session("li") as session:
        session.submit_form("lead", "quick", {"name": "乙"}, lead)
    assert why("quick") == ["“form quick submitted”最近一次发生在 2026-03-02 12:00:00"]


def test_administrators_see_it_on_a_page_and_let_it_in(engine: Engine, client: TestClient) -> None:
    post(client, "/webhooks/paid", {"no": "A1", "amount": "12"})
    post(client, "/webhooks/paid", {"amount": "<b>x</b>"})
    boss = bearer(engine, "boss")
    page = client.get("/admin/received", headers=boss).text
    assert "没有找到记录" in page and "A1" in page and "/admin/received/1/take" in page
    assert "&lt;b&gt;x" in client.get("/admin/received?state=malformed", headers=boss).text
    made(engine, "deal", no="A1")
    assert client.post("/admin/received/1/take", headers=boss, follow_redirects=False).status_code == 303
    assert "/o/deal/" in client.get("/admin/received?state=done", headers=boss).text
    assert client.get("/admin/received", headers=bearer(engine, "li")).status_code == 404
    assert client.get("/admin/triggers", headers=boss).status_code == 200


def test_the_story_of_a_record_tells_its_messages(engine: Engine, client: TestClient) -> None:
    lead = made(engine, "lead", name="甲", phone="13800000000", wecom_id="jia")
    post(client, "/channels/wecom/messages", {"from": "jia", "text": "请报价", "id": "1"})
    page = client.get(f"/o/lead/{lead}", headers=bearer(engine, "li")).text
    for words in ("请报价", "甲，您好", "等待发送", "收到"):
        assert words in page


def test_people_choose_their_channels(engine: Engine, client: TestClient) -> None:
    li = bearer(engine, "li")
    page = client.get("/me", headers=li).text
    assert 'name="channel" value="sms" checked' in page
    client.post("/me/told", data={"mail": ["notify"], "quiet_from": "", "quiet_until": "", "digest_at": ""}, headers=li)
    assert 'name="channel" value="sms">' in client.get("/me", headers=li).text
