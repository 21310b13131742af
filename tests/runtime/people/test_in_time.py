"""What the worker does for people as time goes by: late to-dos are told of, a digest becomes one mail."""

from collections.abc import Mapping
from datetime import time
from pathlib import Path

from dougong.engine import Engine
from dougong.flow.handlers import Handler, JobContext, digest
from dougong.flow.people import next_reminder, remind
from dougong.flow.worker import drain
from dougong.flow.works import WORKS
from dougong.runtime.people.preferences import Preferences

from tests.runtime.people.apps import later, work


def test_the_worker_reminds(database_url: str, tmp_path: Path) -> None:
    with work(database_url, tmp_path) as engine:
        assert next_reminder(engine) is None
        with engine.session("ann") as session:
            session.create("job", name="甲")
        later(engine, hours=2)
        assert next_reminder(engine) == engine.clock.now()
        assert (remind(engine), remind(engine)) == (1, 0)
        with engine.reader("boss") as session:
            assert "已到期：看一看" in [m.text for m in session.messages()]
        assert remind in [each.run for each in WORKS]


def test_a_digest_is_one_mail_in_its_reader_s_language(database_url: str, tmp_path: Path) -> None:
    sent: list[Mapping[str, object]] = []

    def post(engine: Engine, job: JobContext) -> None:
        sent.append(job.payload)

    handlers: dict[str, Handler] = {"digest": digest, "mail": post}
    with work(database_url, tmp_path) as engine:
        for login in ("ann", "bob"):
            with engine.session(login) as session:
                session.set_preferences(Preferences(digest_at=time(18)))
        with engine.system_session("test") as session:
            session.notify([2, 3], ("一", "one"))
            session.notify([2, 3], ("二", "two"))
            session.update("user", 3, {"active": False})
        drain(engine, handlers, works=())
        assert sent == []
        later(engine, hours=6)
        drain(engine, handlers, works=())
        assert [(m["to"], m["subject"], m["text"]) for m in sent] == [("ann@example.com", "您有 2 条未读消息", "· 一\n· 二")]
