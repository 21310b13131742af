"""Checks over roles: somebody may use the app, every role and every object is of some use."""

from collections.abc import Iterator

from dougong_dsl.codes import flow as codes
from dougong_dsl.diagnostics import Diagnostic
from dougong_dsl.places import Place

from dougong.model.app import App


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


RIGHT_CHECKS = (some_role, some_grant, some_reader)
