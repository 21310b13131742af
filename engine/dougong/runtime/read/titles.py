"""What records are called, as far as the reader may see them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select

from dougong.database.text import Text, compile_text
from dougong.runtime.read.base import Base, base_of
from dougong.runtime.unit import LARGEST_ID, Unit

USERS, TEAMS = "user", "team"


def titles(unit: Unit, object_name: str, ids: Sequence[int]) -> dict[int, str]:
    """Title by id; records that the reader may not see are left out. Users and teams are called by their name by everybody."""
    wanted = sorted({i for i in ids if i is not None and 0 < i <= LARGEST_ID})
    rules = unit.compiled.rules(object_name)
    if not wanted:
        return {}
    if object_name == USERS:
        return user_names(unit, wanted)
    if object_name == TEAMS:
        return team_names(unit, wanted)
    if not unit.access.reads(object_name):
        return {}
    name = rules.object.record_title
    is_clear = name in unit.access.reads(object_name).clear
    text: Text = unit.compiled.question(("titles", unit.access.roles, object_name), lambda: _texts(base_of(unit, object_name), is_clear))
    found = unit.connection.all(text, {**unit.params, "ids": wanted})
    kind, dialect = rules.known[name].type, unit.compiled.dialect
    is_named = name != "id"
    return {i: (kind.format(kind.from_db(v, dialect), unit.reading) if is_named and v is not None else "") or f"#{i}" for i, v in found}


def user_names(unit: Unit, ids: Sequence[int]) -> dict[int, str]:
    """The names of users."""

    def make() -> Text:
        user = unit.compiled.tables.engine.user
        query = select(user.c.id, user.c.name, user.c.login).where(user.c.id.in_(bindparam("ids", expanding=True)))
        return compile_text(query, unit.compiled.dialect)

    text: Text = unit.compiled.question(("user names",), make)
    return {i: name or login or f"#{i}" for i, name, login in unit.connection.all(text, {"ids": list(ids)})}


def team_names(unit: Unit, ids: Sequence[int]) -> dict[int, str]:
    """The names of teams."""

    def make() -> Text:
        team = unit.compiled.tables.engine.team
        return compile_text(select(team.c.id, team.c.name).where(team.c.id.in_(bindparam("ids", expanding=True))), unit.compiled.dialect)

    text: Text = unit.compiled.question(("team names",), make)
    return {i: name or f"#{i}" for i, name in unit.connection.all(text, {"ids": list(ids)})}


def _texts(base: Base, is_clear: bool) -> Text:
    title: Any = base.cell(base.rules.object.record_title) if is_clear else base.table.c.id
    query = base.select([base.table.c.id, title]).where(base.table.c.id.in_(bindparam("ids", expanding=True)))
    return compile_text(query, base.compiled.dialect)
