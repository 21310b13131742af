"""To-dos: claimed by one, done by doing, seen by nobody else, late ones told of."""

import threading
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from dougong.engine import Engine
from dougong.refusals import Refused

from tests.runtime.apps import NOON, codes, hire, opened
from tests.runtime.people.apps import later, work


def texts(engine: Engine, login: str, *, claimable: bool = False) -> list[str]:
    with engine.reader(login) as session:
        return [t.text for t in (session.claimable_todos() if claimable else session.todos())]


def test_a_stage_s_to_dos_end_when_the_record_moves_on(database_url: str, tmp_path: Path) -> None:
    with work(database_url, tmp_path) as engine:
        with engine.session("ann") as session:
            job = session.move(session.create("job", name="甲"), "doing")
        assert texts(engine, "ann") == ["处理 甲"]
        assert texts(engine, "bob", claimable=True) == ["处理 甲"]
        with engine.session("bob") as session:
            (todo,) = session.claimable_todos()
            assert todo.record_title is None  # bob may not read ann's job
            session.claim_todo(todo.id)
        assert texts(engine, "ann", claimable=True) == []
        assert texts(engine, "bob") == ["处理 甲"]
        with engine.session("ann") as session:
            session.move(job, "done")
        assert texts(engine, "ann") == texts(engine, "bob") == []
        with engine.database.read() as connection:
            ends = connection.all("SELECT how, done_by, count(*) FROM dg_todo WHERE stage = 'doing' GROUP BY how, done_by")
        assert ends == [("closed", 2, 2)]


def test_moving_back_clears_only_that_stage_and_deleting_clears_all(database_url: str, tmp_path: Path) -> None:
    with work(database_url, tmp_path) as engine:
        with engine.session("ann") as session:
            job = session.move(session.create("job", name="乙"), "doing")
            session.move(job, "open")
        assert texts(engine, "ann") == []
        assert texts(engine, "boss", claimable=True) == ["看一看"]
        with engine.session("boss") as session:
            session.delete("job", job.id)
        assert texts(engine, "boss", claimable=True) == []


def test_english_readers_read_english(database_url: str, tmp_path: Path) -> None:
    with work(database_url, tmp_path) as engine:
        with engine.session("ann") as session:
            session.move(session.create("job", name="A"), "doing")
        with engine.reader("ann", language="en") as session:
            assert [(t.text, t.record_title) for t in session.todos()] == [("Do A", "A")]


def test_exactly_one_of_many_claims_wins(database_url: str, tmp_path: Path) -> None:
    with work(database_url, tmp_path) as engine:
        people = [hire(engine, f"c{n}", "clerk") for n in range(6)]
        with engine.session("ann") as session:
            session.move(session.create("job", name="抢"), "doing")
        with engine.reader("bob") as session:
            (todo,) = session.claimable_todos()
        won: list[int] = []
        lost: list[str] = []
        start = threading.Barrier(len(people))

        def run(person: int) -> None:
            start.wait()
            try:
                with engine.session(person) as session:
                    session.claim_todo(todo.id)
                won.append(person)
            except Refused as refused:
                lost.append(refused.refusals[0].message("en"))

        threads = [threading.Thread(target=run, args=(p,)) for p in people]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(won) == 1
        with engine.reader(won[0]) as session:
            name = session.user["name"]
            assert [t.id for t in session.todos()] == [todo.id]
        assert lost == [f"“{name}” has claimed this to-do already"] * 5


def test_giving_back_and_what_is_not_yours(database_url: str, tmp_path: Path) -> None:
    with work(database_url, tmp_path) as engine:
        with engine.session("ann") as session:
            session.move(session.create("job", name="丙"), "doing")
            own, taken = session.todos()[0], session.claimable_todos()[0]
            with pytest.raises(Refused) as refused:
                session.give_back_todo(own.id)
            assert codes(refused.value) == {("R411", None)}
            session.claim_todo(taken.id)
            session.give_back_todo(taken.id)
        for act in ("claim_todo", "finish_todo", "give_back_todo"):
            with pytest.raises(Refused) as refused, engine.session("eve") as session:
                getattr(session, act)(taken.id)
            assert codes(refused.value) == {("R409", None)}
        with engine.session("bob") as session:
            session.claim_todo(taken.id)
            session.finish_todo(taken.id)
            assert session.todos() == []


def test_late_ones_are_told_of_once_and_then_to_the_manager(database_url: str, tmp_path: Path) -> None:
    with work(database_url, tmp_path) as engine:
        with engine.session("ann") as session:
            session.create("job", name="丁")
        with engine.session("boss") as session:
            (todo,) = session.claimable_todos()
            assert todo.due_at == NOON + timedelta(hours=2)
            session.claim_todo(todo.id)
            session.update("user", 1, {"manager": 2})
            session.read_all_messages()
        later(engine, hours=1)
        assert remind(engine) == 0
        later(engine, hours=1)
        assert remind(engine) == 1
        assert remind(engine) == 0
        with engine.reader("boss", language="en") as session:
            assert [(m.kind, m.text) for m in session.messages(unread=True)] == [("overdue", "Due: 看一看")]
        later(engine, hours=24)
        assert remind(engine) == 1
        with engine.reader("ann") as session:
            assert "boss的待办逾期未办：看一看" in [m.text for m in session.messages()]
        assert remind(engine) == 0


def test_what_nobody_can_do_is_told_to_an_administrator(database_url: str, tmp_path: Path) -> None:
    with work(database_url, tmp_path) as engine:
        with engine.session("ann") as session:
            job = session.create("job", name="丁").id
        with engine.session("boss") as session:
            empty = session.create("team", name="空").id
            session.read_all_messages()
        with engine.system_session("test") as session:
            session.add_todos([(None, None, empty)], ("收尾", "Tidy up"), object="job", record_id=job, due_at=session.now)
        later(engine, hours=24)
        assert remind(engine) > 1
        with engine.reader("boss", language="en") as session:
            assert "Overdue, claimed by nobody: Tidy up" in [m.text for m in session.messages(unread=True)]


def test_who_has_something_to_do_cannot_be_deleted(database_url: str, tmp_path: Path) -> None:
    with work(database_url, tmp_path) as engine, engine.system_session("test") as session:
        job, eve = session.create("job", name="丁").id, session.find("user", where="login = 'eve'").records[0].id
        session.add_todos([(eve, None, None)], ("做", "Do"), object="job", record_id=job)
        with pytest.raises(Refused, match="R422"):
            session.delete("user", eve)
        session.delete("job", job)
        session.delete("user", eve)


def remind(engine: Engine) -> int:
    with engine.system_session("reminders") as session:
        return session.remind()


MANY = """
app: many
version: 1.0.0
title: 很多
objects:
  job:
    title: 工作
    record_title: name
    fields: {name: text "名称", owner: user "负责人", team: team "团队"}
roles:
  a: {title: 甲, may: ["read job where owner in me.team"]}
  b: {title: 乙, may: ["read job where owner = me"]}
"""


@pytest.mark.parametrize("seed", range(3))
def test_who_sees_what_is_what_the_oracle_says(database_url: str, tmp_path: Path, seed: int) -> None:
    """Random people, roles, teams, records and to-dos; everybody's lists and claims against brute force."""
    random = Random(seed)
    with opened(MANY, database_url, tmp_path) as engine:
        with engine.system_session("test") as s:
            parent: dict[int, int | None] = {}
            for n in range(5):
                above = random.choice([None, *parent])
                parent[s.create("team", name=f"T{n}", parent=above).id] = above
        who: dict[int, tuple[set[str], int | None]] = {}
        for n in range(6):
            roles, team = {r for r in "ab" if random.random() < 0.6}, random.choice([None, *parent])
            who[hire(engine, f"p{n}", *sorted(roles), team=team)] = (roles, team)
        owner: dict[int, int] = {}
        wanted: list[tuple[int, int | None, str | None, int | None, int]] = []  # id, user, role, team, record
        with engine.system_session("test") as s:
            for _ in range(6):
                person = random.choice(list(who))
                owner[s.create("job", name="x", owner=person).id] = person
            for _ in range(20):
                job, kind = random.choice(list(owner)), random.choice(("user", "role", "team"))
                user = random.choice(list(who)) if kind == "user" else None
                role, team = (random.choice("ab") if kind == "role" else None), (random.choice(list(parent)) if kind == "team" else None)
                (made,) = s.add_todos([(user, role, team)], ("做", "do"), "job", job)
                wanted.append((made, user, role, team, job))

        def up(team: int | None) -> set[int]:
            return set() if team is None else {team} | up(parent[team])

        for person, (roles, team) in who.items():
            mine = {t for t, u, *_ in wanted if u == person}
            free = {t for t, u, r, m, _ in wanted if u is None and (r in roles or m in up(team))}
            sees = {
                j
                for j, o in owner.items()
                if ("a" in roles and team is not None and team in up(who[o][1])) or ("b" in roles and o == person)
            }
            with engine.reader(person) as session:
                own, claimable = session.todos(), session.claimable_todos()
            assert {t.id for t in own} == mine
            assert {t.id for t in claimable} == free
            for todo in (*own, *claimable):
                assert (todo.record_title is not None) == (todo.record_id in sees)
            for made, *_ in wanted:
                with engine.session(person) as session:
                    if made in free:
                        session.claim_todo(made)
                        session.give_back_todo(made)
                    elif made not in mine:
                        with pytest.raises(Refused) as refused:
                            session.claim_todo(made)
                        assert codes(refused.value) == {("R409", None)}
