"""Who is meant: the user a trigger assigns a record to, the people who get a to-do."""

from collections.abc import Iterable
from typing import Any

from dougong.derive.triggers import ActionRule
from dougong.model.flow import AssignAction
from dougong.runtime.unit import Lens, Row, Unit


def assignee(unit: Unit, object_name: str, rule: ActionRule, row: Row) -> int | None:
    """The user named by login, or the least loaded of the candidates (ties: the lowest id); None when there is nobody."""
    action = rule.action
    assert isinstance(action, AssignAction)
    if action.login is not None:
        named: list[int] = [u["id"] for u in unit.users() if u["login"] == action.login]
        return named[0] if named else None
    rules = unit.compiled.rules("user")
    # the record goes by its object's name, beside the user's own fields
    seen = ((u["id"], Row(rules, unit, {**u, object_name: row["id"]})) for u in unit.users())
    fitting: list[int] = [user_id for user_id, u in seen if rule.candidates is None or rule.candidates(u, unit.plain) is True]
    if len(fitting) < 2:
        return fitting[0] if fitting else None
    load: dict[int, int] = dict(
        unit.connection.all(unit.compiled.writes(object_name).load(action.field), {"users": fitting, "dg_key": row["id"]})
    )
    return min(fitting, key=lambda user_id: (load.get(user_id, 0), user_id))


def people(unit: Unit, rule: ActionRule, row: Row, lens: Lens) -> list[int]:
    """The active users among the recipients, each once, in declared order."""
    active = {u["id"]: u for u in unit.users()}
    found: dict[int, None] = {}
    for user, role, login in rule.recipients:
        wanted: Iterable[Any] = ()
        if user is not None:
            value = user(row, lens)
            wanted = value if isinstance(value, tuple | list) else (value,)
        elif role is not None:
            wanted = (u["id"] for u in active.values() if role in (u["roles"] or ()))
        elif login is not None:
            wanted = (u["id"] for u in active.values() if u["login"] == login)
        found.update((user_id, None) for user_id in wanted if user_id in active)
    return list(found)
