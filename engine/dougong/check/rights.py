"""Checks over roles: somebody may use the app; every role, object, move and grant is of some use; no two grants say opposite things."""

from collections.abc import Iterator

from dougong_dsl.codes import flow as codes
from dougong_dsl.diagnostics import Diagnostic, Related
from dougong_dsl.places import Place

from dougong.check.reasoning import implies
from dougong.model.app import App
from dougong.model.rights import Grant


def some_role(app: App) -> Iterator[Diagnostic]:
    """An app without roles is of no use to anybody."""
    if not app.roles:
        yield codes.NO_ROLES.at(Place(next(iter(app.files), "app.yaml"), 1, 1))


def some_grant(app: App) -> Iterator[Diagnostic]:
    """A role may do something."""
    yield from (codes.NO_GRANTS.at(r.place, role=r.name) for r in app.roles.values() if not r.grants and not r.is_admin)


def some_reader(app: App) -> Iterator[Diagnostic]:
    """Every object can be read by somebody."""
    read = {grant.object for role in app.roles.values() for grant in role.grants if "read" in grant.actions}
    for owner in app.objects.values():
        if app.roles and owner.name not in read and not owner.is_system:
            yield codes.NOBODY_READS.at(owner.place, object=owner.name)


def some_mover(app: App) -> Iterator[Diagnostic]:
    """Of the roles that a move is reserved for, one at least may move the object."""
    may_move = {(role.name, grant.object) for role in app.roles.values() for grant in role.grants if "move" in grant.actions}
    for owner in app.objects.values():
        for move in (move for pipeline in owner.pipelines for move in pipeline.moves):
            if move.roles and not any((role, owner.name) in may_move for role in move.roles):
                yield codes.NOBODY_MOVES.at(move.place, roles=", ".join(f"`{role}`" for role in move.roles), object=owner.name)


def pairs_of_grants(app: App) -> Iterator[Diagnostic]:
    """Within a role: a grant that another one holds whole, and a hidden or masked field that another one shows."""
    smallest: dict[int, int] = {}  # grant → how many grants the role has that it is written in
    for role in app.roles.values():
        for grant in role.grants:
            smallest[id(grant)] = min(len(role.grants), smallest.get(id(grant), len(role.grants)))
    for role in app.roles.values():
        # whoever extends a role may well widen it: grants are compared where they are written
        own = [grant for grant in role.grants if smallest[id(grant)] == len(role.grants)]
        alike: dict[str, list[Grant]] = {}
        for grant in role.grants:
            alike.setdefault(grant.object, []).append(grant)
        for grant in own:
            for other in alike[grant.object]:
                if grant is not other:
                    yield from _pair(grant, other, any(each is other for each in own))


def _pair(grant: Grant, other: Grant, is_own: bool) -> Iterator[Diagnostic]:
    opposite = list(_opposites(grant, other)) if is_own else []
    yield from opposite
    if not opposite and _holds(other, grant) and not (_holds(grant, other) and grant.place < other.place):
        yield codes.GRANT_CONTAINED.at(grant.place, related=[Related(other.place, "包含它的授权", "the grant that holds it")])


def _opposites(grant: Grant, other: Grant) -> Iterator[Diagnostic]:
    """Fields that `grant` hides or masks while `other` shows them wherever `grant` applies."""
    if not grant.actions & other.actions or not _covers_rows(other, grant):
        return
    for names, how in ((grant.hide, ("隐藏", "hides")), (grant.mask, ("脱敏", "masks"))):
        for name in sorted(_given(names, other) - other.mask):
            related = [Related(other.place, "这里显示它", "shown by this one")]
            yield codes.GRANT_OPPOSITE.at(grant.place, related=related, how=how, field=name)


def _holds(wide: Grant, narrow: Grant) -> bool:
    """Whether everything that one grant gives is given by another."""
    if not narrow.actions <= wide.actions or not _covers_rows(wide, narrow):
        return False
    if wide.along not in (None, narrow.along):
        return False
    if wide.fields is not None and (narrow.fields is None or not narrow.fields - narrow.hide <= wide.fields):
        return False
    return not _given(wide.hide, narrow) and _given(wide.mask, narrow) <= narrow.mask


def _given(names: frozenset[str], grant: Grant) -> frozenset[str]:
    """Those of some fields that a grant gives, in full or masked."""
    return (names if grant.fields is None else names & grant.fields) - grant.hide


def _covers_rows(wide: Grant, narrow: Grant) -> bool:
    if wide.where is None:
        return True
    return narrow.where is not None and implies(narrow.where, wide.where)


RIGHT_CHECKS = (some_role, some_grant, some_reader, some_mover, pairs_of_grants)
