"""What definitions may say of to-dos and messages: every key has an effect, and what cannot be is refused."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from dougong.engine import DefinitionError, Engine

from tests.runtime.apps import hire, opened
from tests.runtime.people.apps import WORK

BASE = WORK[: WORK.index("triggers:")].replace(
    '        on_enter:\n          - todo: {for: [owner, role clerk], claim: true, text: {zh: "处理 {{ name }}", en: "Do {{ name }}"}}\n', ""
)
ROLES = WORK[WORK.index("roles:") :]


def with_action(action: str, on: str = "job entered doing") -> str:
    return f"{BASE}triggers:\n  it:\n    on: {on}\n    do:\n      - {action}\n{ROLES}"


def open_to_dos(engine: Engine) -> list[tuple[int, str | None, str | None]]:
    """(for_user, for_role, due_at) of what is not done."""
    with engine.database.read() as connection:
        rows = connection.all("SELECT for_user, for_role, due_at FROM dg_todo WHERE done_at IS NULL ORDER BY id")
    return [(u, r, d if d is None or isinstance(d, str) else d.astimezone(UTC).isoformat(timespec="milliseconds")) for u, r, d in rows]


@pytest.mark.parametrize(
    ("more", "on", "stays"),
    [
        ("", "job entered doing", False),
        (", done_by: leaving", "job entered doing", False),
        (", done_by: person", "job entered doing", True),
        ("", "job.name changed", True),
        (", done_by: leaving", "job.name changed", False),
    ],
)
def test_done_by(database_url: str, tmp_path: Path, more: str, on: str, stays: bool) -> None:
    with opened(with_action(f"todo: {{for: owner, text: 做{more}}}", on), database_url, tmp_path) as engine:
        hire(engine, "ann", "clerk")
        with engine.session("ann") as session:
            job = session.update(session.move(session.create("job", name="甲"), "doing"), name="乙")
            assert len(session.todos()) == 1
            session.move(job, "open")
            assert bool(session.todos()) is stays


def test_claim_and_due(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/test.db"
    for n, (more, kept) in enumerate(
        (
            ("claim: true, due: due", [(0, "clerk", "2026-03-10T16:00:00.000Z")]),  # the day is over in Shanghai
            ("due: now + 1 hour", [(1, None, "2026-03-01T05:00:00.000Z"), (2, None, "2026-03-01T05:00:00.000Z")]),
            ("claim: false", [(1, None, None), (2, None, None)]),
        )
    ):
        (tmp_path / str(n)).mkdir()
        with opened(with_action(f"todo: {{for: role clerk, text: 做, {more}}}"), f"{url}{n}", tmp_path / str(n)) as engine:
            hire(engine, "ann", "clerk")
            hire(engine, "bob", "clerk")
            with engine.session("ann") as session:
                session.move(session.create("job", name="甲", due=datetime(2026, 3, 10, tzinfo=UTC).date()), "doing")
            assert open_to_dos(engine) == kept


def test_notify_without_via_stays_in_the_inbox(tmp_path: Path) -> None:
    with opened(with_action("notify: {to: owner, text: 好}"), f"sqlite:///{tmp_path}/test.db", tmp_path) as engine:
        hire(engine, "ann", "clerk", email="ann@example.com")
        with engine.session("ann") as session:
            session.move(session.create("job", name="甲"), "doing")
            assert [m.text for m in session.messages()] == ["好"]
        with engine.database.read() as connection:
            assert connection.all("SELECT id FROM dg_job") == []


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ("todo: {for: owner, text: 做, due: name}", "`due`"),
        ("todo: {for: owner, text: 做, done_by: nobody}", "leaving"),
        ("todo: {for: name, text: 做}", "user"),
        ("notify: {to: owner, text: 做, via: [pigeon]}", "pigeon"),
        ("notify: {text: 做}", "to"),
        ("notify: {to: role nobody, text: 做}", "nobody"),
    ],
)
def test_what_cannot_be(tmp_path: Path, action: str, said: str) -> None:
    with pytest.raises(DefinitionError, match=said), opened(with_action(action), f"sqlite:///{tmp_path}/test.db", tmp_path):
        pass
