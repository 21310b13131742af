"""Spellings, names, facts, limits, the fuzz property, plain arithmetic against another evaluator, and speed."""

import timeit
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import simpleeval  # type: ignore[import-untyped]  # it has no types
from dougong_dsl.expression import check, parse, to_python, to_text
from dougong_dsl.expression.samples import SCOPE as SAMPLES
from dougong_dsl.places import Source
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dsl.expression import generated
from tests.dsl.expression.backends import Everywhere
from tests.dsl.expression.world import CHANGE, SCOPE, checked, context, deal


def run(text: str, **values: Any) -> Any:
    """The value of an expression for a deal with these values."""
    return to_python(checked(text, CHANGE))(deal(**values), context({}, deal(name="旧")))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("amount >= 100 and tier = oem", "金额 ≥ 100 且 客户层级 = 终端车企"),
        ("(amount + 1) * 2", "(金额+1)×2"),
        ('name contains "机械"', "名称 包含 “机械”"),
        ("amount between 1 and 3", "金额 介于 1 和 3 之间"),
        ("note is blank", "备注 为空"),
        ("note is not blank", "备注 不为空"),
        ("tier in (oem, tier1)", "客户层级 属于 (oem、tier1)"),
        ("not (done or flag)", "非 (done 或 flag)"),
        ("due + 3 days", "到期日 + 3 天"),
        ("amount > 1", "`合同金额(元)` > 1"),
        ("IF(done, 1, 2)", "if(done,1,2)"),
        ("done = true", "done == 真"),
    ],
)
def test_chinese_and_english_spellings_mean_the_same(one: str, other: str) -> None:
    assert checked(one).root == checked(other).root


def test_printing_uses_field_names() -> None:
    assert to_text(checked("金额>100 且 非(客户层级=终端车企)or `合同金额(元)`*(1+2)=3")) == (
        "amount > 100 and not tier = oem or `amount` * (1 + 2) = 3"
    )


@settings(deadline=None, max_examples=150)
@given(text=generated.texts_of_expressions())
def test_printed_text_means_the_same(text: str) -> None:
    expression, _ = check(Source.inline(text), SCOPE)
    if expression is not None:
        assert checked(to_text(expression)).root == expression.root


def test_what_an_expression_needs_is_known() -> None:
    expression = checked("owner.manager = me and SUM(lines.price where tier = oem) > 3 and due > today")
    assert expression.uses == {("owner",), ("owner", "manager"), ("lines",), ("lines", "price"), ("lines", "tier"), ("due",)}
    assert (expression.asks_time, expression.asks_user, expression.looks_elsewhere, expression.asks_old) == (True, True, True, False)
    assert checked("CHANGED(amount)", CHANGE).asks_old


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("OLD(name)", "旧"),
        ("old.name & name", "旧甲"),
        ("CHANGED(name)", True),
        ("CHANGED(cost)", False),
        ("ISNEW()", False),
        ("72 hours = 3 days", True),
        ("DATEADD(#2024-01-31#, 1, month)", date(2024, 2, 29)),
    ],
)
def test_values(text: str, value: object) -> None:
    assert run(text) == value


TOKENS = [
    "amount",
    "名称",
    "tier",
    "oem",
    "me",
    "lines",
    ".",
    "(",
    ")",
    ",",
    "+",
    "-",
    "*",
    "/",
    "^",
    "%",
    "&",
    "=",
    "<",
    "and",
    "or",
    "not",
    "in",
]
TOKENS += ["is blank", "between", "where", "SUM", "IF", "ROUND", "SWITCH", "1", "0.5", '"x"', "#2024-01-01#", "3 days", "1 month", "null", "true", "PARENT", "old", "`", '"', "#", "‘", "\\", "😀"]  # fmt: skip


@settings(deadline=None, max_examples=400)
@given(text=st.one_of(st.text(max_size=80), st.lists(st.sampled_from(TOKENS), max_size=25).map(" ".join)))
def test_no_text_breaks_the_checker(text: str) -> None:
    source = Source.inline(text)
    expression, problems = check(source, SCOPE)
    assert expression is not None or any(problem.is_error for problem in problems)
    for problem in problems:
        assert problem.message("zh") and problem.message("en") and problem.hint() is not None
        assert 1 <= problem.place.column <= len(text) + 1


@pytest.mark.parametrize(
    "text",
    [
        "(" * 2000,
        "-" * 3999,
        "not " * 999 + "done",
        "1+" * 1999 + "1",
        "IF(done,1," * 300,
        "a." * 1500 + "a",
        "[" * 3000,
        "amount" + "%" * 3000,
        "1" * 3999,
    ],
)
def test_hostile_texts_get_a_diagnostic(text: str) -> None:
    expression, problems = check(Source.inline(text), SCOPE)
    assert expression is not None or problems


NESTS = {
    "MIN({}, count)": "rate",
    "SWITCH({}, 1, 2, count)": "visits",
    "IF(({}) in (1, count), 1, count)": "visits",
    "IF(not ({}), done, flag)": "flag",
    "COALESCE({}, visits)": "count",
    'NUMBER({}) & ""': "name",
    "TRIM({})": "name",
    "1 - ({})": "visits",
    "({}) + DURATION(count, 'hour')": "created_at",
    "IF(({}) + 1 > count and done, 1, 2)": "visits",
    "LEN(LEFT(name, {}))": "count",
    "IF(({}) is blank, done, flag)": "flag",
    "EDATE({}, 1)": "due",
    '("a" & {} & "b")': "name",
    "IF({} in me.roles, name, note)": "name",
    "ROUND(({}) / 3, 2)": "rate",
    "MOD({}, count)": "rate",
    "SUM(lines, {})": "price",
    'SUBSTITUTE({}, "a", note)': "name",
    "FIND(name, name & ({}))": "visits",
}


@pytest.mark.parametrize(("nest", "core"), NESTS.items())
def test_the_deepest_that_passes_runs_everywhere(everywhere: Everywhere, nest: str, core: str) -> None:
    rows = {"deal": [deal()]}
    everywhere.fill(rows)
    deepest = None
    for _ in range(60):
        core = nest.format(core)
        expression, _problems = check(Source.inline(core), SCOPE)
        if expression is None:
            break
        deepest = expression
    assert deepest is not None
    assert not everywhere.differences([deepest], rows)


@settings(deadline=None, max_examples=150)
@given(
    parts=st.lists(st.tuples(st.integers(0, 999), st.integers(0, 3), st.sampled_from(["+", "-", "*"])), min_size=1, max_size=8),
    brackets=st.booleans(),
)
def test_plain_arithmetic_as_another_evaluator_has_it(parts: list[tuple[int, int, str]], brackets: bool) -> None:
    words = [f"{Decimal(n).scaleb(-places):f}" for n, places, _ in parts]
    text = words[0]
    for word, (_, _, operator) in zip(words[1:], parts[1:], strict=True):
        text = f"({text}) {operator} {word}" if brackets else f"{text} {operator} {word}"
    evaluator = simpleeval.SimpleEval(functions={"D": Decimal})
    oracle = evaluator.eval(
        " ".join(f'D("{part}")' if part[0].isdigit() else part for part in text.replace("(", "( ").replace(")", " )").split())
    )
    assert run(text) == oracle


def test_generated_code_is_as_fast_as_hand_written() -> None:
    expression = checked("amount * 1.13 >= 500000 and tier in (oem, tier1) or visits - count < 7")
    generated_code, row, facts = to_python(expression), deal(amount=Decimal("400000.00"), tier="oem", count=3), context({})
    tax = Decimal("1.13")

    def by_hand(r: dict[str, Any], c: object) -> Any:
        amount, tier, count = r["amount"], r["tier"], r["count"]
        dear = None if amount is None else amount * tax >= 500000
        known = None if tier is None else tier in ("oem", "tier1")
        both = False if dear is False or known is False else None if dear is None or known is None else True
        few = None if count is None else r["visits"] - count < 7
        return True if both or few else None if both is None or few is None else False

    assert generated_code(row, facts) == by_hand(row, facts)
    times = {"ours": _fastest(lambda: generated_code(row, facts)), "hand": _fastest(lambda: by_hand(row, facts))}
    assert times["ours"] <= 2 * times["hand"]


def _fastest(run: Callable[[], object]) -> float:
    return min(timeit.repeat(run, number=5000, repeat=7))


def test_parsing_alone_needs_no_scope() -> None:
    tree, problems = parse(Source.inline("SUM(orders.amount where stage = done)"))
    assert tree is not None and not problems
    assert checked("SUM(orders.amount where stage = done)", SAMPLES).looks_elsewhere
