"""Somebody leaves: what they had goes to somebody, nothing stays behind, the account is closed."""

from datetime import timedelta
from pathlib import Path

import pytest
from dougong.engine import Engine
from dougong.refusals import Refused
from dougong.runtime.users_sessions import create_token, find_session, find_token, open_session

from tests.runtime.apps import NOON, codes, hire, opened
from tests.runtime.people.apps import WORK, work

DAY = timedelta(days=1)


def left(engine: Engine, user: int) -> list[tuple[str, int]]:
    """What still hangs on a user among what is open."""
    with engine.database.read() as connection:
        queries = {
            "job": f"SELECT id FROM job WHERE (owner = {user} OR helper = {user}) AND stage <> 'done'",
            "user": f"SELECT id FROM dg_user WHERE manager = {user}",
            "team": f"SELECT id FROM dg_team WHERE leader = {user}",
            "todo": f"SELECT id FROM dg_todo WHERE for_user = {user} AND done_at IS NULL",
            "absence": f"SELECT id FROM dg_absence WHERE delegate = {user} OR user_id = {user}",
            "session": f"SELECT id FROM dg_session WHERE user_id = {user}",
        }
        return [(name, row[0]) for name, sql in queries.items() for row in connection.all(sql)]


def busy(engine: Engine) -> int:
    """Bob has records, to-dos, a delegation, people and a team; the id of his closed job."""
    with engine.session("bob") as session:
        done = session.move(session.move(session.create("job", name="旧"), "doing"), "done").id
        for n in range(4):
            session.move(session.create("job", name=f"J{n}"), "doing")
    with engine.session("boss") as session:
        session.create("job", name="帮", owner=1, helper=3)
        session.update("user", 2, {"manager": 3})
        session.update("team", 2, {"leader": 3})
    with engine.session("ann") as session:
        session.set_absence(2, NOON + DAY, NOON + 2 * DAY, 3)
    with engine.session("bob") as session:
        session.set_absence(3, NOON, NOON + DAY, 2)
    return done


def test_everything_to_one_person(database_url: str, tmp_path: Path) -> None:
    with work(database_url, tmp_path) as engine:
        done = busy(engine)
        secret, (_, token) = open_session(engine.database, 3), create_token(engine.database, 3, "x")
        with engine.session("boss") as session:
            report = session.handover(3, 1)
        assert report.counts() == {("job", 1): 5, ("user", 1): 1, ("team", 1): 1, ("todo", 1): 4, ("delegation", 1): 1, ("message", 1): 6}
        assert left(engine, 3) == []
        assert find_session(engine.database, secret) is None
        assert find_token(engine.database, token) is None
        with engine.reader("boss") as session:
            assert session.get("job", done).owner == 3
            change = session.history("job", next(h.id for h in report.handed if h.what == "job"))[0]
            assert (change.cause, change.cause_id, change.fields["owner"], change.actor.id) == ("handover", "3", (3, 1), None)
            assert session.get("user", 3).active is False


def test_all_takes_closed_records_too(database_url: str, tmp_path: Path) -> None:
    with work(database_url, tmp_path) as engine:
        done = busy(engine)
        with engine.session("boss") as session:
            session.handover(3, 2, all=True)
            assert session.get("job", done).owner == 2
            assert session.get("user", 2).manager == 1  # nobody manages themselves: bob's own manager takes over


def test_shared_among_the_least_loaded_of_the_same_role(database_url: str, tmp_path: Path) -> None:
    with work(database_url, tmp_path) as engine:
        busy(engine)
        carl = hire(engine, "carl", "clerk")
        with engine.session("ann") as session:
            for n in range(2):
                session.create("job", name=f"A{n}")
        with engine.session("boss") as session:
            counts = session.handover(3).counts()
        assert {to: counts.get(("job", to), 0) for to in (2, carl)} == {2: 2, carl: 3}  # one of ann's is as helper
        assert counts[("todo", 2)] == counts[("todo", carl)] == 2
        assert left(engine, 3) == []


def test_who_may_and_to_whom(database_url: str, tmp_path: Path) -> None:
    with work(database_url, tmp_path) as engine:
        with engine.session("ann") as session, pytest.raises(Refused) as refused:
            session.handover(3, 2)
        assert codes(refused.value) == {("R421", None)}
        for who, to in ((3, 3), (3, 99), (4, None)):
            with engine.session("boss") as session, pytest.raises(Refused) as refused:
                session.handover(who, to)
            assert codes(refused.value) == {("R419", None)}


def test_a_record_that_may_not_change_stops_it_all(database_url: str, tmp_path: Path) -> None:
    with work(database_url, tmp_path) as engine:
        busy(engine)
        with engine.database.write() as connection:
            connection.run("UPDATE job SET name = NULL WHERE name = 'J3'")
        before = left(engine, 3)
        with pytest.raises(Refused) as refused, engine.session("boss") as session:
            session.handover(3, 1)
        assert [(r.code.code, r.message("en")) for r in refused.value.refusals] == [("R420", "Job “#5” cannot be handed over: 请填写名称")]
        assert left(engine, 3) == before


APPROVED = WORK.replace(
    "triggers:",
    """approvals:
  big:
    of: job
    start: job entered doing
    steps:
      - 主管: by owner.manager
triggers:
  suggest:
    on: job created
    do:
      - propose_move: {to: doing, for: helper}""",
    1,
)


def test_decisions_that_wait_go_along(database_url: str, tmp_path: Path) -> None:
    """Boss is asked to approve ann's job and bob's; carl, who shares the role, submitted bob's himself and may not decide on it."""
    with opened(APPROVED, database_url, tmp_path) as engine:
        hire(engine, "boss", "boss")
        ann, carl, dan = hire(engine, "ann", "clerk", manager=1), hire(engine, "carl", "boss"), hire(engine, "dan", "boss")
        with engine.session("ann") as session:
            session.move(session.create("job", name="甲"), "doing")
            session.create("job", name="丙", helper=1)
        with engine.session("carl") as session:
            session.move("job", session.create("job", name="乙", owner=ann).id, "doing")
        with engine.session("dan") as session:
            counts = session.handover(1).counts()
        assert counts[("approval", dan)] + counts.get(("approval", carl), 0) == 2
        with engine.database.read() as connection:
            asked = connection.all(
                "SELECT a.submitted_by, t.user_id FROM dg_approval_task t JOIN dg_approval a ON a.id = t.approval_id WHERE t.state = 'open'"
            )
            proposed = connection.all("SELECT for_user FROM dg_proposal WHERE done_at IS NULL")
        assert len(asked) == 2 and all(who in (carl, dan) and who != submitter for submitter, who in asked)
        assert len(proposed) == 1 and proposed[0][0] in (carl, dan)
        with engine.reader("dan") as session:
            assert any("您接手了boss的" in m.text for m in session.messages())
