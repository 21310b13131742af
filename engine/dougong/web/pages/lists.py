"""The list of an object: saved views as tabs, filter chips, sortable columns, rows; cards on a phone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from dougong.fields.base import Operator
from dougong.fields.operators import IS_TRUE
from dougong.model.app import Object
from dougong.model.faces import View
from dougong.model.gate_fields import UNSUPPORTED, UNSUPPORTED_AT
from dougong.refusals import Refused, refuse
from dougong.runtime.session import Session
from dougong.web import refusals as codes
from dougong.web.nearest import nearest_words
from dougong.web.pages import list_query, times
from dougong.web.pages.deadlines import countdown, tone
from dougong.web.pages.facets import FACTS, Facet, facet, facets
from dougong.web.pages.inputs import Input, filter_input
from dougong.web.pages.list_query import Filter, ListQuery
from dougong.web.pages.reader import Reader
from dougong.web.pages.reading import reader_for
from dougong.web.pages.shell import Shell
from dougong.web.pages.support import lost_marks, needed

PAGE_ROWS = 50
BUILT_IN = ("all", "board")  # views that every object has
CARD_FIELDS = 5  # what a card on a phone shows beside its title
PLAIN_COLUMNS = 7


@dataclass(frozen=True, slots=True)
class Column:
    """A column's head. `css` tells the stylesheet what kind of value it holds; `direction` is aria-sort's word."""

    name: str
    title: str
    css: str
    sort_url: str | None
    direction: str


@dataclass(frozen=True, slots=True)
class Row:
    """A record's line; `cells` are in the order of the columns. `lost` says that its stage is without support."""

    id: int
    url: str
    mark: str
    cells: tuple[Markup, ...]
    lost: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    """A saved view."""

    title: str
    url: str
    icon: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force, or one that says nothing usable (`error`)."""

    title: str
    operator: str
    value: str
    drop_url: str
    error: str


@dataclass(frozen=True, slots=True)
class FilterPanel:
    """The small form that adds a filter for one field."""

    title: str
    operators: tuple[Operator, ...]
    chosen: str
    input: Input
    back_url: str
    reader: Reader


@dataclass(frozen=True, slots=True)
class ListPage:
    """Context of `list.html`."""

    heading: str
    object: str
    icon: str
    url: str
    query: ListQuery
    tabs: tuple[Tab, ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    chips: tuple[Chip, ...] = ()
    addable: tuple[tuple[str, str], ...] = ()
    choosable: tuple[tuple[str, str, bool], ...] = ()
    panel: FilterPanel | None = None
    more_url: str | None = None
    new_url: str | None = None
    clear_url: str = ""
    error: str = ""
    hidden: tuple[tuple[str, str], ...] = field(default=())
    late: tuple[tuple[str, str], ...] = ()


def chosen_view(session: Session, made: Object, query: ListQuery) -> View | None:
    """The view that the address names, else the first table of the object; None is everything, with columns of the engine's choosing."""
    own = [v for v in session.app.views.values() if v.object == made.name]
    named = next((v for v in own if v.name == query.view), None)
    if query.view not in ("", *BUILT_IN) and named is None:
        raise refuse(codes.NO_VIEW, name=query.view, nearest=nearest_words(query.view, [*BUILT_IN, *(v.name for v in own)]))
    if query.view == "all":
        return named or everything(own)
    return named if query.view else next((v for v in own if v.kind == "table"), None)


def everything(views: Sequence[View]) -> View | None:
    """The saved view that leaves nothing out, if there is one: then the list needs no "all" beside it."""
    return next((v for v in views if v.kind == "table" and v.where is None), None)


def build(session: Session, shell: Shell, made: Object, query: ListQuery, view: View | None) -> ListPage:
    """The context of the list; a wrong expression leaves the rows empty and says why."""
    readable = readable_facets(session, shell, made)
    names = column_names(made, readable, query, view)
    shown = [readable[n] for n in names]
    texts, wrong = list_query.expression(query.filters, readable, shell.reading)
    url = f"{shell.root}/o/{made.name}"
    records: Sequence[Any] = []
    cursor, error = None, list_query.complaint(query.filters, wrong, readable, shell.language)
    if not error:
        fetched = [*names, *(n for n in (*dues(made), *needed(made, readable)) if n in readable and n not in names)]
        records, cursor, error = _found(session, shell, made, query, view, " and ".join(conditions(query, texts)), fetched)
    marks = marks_of(session, made, view, records)
    return ListPage(
        heading=made.title.text(shell.language),
        object=made.name,
        icon=made.icon,
        url=url,
        query=query,
        tabs=tabs(session, shell, made, query, view),
        columns=tuple(_column(c, made, url, query, view, i) for i, c in enumerate(shown)),
        rows=rows(session, shell, made, shown, records, marks),
        chips=_chips(session, shell, url, query, readable, wrong),
        addable=tuple((f.title, f"{url}?{query.text()}&adding={n}") for n, f in readable.items() if f.operators),
        choosable=tuple((n, f.title, n in names) for n, f in readable.items()),
        panel=_panel(session, shell, made, url, query, readable),
        more_url=f"{url}?{_next(query, cursor)}" if cursor else None,
        new_url=f"{url}/new" if session.may("create", made.name) else None,
        clear_url=f"{url}?view={query.view}" if query.view else url,
        error=error,
        hidden=tuple(p for p in query.pairs() if p[0] not in ("adding", "after")),
        late=tuple(_late(made, url, query, readable)),
    )


def dues(made: Object) -> tuple[str, ...]:
    """The fields that say when each pipeline's stage is over time, where they have deadlines."""
    return tuple(p.due_at for p in made.pipelines if p.due_at in made.fields and made.fields[p.due_at].is_kept)


def _late(made: Object, url: str, query: ListQuery, readable: Mapping[str, Facet]) -> Iterator[tuple[str, str]]:
    """Where the overdue ones of each pipeline alone are; nothing where none can be overdue, or they are what is shown."""
    names = [p.overdue for p in made.pipelines if p.due_at in dues(made) and p.overdue in readable]
    for name in names:
        if not any(f.field == name for f in query.filters):
            title = readable[name].title if len(names) > 1 else ""
            yield title, f"{url}?{query.text(filters=(*query.filters, Filter(name, IS_TRUE.key, ())))}"


def _found(
    session: Session, shell: Shell, made: Object, query: ListQuery, view: View | None, where: str, names: Sequence[str]
) -> tuple[Sequence[Any], str | None, str]:
    """The records of the page, the cursor of the next one, and what is wrong with the question."""
    try:
        found = session.find(
            made.name,
            where=where or None,
            order=query.order or None,
            limit=PAGE_ROWS,
            cursor=query.after or None,
            search=query.search or None,
            view=view,
            fields=names,
        )
    except Refused as refused:
        return [], None, " ".join(r.message(shell.language) for r in refused.refusals)
    return found.records, found.next_cursor, ""


def conditions(query: ListQuery, texts: Sequence[str]) -> list[str]:
    """The typed condition and the filters, to be joined by `and`; a condition alone stays as it was typed, for its error's sake."""
    own = [f"({query.where})" if texts else query.where] if query.where else []
    return [*own, *texts]


def readable_facets(session: Session, shell: Shell, made: Object) -> dict[str, Facet]:
    """Fields and facts that this person may see, by name, in the order of the definition."""
    masked = frozenset(session.masked(made.name))
    names = [f.name for f in session.fields(made.name)] + list(FACTS)
    return {f.name: f for f in facets(session.app, made, names, shell.language, masked)}


def column_names(made: Object, readable: Mapping[str, Facet], query: ListQuery, view: View | None) -> list[str]:
    """The columns: those the person chose, else the view's, else the first few; the title always leads."""
    wanted: Sequence[str] = query.columns or (view.columns if view else ())
    if not wanted:
        told = (*FACTS, UNSUPPORTED, UNSUPPORTED_AT)  # the mark of a row tells of these two
        plain = [n for n, f in readable.items() if f.widget not in ("long_text", "file") and n not in told]
        stages = [p.field for p in made.pipelines]
        wanted = [made.record_title, *stages, *[n for n in plain if n not in stages][:PLAIN_COLUMNS], "updated_at"]
    lead = [made.record_title] if made.record_title in readable and made.record_title not in wanted else []
    return list(dict.fromkeys([*lead, *(n for n in wanted if n in readable)]))


def rows(
    session: Session, shell: Shell, made: Object, shown: Sequence[Facet], records: Sequence[Any], marks: Mapping[int, str]
) -> tuple[Row, ...]:
    """The lines of the table: the hot loop, one call per cell."""
    reader = reader_for(session, shell, shown, records)
    base = f"{shell.root}/o/{made.name}/"
    moments, lost = dues(made), lost_marks(session, shell, records)
    pairs = [(f.name, _show_due if f.name in moments else f.show) for f in shown]
    return tuple(
        Row(r.id, f"{base}{r.id}", marks.get(r.id, ""), tuple(show(r.get(name), reader) for name, show in pairs), lost.get(r.id, ""))
        for r in records
    )


def _show_due(value: Any, reader: Reader) -> Markup:
    """The countdown, with the moment on hover."""
    if value is None:
        return Markup()
    words, css = countdown(value, reader.now, reader.reading.language), tone(value, reader.now)
    return Markup('<time class="due{}" datetime="{}" title="{}">{}</time>').format(
        f" is-{css}" if css else "", times.iso(value), reader.exact(value), words
    )


def marks_of(session: Session, made: Object, view: View | None, records: Sequence[Any]) -> dict[int, str]:
    """Record id → colour word. What is over time is red, unless the view has a colour of its own for it, or says itself what red means."""
    own = _highlights(session, made, view, records)
    if view is not None and view.highlight and "red" in view.highlight:
        return own
    moments, now = dues(made), session.now
    return {r.id: "red" for r in records if any(r.get(n) is not None and r[n] <= now for n in moments)} | own


def _highlights(session: Session, made: Object, view: View | None, records: Sequence[Any]) -> dict[int, str]:
    """Record id → colour word, by the view's conditions; the first that holds wins."""
    marks: dict[int, str] = {}
    if not records or view is None or not view.highlight:
        return marks
    ids = ", ".join(str(r.id) for r in records)
    for colour, condition in view.highlight.items():
        try:
            found = session.find(made.name, where=f"id in ({ids}) and ({condition.source.text})", limit=len(records), fields=[])
        except Refused:
            continue  # the condition looks at a field that this person may not see
        for record in found.records:
            marks.setdefault(record.id, colour)
    return marks


def tabs(session: Session, shell: Shell, made: Object, query: ListQuery, view: View | None) -> tuple[Tab, ...]:
    """The saved views of the object, and "all"."""
    url = f"{shell.root}/o/{made.name}"
    own = [v for v in session.app.views.values() if v.object == made.name]
    found = [
        Tab(v.title.text(shell.language), f"{url}?view={v.name}", "layout-kanban" if v.kind == "kanban" else "", v is view) for v in own
    ]
    return tuple(found) if everything(own) else (*found, Tab("", f"{url}?view=all", "", view is None))


def _column(shown: Facet, made: Object, url: str, query: ListQuery, view: View | None, index: int) -> Column:
    css = ["is-num"] if shown.is_number else []
    if shown.name == made.record_title:
        css.append("is-lead")
    elif shown.widget == "stage" and shown.name == made.pipelines[0].field:
        css.append("is-stage")
    elif index > CARD_FIELDS:
        css.append("is-extra")
    order = query.order or ", ".join(("-" if down else "") + name for name, down in (view.order if view else ()))
    first = order.split(",")[0].strip()
    direction = {shown.name: "ascending", f"-{shown.name}": "descending"}.get(first, "")
    turned = f"-{shown.name}" if direction == "ascending" else shown.name
    sort_url = f"{url}?{query.text(order=turned)}" if shown.is_sortable else None
    return Column(shown.name, shown.title, " ".join(css), sort_url, direction)


def _chips(
    session: Session, shell: Shell, url: str, query: ListQuery, readable: Mapping[str, Facet], wrong: Mapping[int, Any]
) -> tuple[Chip, ...]:
    chips = []
    for index, given in enumerate(query.filters):
        shown = readable.get(given.field)
        operator = next((o for o in shown.operators if o.key == given.operator), None) if shown else None
        refusal = wrong.get(index)
        chips.append(
            Chip(
                shown.title if shown else given.field,
                operator.title.text(shell.language) if operator else given.operator,
                "、".join(_spoken(session, shell, shown, v) for v in given.values) if shown else "",
                f"{url}?{query.without(index)}",
                (refusal.message(shell.language) if refusal else "?") if index in wrong else "",
            )
        )
    return tuple(chips)


def _spoken(session: Session, shell: Shell, shown: Facet, raw: str) -> str:
    if raw in shown.options:
        return shown.options[raw].title
    if shown.target and raw.isdigit():
        titles: dict[int, str] = session.titles(shown.target, [int(raw)])
        return titles.get(int(raw), raw)
    return raw


def _panel(session: Session, shell: Shell, made: Object, url: str, query: ListQuery, readable: Mapping[str, Facet]) -> FilterPanel | None:
    adding = readable.get(query.adding) or (facet(session.app, made, query.adding, shell.language) if query.adding in FACTS else None)
    if adding is None or not adding.operators:
        return None
    # A list of options to tick makes "is" the same as "is one of"
    operators = tuple(o for o in adding.operators if o.key != "eq" or not adding.options)
    preferred = next((o.key for o in operators if o.takes == "many"), operators[0].key)
    return FilterPanel(
        adding.title,
        operators,
        preferred,
        filter_input(session, shell, adding),
        f"{url}?{query.text()}",
        Reader(shell.reading, shell.root, session.now),
    )


def _next(query: ListQuery, cursor: str | None) -> str:
    return urlencode(replace(query, after=cursor or "", adding="").pairs())
