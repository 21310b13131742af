"""A database that goes away: 503 with a problem document, and everything works again once it is back, without a restart."""

import time
from pathlib import Path

import psycopg
import pytest
from dougong.database import postgresql
from starlette.testclient import TestClient

from tests import postgres
from tests.web.shop import api, shop


def answers(client: TestClient) -> list[tuple[int, str]]:
    found = [
        client.get("/readyz", headers={"accept": "application/json"}),
        client.get("/api/v1/customer"),
        client.post("/api/v1/customer", json={"name": "x"}),
    ]
    return [(r.status_code, r.json()["code"][:2] if r.status_code >= 400 else "") for r in found]


def test_connections_that_were_cut_are_made_anew(tmp_path: Path, postgres_url: str) -> None:
    with shop(tmp_path / "shop", postgres_url) as engine:
        client = api(engine, "boss")
        assert answers(client) == [(200, ""), (200, ""), (201, "")]
        with psycopg.connect(postgres_url, autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        for _ in range(4):
            assert {status for status, _ in answers(client)} <= {200, 201, 503}
        assert answers(client) == [(200, ""), (200, ""), (201, "")]


def test_a_server_that_is_down_is_503_until_it_is_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql, "WAIT_SECONDS", 1.0)
    with postgres.running() as server:
        url = postgres.create_database(server.url(), "shop")
        with shop(tmp_path / "shop", url) as engine:
            client = api(engine, "boss")
            assert client.get("/api/v1/customer").status_code == 200
            with psycopg.connect(server.url(), autocommit=True) as other:
                other.execute('ALTER DATABASE "shop" ALLOW_CONNECTIONS false')
                other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'shop'")
            assert answers(client) == [(503, "R9")] * 3
            page = client.get("/", headers={"accept": "text/html"})
            assert page.status_code == 503 and "<html" in page.text
            with psycopg.connect(server.url(), autocommit=True) as other:
                other.execute('ALTER DATABASE "shop" ALLOW_CONNECTIONS true')
            deadline = time.monotonic() + 60
            while client.get("/readyz").status_code == 503 and time.monotonic() < deadline:
                time.sleep(0.2)
            assert answers(client) == [(200, ""), (200, ""), (201, "")]
