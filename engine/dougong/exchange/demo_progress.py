"""How far the loading of sample data has come, kept in the database in the same transactions: one that was interrupted goes on where it stopped.

Nothing of it is left once everything is there. The rows lie beside the counters of `dg_sequence`, under a name that no pattern has.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from dougong.database.text import compile_text
from dougong.runtime.session import Session

NAME, BEGUN = "demo", "begun"
READ = "SELECT period, value FROM dg_sequence WHERE name = :name"
NOTE = "INSERT INTO dg_sequence (name, period, value) VALUES (:name, :period, :value)"
FORGET = "DELETE FROM dg_sequence WHERE name = :name"
USERS = "SELECT login, id FROM dg_user"
TEAMS = "SELECT name, id FROM dg_team"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Progress:
    """When the loading began, and which samples (by their number) became which records."""

    begun: datetime
    made: Mapping[int, int]


def read(session: Session) -> Progress | None:
    """What an interrupted loading has left; None when nothing was begun, or everything is there."""
    rows: dict[str, int] = dict(session.connection.all(compile_text(sa.text(READ), session.connection.dialect), {"name": NAME}))
    begun = rows.pop(BEGUN, None)
    return None if begun is None else Progress(EPOCH + begun * MILLISECOND, {int(number): value for number, value in rows.items()})


def begin(session: Session) -> None:
    """The people are there, the records follow."""
    _note(session, BEGUN, (session.now - EPOCH) // MILLISECOND)


def note(session: Session, number: int, record_id: int) -> None:
    """A sample was made."""
    _note(session, str(number), record_id)


def forget(session: Session) -> None:
    """Everything is there."""
    session.connection.run(compile_text(sa.text(FORGET), session.connection.dialect), {"name": NAME})


def known(session: Session) -> tuple[dict[str, int], dict[str, int]]:
    """The users by their logins, the teams by their names."""
    return _named(session, USERS), _named(session, TEAMS)


def _named(session: Session, sql: str) -> dict[str, int]:
    return dict(session.connection.all(compile_text(sa.text(sql), session.connection.dialect)))


def _note(session: Session, period: str, value: int) -> None:
    session.connection.run(compile_text(sa.text(NOTE), session.connection.dialect), {"name": NAME, "period": period, "value": value})
