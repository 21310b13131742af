"""What stands below a list: how many records it has, and the sums of its number columns. Fetched after the rows, which wait for nothing."""

from dataclasses import dataclass
from decimal import Decimal

from dougong.model.app import Object
from dougong.model.faces import View
from dougong.refusals import Refused
from dougong.runtime.session import Session
from dougong.web.pages import list_query, lists
from dougong.web.pages.facets import Facet
from dougong.web.pages.list_query import ListQuery
from dougong.web.pages.shell import Shell

SUMMED = frozenset({"money", "number", "integer"})


@dataclass(frozen=True, slots=True)
class TotalsPage:
    """Context of `list_totals.html`: the count, and a text per column (empty where there is nothing to add up)."""

    heading: str
    count: int
    sums: tuple[tuple[str, str], ...]


def build(session: Session, shell: Shell, made: Object, query: ListQuery, view: View | None) -> TotalsPage:
    """Count and sums of everything that the list would show."""
    readable = lists.readable_facets(session, shell, made)
    shown = [readable[n] for n in lists.column_names(made, readable, query, view)]
    texts, _ = list_query.expression(query.filters, readable, shell.reading)
    where = " and ".join(lists.conditions(query, texts)) or None
    try:
        count = session.count(made.name, where=where, search=query.search or None, view=view)
        sums = tuple((f.title, _sum(session, shell, made, f, where, view) if not query.search else "") for f in shown)
    except Refused:
        return TotalsPage("", 0, ())
    return TotalsPage("", count, sums)


def _sum(session: Session, shell: Shell, made: Object, shown: Facet, where: str | None, view: View | None) -> str:
    if (
        shown.widget not in SUMMED
        or shown.is_masked
        or shown.type is None
        or shown.name not in made.fields
        or not made.fields[shown.name].is_stored
    ):
        return ""
    by = "stage" if made.pipeline else "created_by"
    try:
        found = [s for _, _, s in session.group(made.name, by=by, where=where, sum=shown.name, view=view) if s is not None]
    except Refused:
        return ""
    total = sum(found, Decimal(0)) if found else None
    return shown.type.format(int(total) if shown.widget == "integer" and total is not None else total, shell.reading)
