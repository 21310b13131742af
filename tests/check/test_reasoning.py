"""Reasoning about conditions against running them: what is called impossible never happens, and the obvious is seen."""

import itertools
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from dougong.check.reasoning import can_be, cases, exclude, implies
from dougong_dsl.expression import to_python
from dougong_dsl.expression.types import Boolean
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dsl.expression.world import checked, context, deal

VALUES: dict[str, list[Any]] = {
    "count": [None, -1, 0, 1, 2, 3],
    "visits": [0, 1, 2],
    "amount": [None, Decimal("0.50"), Decimal("1.00"), Decimal("1.01"), Decimal("2.00")],
    "flag": [None, True, False],
    "due": [None, date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 4)],
    "tier": [None, "oem", "tier1", "tier2"],
    "note": [None, "a", "b", "ab"],
}
CONSTANTS = {
    "count": ["0", "1", "2", "1.5"],
    "visits": ["0", "1"],
    "amount": ["1", "0.5", "1.005"],
    "due": ["#2026-01-01#", "#2026-01-02#", "#2026-01-03#"],
    "tier": ["oem", "tier1"],
    "note": ['"a"', '"b"'],
}
COMPARISONS = ["=", "<>", "<", "<=", ">", ">="]
EQUALITIES = ["=", "<>"]


@st.composite
def atoms(draw: st.DrawFn) -> str:
    name = draw(st.sampled_from(list(CONSTANTS)))
    one, two = (draw(st.sampled_from(CONSTANTS[name])) for _ in range(2))
    word = draw(st.sampled_from(EQUALITIES if name == "tier" else COMPARISONS))
    plain = [f"{name} {word} {one}", f"{one} {word} {name}", f"{name} is blank", f"{name} is not blank", f"{name} in ({one}, {two})"]
    plain += [
        "flag",
        "flag = false",
        f"count {word if name != 'tier' else '<'} visits",
        "visits >= count",
        "count * 2 > 1",
        "count + 1 < 2",
    ]
    plain += ["if(flag, count > 1, visits > 0)", "len(note) > 1", "today = due"]
    plain += [f"{name} between {one} and {two}"] if name != "tier" else []
    return draw(st.sampled_from(plain))


CONDITIONS = st.recursive(
    atoms(),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda p: f"({p[0]} {p[1]} {p[2]})"), inner.map(lambda p: f"not ({p})")
    ),
    max_leaves=5,
)
ROWS = st.fixed_dictionaries({name: st.sampled_from(values) for name, values in VALUES.items()})


@settings(max_examples=150, deadline=None)
@given(CONDITIONS, CONDITIONS, st.lists(ROWS, min_size=20, max_size=40))
def test_whatever_happens_was_thought_possible(first: str, second: str, rows: list[dict[str, Any]]) -> None:
    conditions = [checked(text, expected=Boolean()) for text in (first, second)]
    one, two = (to_python(each) for each in conditions)
    possible = {found for _, found in cases(*conditions)}
    happened = {(one(deal(**row), context({})), two(deal(**row), context({}))) for row in rows}
    assert happened - possible == set()


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(["count", "tier", "note", "due"]), st.data())
def test_over_one_value_nothing_is_missed(name: str, data: st.DataObject) -> None:
    """With one field and simple comparisons, what is thought possible does happen for some value."""
    one, two = (data.draw(st.sampled_from(CONSTANTS[name])) for _ in range(2))
    words = EQUALITIES if name == "tier" else COMPARISONS
    first, second = (data.draw(st.sampled_from(words)) for _ in range(2))
    joint = data.draw(st.sampled_from(["and", "or"]))
    condition = checked(f"{name} {first} {one} {joint} {name} {second} {two}", expected=Boolean())
    more: dict[str, list[Any]] = {
        "count": [Decimal(n) / 4 for n in range(-8, 16)],
        "due": [date(2026, 1, n) for n in range(1, 9)] + [date(2025, 12, 1)],
    }
    values = [*VALUES[name], *more.get(name, []), *(["\u0000", "aa", "zz"] if name == "note" else [])]
    program = to_python(condition)
    assert {found for _, (found,) in cases(condition)} <= {program(deal(**{name: value}), context({})) for value in values}


@pytest.mark.parametrize(
    ("text", "outcomes"),
    [
        ("count > 5 and count < 3", {False, None}),
        ("tier = oem and tier in (tier1, tier2)", {False, None}),
        ("tier in (oem, tier1, tier2)", {True, None}),
        ("tier is blank or tier in (oem, tier1, tier2)", {True}),
        ("tier <> oem and tier <> tier1 and tier <> tier2", {False, None}),
        ("due < start and start < due", {False, None}),
        ("count > 1 or count <= 1 or count is blank", {True}),
        ("count between 3 and 1", {False, None}),
        ('note = "a" and note = "b"', {False, None}),
        ("amount > 1 and cost > 1", {True, False, None}),
    ],
)
def test_the_obvious_is_seen(text: str, outcomes: set[bool | None]) -> None:
    condition = checked(text, expected=Boolean())
    assert {found for _, (found,) in cases(condition)} == outcomes
    assert [can_be(condition, each) for each in (True, False, None)] == [each in outcomes for each in (True, False, None)]


@pytest.mark.parametrize(
    ("first", "second", "both"),
    [
        ("count > 5", "count < 3", True),
        ("count > 5", "count > 3", False),
        ("count is blank or count > 5", "count < 3", True),
        ("due > start", "due <= start", True),
        ("tier = oem", "region = 华东", False),
        ("count > 5 and count < 3", "visits > 1", False),
    ],
)
def test_rules_that_exclude_each_other(first: str, second: str, both: bool) -> None:
    assert exclude(checked(first), checked(second)) is both


def test_implications() -> None:
    texts = ["count > 5", "count > 3", "count is not blank", "flag and count > 5", "owner = me"]
    found = {(a, b) for a, b in itertools.permutations(texts, 2) if implies(checked(a), checked(b))}
    assert found == {
        ("count > 5", "count > 3"),
        ("count > 5", "count is not blank"),
        ("count > 3", "count is not blank"),
        ("flag and count > 5", "count > 5"),
        ("flag and count > 5", "count > 3"),
        ("flag and count > 5", "count is not blank"),
    }
