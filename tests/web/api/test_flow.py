"""Proposals, what is due, triggers and jobs over HTTP: who may ask, and what the answers say."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dougong.engine import Engine
from dougong.runtime.jobs.outbox import enqueue
from dougong.web.api.flow import Flow
from dougong.web.api.jobs import Jobs
from starlette.routing import Route
from starlette.testclient import TestClient

from tests.web.shop import SHOP, api, shop, user_number

V1 = "/api/v1"
DEADLINE = SHOP.replace("start: true}", "start: true, overdue: after 3 working days}")
FLOWING = (
    DEADLINE
    + """
triggers:
  big:
    on: deal.amount changed
    when: amount > 10
    do:
      - set: {reason: "'big'"}
  propose:
    on: deal.amount changed
    when: amount > 100
    do:
      - propose_move: {to: won, for: owner}
"""
)


@pytest.fixture
def engine(tmp_path: Path, database_url: str) -> Iterator[Engine]:
    with shop(tmp_path / "shop", database_url, FLOWING) as running:
        yield running


@pytest.fixture
def boss(engine: Engine) -> TestClient:
    return api(engine, "boss")


@pytest.fixture
def ann(engine: Engine) -> TestClient:
    return api(engine, "ann")


def code(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


def proposed(ann: TestClient) -> tuple[int, dict[str, Any]]:
    """A deal of Ann's of which a move is proposed to her."""
    deal = ann.post(f"{V1}/deal", json={"name": "a"}).json()["id"]
    assert ann.patch(f"{V1}/deal/{deal}", json={"amount": "200"}).status_code == 200
    (found,) = [p for p in ann.get(f"{V1}/inbox/proposals").json()["data"] if p["record"] == deal]
    return deal, found


def test_a_proposal_is_told_and_accepted(ann: TestClient, boss: TestClient) -> None:
    deal, found = proposed(ann)
    assert (found["object"], found["record"], found["from"], found["to"], found["trigger"]) == ("deal", deal, "open", "won", "propose")
    (message,) = ann.get(f"{V1}/inbox?unread=true").json()["data"]
    assert (message["kind"], message["record"], message["text"]) == ("proposal", deal, "Proposed move to “Won”")
    url = f"{V1}/inbox/proposals/{found['id']}"
    assert code(boss.post(f"{url}/accept")) == (404, "R432")
    assert code(ann.post(f"{url}/accept", json={"values": 1})) == (400, "R607")
    assert code(ann.post(f"{url}/accept", json={"reason": "x"})) == (400, "R607")
    done = ann.post(f"{url}/accept", json={"values": {"reason": "good"}})
    assert (done.status_code, done.json()["stage"], done.json()["reason"]) == (200, "won", "good")
    assert ann.get(f"{V1}/inbox/proposals").json() == {"data": []}
    assert ann.get(f"{V1}/inbox?unread=true").json()["unread"] == 0


def test_a_proposal_is_declined(ann: TestClient) -> None:
    first, found = proposed(ann)
    second, _ = proposed(ann)
    assert ann.post(f"{V1}/inbox/proposals/{found['id']}/decline").status_code == 204
    assert [p["record"] for p in ann.get(f"{V1}/inbox/proposals").json()["data"]] == [second]
    assert [m["record"] for m in ann.get(f"{V1}/inbox?unread=true").json()["data"]] == [second]
    assert ann.get(f"{V1}/deal/{first}").json()["stage"] == "open"


def test_what_is_due_is_told_to_whoever_sees_the_record(engine: Engine, ann: TestClient) -> None:
    deal = ann.post(f"{V1}/deal", json={"name": "a"}).json()
    (due,) = ann.get(f"{V1}/deal/{deal['id']}/dues").json()["data"]
    assert (due["kind"], due["title"], due["due_at"]) == ("overdue", "Deadline of “Open”", deal["due_at"])
    assert due["amounts"] == ["3 working days"]
    assert due["sentence"].startswith("Deadline of “Open”: 3 working days from ")
    assert due["clause"].startswith("app.yaml:")
    assert api(engine, "ann", "zh").get(f"{V1}/deal/{deal['id']}/dues").json()["data"][0]["title"] == "“进行中”的时限"
    assert code(api(engine, "bob").get(f"{V1}/deal/{deal['id']}/dues")) == (404, "R404")


def test_triggers_are_explained_to_administrators(ann: TestClient, boss: TestClient) -> None:
    deal = ann.post(f"{V1}/deal", json={"name": "a"}).json()["id"]
    ann.patch(f"{V1}/deal/{deal}", json={"amount": "5"})
    url = f"{V1}/deal/{deal}/triggers/big"
    found = boss.get(url).json()
    assert (found["has_fired"], found["verdict"]) == (False, "It has not fired: it happened, but the condition did not hold")
    assert [(s["about"], s["holds"]) for s in found["steps"]] == [("event", True), ("condition", False)]
    assert "10" in boss.post(f"{url}/dry-run").json()["why_not"]
    ann.patch(f"{V1}/deal/{deal}", json={"amount": "50"})
    tried = boss.post(f"{url}/dry-run").json()
    assert [f["trigger"] for f in tried["firings"]] == ["big"]
    page = boss.get(f"{V1}/admin/triggers?object=deal&record={deal}&trigger=big&limit=1").json()
    (entry,) = page["data"]
    assert (entry["trigger"], entry["record"], entry["actor"]["name"], entry["did"][0]["fields"]) == (
        "big",
        deal,
        "安",
        {"reason": [None, "big"]},
    )
    assert page["next_cursor"] is None
    for asked in (ann.get(url), ann.post(f"{url}/dry-run"), ann.get(f"{V1}/admin/triggers")):
        assert code(asked) == (403, "R430")
    assert code(boss.get(f"{V1}/deal/{deal}/triggers/none")) == (404, "R431")


def test_jobs_are_mended_by_administrators(engine: Engine, ann: TestClient, boss: TestClient) -> None:
    with engine.system_session("test") as session:
        jobs = [enqueue(session.unit, "mail", {"to": "nowhere"}, key=str(n)) for n in range(2)]
    with engine.database.write() as connection:
        connection.run("UPDATE dg_job SET state = 'dead', error = 'no such person'")
    found = boss.get(f"{V1}/admin/jobs").json()
    assert [(x["id"], x["state"], x["error"]) for x in found["data"]] == [(n, "dead", "no such person") for n in reversed(jobs)]
    assert (found["counts"]["dead"], found["counts"]["waiting"]) == (2, 0)
    assert [x["id"] for x in boss.get(f"{V1}/admin/jobs?before={jobs[1]}&limit=1").json()["data"]] == [jobs[0]]
    one = f"{V1}/admin/jobs/{jobs[0]}"
    assert boss.post(f"{one}/resend", json={"payload": {"to": "a@example.com"}}).status_code == 204
    assert code(boss.post(f"{one}/resend")) == (404, "R803")
    mended = boss.get(one).json()
    assert (mended["state"], mended["payload"]) == ("waiting", {"to": "a@example.com"})
    me = user_number(engine, "boss")
    assert [(a["outcome"], a["actor"], a["payload"]) for a in mended["attempts"]] == [
        ("mended", me, {"to": "nowhere"}),
        ("resent", me, None),
    ]
    assert boss.post(f"{V1}/admin/jobs/{jobs[1]}/give-up").status_code == 204
    assert [x["id"] for x in boss.get(f"{V1}/admin/jobs?state=cancelled").json()["data"]] == [jobs[1]]
    assert code(boss.get(f"{V1}/admin/jobs?state=lost")) == (400, "R605")
    for asked in (ann.get(f"{V1}/admin/jobs"), ann.get(one), ann.post(f"{one}/resend"), ann.post(f"{one}/give-up")):
        assert code(asked) == (403, "R802")


def test_every_route_is_described(engine: Engine, boss: TestClient) -> None:
    paths = boss.get(f"{V1}/openapi.json").json()["paths"]
    for route in (*Flow(engine).routes(), *Jobs(engine).routes()):
        assert isinstance(route, Route)
        path = route.path.replace(":int", "").replace("{object}", "deal")
        assert path in paths
        described = {method.upper() for method in paths[path] if method != "parameters"}
        assert described == {m for m in route.methods or () if m != "HEAD"}
        assert TestClient(engine.asgi()).request(next(iter(described)), path.format(id=1, trigger="big")).status_code == 401
