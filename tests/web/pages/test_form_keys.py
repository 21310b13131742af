"""A form that is sent twice makes one record; changed in between, or opened anew, it makes another."""

import re

from dougong.engine import Engine
from starlette.testclient import TestClient

from tests.web.shop import api


def key_of(page: str) -> str:
    found = re.search(r'name="_key" value="([^"]+)"', page)
    assert found is not None, page
    return found[1]


def names(client: TestClient) -> list[str]:
    return sorted(r["name"] for r in client.get("/api/v1/customer").json()["data"])


def test_a_form_sent_twice_makes_one_record(engine: Engine) -> None:
    ann = api(engine, "ann")
    key = key_of(ann.get("/o/customer/new").text)
    first, second = (ann.post("/o/customer/new", data={"name": "Once", "_key": key}) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["location"] == second.headers["location"]
    assert names(ann) == ["Once"]


def test_another_text_or_another_form_is_another_record(engine: Engine) -> None:
    ann = api(engine, "ann")
    key = key_of(ann.get("/o/customer/new").text)
    other = key_of(ann.get("/o/customer/new").text)
    for name, sent in [("A", key), ("B", key), ("A", other)]:
        assert ann.post("/o/customer/new", data={"name": name, "_key": sent}).status_code == 303
    assert names(ann) == ["A", "A", "B"]


def test_a_refused_form_keeps_its_key_and_may_be_sent_again(engine: Engine) -> None:
    ann = api(engine, "ann")
    key = key_of(ann.get("/o/customer/new").text)
    refused = ann.post("/o/customer/new", data={"name": "", "_key": key})
    assert refused.status_code == 422 and key_of(refused.text) == key
    assert ann.post("/o/customer/new", data={"name": "Mended", "_key": key}).status_code == 303
    assert names(ann) == ["Mended"]


def test_a_move_sent_twice_is_one_move(engine: Engine) -> None:
    with engine.session("ann") as session:
        deal = session.create("deal", name="Twice").id
    ann = api(engine, "ann")
    page = ann.get(f"/o/deal/{deal}").text
    sent = {"_key": key_of(page), "_version": "1"}
    answers = [ann.post(f"/o/deal/{deal}/move/won", data=sent) for _ in range(2)]
    assert [(a.status_code, a.headers["location"]) for a in answers] == [(303, f"/o/deal/{deal}?note=moved")] * 2
    moved = [c for c in ann.get(f"/api/v1/deal/{deal}/history").json()["data"] if c["kind"] == "moved"]
    assert len(moved) == 1
    assert ann.post(f"/o/deal/{deal}/move/won", data=sent | {"_key": "another"}).status_code == 422


def test_a_comment_sent_twice_is_said_once(engine: Engine) -> None:
    with engine.session("ann") as session:
        deal = session.create("deal", name="Twice").id
    ann = api(engine, "ann")
    key = key_of(ann.get(f"/o/deal/{deal}").text)
    for _ in range(2):
        assert ann.post(f"/o/deal/{deal}/comments", data={"_key": key, "text": "Hello"}).status_code == 303
    ann.post(f"/o/deal/{deal}/comments", data={"_key": key, "text": "Hello again"})
    assert [c["text"] for c in ann.get(f"/api/v1/deal/{deal}/comments").json()["data"]] == ["Hello", "Hello again"]


def test_a_todo_is_claimed_once_however_often_it_is_sent(engine: Engine) -> None:
    with engine.system_session("test") as session:
        deal = session.create("deal", name="Look at it").id
        (todo,) = session.add_todos([(None, "seller", None)], ("看一下", "Look"), "deal", deal)
    ann = api(engine, "ann")
    key = key_of(ann.get("/todos").text)
    assert [ann.post(f"/todos/{todo}/claim", data={"_key": key}).status_code for _ in range(2)] == [303, 303]
    assert ann.post(f"/todos/{todo}/claim", data={"_key": "another"}).status_code == 404
