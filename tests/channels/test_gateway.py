"""Messages that go out: through a real server, signed, once for each key, in the channel's hours, never to who does not want them."""

import json
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dougong.engine import Engine
from dougong.flow.handlers import standard
from dougong.flow.worker import drain
from dougong.refusals import Refused
from dougong.runtime.channels.channel import Undeliverable, Undelivered
from dougong.runtime.channels.doors import Door, door
from dougong.runtime.channels.gateway import send
from dougong.runtime.channels.signature import SIGNATURE, TIMESTAMP, signed, verify
from dougong.runtime.channels.wishes import cut, next_open
from dougong.runtime.clock import SettableClock
from dougong.runtime.jobs import letters
from dougong.runtime.people.preferences import Preferences
from dougong_dsl.working import Calendar
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.channels.apps import NOON, SECRET, Gateway


def environment(url: str) -> dict[str, str]:
    return {
        f"DOUGONG_{door}_{part}": value for door in ("CHANNEL_SMS", "CONNECTOR_ERP") for part, value in (("URL", url), ("SECRET", SECRET))
    }


def lead(engine: Engine, **values: Any) -> int:
    with engine.session("li") as session:
        return session.create("lead", {"name": "宁波某厂", "phone": "13800000000", **values}).id


def jobs(engine: Engine, state: Any) -> list[letters.Letter]:
    with engine.system_session("test", write=False) as session:
        return letters.letters(session, state)


def said(engine: Engine, record: int) -> list[tuple[str, str, str | None]]:
    with engine.system_session("test", write=False) as session:
        return [(x.direction, x.text, x.state) for x in session.conversation("lead", record)]


def test_a_message_arrives_signed_and_once(engine: Engine) -> None:
    gateway = Gateway()
    with gateway.opened() as url:
        number = lead(engine)
        drain(engine, standard(environment(url)))
        assert said(engine, number) == [("out", "宁波某厂，您好", "done")]
    ((path, headers, content),) = gateway.came
    body = json.loads(content)
    assert path == "/send"
    assert {k: body[k] for k in ("to", "text", "channel", "language")} == {
        "to": "13800000000",
        "text": "宁波某厂，您好",
        "channel": "sms",
        "language": "zh",
    }
    assert headers["Idempotency-Key"] == body["id"]
    verify(SECRET, content, headers[TIMESTAMP], headers[SIGNATURE], NOON)


def test_users_are_written_to_as_they_want(engine: Engine) -> None:
    gateway = Gateway()
    with gateway.opened() as url:
        lead(engine, phone=None, owner=1)
        with engine.session("li") as session:
            session.set_preferences(Preferences(frozenset(["sms:notify"])))
        lead(engine, phone=None, owner=1)
        drain(engine, standard(environment(url)))
        with engine.session("li") as session:
            assert len(session.messages()) == 2
    assert [json.loads(c)["to"] for _, _, c in gateway.came] == ["13811111111"]


@pytest.mark.parametrize(("values", "why"), [({"quiet": True}, "opt_out"), ({"agreed": False}, "consent"), ({"phone": None}, "address")])
def test_nobody_is_written_to_who_does_not_want_it(engine: Engine, values: dict[str, Any], why: str) -> None:
    number = lead(engine, **values)
    assert said(engine, number) == []
    with engine.system_session("test", write=False) as session:
        (entry,) = session.trigger_log("lead", number).entries
    assert entry.did[0]["sent"][0]["kept"] == why


def test_who_opts_out_while_it_waits_gets_nothing(engine: Engine) -> None:
    gateway = Gateway()
    with gateway.opened() as url:
        number = lead(engine)
        with engine.session("li") as session:
            session.update("lead", number, {"quiet": True})
        drain(engine, standard(environment(url)))
        (job,) = jobs(engine, "cancelled")
        assert job.error == "对方已经退订 / they have opted out"
    assert gateway.came == []


def test_at_night_it_waits_for_the_morning(engine: Engine) -> None:
    gateway = Gateway()
    with gateway.opened() as url:
        clock = engine.clock
        assert isinstance(clock, SettableClock)
        lead(engine)
        clock.set(NOON + timedelta(hours=9, minutes=1))  # 21:01: the worker comes too late
        drain(engine, standard(environment(url)))
        (job,) = jobs(engine, "waiting")
        assert (job.due_at, job.tries) == (datetime(2026, 3, 3, 1, 0, tzinfo=UTC), 0)
        assert gateway.came == []
        clock.set(NOON + timedelta(hours=21))
        drain(engine, standard(environment(url)))
    assert len(gateway.came) == 1


@pytest.mark.parametrize(("status", "state"), [(500, "waiting"), (302, "waiting"), (400, "dead")])
def test_refused_for_good_is_dead_at_once(engine: Engine, status: int, state: Any) -> None:
    gateway = Gateway()
    gateway.status = status
    with gateway.opened() as url:
        lead(engine)
        drain(engine, standard(environment(url)))
    (job,) = jobs(engine, state)
    assert str(status) in str(job.error)
    assert SECRET not in str(job.error)


@pytest.mark.parametrize(
    ("status", "failure"), [(429, Undelivered), (409, Undelivered), (503, Undelivered), (401, Undeliverable), (404, Undeliverable)]
)
def test_what_the_other_side_says(status: int, failure: type[Exception]) -> None:
    gateway = Gateway()
    gateway.status = status
    with gateway.opened() as url, pytest.raises(failure, match=str(status)):
        send(Door("DOUGONG_CHANNEL_SMS", url, SECRET), "POST", "", {}, "k", NOON)
    assert len(gateway.came) == 1, "redirects are not followed, nothing is sent twice"


def test_without_settings_it_is_a_dead_letter_that_says_so(engine: Engine) -> None:
    gateway = Gateway()
    with gateway.opened() as url:
        lead(engine)
        drain(engine, standard({}))
        (job,) = jobs(engine, "dead")
        assert job.error is not None
        assert job.error.startswith("没有配置 DOUGONG_CHANNEL_SMS_URL DOUGONG_CHANNEL_SMS_SECRET：")
        with engine.system_session("test") as session:
            letters.resend(session, job.id, {**job.payload, "to": "13900000000"})
        drain(engine, standard(environment(url)))
    assert [json.loads(c)["to"] for _, _, c in gateway.came] == ["13900000000"]


def test_a_wrong_address_is_told_at_the_start() -> None:
    with pytest.raises(Refused, match="R820"):
        standard({"DOUGONG_CHANNEL_SMS_URL": "ftp://x"})
    assert door({"DOUGONG_CHANNEL_SMS_SECRET": " x "}, "CHANNEL", "sms").secret == "x"
    assert "x" not in repr(door({"DOUGONG_CHANNEL_SMS_SECRET": "x"}, "CHANNEL", "sms")).replace("secret", "")


@settings(max_examples=60)
@given(st.binary(max_size=40), st.binary(max_size=40), st.integers(-400, 400))
def test_only_what_was_signed_just_now_counts(body: bytes, other: bytes, seconds: int) -> None:
    headers = signed(SECRET, body, NOON)
    try:
        verify(SECRET, other, headers[TIMESTAMP], headers[SIGNATURE], NOON + timedelta(seconds=seconds))
    except Refused:
        assert other != body or abs(seconds) > 300
    else:
        assert other == body and abs(seconds) <= 300


@settings(max_examples=80)
@given(st.integers(0, 6 * 24 * 60), st.sets(st.integers(0, 6), min_size=1), st.integers(0, 22), st.integers(1, 24))
def test_the_next_open_instant_is_that_of_a_minute_by_minute_search(start: int, days: set[int], opens: int, length: int) -> None:
    closes = min(24, opens + length)
    windows = ((time(opens), time(closes % 24)),)
    hours = Calendar(ZoneInfo("Asia/Shanghai"), tuple(windows if d in days else () for d in range(7)))
    at = NOON + timedelta(minutes=start)

    def is_open(instant: datetime) -> bool:
        local = instant.astimezone(ZoneInfo("Asia/Shanghai"))
        return local.weekday() in days and opens <= local.hour < closes

    expected = next(at + timedelta(minutes=m) for m in range(8 * 24 * 60) if is_open(at + timedelta(minutes=m)))
    assert next_open(hours, at) == expected


@given(st.text(), st.integers(10, 80))
def test_a_text_that_was_cut_says_so(text: str, limit: int) -> None:
    found = cut(text, limit)
    assert len(found) <= limit
    assert found == text or (len(text) > limit and found.endswith("…"))
