"""Who acts and why: what history keeps of each write."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Cause:
    """Why something is written: `kind` is form, api, python, import, trigger, system …; `id` says which one (a request, a file, a trigger).

    `happened_at` is when the thing really happened, if that is not now (a visit entered the day after).
    """

    kind: str
    id: str | None = None
    happened_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """The acting user. `values` are the fields of the user's own record; the system has none and needs no grant."""

    id: int | None
    login: str
    name: str
    roles: tuple[str, ...]
    values: Mapping[str, Any]
    is_system: bool = False


NOBODY: Mapping[str, Any] = {"id": None}
SYSTEM = Actor(None, "system", "系统", (), NOBODY, is_system=True)


def system_for(actor: Actor) -> Actor:
    """The system at work because of somebody: no grant is needed, `me` is still that person."""
    return Actor(None, SYSTEM.login, SYSTEM.name, (), actor.values, is_system=True)


def unbound(actor: Actor) -> Actor:
    """Somebody at what the system has allowed already: no grant is needed, and history names the person."""
    return replace(actor, is_system=True)
