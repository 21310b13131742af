"""Somebody leaves while mails and messages on channels are on their way to them: none of these goes out, and the report tells."""

from collections.abc import Callable

import pytest
from dougong.engine import Engine
from dougong.flow.handlers import standard
from dougong.flow.worker import drain
from dougong.runtime.people.inbox import notify
from dougong.runtime.people.leaving import Report

from tests.channels.apps import NOON, Gateway
from tests.channels.test_gateway import environment, jobs

LI, BOSS = 1, 3


def under_way(engine: Engine) -> list[int]:
    """A mail and a message on a channel to li (their jobs), the same to the boss, and one to a customer."""
    with engine.system_session("test") as session:
        session.update("user", LI, {"email": "li@example.com"})
        session.update("user", BOSS, {"email": "boss@example.com", "phone": "13822222222"})
        for who in (LI, BOSS):
            notify(session.unit, [who], ("您好", "Hello"), ("inbox", "mail", "sms"))
        session.create("lead", {"name": "宁波某厂", "phone": "13800000000"})
        ours = "key IN ('mail:message:1', 'sms:message:1')"
        return [job for (job,) in session.unit.connection.all(f"SELECT id FROM dg_job WHERE {ours} ORDER BY id")]


def sent(engine: Engine) -> list[bytes]:
    gateway = Gateway()
    with gateway.opened() as url:
        drain(engine, standard(environment(url)))
    return [content for _, _, content in gateway.came]


def test_a_hand_over_takes_back_what_is_on_its_way(engine: Engine) -> None:
    ours = under_way(engine)
    with engine.session("boss") as session:
        report: Report = session.handover(LI, BOSS)
        assert [m.text for m in session.messages()][-1] == "您好"
    assert sorted(report.withdrawn) == ours and len(ours) == 2
    assert sorted(letter.id for letter in jobs(engine, "cancelled")) == ours
    told = b"".join(sent(engine))
    assert b"13811111111" not in told and b"13822222222" in told and b"13800000000" in told


def test_a_dead_letter_to_somebody_who_leaves_waits_for_nobody(engine: Engine) -> None:
    ours = under_way(engine)
    drain(engine, standard({}))
    assert set(ours) <= {letter.id for letter in jobs(engine, "dead")}
    with engine.session("boss") as session:
        assert sorted(session.handover(LI, BOSS).withdrawn) == ours


def test_an_account_that_is_closed_is_written_to_no_more(engine: Engine) -> None:
    ours = under_way(engine)
    with engine.system_session("test") as session:
        session.update("user", LI, {"name": "李雷雷"})
    assert jobs(engine, "cancelled") == []
    with engine.system_session("test") as session:
        session.update("user", LI, {"active": False})
    assert sorted(letter.id for letter in jobs(engine, "cancelled")) == ours


def _closed(engine: Engine) -> None:
    with engine.database.write() as connection:
        connection.run(f"UPDATE dg_user SET active = {'0' if connection.dialect == 'sqlite' else 'false'} WHERE id = {LI}")


def _opened(engine: Engine) -> None:
    pass


@pytest.mark.parametrize(("between", "reached"), [(_closed, False), (_opened, True)])
def test_what_was_being_sent_when_the_account_was_closed_is_not_tried_again(
    engine: Engine, between: Callable[[Engine], None], reached: bool
) -> None:
    ours = under_way(engine)
    assert engine.clock.now() == NOON
    between(engine)
    assert (b"13811111111" in b"".join(sent(engine))) is reached
    errors = {letter.id: letter.error or "" for letter in jobs(engine, "cancelled")}
    assert {job: "their account is closed" in errors.get(job, "") for job in ours} == dict.fromkeys(ours, not reached)
