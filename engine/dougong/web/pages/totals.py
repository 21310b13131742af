"""What stands below a list: how many records it has, and the sums of its number columns. Fetched after the rows, which wait for nothing."""

from dataclasses import dataclass
from decimal import Decimal

from dougong.derive.prices import unit_prices
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
    texts, wrong = list_query.expression(query.filters, readable, shell.reading)
    if wrong:
        return TotalsPage("", 0, ())
    prices = unit_prices(session.app)
    where = " and ".join(lists.conditions(query, texts)) or None
    try:
        count = session.count(made.name, where=where, search=query.search or None, view=view)
        sums = tuple((f.title, _sum(session, shell, made, f, where, view) if adds_up(f, made, prices, query) else "") for f in shown)
    except Refused:
        return TotalsPage("", 0, ())
    return TotalsPage("", count, sums)


def adds_up(shown: Facet, made: Object, prices: frozenset[tuple[str, str]], query: ListQuery) -> bool:
    """Whether the sum of a column says something: amounts and counts do, unit prices do not."""
    field = made.fields.get(shown.name)
    is_number = shown.widget in SUMMED and not shown.is_masked and field is not None and field.is_stored
    return is_number and (made.name, shown.name) not in prices and not query.search


def _sum(session: Session, shell: Shell, made: Object, shown: Facet, where: str | None, view: View | None) -> str:
    by = "stage" if made.pipeline else "created_by"
    try:
        found = [s for _, _, s in session.group(made.name, by=by, where=where, sum=shown.name, view=view) if s is not None]
    except Refused:
        return ""
    total = sum(found, Decimal(0)) if found else None
    assert shown.type is not None
    return shown.type.format(int(total) if shown.widget == "integer" and total is not None else total, shell.reading)
