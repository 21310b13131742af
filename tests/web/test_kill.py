"""`kill -9` of a server under load: every write that was acknowledged is there, with its history row."""

import signal
import time
from pathlib import Path

import httpx2
from dougong.engine import Engine
from dougong.runtime.users_sessions import create_token

from tests.web.serving import Load, serving
from tests.web.shop import shop, user_number, write_shop

KILLS = 2
CLIENTS = 6


def test_no_acknowledged_write_is_lost(tmp_path: Path, database_url: str) -> None:
    with shop(tmp_path / "shop", database_url) as engine:
        _, token = create_token(engine.database, user_number(engine, "boss"), "load")
    acknowledged: list[tuple[int, str, int]] = []
    for round_ in range(KILLS):

        def write(client: httpx2.Client, name: str, round_: int = round_) -> httpx2.Response:
            """Create a customer and change it; both answers are promises."""
            code = f"{round_}-{name}"
            made = client.post("/api/v1/customer", json={"code": code, "name": code})
            if made.status_code == 201:
                number = made.json()["id"]
                acknowledged.append((number, code, 1))
                changed = client.patch(f"/api/v1/customer/{number}", json={"phone": "13800000000"})
                if changed.status_code == 200:
                    acknowledged.append((number, code, 2))
            return made

        before = len(acknowledged)
        with serving(write_shop(tmp_path / "shop"), database_url) as (address, process), Load(address, token, CLIENTS, write) as load:
            deadline = time.monotonic() + 20
            while len(acknowledged) - before < 60 and time.monotonic() < deadline:
                time.sleep(0.05)
            process.send_signal(signal.SIGKILL)
            process.wait()
        assert set(load.statuses) == {201} and load.lost == CLIENTS
    assert len(acknowledged) >= 60 * KILLS
    check(tmp_path, database_url, acknowledged)


def check(tmp_path: Path, database_url: str, acknowledged: list[tuple[int, str, int]]) -> None:
    with Engine.open(tmp_path / "shop", database=database_url, apply=False) as engine, engine.system_session("test") as session:
        for number, code, version in acknowledged:
            record = session.get("customer", number)
            assert record["code"] == code and record.version >= version
        for number, _, version in acknowledged:
            kinds = [change.kind for change in session.history("customer", number)]
            assert kinds[::-1][:version] == ["created", "updated"][:version]
            assert len(kinds) == session.get("customer", number).version
