"""Every request that writes is done once for each `Idempotency-Key`: the table of routes is gone over, so that a new one cannot be forgotten."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dougong.derive.openapi import openapi
from dougong.engine import Engine
from dougong.web.api.routes import routes
from starlette.routing import Route
from starlette.testclient import TestClient

from tests.web.shop import SHOP, api, shop

V1 = "/api/v1"
APP = (
    SHOP.replace("pipelines:\n", "  share:\n    fields: {deal: link deal required as shares, amount: money required}\n\npipelines:\n")
    .replace("      - open -> lost asks(reason)\n", "      - open -> lost asks(reason)\n    splits: {into: share, sums: [amount]}\n")
    .replace(
        '"read, create, update, move, delete, import deal"\n',
        '"read, create, update, move, delete, import deal"\n      - "read, create, update, delete share"\n',
    )
)
# What each route has to be given to be understood; the records need not be there: the key is looked at first
BODIES: dict[tuple[str, str], Any] = {
    ("POST", "/todos/{id}/claim"): None,
    ("POST", "/todos/{id}/finish"): None,
    ("POST", "/todos/{id}/give-back"): None,
    ("POST", "/inbox/read"): None,
    ("PUT", "/inbox/preferences"): {"muted": []},
    ("POST", "/inbox/{id}/read"): None,
    ("POST", "/absences"): {"from": "2026-03-02T00:00:00Z", "until": "2026-03-03T00:00:00Z", "delegate": 2},
    ("DELETE", "/absences/{id}"): None,
    ("POST", "/{object}/{id}/comments"): {"text": "好"},
    ("DELETE", "/{object}/{id}/comments/{comment}"): None,
    ("PATCH", "/{object}/{id}/comments/{comment}"): {"text": "好"},
    ("POST", "/approvals/tasks/{id}/approve"): {},
    ("POST", "/approvals/tasks/{id}/reject"): {"reason": "太贵"},
    ("POST", "/approvals/tasks/{id}/return"): {"reason": "补"},
    ("POST", "/approvals/tasks/{id}/transfer"): {"to": "bob"},
    ("POST", "/approvals/tasks/{id}/add-signer"): {"to": "bob", "before": True},
    ("POST", "/approvals/{id}/withdraw"): None,
    ("POST", "/{object}/{id}/approvals"): {"approval": "pay"},
    ("POST", "/inbox/proposals/{id}/accept"): None,
    ("POST", "/inbox/proposals/{id}/decline"): None,
    ("POST", "/{object}/{id}/triggers/{trigger}/dry-run"): None,
    ("POST", "/admin/jobs/{id}/resend"): {},
    ("POST", "/admin/jobs/{id}/give-up"): None,
    ("POST", "/{object}/{id}/claim"): None,
    ("POST", "/{object}/{id}/release"): {"reason": "忙"},
    ("DELETE", "/{object}/{id}/actions/{action}"): None,
    ("POST", "/{object}/{id}/actions/{action}"): {},
    ("POST", "/{object}/{id}/exceptions"): {"stage": "won", "item": "x", "reason": "急", "until": "2026-03-03T00:00:00Z"},
    ("POST", "/admin/received/{id}/take"): None,
    ("POST", "/{object}/{id}/split"): {"parts": []},
    ("POST", "/{object}"): {"name": "一"},
    ("DELETE", "/{object}/{id}"): None,
    ("PATCH", "/{object}/{id}"): {"name": "一"},
    ("POST", "/{object}/{id}/move"): {"to": "won"},
    ("POST", "/files"): b"%PDF",
}
SIGNED = {
    ("POST", "/channels/{name}/messages"),
    ("POST", "/webhooks/{name}"),
}  # their senders name what they send: tests/channels/test_doors.py


@pytest.fixture
def shop_of_shares(tmp_path: Path, database_url: str) -> Iterator[Engine]:
    with shop(tmp_path / "shop", database_url, APP) as running:
        yield running


def sent(client: TestClient, method: str, path: str, body: Any, key: str) -> Any:
    given: dict[str, Any] = {} if body is None else {"content": body} if isinstance(body, bytes) else {"json": body}
    query = {"name": "a.pdf"} if path == "/files" else {}
    return client.request(method, V1 + path, params=query, headers={"idempotency-key": key}, **given)


def test_every_route_that_writes_looks_at_the_key_first(tmp_path: Path) -> None:
    with shop(tmp_path / "shop", f"sqlite:///{tmp_path / 'shop.db'}", APP) as engine:
        known = {
            (method, route.path.removeprefix(V1).replace(":int}", "}"))
            for route in routes(engine)
            if isinstance(route, Route)
            for method in (route.methods or set()) - {"GET", "HEAD"}
        }
        assert known == BODIES.keys() | SIGNED
        boss = api(engine, "boss")
        assert sent(boss, "POST", "/customer", {"name": "先来的"}, "taken").status_code == 201
        for (method, path), body in BODIES.items():
            place = path.format(object="deal", id=1, comment=1, trigger="t", action="a")
            answer = sent(boss, method, place, body, "taken")
            assert (answer.status_code, answer.json()["code"]) == (422, "R502"), (method, path, answer.text)
        key = {"$ref": "#/components/parameters/idempotency_key"}
        paths = openapi(engine.app)["paths"]
        writes = [paths[path][method] for path in paths for method in paths[path] if method in ("post", "put", "patch", "delete")]
        assert len(writes) > 30
        assert [each["operationId"] for each in writes if each.get("parameters", []).count(key) != 1] == []


def test_what_is_sent_again_is_answered_as_before(shop_of_shares: Engine) -> None:
    engine = shop_of_shares
    boss = api(engine, "boss")
    deal = boss.post(f"{V1}/deal", json={"name": "泵", "amount": "10"}).json()["id"]
    wrong = boss.post(f"{V1}/customer", json={"name": "错"}).json()["id"]
    requests: list[tuple[str, str, Any, int]] = [
        ("POST", f"/deal/{deal}/split", {"parts": [{"amount": "6"}, {"amount": "4"}]}, 200),
        ("POST", f"/deal/{deal}/comments", {"text": "好"}, 201),
        ("PATCH", f"/deal/{deal}", {"name": "泵体"}, 200),
        ("POST", "/files", b"%PDF-1.7", 201),
        ("POST", f"/deal/{deal}/move", {"to": "won"}, 200),
        ("DELETE", f"/customer/{wrong}", None, 204),
    ]
    for number, (method, path, body, status) in enumerate(requests):
        first, again = (sent(boss, method, path, body, f"k{number}") for _ in range(2))
        assert (first.status_code, again.status_code) == (status, status), (path, first.text, again.text)
        assert (again.content, again.headers["idempotency-replayed"]) == (first.content, "true")
    with engine.system_session("test", write=False) as session:
        assert (session.count("share"), len(session.comments("deal", deal))) == (2, 1)
        assert [c.kind for c in session.history("deal", deal)] == ["moved", "updated", "created"]
    with engine.database.read() as connection:
        assert connection.one("SELECT count(*) FROM dg_file") == (1,)
