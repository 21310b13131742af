"""Who is meant: the user a trigger assigns a record to, the people who get a to-do."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dougong.model.actions import AssignAction, Recipient
from dougong.runtime.unit import Lens, Row, Unit


def assignee(unit: Unit, object_name: str, action: AssignAction, names: Mapping[str, Any], row: Row) -> int | None:
    """The user named by login, or the least loaded of the candidates (ties: the lowest id); None when there is nobody.

    `names` are the records that the condition may name beside the user's own fields, the record itself among them.
    """
    if action.login is not None:
        named: list[int] = [u["id"] for u in unit.users() if u["login"] == action.login]
        return named[0] if named else None
    rules = unit.compiled.rules("user")
    fits = None if action.candidates is None else unit.compiled.program(action.candidates)
    seen = ((u["id"], Row(rules, unit, {**names, **u})) for u in unit.users())
    fitting: list[int] = [user_id for user_id, u in seen if fits is None or fits(u, unit.plain) is True]
    if len(fitting) < 2:
        return fitting[0] if fitting else None
    load: dict[int, int] = dict(
        unit.connection.all(unit.compiled.writes(object_name).load(action.field), {"users": fitting, "dg_key": row["id"]})
    )
    return min(fitting, key=lambda user_id: (load.get(user_id, 0), user_id))


def people(unit: Unit, wanted: Sequence[Recipient], row: Row, lens: Lens) -> list[int]:
    """The active users among the recipients, each once, in declared order."""
    active = {u["id"]: u for u in unit.users()}
    found: dict[int, None] = {}
    for each in wanted:
        ids: Iterable[Any] = ()
        if each.user is not None:
            value = unit.compiled.program(each.user)(row, lens)
            ids = value if isinstance(value, tuple | list) else (value,)
        elif each.role is not None:
            ids = (u["id"] for u in active.values() if each.role in (u["roles"] or ()))
        elif each.login is not None:
            ids = (u["id"] for u in active.values() if u["login"] == each.login)
        found.update((user_id, None) for user_id in ids if user_id in active)
    return list(found)
