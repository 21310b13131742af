"""Names behind an @: who is meant by them, where in a text they stand, and whom somebody who writes about a record may call."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dougong.refusals import refuse
from dougong.runtime import refusals as codes
from dougong.runtime.actor import Actor
from dougong.runtime.unit import Lens, Unit

_AFTER_LOGIN = re.compile(r"[\w]|[.-]\w", re.ASCII)
_AT = re.compile("(?<![A-Za-z0-9._-])[@\uff20]")  # not the middle of an address


@dataclass(frozen=True, slots=True)
class Called:
    """A name behind an @, from the @ to its end; `users` are all who are called so."""

    start: int
    end: int
    name: str
    users: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who can be called; `call` is what to write behind the @ so that nobody else is meant."""

    id: int
    login: str
    name: str
    call: str


def called(words: str, users: Iterable[Mapping[str, Any]]) -> Iterator[Called]:
    """Every name of a user behind an @, in order. The longest login or name that fits counts."""
    known = _names(users)
    for match in _AT.finditer(words):
        at = match.end()
        fitting = [n for n in known if words.startswith(n, at) and not (n.isascii() and _AFTER_LOGIN.match(words, at + len(n)))]
        if fitting:
            name = max(fitting, key=len)
            yield Called(match.start(), at + len(name), name, tuple(known[name]))


def mentions(words: str, users: Iterable[Mapping[str, Any]]) -> tuple[list[int], list[str]]:
    """Who is mentioned, each once, and the names that several people share."""
    found: dict[int, None] = {}
    shared: dict[str, None] = {}
    for one in called(words, users):
        if len(one.users) > 1:
            shared[one.name] = None
        else:
            found[one.users[0]] = None
    return list(found), list(shared)


def who_may_be_told(unit: Unit, object_name: str, record_id: int, sought: str, most: int) -> list[Colleague]:
    """Colleagues who may read a record, by a part of their name or login: names that begin with it first. `Refused` R404."""
    row = unit.row(object_name, record_id)
    if row is None or not unit.matching(object_name, "read", row):
        raise refuse(codes.NOT_FOUND, object=unit.compiled.rules(object_name).spoken)
    users, sought = unit.users(), sought.strip().casefold()
    known = _names(users)
    fitting = [u for u in users if u["id"] != unit.actor.id and any(sought in n.casefold() for n in (u["login"], u["name"] or ""))]
    fitting.sort(key=lambda u: (not any(n.casefold().startswith(sought) for n in (u["login"], u["name"] or "")), u["name"] or u["login"]))
    found: list[Colleague] = []
    for user in fitting:
        if may_read(unit, user, object_name, row):
            name = user["name"] or user["login"]
            found.append(Colleague(user["id"], user["login"], name, name if len(known[name]) == 1 else user["login"]))
            if len(found) == most:
                break
    return found


def may_read(unit: Unit, user: Mapping[str, Any], object_name: str, row: Mapping[str, Any]) -> bool:
    """Whether a user may see a record at all."""
    roles = tuple(sorted(user["roles"] or ()))
    access = unit.compiled.access(Actor(user["id"], user["login"], user["name"] or user["login"], roles, user))
    lens = Lens(unit, None)
    lens.me = user
    return any(p is None or p(row, lens) is True for p in access.programs(object_name, "read"))


def _names(users: Iterable[Mapping[str, Any]]) -> dict[str, list[int]]:
    """Login and name → the ids of those who are called so."""
    known: dict[str, list[int]] = {}
    for user in users:
        for name in {user["login"], user["name"] or user["login"]}:
            known.setdefault(name, []).append(user["id"])
    return known
