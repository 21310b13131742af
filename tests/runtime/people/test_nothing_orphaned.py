"""After a hand-over nothing that is open names the person who left: every row of every table is looked through, after random work by everybody."""

import random
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from dougong.database.connection import Connection
from dougong.engine import Engine
from dougong.plan.inspect import live_columns, live_tables
from dougong.refusals import Refused
from dougong.runtime.session import Session

from tests.runtime.apps import hire, opened
from tests.runtime.people.apps import WORK

FIRST = 7770000  # the ids of users are like no other number
LOGINS = ("adm", "ann", "bob", "cat", "dan", "eve")
APP = WORK.replace(
    "triggers:",
    """approvals:
  big: {of: job, start: job entered doing, steps: [{主管: by 2 of role clerk}, {老板: by owner.manager}]}
  small: {of: job, steps: [{同事: by helper}, {老板: by role boss within 8 hours}]}
triggers:
  suggest: {on: job created, do: [{propose_move: {to: doing, for: [helper, owner]}}]}""",
    1,
).replace("where owner = me", "")
HISTORY = {"created_by", "updated_by", "actor", "sender", "done_by", "decided_by", "author", "asked_by", "instead_of"}
CLOSED: Mapping[str, Callable[[Mapping[str, Any]], bool]] = {
    "job": lambda row: bool(row["stage"] == "done"),
    "dg_user": lambda row: not row["active"],
    "dg_todo": lambda row: row["done_at"] is not None,
    "dg_message": lambda row: row["read_at"] is not None,
    "dg_proposal": lambda row: row["done_at"] is not None,
    "dg_approval": lambda row: bool(row["state"] != "running"),
    "dg_approval_task": lambda row: row["state"] not in ("open", "waiting"),
    "dg_job": lambda row: row["state"] in ("done", "cancelled"),
    **dict.fromkeys(("dg_change", "dg_stage_log", "dg_trigger_log", "dg_comment", "dg_job_attempt"), lambda row: True),
}
KEPT = {("dg_approval", "steps"), ("dg_approval_task", "for_user")}  # whom the steps named at the start; in whose place somebody decides


def _open_job(draw: random.Random, session: Session) -> int:
    return int(draw.choice([job.id for job in session.find("job", where="stage <> 'done'").records]))


def _task(draw: random.Random, session: Session) -> int:
    return int(draw.choice([task.id for a in session.approvals_waiting() for task in a.tasks if task.is_mine]))


def _create(draw: random.Random, session: Session, people: Mapping[str, int]) -> None:
    owner, helper = draw.choice(list(people.values())), draw.choice([None, *people.values()])
    session.create("job", name=f"J{draw.randrange(999)}", owner=owner, helper=helper)


def _absent(draw: random.Random, session: Session, people: Mapping[str, int]) -> None:
    who, start = draw.choice(list(people.values())), session.now + draw.choice((-1, 1)) * timedelta(days=1)
    session.set_absence(who, start, start + timedelta(days=3), draw.choice(list(people.values())))


Work = Callable[[random.Random, Session, Mapping[str, int]], object]
WORKS: tuple[Work, ...] = (
    _create,
    _create,
    _absent,
    lambda d, s, p: s.move("job", _open_job(d, s), d.choice(("open", "doing", "doing", "done"))),
    lambda d, s, p: s.update("job", _open_job(d, s), {"helper": d.choice(list(p.values()))}),
    lambda d, s, p: s.submit("job", _open_job(d, s), approval="small"),
    lambda d, s, p: s.approve(_task(d, s)),
    lambda d, s, p: s.transfer(_task(d, s), d.choice(LOGINS)),
    lambda d, s, p: s.add_signer(_task(d, s), d.choice(LOGINS), before=d.random() < 0.5),
    lambda d, s, p: s.comment("job", _open_job(d, s), f"@{d.choice(LOGINS)} 怎么样？"),
    lambda d, s, p: s.claim_todo(d.choice(s.claimable_todos()).id),
    lambda d, s, p: s.update("user", d.choice(list(p.values())), {"manager": d.choice(list(p.values()))}),
)


@pytest.mark.parametrize("seed", [1, 2])
def test_nothing_open_names_who_left(database_url: str, tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    kinds: set[str] = set()
    with opened(APP, database_url, tmp_path) as engine:
        people = _staff(engine)
        session: Session
        for gone, everything in (("bob", False), ("eve", True), ("cat", False)):
            for _ in range(60):
                try:
                    with engine.session(draw.choice(list(people.values()))) as session:
                        draw.choice(WORKS)(draw, session, people)
                except (Refused, IndexError):
                    continue  # what may not be, or has nothing to be done with, is not done
            leaver = people.pop(gone)
            with engine.session(people["adm"]) as session:
                report = session.handover(leaver, people["ann"] if gone == "eve" else None, all=everything)
            kinds.update(each.what for each in report.handed)
            assert {each.to for each in report.handed} <= set(people.values())
            assert list(_naming(engine, leaver, f"{gone}@example.com")) == []
    assert kinds >= {"job", "user", "todo", "approval", "submission", "proposal", "message"}


def _staff(engine: Engine) -> dict[str, int]:
    with engine.database.write() as connection:
        if connection.dialect == "sqlite":
            connection.run(f"INSERT INTO sqlite_sequence (name, seq) VALUES ('dg_user', {FIRST})")
        else:
            connection.all(f"SELECT setval(pg_get_serial_sequence('dg_user', 'id'), {FIRST})")
    roles = {"adm": ("boss", "clerk")}
    return {name: hire(engine, name, *roles.get(name, ("clerk",)), email=f"{name}@example.com") for name in LOGINS}


def _naming(engine: Engine, user: int, address: str) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Every value of every open row that is, or holds, the number or the address of a user: table, column, row."""
    with engine.database.read() as connection:
        for table in sorted(live_tables(connection)):
            for row in _rows(connection, table):
                told = [n for n, value in row.items() if _holds(value, user, address) and n not in HISTORY and (table, n) not in KEPT]
                if table == "dg_approval" and row["heir"] is not None:
                    told = [n for n in told if n != "submitted_by"]
                if told and not (table in CLOSED and CLOSED[table](row)):
                    yield from ((table, name, row) for name in told)


def _rows(connection: Connection, table: str) -> list[dict[str, Any]]:
    names = list(live_columns(connection, table))
    quoted = ", ".join(f'"{name}"' for name in names)
    return [dict(zip(names, row, strict=True)) for row in connection.all(f'SELECT {quoted} FROM "{table}"')]


def _holds(value: Any, user: int, address: str) -> bool:
    return not isinstance(value, bool) and value is not None and (str(user) in str(value) or address in str(value))
