"""A running server picks up a new release without failing a request."""

import socket
import subprocess
import time
from pathlib import Path

import httpx2
import pytest
from dougong.runtime.users_sessions import create_token

from tests.web.serving import DOUGONG, Load, serving
from tests.web.shop import SHOP, shop, user_number, write_shop

ADDED = SHOP.replace("      region: choice", '      nickname: text "简称" "Nickname"\n      region: choice')
RENAMED = ADDED.replace('phone: phone "电话" "Phone"', "{type: phone, was: phone, title: 手机}").replace(
    "      {type: phone", "      mobile: {type: phone"
)


def work(client: httpx2.Client, name: str) -> httpx2.Response:
    """Reads and writes that name no field which is about to be renamed; the answers hold whatever the release says."""
    made = client.post("/api/v1/customer", json={"name": name})
    for answer in (made, client.get("/api/v1/customer?order=-id&limit=20"), client.get("/api/v1/openapi.json")):
        if answer.status_code >= 400:
            return answer
    return client.patch(f"/api/v1/customer/{made.json()['id']}", json={"region": "east"})


@pytest.mark.parametrize("options", [(), ("--workers", "2")])
def test_no_request_fails_while_fields_are_added_and_renamed(tmp_path: Path, database_url: str, options: tuple[str, ...]) -> None:
    if options and database_url.startswith("sqlite"):
        refused = subprocess.run(
            [DOUGONG, "serve", str(tmp_path), "--db", database_url, *options], capture_output=True, text=True, check=False
        )
        assert refused.returncode == 2 and "PostgreSQL" in refused.stderr
        return
    with shop(tmp_path / "shop", database_url) as engine:
        _, token = create_token(engine.database, user_number(engine, "boss"), "load")
    folder = tmp_path / "shop"
    port = ("--port", str(free_port())) if options else ()
    with serving(folder, database_url, *options, *port) as (address, _):
        wait_until_up(address)
        with Load(address, token, 4, work) as load:
            for text in (ADDED, RENAMED):
                write_shop(folder, text)
                command = [str(DOUGONG), "apply", str(folder), "--db", database_url, "--yes", "--lang", "en"]
                applied = subprocess.run(command, capture_output=True, text=True, check=False)
                assert applied.returncode == 0, applied.stdout + applied.stderr
            time.sleep(1)
        with httpx2.Client(base_url=address, headers={"authorization": f"Bearer {token}"}) as client:
            names = set(client.get("/api/v1/customer?limit=1").json()["data"][0])
    assert {"nickname", "mobile"} <= names and "phone" not in names
    assert set(load.statuses) == {200} and load.lost == 0, (load.statuses, load.lost, load.answers)


def free_port() -> int:
    """A port that nobody listens on: several processes cannot ask for any."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until_up(address: str) -> None:
    transport = httpx2.HTTPTransport(retries=50)
    with httpx2.Client(base_url=address, transport=transport, timeout=30) as client:
        assert client.get("/readyz").json()["status"] == "ready"
