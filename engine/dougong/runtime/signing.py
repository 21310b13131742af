"""Who acts in a unit of work: the user's record as it is in this transaction, found together with the release in force."""

from typing import Any

from sqlalchemy import bindparam, func, select

from dougong.database.connection import Connection
from dougong.database.text import Text, compile_text
from dougong.refusals import refuse
from dougong.runtime import refusals as codes
from dougong.runtime.actor import Actor
from dougong.runtime.compiled import Compiled

USER = "user"


def actor_of(compiled: Compiled, connection: Connection, user: int | str | None | Actor) -> tuple[int | None, Actor]:
    """(id of the release in force, the acting user); `Refused` R408 for a user that is not there or not active."""
    if isinstance(user, Actor):
        row = connection.one(compiled.question(("release",), lambda: _release(compiled)))
        return (row[0] if row else None), user
    by = "login" if isinstance(user, str) else "id"
    text: Text = compiled.question(("actor", by), lambda: _actor(compiled, by))
    row = connection.one(text, {"user": user})
    if row is None:
        raise refuse(codes.NO_SUCH_USER, user=user)
    rules = compiled.rules(USER)
    values: dict[str, Any] = rules.codec.decode(row[1:])
    if not values["active"]:
        raise refuse(codes.NO_SUCH_USER, user=user)
    roles = tuple(sorted(values["roles"] or ()))
    return row[0], Actor(values["id"], values["login"], values["name"] or values["login"], roles, values)


def _newest(compiled: Compiled) -> Any:
    release = compiled.tables.engine.release
    return select(func.max(release.c.id)).where(release.c.state == "applied")


def _release(compiled: Compiled) -> Text:
    return compile_text(_newest(compiled), compiled.dialect)


def _actor(compiled: Compiled, by: str) -> Text:
    table = compiled.tables.of[USER]
    columns = [table.c[n] for n in compiled.rules(USER).codec.names]
    query = select(_newest(compiled).scalar_subquery(), *columns).where(table.c[by] == bindparam("user"))
    return compile_text(query, compiled.dialect)
