"""Everything one set of roles may do in one release: rights by object and action, their Python predicates, and the names a filter may use."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from dougong_dsl.expression import Expression
from dougong_dsl.expression.scope import Member, Schema
from dougong_dsl.expression.types import ListOf, Record

from dougong.access.grants import Rights, everything, rights
from dougong.model.app import App
from dougong.model.rights import ActionName

Program = Callable[[Mapping[str, Any], Any], Any]


class Access:
    """Rights of a set of roles (`roles` None: the system, which needs no grant). Made once, used by all sessions with these roles."""

    def __init__(self, app: App, roles: Iterable[str] | None, schema: Schema, program: Callable[[Expression], Program]) -> None:
        self.roles = None if roles is None else frozenset(roles)
        self.schema = VisibleSchema(schema, self)
        self._app = app
        self._program = program
        self._rights: dict[tuple[str, ActionName], Rights] = {}
        self._programs: dict[tuple[str, ActionName], tuple[Program | None, ...]] = {}

    def rights(self, object_name: str, action: ActionName) -> Rights:
        """What the roles may do; no shares for nothing."""
        key = (object_name, action)
        found = self._rights.get(key)
        if found is None:
            target = self._app.objects[object_name]
            found = everything(target, action) if self.roles is None else rights(self._app, target, action, sorted(self.roles))
            self._rights[key] = found
        return found

    def reads(self, object_name: str) -> Rights:
        """The right to read."""
        return self.rights(object_name, "read")

    def programs(self, object_name: str, action: ActionName) -> tuple[Program | None, ...]:
        """For each share its condition on a record in Python; None where it has none."""
        key = (object_name, action)
        found = self._programs.get(key)
        if found is None:
            shares = self.rights(object_name, action).shares
            found = self._programs[key] = tuple(None if s.where is None else self._program(s.where) for s in shares)
        return found


class VisibleSchema:
    """The names that a person's own filter may use: exactly those that the person may see unmasked somewhere.

    Nothing counts as never null, because a cell may be readable on some rows only.
    """

    def __init__(self, schema: Schema, access: Access) -> None:
        self._schema = schema
        self._access = access
        self._members: dict[str, Mapping[str, Member]] = {}

    def members(self, object_name: str) -> Mapping[str, Member]:
        """The visible members of an object."""
        found = self._members.get(object_name)
        if found is None:
            every = self._schema.members(object_name)
            found = {name: replace(m, required=False) for name, m in every.items() if self._is_visible(object_name, m)}
            self._members[object_name] = found
        return found

    def objects(self) -> Iterable[str]:
        """The objects of which the person may read something."""
        return [name for name in self._schema.objects() if self._access.reads(name)]

    def _is_visible(self, object_name: str, member: Member) -> bool:
        if member.through is not None and isinstance(member.type, ListOf) and isinstance(member.type.item, Record):
            return member.through in self._access.reads(member.type.item.object).clear
        return member.name in self._access.reads(object_name).clear or member.name == "id"
