"""Jobs as an administrator sees and mends them: what is waiting, what is dead and why, what was tried; edit, resend, give up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from dougong.database.instants import instant_from_db, instant_to_db
from dougong.refusals import refuse
from dougong.runtime.jobs import refusals as codes
from dougong.runtime.jobs import texts
from dougong.runtime.jobs.outbox import State, log
from dougong.runtime.jobs.texts import text
from dougong.runtime.session import Session

NEWEST = 2**62
STATES: tuple[State, ...] = ("waiting", "running", "done", "dead", "cancelled")


@dataclass(frozen=True, slots=True)
class Letter:
    """A job. `tries` since it was last sent; `error` is why the last try failed, without secrets."""

    id: int
    kind: str
    queue: str
    key: str
    payload: Mapping[str, Any]
    state: State
    due_at: datetime
    created_at: datetime
    tries: int
    ended_at: datetime | None
    error: str | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """A line of a job's story. `outcome`: done, failed, dead, lost, deferred, mended, resent, cancelled; `worker` did it, or the user `actor`.

    `payload` is what a mended job said before.
    """

    started_at: datetime | None
    at: datetime
    outcome: str
    error: str | None
    worker: str | None
    actor: int | None
    payload: Mapping[str, Any] | None


def dead_letters(session: Session, limit: int = 100, before: int | None = None) -> list[Letter]:
    """What could not be delivered, newest first; `before` is the id that the last page ended with. `Refused` R802 but for administrators."""
    return letters(session, "dead", limit, before)


def letters(session: Session, state: State, limit: int = 100, before: int | None = None) -> list[Letter]:
    """The jobs in a state, newest first. `Refused` R802."""
    only_administrators(session)
    found: list[Letter] = []
    for stored in ("waiting", "queued") if state == "waiting" else (state,):
        rows = _all(session, texts.LETTERS, state=stored, before=before or NEWEST, limit=limit)
        found += [_letter(session, row) for row in rows]
    return sorted(found, key=lambda letter: -letter.id)[:limit]


def letter(session: Session, id: int) -> Letter:
    """One job, whatever its state. `Refused` R802, R803."""
    only_administrators(session)
    rows = _all(session, texts.ONE_LETTER, id=id)
    if not rows:
        raise refuse(codes.NOT_DEAD, id=id)
    return _letter(session, rows[0])


def counts(session: Session) -> dict[State, int]:
    """How many jobs there are in each state. `Refused` R802."""
    only_administrators(session)
    found: dict[State, int] = dict.fromkeys(STATES, 0)
    for stored, count in _all(session, texts.COUNTS):
        found[_state(stored)] += count
    return found


def attempts(session: Session, id: int) -> list[Attempt]:
    """Everything that was done about a job, oldest first. `Refused` R802."""
    only_administrators(session)
    dialect = session.connection.dialect
    rows = _all(session, texts.ATTEMPTS, id=id)
    return [
        Attempt(
            None if started is None else instant_from_db(started, dialect),
            instant_from_db(at, dialect),
            outcome,
            error,
            worker,
            actor,
            None if payload is None else orjson.loads(payload),
        )
        for started, at, outcome, error, worker, actor, payload in rows
    ]


def resend(session: Session, id: int, payload: Mapping[str, Any] | None = None) -> None:
    """Send a dead job again, under its old key, all its tries before it; with `payload` it says this from now on. `Refused` R802–R804."""
    found = _dead(session, id)
    if payload is not None and not isinstance(payload, Mapping):
        raise refuse(codes.NOT_JSON, field="payload")
    old = orjson.dumps(found.payload).decode()
    try:
        new = old if payload is None else orjson.dumps(payload).decode()
    except TypeError:
        raise refuse(codes.NOT_JSON, field="payload") from None
    now = instant_to_db(session.now, session.connection.dialect)
    if session.connection.run(text(texts.RESEND, session.connection.dialect), {"id": id, "now": now, "payload": new}) != 1:
        raise refuse(codes.NOT_DEAD, id=id)
    if new != old:
        _log(session, id, "mended", payload=old)
    _log(session, id, "resent")
    session.leave_work()


def give_up(session: Session, id: int) -> None:
    """Take a dead job off the list: it will not be sent. `Refused` R802, R803."""
    _dead(session, id)
    now = instant_to_db(session.now, session.connection.dialect)
    session.connection.run(text(texts.CANCEL, session.connection.dialect), {"id": id, "now": now})
    _log(session, id, "cancelled")


def only_administrators(session: Session) -> None:
    """`Refused` R802 unless the actor has a role with `admin: true`, or is the system."""
    roles = session.app.roles
    if session.user.get("id") is not None and not any(roles[n].is_admin for n in session.user["roles"] or () if n in roles):
        raise refuse(codes.NOT_ADMIN)


def _dead(session: Session, id: int) -> Letter:
    found = letter(session, id)
    if found.state != "dead":
        raise refuse(codes.NOT_DEAD, id=id)
    return found


def _log(session: Session, id: int, outcome: str, payload: str | None = None) -> None:
    log(session.connection, id, outcome, at=session.now, actor=session.user.get("id"), payload=payload)


def _all(session: Session, sql: str, **values: Any) -> list[tuple[Any, ...]]:
    return session.connection.all(text(sql, session.connection.dialect), values)


def _state(stored: str) -> State:
    found: State = "waiting" if stored == "queued" else stored  # type: ignore[assignment]  # the table holds no others
    return found


def _letter(session: Session, row: tuple[Any, ...]) -> Letter:
    id, kind, queue, key, payload, state, due, created, tries, ended, error = row
    dialect = session.connection.dialect
    ended_at = None if ended is None else instant_from_db(ended, dialect)
    return Letter(
        id,
        kind,
        queue,
        key,
        orjson.loads(payload),
        _state(state),
        instant_from_db(due, dialect),
        instant_from_db(created, dialect),
        tries,
        ended_at,
        error,
    )
