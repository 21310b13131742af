"""The inbox: who is told, once; by mail as each wants it; what is read; nobody reads another's."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from dougong.engine import Engine
from dougong.refusals import Refused
from dougong.runtime.people.preferences import Preferences, read_preferences

from tests.runtime.apps import NOON, codes
from tests.runtime.people.apps import later, work


def jobs(engine: Engine) -> list[tuple[str, dict[str, Any], datetime]]:
    """(kind, payload, due) of the jobs that wait, oldest first."""
    with engine.database.read() as connection:
        rows = connection.all("SELECT kind, payload, due_at FROM dg_job ORDER BY id")
    return [(k, orjson.loads(p) if isinstance(p, str) else p, instant(d)) for k, p, d in rows]


def instant(value: Any) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value.astimezone(UTC)


def test_notify_of_a_trigger_reaches_paths_and_teams(database_url: str, tmp_path: Path) -> None:
    with work(database_url, tmp_path) as engine:
        with engine.session("ann") as session:
            session.create("job", name="甲")
        for login, title in (("boss", "甲"), ("bob", None)):
            with engine.session(login) as session:
                (message,) = session.messages()
                assert (message.kind, message.text, message.record_title, message.sender.id) == ("notify", "新工作 甲", title, None)
                assert session.unread_count() == 1
                session.read_message(message.id)
                assert (session.unread_count(), session.messages(unread=True), len(session.messages(unread=False))) == (0, [], 1)
        with engine.session("ann") as session:
            assert session.messages() == []
            with pytest.raises(Refused) as refused:
                session.read_message(message.id)
            assert codes(refused.value) == {("R412", None)}
        mails = [(k, p["to"], p["subject"]) for k, p, _ in jobs(engine)]
        assert mails == [("mail", "boss@example.com", "新工作 甲"), ("mail", "bob@example.com", "新工作 甲")]


def test_the_same_key_tells_once(database_url: str, tmp_path: Path) -> None:
    with work(database_url, tmp_path) as engine:
        for expected in (2, 0):
            with engine.system_session("test") as session:
                assert len(session.notify([1, 2, 2, 99], ("你好", "Hello"), key="hello")) == expected
        with engine.session("ann", language="en") as session:
            assert [m.text for m in session.messages()] == ["Hello"]
            assert session.read_all_messages() == 1
        assert len(jobs(engine)) == 2


def test_pages_of_messages(database_url: str, tmp_path: Path) -> None:
    with work(database_url, tmp_path) as engine:
        with engine.system_session("test") as session:
            for n in range(5):
                session.notify([2], (f"{n}", f"{n}"), ("inbox",))
        with engine.reader("ann") as session:
            first = session.messages(limit=2)
            rest = session.messages(before=first[-1].id)
            assert [m.text for m in first + rest] == ["4", "3", "2", "1", "0"]
        assert jobs(engine) == []


def test_quiet_hours_opt_out_and_digest(database_url: str, tmp_path: Path) -> None:
    """Noon in Shanghai; quiet until two, then muted, then one mail a day at six in the evening."""
    with work(database_url, tmp_path) as engine:

        def want(preferences: Preferences) -> None:
            with engine.session("ann") as session:
                session.set_preferences(preferences)
                assert session.preferences() == preferences

        def tell(text: str) -> None:
            with engine.system_session("test") as session:
                session.notify([2], (text, text))

        want(Preferences(quiet=(time(22), time(14))))
        tell("静")
        want(Preferences(quiet=(time(13), time(14)), muted=frozenset(["mail:mention"])))
        tell("早")
        want(Preferences(muted=frozenset(["mail:notify"])))
        tell("无")
        want(Preferences(digest_at=time(18)))
        tell("一")
        tell("二")
        found = jobs(engine)
        assert [(k, p.get("text"), d - NOON) for k, p, d in found] == [
            ("mail", "静", timedelta(hours=2)),
            ("mail", "早", timedelta(0)),
            ("digest", None, timedelta(hours=6)),
        ]
        later(engine, hours=6)
        with engine.session("ann") as session:
            assert session.send_digest("digest:x") is not None
            assert session.send_digest("digest:y") is None
        assert jobs(engine)[-1][1]["text"] == "· 静\n· 早\n· 无\n· 一\n· 二"


@pytest.mark.parametrize(
    ("muted", "start", "end", "digest"),
    [
        (["inbox:notify"], None, None, None),
        (["mail"], None, None, None),
        ([], "22:00", None, None),
        ([], "22:00", "22:00", None),
        ([], "7", "8", None),
    ],
)
def test_preferences_that_cannot_be(tmp_path: Path, muted: list[str], start: str | None, end: str | None, digest: str | None) -> None:
    with work(f"sqlite:///{tmp_path}/test.db", tmp_path) as engine, engine.session("ann") as session:
        with pytest.raises(Refused) as refused:
            session.set_preferences(read_preferences(muted, start, end, digest))
        assert codes(refused.value) == {("R418", None)}
