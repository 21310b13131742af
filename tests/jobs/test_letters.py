"""What could not be delivered is seen, mended and sent again by administrators, and by nobody else; nothing is forgotten on the way."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from dougong.engine import Engine
from dougong.flow.worker import drain
from dougong.refusals import Refused
from dougong.runtime.channels.channel import Undeliverable
from dougong.runtime.clock import SettableClock
from dougong.runtime.jobs import letters
from dougong.runtime.session import Session

from tests.jobs.apps import NOON, Sink, leave, opened


def hire(engine: Engine) -> None:
    with engine.system_session("test") as session:
        for login in ("clerk", "boss"):
            session.create("user", login=login, name=login, roles=[login], active=True)


def test_a_dead_letter_is_mended_and_sent_again(database_url: str, tmp_path: Path) -> None:
    sink, clock = Sink(), SettableClock(NOON)
    with opened(database_url, tmp_path, clock) as engine:
        hire(engine)
        job = leave(engine, "tell", {"to": "nobody"}, key="k")
        other = leave(engine, "tell", {"to": "no one"}, key="o")
        sink.failing = Undeliverable("没有这个人", "nobody there")
        drain(engine, {"tell": sink.handler()})
        with engine.reader("boss") as session:
            found = letters.dead_letters(session)
            assert [(each.id, each.payload, each.error) for each in found] == [
                (other, {"to": "no one"}, "没有这个人 / nobody there"),
                (job, {"to": "nobody"}, "没有这个人 / nobody there"),
            ]
            assert [each.id for each in letters.dead_letters(session, limit=1, before=other)] == [job]
            assert letters.counts(session) == {"waiting": 0, "running": 0, "done": 0, "dead": 2, "cancelled": 0}
        sink.failing = None
        clock.advance(timedelta(minutes=5))
        with engine.session("boss") as session:
            boss = session.user["id"]
            letters.resend(session, job, {"to": "somebody"})
            letters.give_up(session, other)
        drain(engine, {"tell": sink.handler()})
        assert sink.came == [("k", {"to": "somebody"})]
        with engine.reader("boss") as session:
            assert letters.dead_letters(session) == []
            assert letters.counts(session)["done"] == 1
            story = [(each.outcome, each.actor, each.payload, each.at) for each in letters.attempts(session, job)]
            assert story == [
                ("dead", None, None, NOON),
                ("mended", boss, {"to": "nobody"}, clock.now()),
                ("resent", boss, None, clock.now()),
                ("done", None, None, clock.now()),
            ]
            assert [each.outcome for each in letters.attempts(session, other)] == ["dead", "cancelled"]


def test_only_what_is_dead_can_be_sent_again(database_url: str, tmp_path: Path) -> None:
    with opened(database_url, tmp_path) as engine:
        job = leave(engine, "tell")
        for id in (job, 999):
            with pytest.raises(Refused, match="R803"), engine.system_session("test") as session:
                letters.resend(session, id)
        drain(engine, {"tell": Sink().handler()})
        with pytest.raises(Refused, match="R803"), engine.system_session("test") as session:
            letters.give_up(session, job)


def test_a_payload_is_json(database_url: str, tmp_path: Path) -> None:
    wrong: list[Any] = [["a"], "text", {"a": object()}]
    sink = Sink()
    sink.failing = Undeliverable("", "")
    with opened(database_url, tmp_path) as engine:
        job = leave(engine, "tell")
        drain(engine, {"tell": sink.handler()})
        for payload in wrong:
            with pytest.raises(Refused, match="R804"), engine.system_session("test") as session:
                letters.resend(session, job, payload)


CALLS: list[Callable[[Session], object]] = [
    letters.dead_letters,
    letters.counts,
    lambda s: letters.letters(s, "done"),
    lambda s: letters.letter(s, 1),
    lambda s: letters.attempts(s, 1),
    lambda s: letters.resend(s, 1),
    lambda s: letters.give_up(s, 1),
]


def test_others_may_not(database_url: str, tmp_path: Path) -> None:
    with opened(database_url, tmp_path) as engine:
        hire(engine)
        leave(engine, "tell")
        for call in CALLS:
            with pytest.raises(Refused, match="R802"), engine.session("clerk") as session:
                call(session)
