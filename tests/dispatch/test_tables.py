"""Gaps and overlaps of decision tables, compared with asking every case."""

from decimal import Decimal
from itertools import product
from typing import Any

from dougong.model.dispatch import AnyOf, OneOf, Range, TableRow
from dougong.model.dispatch_words import Target
from dougong.model.table_cells import Column, gap, overlaps
from dougong_dsl.places import Place
from hypothesis import given, settings
from hypothesis import strategies as st

HERE = Place("app.yaml", 1, 1, 1)
COLUMNS = (Column("tier", ("a", "b"), True), Column("big", (True, False), False), Column("amount", None, True))
ENDS = st.sampled_from([Decimal(n) for n in (-1, 0, 2)])
NUMBERS = (None, *(Decimal(n) / 2 for n in range(-4, 7)))  # every end, and something between and beyond them


def one_of(*values: Any) -> st.SearchStrategy[OneOf]:
    return st.sets(st.sampled_from(values), min_size=1).map(lambda found: OneOf(frozenset(found)))


@st.composite
def a_range(draw: st.DrawFn) -> Range:
    low, high = sorted((draw(ENDS), draw(ENDS)))
    shape = draw(st.sampled_from(["below", "above", "between", "at"]))
    if shape == "below":
        return Range(None, high, False, draw(st.booleans()))
    if shape == "above":
        return Range(low, None, draw(st.booleans()), False)
    return Range(low, high, True, False) if shape == "between" and low < high else Range(low, low, True, True)


CELLS = {
    "tier": one_of("a", "b", None).map(lambda cell: AnyOf((cell,))),
    "big": one_of(True, False).map(lambda cell: AnyOf((cell,))),
    "amount": st.lists(a_range() | st.just(OneOf(frozenset((None,)))), min_size=1, max_size=3).map(lambda cells: AnyOf(tuple(cells))),
}


@st.composite
def a_row(draw: st.DrawFn) -> TableRow:
    names = draw(st.sets(st.sampled_from(sorted(CELLS))))
    return TableRow({name: draw(CELLS[name]) for name in sorted(names)}, Target("user", "li"), HERE)


@settings(max_examples=300, deadline=None)
@given(st.lists(a_row(), min_size=1, max_size=6))
def test_gaps_and_overlaps_are_those_of_all_cases(rows: list[TableRow]) -> None:
    cases = [{"tier": t, "big": b, "amount": n} for t, b, n in product(("a", "b", None), (True, False), NUMBERS)]
    applying = [[i for i, row in enumerate(rows) if row.applies(case)] for case in cases]
    assert (gap(COLUMNS, rows) is not None) == any(not found for found in applying)
    pairs = {found[-1] for found in applying if len(found) > 1} | {i for found in applying for i in found[1:]}
    assert {next(i for i, row in enumerate(rows) if row is later) for _, later, _ in overlaps(COLUMNS, rows)} == pairs


def test_twelve_attributes_are_checked_at_once() -> None:
    columns = [Column(f"f{n}", tuple("abcdef"), True) for n in range(12)]
    rows = [TableRow({f"f{n}": AnyOf((OneOf(frozenset("a")),))}, Target("user", "li"), HERE) for n in range(12)]
    rest = {f"f{n}": AnyOf((OneOf(frozenset(("b", "c", "d", "e", "f", None))),)) for n in range(12)}
    assert gap(columns, [*rows, TableRow(rest, Target("user", "li"), HERE)]) is None
    missing = gap(columns, rows)
    assert missing is not None and set(missing) == {c.name for c in columns}
