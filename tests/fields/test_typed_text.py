"""What people type, and what it means."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from dougong.fields.arithmetic import work_out
from dougong.fields.autonumber import AutonumberField
from dougong.fields.base import OptionsError
from dougong.fields.file import FileField
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.fields.variants import CONTEXT, EN, ZH, build


def read(key: str, raw: Any, **options: Any) -> Any:
    value, refusal = build(key, **options).parse(raw, ZH)
    return value if refusal is None else f"{refusal.code.code} {refusal.message('en')}"


@pytest.mark.parametrize(
    ("raw", "meant"),
    [
        ("1,234.50", "1234.50"),
        ("１，２３４．５", "1234.50"),
        ("¥1,200", "1200.00"),
        ("￥ 1200元", "1200.00"),
        ("-¥5", "-5.00"),
        ("12万", "120000.00"),
        ("1.5亿", "150000000.00"),
        ("=12*350", "4200.00"),
        ("=（1+2）×３÷2", "4.50"),
        ("=0.1+0.2", "0.30"),
        ("=1/3", "0.33"),
        ("=100*13%", "13.00"),
        ("1.005", "1.01"),
        ("-1.005", "-1.01"),
        (0.1 + 0.2, "0.30"),
        (1e15, "1000000000000000.00"),
        ("−3", "-3.00"),
        ("-0.001", "0.00"),
    ],
)
def test_money(raw: Any, meant: str) -> None:
    assert str(read("money", raw)) == meant


@pytest.mark.parametrize(
    "raw", ["$5", "1,23", "1.2.3", "12万5", "五", "=1/0", "=2**99", "=a", "=(1", "=1e5", "=" + "(" * 90 + "1" + ")" * 90]
)
def test_not_money(raw: str) -> None:
    assert str(read("money", raw)).startswith(("R110", "R114"))


@pytest.mark.parametrize(
    ("raw", "meant"),
    [
        ("13%", "0.1300"),
        ("13％", "0.1300"),
        ("0.13", "0.1300"),
        (13, "13.0000"),
        ("150%", "1.5000"),
        ("1.5000", "1.5000"),
        ("6.25 %", "0.0625"),
    ],
)
def test_percent(raw: Any, meant: str) -> None:
    assert str(read("percent", raw)) == meant


def test_percent_without_its_sign_is_asked_about() -> None:
    assert read("percent", "13") == "R115 Is “13” 13% or 13 times? Write the percent sign, as in 13%."


@pytest.mark.parametrize(
    "raw",
    ["2026-3-1", "2026/03/01", "2026.3.1", "2026年3月1日", "２０２６年３月１日", "20260301", "2026-03-01 00:00:00", datetime(2026, 3, 1)],
)
def test_dates(raw: Any) -> None:
    assert read("date", raw) == date(2026, 3, 1)


@pytest.mark.parametrize(
    "raw",
    [
        "2026-3-1 9:30",
        "2026年3月1日 9时30分",
        "2026-03-01T09:30",
        "2026-03-01T01:30:00Z",
        "2026-03-01T09:30:00+08:00",
        "2026年3月1日9点30",
        datetime(2026, 3, 1, 9, 30),
    ],
)
def test_times_are_read_in_the_zone(raw: Any) -> None:
    assert read("datetime", raw) == datetime(2026, 3, 1, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "meant"),
    [
        ("138 0000 0000", "13800000000"),
        ("+86 138-0000-0000", "13800000000"),
        (13800000000.0, "13800000000"),
        ("０５７４－８７６５４３２１", "0574-87654321"),
        ("(010) 6234 5678 转 801", "010-62345678转801"),
        ("400-820-8820", "4008208820"),
        ("+49 30 123456", "+4930123456"),
    ],
)
def test_phones_are_written_one_way(raw: Any, meant: str) -> None:
    assert read("phone", raw) == meant


@pytest.mark.parametrize(("raw", "meant"), [("是", True), ("否", False), ("YES", True), ("0", False), (1, True), ("√", True)])
def test_booleans(raw: Any, meant: bool) -> None:
    assert read("boolean", raw) is meant


def test_an_unknown_option_names_the_nearest() -> None:
    assert (
        read("choice", "一级供应", options=["一级供应商", "二级加工厂"]) == "R140 There is no option “一级供应”. Did you mean “一级供应商”?"
    )


def test_titles_are_read_on_import_only() -> None:
    made = build("choice", options={"oem": "终端车企", "a": "同名", "b": "同名"})
    assert made.parse_options("终端车企", ZH) == ("oem", None)
    assert made.parse("终端车企", ZH)[1] is not None
    assert made.parse_options("同名", ZH)[1] is not None  # two options have it


def test_several_options_stand_in_declared_order() -> None:
    made = build("choice", options=["甲", "乙", "丙, 丁"], many=True)
    assert made.parse("乙、甲", ZH) == (("甲", "乙"), None)
    assert made.parse(["丙, 丁", "甲", "甲"], ZH) == (("甲", "丙, 丁"), None)
    assert made.format(("甲", "乙"), ZH) == "甲、乙"
    assert made.format(("甲", "gone"), EN) == "甲, gone"


def test_options_that_cannot_be_meant() -> None:
    for options in ({}, {"options": ["a", "a"]}, {"from": "citys"}, {"options": ["a"], "from": "cities"}, {"options": {"a": {"fr": "x"}}}):
        with pytest.raises(OptionsError):
            build("choice", **options)
    with pytest.raises(OptionsError) as raised:
        build("choice", CONTEXT, **{"from": "citys"})
    assert raised.value.nearest == "cities"


@pytest.mark.parametrize(
    ("key", "options"),
    [
        ("text", {"max": 0}),
        ("text", {"pattern": "("}),
        ("number", {"scale": 7}),
        ("integer", {"min": 5, "max": 1}),
        ("money", {"currency": "yuan"}),
        ("money", {"scale": 2}),
        ("autonumber", {"pattern": "C{yyyy}"}),
        ("autonumber", {"pattern": "{0000}{week}"}),
        ("file", {"max": "a lot"}),
        ("file", {"accept": ["p d f"]}),
        ("link", {}),
        ("date", {"max": 1}),
    ],
)
def test_wrong_options_are_refused(key: str, options: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        build(key, **options)


def test_automatic_numbers() -> None:
    made = build("autonumber", pattern="C{yyyy}-{00000}")
    assert isinstance(made, AutonumberField)
    assert made.number(7, date(2026, 3, 1)) == "C2026-00007"
    assert made.number(123456, date(2026, 3, 1)) == "C2026-123456"
    assert (made.options.period(date(2026, 3, 1)), made.options.period(date(2027, 1, 1))) == ("2026", "2027")


def test_files_are_judged_by_name_and_size() -> None:
    made = build("file", accept=["PDF", ".dwg"], max="2MB")
    assert isinstance(made, FileField)
    assert made.refusal_of("图纸.DWG", 2 << 20) is None
    assert [r and r.code.code for r in (made.refusal_of("a.exe", 1), made.refusal_of("a.pdf", (2 << 20) + 1))] == ["R173", "R174"]


TREES = st.recursive(
    st.integers(0, 99999).map(str) | st.decimals(0, 999, places=2).map(str),
    lambda inner: st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda t: f"({t[0]}{t[1]}{t[2]})"),
    max_leaves=6,
)


@given(tree=TREES)
@settings(max_examples=100, deadline=None)
def test_sums_are_exact(tree: str) -> None:
    """Against fractions, which know no rounding."""
    exact = re.sub(r"[\d.]+", lambda m: f"F('{m[0]}')", tree)
    try:
        expected: Fraction | None = eval(exact, {"F": Fraction})
    except ZeroDivisionError:
        expected = None
    found = work_out(tree) if len(tree) <= 100 else None
    if expected is None or len(tree) > 100:
        assert found is None
    else:
        assert found is not None and abs(Fraction(found) - expected) < Fraction(1, 10**30)


@given(number=st.decimals(-(10**15), 10**15, places=2))
@settings(max_examples=100, deadline=None)
def test_what_is_shown_can_be_typed(number: Decimal) -> None:
    made = build("money")
    assert made.parse(made.format(number, ZH), ZH) == (number if number else Decimal("0.00"), None)
