"""Roles and grants as they may be written."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from dougong_dsl.sentences import clauses

from dougong.definition.mistakes import Spoken
from dougong.definition.part import Part
from dougong.definition.values import Each, Flag, Names, OrLine, Text, TitleText


class GrantDefinition(Part):
    """Actions on some rows and fields of one object, or of several alike."""

    label: ClassVar[Spoken] = ("授权", "a grant")

    may: Names
    of: Names
    fields: Names | None = None
    where: Text | None = None
    mask: Names = ()
    hide: Names = ()
    along: Text | None = None


class RoleDefinition(Part):
    """A role and what it may do."""

    label: ClassVar[Spoken] = ("角色", "a role")
    later: ClassVar[Mapping[str, Spoken]] = {"portal": ("门户角色 portal", "portal roles")}

    title: TitleText | None = None
    extends: Names = ()
    admin: Flag = False
    may: Annotated[
        tuple[Annotated[GrantDefinition, OrLine(lambda word: clauses.grant(word.source), clauses.GRANT.example)], ...],
        Each(GrantDefinition.label),
    ] = ()
