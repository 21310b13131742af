"""Accounts: making them, their passwords, and checking who signs in.

A user is a record of the object `user` and goes through the write gate; the hash of its password (argon2id) is beside it and in no history.
"""

import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from dougong.database import Database
from dougong.refusals import refuse
from dougong.runtime import users_refusals as codes
from dougong.runtime import users_texts as texts
from dougong.runtime.session import Session
from dougong.runtime.users_sessions import close_sessions
from dougong.runtime.users_texts import text

USER = "user"
LEAST, MOST = 8, 200  # characters of a password
HASHER = PasswordHasher()
AT_ONCE = threading.BoundedSemaphore(2)  # argon2 takes 64 MB and a core for 0.1 s: more at once would starve the other requests


@dataclass(frozen=True, slots=True)
class Account:
    """A user as a list of accounts shows it."""

    id: int
    login: str
    name: str | None
    email: str | None
    roles: tuple[str, ...]
    is_active: bool
    has_password: bool
    team: int | None = None


def create_user(session: Session, login: str, name: str, password: str | None, roles: Sequence[str], **attributes: Any) -> int:
    """Make a user in the session's transaction; its id. Without a password nobody can sign in as it. `Refused` R680–R683 and the gate's."""
    for role in roles:
        if role not in session.app.roles:
            raise refuse(codes.NO_ROLE, role=role, roles=", ".join(session.app.roles))
    values = {"login": login, "name": name, "roles": list(roles), "active": True} | attributes
    record = session.create(USER, values)
    if password is not None:
        connection = session.connection
        connection.run(text(texts.SET_HASH, connection.dialect), {"hash": hashed(password), "id": record.id})
    return record.id


def set_password(database: Database, login: str, password: str) -> int:
    """Give a user a new password and end its sessions; its id. `Refused` R680–R682."""
    found = _account(database, login)
    if found is None:
        raise refuse(codes.NO_USER, login=login)
    with database.write() as connection:
        connection.run(text(texts.SET_HASH, database.dialect), {"hash": hashed(password), "id": found[0]})
    close_sessions(database, found[0])
    return int(found[0])


def authenticate(database: Database, login: str, password: str) -> int | None:
    """The id of the active user with this login and password; None otherwise. Takes as long for a login that does not exist."""
    found = _account(database, login)
    stored = found[1] if found is not None and found[1] else _nobody()
    is_right = _verify(stored, password)
    if found is None or not found[1] or not is_right or not found[2]:
        return None
    if HASHER.check_needs_rehash(stored):
        with database.write() as connection:
            connection.run(text(texts.SET_HASH, database.dialect), {"hash": hashed(password), "id": found[0]})
    return int(found[0])


def set_language(database: Database, user_id: int, language: str) -> None:
    """Remember the language a user chose."""
    with database.write() as connection:
        connection.run(text(texts.SET_LANGUAGE, database.dialect), {"language": language, "id": user_id})


def accounts(database: Database) -> Sequence[Account]:
    """Every account, by login."""
    with database.read() as connection:
        rows = connection.all(text(texts.EVERYBODY, database.dialect))
    return [Account(row[0], row[1], row[2], row[3], _roles(row[4]), bool(row[5]), bool(row[6]), row[7]) for row in rows]


def team_names(database: Database) -> dict[int, str]:
    """The name of every team by its id, in the order of the names."""
    with database.read() as connection:
        return dict(connection.all(text(texts.TEAMS, database.dialect)))


def user_id(database: Database, login: str) -> int:
    """The id of the user with this login; `Refused` R682."""
    found = _account(database, login)
    if found is None:
        raise refuse(codes.NO_USER, login=login)
    return int(found[0])


def hashed(password: str) -> str:
    """The argon2id hash of a password that is long enough."""
    if len(password) < LEAST:
        raise refuse(codes.PASSWORD_TOO_SHORT, field="password", least=LEAST)
    if len(password) > MOST:
        raise refuse(codes.PASSWORD_TOO_LONG, field="password", most=MOST)
    with AT_ONCE:
        return HASHER.hash(password)


def _verify(stored: str, password: str) -> bool:
    if len(password) > MOST:
        return False
    try:
        with AT_ONCE:
            return HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    """The hash of a password that nobody knows, for logins that do not exist."""
    return HASHER.hash(secrets.token_urlsafe(16))


def _account(database: Database, login: str) -> tuple[Any, ...] | None:
    with database.read() as connection:
        return connection.one(text(texts.ACCOUNT, database.dialect), {"login": login})


def _roles(value: Any) -> tuple[str, ...]:
    """SQLite keeps a list as a JSON array."""
    return tuple(orjson.loads(value) if isinstance(value, str) else value or ())
