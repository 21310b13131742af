"""Who is meant: the people who are told or have something to do.

Recipients are written as a user path (`owner`, `owner.manager`), a path to a team (`team`), `role X`, `user LOGIN`, `team NAME`, or a list of these.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dougong.model.actions import Recipient
from dougong.runtime.people import teams
from dougong.runtime.people.todos import For
from dougong.runtime.unit import Lens, Unit


def people(unit: Unit, wanted: Sequence[Recipient], row: Mapping[str, Any], lens: Lens) -> list[int]:
    """The active users among the recipients, each once, in declared order; of a team all its people, those of the teams below it too."""
    active = {u["id"]: u for u in unit.users()}
    found: dict[int, None] = {}
    for each in wanted:
        found.update((user_id, None) for user_id in _people(unit, each, row, lens) if user_id in active)
    return list(found)


def addressees(unit: Unit, wanted: Sequence[Recipient], row: Mapping[str, Any], lens: Lens, *, claim: bool) -> list[For]:
    """Whose to-dos they are: one for each person; with `claim`, one for each role and team, of which one person takes it."""
    found: dict[For, None] = {}
    for each in wanted:
        if claim and each.role is not None:
            found[For(role=each.role)] = None
        elif claim and (each.team_path is not None or each.team is not None):
            found.update((For(team=t), None) for t in _teams(unit, each, row, lens))
        else:
            found.update((For(user=user_id), None) for user_id in people(unit, [each], row, lens))
    return list(found)


def _people(unit: Unit, each: Recipient, row: Mapping[str, Any], lens: Lens) -> Iterable[Any]:
    users = unit.users()
    if each.user is not None:
        return _listed(unit.compiled.program(each.user)(row, lens))
    if each.role is not None:
        return (u["id"] for u in users if each.role in (u["roles"] or ()))
    if each.login is not None:
        return (u["id"] for u in users if u["login"] == each.login)
    return (user_id for team in _teams(unit, each, row, lens) for user_id in teams.members(unit, team))


def _teams(unit: Unit, each: Recipient, row: Mapping[str, Any], lens: Lens) -> list[int]:
    if each.team is not None:
        named = teams.named(unit, each.team)
        return [] if named is None else [named]
    return [] if each.team_path is None else [t for t in _listed(unit.compiled.program(each.team_path)(row, lens)) if t is not None]


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, tuple | list) else (value,)
