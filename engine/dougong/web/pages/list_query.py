"""What the address of a list says: view, search, filters, order, columns; and the expression that it all amounts to.

Filters stand in the address as `f.<field>.<operator>=value`, so that a list can be sent to a colleague as a link.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from dougong.fields.base import Operator, Reading
from dougong.refusals import Refusal
from dougong.web.pages.facets import Facet
from dougong.web.pages.texts import noted, text

NAMES = ("view", "q", "where", "order", "columns", "adding", "after", "field", "op", "value")  # what an address may say, beside filters
PIECES = frozenset({"contains", "starts"})  # these compare with a piece of a value, which need not be one itself
NEEDED = {"none": 0, "one": 1, "two": 2, "many": 1}


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter chip: a field, an operator's key, the values as typed."""

    field: str
    operator: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListQuery:
    """The parts of the address. `adding` is the field whose filter is being set; `after` a cursor."""

    view: str = ""
    search: str = ""
    where: str = ""
    order: str = ""
    filters: tuple[Filter, ...] = ()
    columns: tuple[str, ...] = ()
    adding: str = ""
    after: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Whether the person asked for less than the view shows."""
        return bool(self.search or self.where or self.filters)

    def text(self, **changes: object) -> str:
        """The query string with some parts changed; a changed list starts at its beginning."""
        return urlencode(replace(self, after="", adding="", **changes).pairs())  # type: ignore[arg-type]

    def pairs(self) -> list[tuple[str, str]]:
        """Names and values of the query string."""
        plain = [("view", self.view), ("q", self.search), ("where", self.where), ("order", self.order), ("columns", ",".join(self.columns))]
        chips = [(f"f.{f.field}.{f.operator}", v) for f in self.filters for v in (f.values or ("",))]
        return [p for p in plain if p[1]] + chips + [p for p in (("adding", self.adding), ("after", self.after)) if p[1]]

    def without(self, index: int) -> str:
        """The query string with one filter gone."""
        return self.text(filters=tuple(f for i, f in enumerate(self.filters) if i != index))


def read(params: QueryParams) -> ListQuery:
    """The query of an address. A filter being added comes as `field`, `op`, `value` from a plain form."""
    chips: dict[tuple[str, str], list[str]] = {}
    for key, value in params.multi_items():
        if key.startswith("f.") and key.count(".") == 2:
            _, field, operator = key.split(".")
            chips.setdefault((field, operator), []).append(value)
    filters = [Filter(f, o, tuple(v for v in values if v)) for (f, o), values in chips.items()]
    if params.get("field") and params.get("op"):
        filters.append(Filter(params["field"], params["op"], tuple(v for v in params.getlist("value") if v.strip())))
    return ListQuery(
        view=params.get("view", ""),
        search=params.get("q", "").strip(),
        where=params.get("where", "").strip(),
        order=params.get("order", ""),
        filters=tuple(filters),
        columns=tuple(c for c in ",".join(params.getlist("columns")).split(",") if c),
        adding=params.get("adding", ""),
        after=params.get("after", ""),
    )


def expression(filters: Iterable[Filter], by_name: Mapping[str, Facet], reading: Reading) -> tuple[list[str], dict[int, Refusal | None]]:
    """The filters as expression texts, and for each one that says nothing usable its index and why."""
    texts: list[str] = []
    wrong: dict[int, Refusal | None] = {}
    for index, given in enumerate(filters):
        text, refusal = _one(given, by_name.get(given.field), reading)
        if text is None:
            wrong[index] = refusal
        else:
            texts.append(text)
    return texts, wrong


def complaint(filters: Sequence[Filter], wrong: Iterable[int], by_name: Mapping[str, Facet], language: str) -> str:
    """Why a list with filters that say nothing usable shows no record at all; empty when every filter is right."""
    titles = [by_name[filters[i].field].title if filters[i].field in by_name else filters[i].field for i in wrong]
    message = noted("No record is shown: the filter “%(fields)s” cannot be understood. Change it or take it away.")
    return text(language, message, fields=text(language, ", ").join(titles)) if titles else ""


def _one(given: Filter, facet: Facet | None, reading: Reading) -> tuple[str | None, Refusal | None]:
    operator = next((o for o in facet.operators if o.key == given.operator), None) if facet else None
    if facet is None or operator is None or len(given.values) < NEEDED[operator.takes]:
        return None, None
    literals: list[str] = []
    for raw in given.values:
        if operator.key in PIECES:
            literals.append(quoted(raw))
            continue
        value, refusal = facet.type.parse(raw, reading) if facet.type else (raw, None)
        if refusal is not None or value is None:
            return None, refusal
        every = value if isinstance(value, tuple) and operator.takes == "many" else value[:1] if isinstance(value, tuple) else (value,)
        literals += [facet.type.literal(one) if facet.type else quoted(one) for one in every]
    return "(" + _fill(operator, facet, literals) + ")", None


def _fill(operator: Operator, facet: Facet, literals: Sequence[str]) -> str:
    """The operator's text with field and values; a link is compared by its id."""
    name = f"{facet.name}.id" if facet.target and "{value}" in operator.template else facet.name
    pieces = operator.template.replace("{field}", name).split("{value}")
    if operator.takes == "many":
        return ", ".join(literals).join(pieces)
    gaps = [literals[min(i, len(literals) - 1)] for i in range(len(pieces) - 1)]
    return pieces[0] + "".join(gap + piece for gap, piece in zip(gaps, pieces[1:], strict=True))


def quoted(text: str) -> str:
    """A text as an expression literal."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
