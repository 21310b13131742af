"""The right side of a record: lists of the records that point to it, each with its count and the latest few."""

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from dougong.model.app import Object, Reverse
from dougong.refusals import Refused
from dougong.runtime.session import Session
from dougong.web.pages.facets import NUMERIC, Facet, facets
from dougong.web.pages.naming import title_of
from dougong.web.pages.reading import reader_for
from dougong.web.pages.shell import Shell

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Related:
    """One record of a related list."""

    title: str
    url: str
    notes: tuple[Markup, ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """One related list; `all_url` is the whole list, `new_url` makes another with the link already filled in."""

    title: str
    icon: str
    count: int
    records: tuple[Related, ...]
    all_url: str
    new_url: str | None


def relations(session: Session, shell: Shell, made: Object, record: Any) -> tuple[Relation, ...]:
    """The lists of all objects that link to this one and that this person may read."""
    found = []
    for reverse in made.reverses.values():
        if session.may("read", reverse.child) and not session.app.objects[reverse.child].is_system:
            try:
                found.append(_relation(session, shell, reverse, record))
            except Refused:
                continue  # the link itself is hidden from this person
    return tuple(found)


def _relation(session: Session, shell: Shell, reverse: Reverse, record: Any) -> Relation:
    child = session.app.objects[reverse.child]
    where = f"{reverse.through}.id = {record.id}"
    count = session.count(child.name, where=where)
    shown = _shown(session, shell, child)
    page = (
        session.find(child.name, where=where, order="-updated_at", limit=SHOWN, fields=[child.record_title, *(f.name for f in shown)])
        if count
        else None
    )
    records = page.records if page is not None else []
    reader = reader_for(session, shell, shown, records)
    base = f"{shell.root}/o/{child.name}"
    return Relation(
        title=reverse.title.text(shell.language),
        icon=child.icon,
        count=count,
        records=tuple(
            Related(
                title_of(child, r, shell.reading),
                f"{base}/{r.id}",
                tuple(f.show(r[f.name], reader) for f in shown if r.get(f.name)),
            )
            for r in records
        ),
        all_url=f"{base}?view=all&f.{reverse.through}.eq={record.id}",
        new_url=f"{base}/new?{reverse.through}={record.id}" if session.may("create", child.name) else None,
    )


def _shown(session: Session, shell: Shell, child: Object) -> list[Facet]:
    """Stage, and the first amount or number: what one wants to know of a related record."""
    readable = [f.name for f in session.fields(child.name) if f.name not in session.masked(child.name)]
    amount = next((n for n in readable if child.fields[n].type.widget == "money"), None)
    number = amount or next((n for n in readable if child.fields[n].type.widget in NUMERIC), None)
    return facets(session.app, child, [n for n in ("stage", number) if n], shell.language)
