"""To-dos, inbox, absences and comments over HTTP."""

from typing import Any

import pytest
from dougong.engine import Engine
from dougong.web.api.people import People
from starlette.routing import Route
from starlette.testclient import TestClient

from tests.web.shop import api, user_number

V1 = "/api/v1"


@pytest.fixture
def boss(engine: Engine) -> TestClient:
    return api(engine, "boss")


def code(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


def test_to_dos(engine: Engine, boss: TestClient) -> None:
    made = boss.post(f"{V1}/customer", json={"name": "宁波某厂"}).json()["id"]
    me = user_number(engine, "boss")
    with engine.system_session("test") as session:
        own, free = session.add_todos([(me, None, None), (None, "boss", None)], ("做", "do"), "customer", made)
    (todo,) = boss.get(f"{V1}/todos").json()["data"]
    assert (todo["id"], todo["text"], todo["object"], todo["record"], todo["title"]) == (own, "do", "customer", made, "宁波某厂")
    assert [t["role"] for t in boss.get(f"{V1}/todos?claimable=true").json()["data"]] == ["boss"]
    assert boss.post(f"{V1}/todos/{free}/claim").status_code == 204
    assert boss.post(f"{V1}/todos/{free}/give-back").status_code == 204
    assert code(boss.post(f"{V1}/todos/{own}/give-back")) == (409, "R411")
    assert boss.post(f"{V1}/todos/{own}/finish").status_code == 204
    assert code(boss.post(f"{V1}/todos/{own}/finish")) == (404, "R409")
    assert code(boss.get(f"{V1}/todos?claimable=yes"))[0] == 400
    assert code(boss.get(f"{V1}/todos?mine=true"))[0] == 400


def test_inbox_and_preferences(engine: Engine, boss: TestClient) -> None:
    me = user_number(engine, "boss")
    with engine.system_session("test") as session:
        for text in ("一", "二"):
            session.notify([me], (text, text), ("inbox",))
    found = boss.get(f"{V1}/inbox?unread=true&limit=1").json()
    assert ([m["text"] for m in found["data"]], found["unread"]) == (["二"], 2)
    last = found["data"][0]["id"]
    assert [m["text"] for m in boss.get(f"{V1}/inbox?before={last}").json()["data"]] == ["一"]
    assert boss.post(f"{V1}/inbox/{last}/read").status_code == 204
    assert boss.post(f"{V1}/inbox/read").json() == {"read": 1}
    assert boss.get(f"{V1}/inbox?unread=true").json() == {"data": [], "unread": 0}
    wanted = {"muted": ["mail:mention"], "quiet_from": "22:00", "quiet_until": "08:00", "digest_at": "18:00"}
    assert boss.put(f"{V1}/inbox/preferences", json=wanted).json() == wanted
    assert boss.get(f"{V1}/inbox/preferences").json() == wanted
    assert code(boss.put(f"{V1}/inbox/preferences", json={"digest_at": "6"})) == (422, "R418")
    assert code(boss.put(f"{V1}/inbox/preferences", json={"mute": []}))[0] == 400


def test_comments(engine: Engine, boss: TestClient) -> None:
    made = boss.post(f"{V1}/customer", json={"name": "宁波某厂"}).json()["id"]
    url = f"{V1}/customer/{made}/comments"
    said = boss.post(url, json={"text": "好"})
    assert (said.status_code, said.json()["text"], said.json()["author"]["name"]) == (201, "好", said.json()["author"]["name"])
    one = f"{url}/{said.json()['id']}"
    assert boss.patch(one, json={"text": "很好"}).json()["text"] == "很好"
    assert [c["text"] for c in boss.get(url).json()["data"]] == ["很好"]
    assert boss.delete(one).status_code == 204
    assert [c["text"] for c in boss.get(url).json()["data"]] == [None]
    assert code(boss.post(url, json={"text": " "})) == (422, "R414")
    assert code(boss.get(f"{V1}/customer/999/comments")) == (404, "R404")
    assert TestClient(engine.asgi()).get(url).status_code == 401


def test_absences(engine: Engine, boss: TestClient) -> None:
    other = user_number(engine, "ann")
    given = {"from": "2099-03-01T00:00:00Z", "until": "2099-03-08T00:00:00Z", "delegate": other}
    made = boss.post(f"{V1}/absences", json=given)
    assert made.status_code == 201
    (found,) = boss.get(f"{V1}/absences").json()["data"]
    assert (found["id"], found["delegate"], found["from"]) == (made.json()["id"], other, "2099-03-01T00:00:00.000Z")
    assert code(boss.post(f"{V1}/absences", json=given | {"from": "2099-03-01"}))[0] == 400
    assert code(boss.post(f"{V1}/absences", json=given | {"until": "2098-01-01T00:00:00Z"})) == (422, "R417")
    assert boss.delete(f"{V1}/absences/{found['id']}").status_code == 204
    assert boss.get(f"{V1}/absences").json() == {"data": []}


def test_every_route_is_described(engine: Engine, boss: TestClient) -> None:
    paths = boss.get(f"{V1}/openapi.json").json()["paths"]
    for route in People(engine).routes():
        assert isinstance(route, Route)
        path = route.path.replace(":int", "").replace("{object}", "customer")
        assert path in paths
        described = {method.upper() for method in paths[path] if method != "parameters"}
        assert described == {m for m in route.methods or () if m != "HEAD"}
