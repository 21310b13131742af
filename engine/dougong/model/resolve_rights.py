"""Roles and grants: names bound, conditions typed, extended roles merged."""

from collections.abc import Sequence
from typing import get_args

from dougong_dsl.codes import flow as codes
from dougong_dsl.codes import sentences as sentence_codes
from dougong_dsl.diagnostics import nearest
from dougong_dsl.expression.types import Boolean
from dougong_dsl.sentences.written import Word
from dougong_dsl.titles import Title

from dougong.definition.app import AppDefinition
from dougong.definition.rights import GrantDefinition, RoleDefinition
from dougong.model import names
from dougong.model.drafts import Draft, DraftObject
from dougong.model.resolve_flow import known_roles
from dougong.model.rights import ActionName, Grant, Role

ACTIONS: tuple[ActionName, ...] = get_args(ActionName)


def resolve_roles(draft: Draft, definition: AppDefinition) -> dict[str, Role]:
    """Every role with its own grants and those it extends."""
    draft.report(*names.check_case(definition.roles))
    own: dict[str, tuple[Grant, ...]] = {}
    bases: dict[str, tuple[str, ...]] = {}
    for name, each in definition.roles.items():
        with draft.part("roles", str(name), each.is_sound):
            draft.report(*names.check_name(name))
            own[name] = tuple(grant for written in each.may for grant in _grants(draft, written))
            bases[name] = known_roles(draft, definition, each.extends)
    roles = {}
    for name, each in definition.roles.items():
        order = _lineage(draft, name, bases)
        grants = tuple(grant for role in order for grant in own[role])
        is_admin = each.admin or any(_admin(definition, role) for role in order)
        roles[str(name)] = Role(str(name), each.title or Title.same(str(name)), grants, name.place, is_admin)
    return roles


def _admin(definition: AppDefinition, name: str) -> bool:
    found: RoleDefinition = next(each for role, each in definition.roles.items() if role == name)
    return found.admin


def _lineage(draft: Draft, name: Word, bases: dict[str, tuple[str, ...]]) -> list[str]:
    """The role's bases, furthest first, and itself; a circle is reported at the role that closes it."""
    order: list[str] = []

    def visit(role: str, path: tuple[str, ...]) -> None:
        if role in path:
            if role == name:
                draft.report(codes.EXTENDS_CYCLE.at(name.place, chain=" → ".join((*path, role))))
            return
        for base in bases.get(role, ()):
            visit(base, (*path, role))
        if role not in order:
            order.append(role)

    visit(str(name), ())
    return order


def _grants(draft: Draft, written: GrantDefinition) -> list[Grant]:
    """What is granted on each of the objects that are named."""
    actions: list[ActionName] = []
    for action in written.may:
        known = next((a for a in ACTIONS if a == action), None)
        if known is None:
            near = nearest(action, ACTIONS)
            draft.report(sentence_codes.UNKNOWN_ACTION.at(action.place, name=str(action), known=", ".join(ACTIONS), nearest=near))
        else:
            actions.append(known)
    owners = [(of, owner) for of in written.of if (owner := draft.object(of)) is not None]
    if len(actions) < len(written.may):
        return []
    return [_grant(draft, written, actions, of, owner) for of, owner in owners]


def _grant(draft: Draft, written: GrantDefinition, actions: list[ActionName], of: Word, owner: DraftObject) -> Grant:
    _check_moves(draft, owner, of, written, actions)
    return Grant(
        frozenset(actions),
        str(owner.name),
        written.place,
        where=draft.expression(written.where, draft.scope(str(owner.name)), Boolean()),
        fields=None if written.fields is None else _named(draft, owner, written.fields),
        hide=_named(draft, owner, written.hide),
        mask=_named(draft, owner, written.mask),
        along=None if written.along is None or not owner.tracks else str(written.along),
    )


def _check_moves(draft: Draft, owner: DraftObject, of: Word, written: GrantDefinition, actions: list[ActionName]) -> None:
    if "move" in actions and not owner.pipelines:
        draft.report(codes.MOVE_WITHOUT_PIPELINE.at(of.place, object=str(owner.name)))
    elif written.along is not None and written.along not in (known := [p.name for p in owner.pipelines]):
        near = nearest(written.along, known)
        draft.report(codes.UNKNOWN_PIPELINE.at(written.along.place, object=str(owner.name), name=str(written.along), nearest=near))


def _named(draft: Draft, owner: DraftObject, wanted: Sequence[Word]) -> frozenset[str]:
    return frozenset(str(field.name) for field in draft.fields(owner, wanted))
