"""What came in is forgotten in time: as long as each door says, what waits for somebody later, in batches; the sender's name is known till then."""

import json
from datetime import timedelta

import pytest
from dougong.engine import Engine
from dougong.flow import forgetting
from dougong.flow.worker import drain
from dougong.runtime.clock import SettableClock

from tests.channels.apps import NOON


def left(engine: Engine) -> list[str]:
    with engine.database.read() as connection:
        return [name for (name,) in connection.all("SELECT external_id FROM dg_received ORDER BY external_id")]


def take(engine: Engine, name: str) -> bool:
    """Whether it is taken in now, and not as a repetition. What it is called says what it is."""
    body = {"a": {"no": "A1", "amount": 1}, "b": {"name": "B", "phone": "13800000000"}, "z": {"no": "?", "amount": 1}}[name[0]]
    with engine.system_session("test") as session:
        door = "douyin" if name[0] == "b" else "paid"
        return not session.receive_webhook(door, json.dumps(body).encode(), name).repeated


def after(engine: Engine, days: float) -> list[str]:
    assert isinstance(engine.clock, SettableClock)
    engine.clock.set(NOON + timedelta(days=days))
    drain(engine, {})
    return left(engine)


def test_each_door_is_forgotten_in_its_time(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forgetting, "AT_ONCE", 2)  # several batches
    with engine.system_session("test") as session:
        session.create("deal", no="A1", open=True)
        lead = session.create("lead", name="L", phone="13900000000").id
        session.receive("sms", "13900000000", "你好", id="m")
    names = ["a1", "b1", "b2", "b3", "z1"]
    assert [take(engine, name) for name in names] == [True, True, True, True, True]
    assert after(engine, 9.9) == [*names[:4], "m", "z1"]
    assert (take(engine, "b1"), take(engine, "a1")) == (False, False)
    assert after(engine, 10.1) == ["a1", "m", "z1"]
    assert take(engine, "b1")
    assert after(engine, 89.9) == ["a1", "m", "z1"]
    assert after(engine, 90.1) == ["z1"]
    with engine.system_session("test", write=False) as session:
        assert [said.text for said in session.conversation("lead", lead) if said.direction == "in"] == ["你好"]
    assert after(engine, 364) == ["z1"]
    assert after(engine, 366) == []
