"""A small app for expressions: deals with lines, a company and an owner, with every type of value, and rows for it."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from dougong_dsl.diagnostics import Diagnostic
from dougong_dsl.expression import Expression, Member, Scope, check
from dougong_dsl.expression.samples import MemoryContext
from dougong_dsl.expression.types import Boolean, Choice, Date, DateTime, ListOf, Money, Number, Record, Text, Type
from dougong_dsl.places import Source

TIER = Choice(("oem", "tier1", "tier2"), (("终端车企", "oem"), ("一级供应商", "tier1")))
REGION = Choice(("华东", "华南", "north"))
TAGS = ListOf(Choice(("vip", "新客", "asleep")))
ID = Number(18, 0)


def _members(*members: Member) -> dict[str, Member]:
    return {member.name: member for member in members}


MEMBERS: dict[str, dict[str, Member]] = {
    "deal": _members(
        Member("id", ID, required=True),
        Member("name", Text(), ("名称",), required=True),
        Member("note", Text(), ("备注",)),
        Member("count", Number(15, 0), ("数量",)),
        Member("visits", Number(15, 0), required=True),
        Member("amount", Money("CNY"), ("金额", "合同金额(元)")),
        Member("cost", Money("CNY"), ("成本",), required=True),
        Member("dollars", Money("USD")),
        Member("rate", Number(18, 4)),
        Member("fine", Number(18, 6)),
        Member("small", Number(6, 2), required=True),
        Member("flag", Boolean()),
        Member("done", Boolean(), required=True),
        Member("due", Date(), ("到期日",)),
        Member("start", Date(), required=True),
        Member("closed_at", DateTime()),
        Member("created_at", DateTime(), required=True),
        Member("tier", TIER, ("客户层级",)),
        Member("region", REGION, required=True),
        Member("tags", TAGS),
        Member("words", ListOf(Text())),
        Member("company", Record("company")),
        Member("owner", Record("user"), ("负责人",), required=True),
        Member("lines", ListOf(Record("line")), ("明细",), through="deal"),
    ),
    "company": _members(
        Member("id", ID, required=True),
        Member("name", Text(), required=True),
        Member("credit", Money("CNY")),
        Member("since", Date()),
        Member("owner", Record("user")),
        Member("deals", ListOf(Record("deal")), through="company"),
    ),
    "line": _members(
        Member("id", ID, required=True),
        Member("deal", Record("deal"), required=True),
        Member("price", Money("CNY")),
        Member("quantity", Number(9, 0)),
        Member("day", Date()),
        Member("tier", TIER),
        Member("ok", Boolean()),
    ),
    "user": _members(
        Member("id", ID, required=True),
        Member("name", Text(), required=True),
        Member("rank", Number(4, 0)),
        Member("region", ListOf(REGION)),
        Member("home", REGION),
        Member("lines", ListOf(Record("company"))),
        Member("roles", ListOf(Text())),
        Member("manager", Record("user")),
    ),
}


class Schema:
    """The objects above."""

    def members(self, object_name: str) -> Mapping[str, Member]:
        return MEMBERS.get(object_name, {})

    def objects(self) -> Iterable[str]:
        return list(MEMBERS)


SCOPE = Scope(Schema(), "deal")
CHANGE = Scope(Schema(), "deal", has_old=True)
NOW = datetime(2026, 3, 15, 16, 30, 0, 250_000, tzinfo=UTC)
ME: dict[str, Any] = {
    "id": 2,
    "name": "李伟",
    "rank": 3,
    "region": ("华东", "north"),
    "home": "华东",
    "lines": (1, 3),
    "roles": ("sales",),
    "manager": 1,
}


def deal(**values: Any) -> dict[str, Any]:
    """A deal with the given values, the required ones filled, the others null."""
    row: dict[str, Any] = {name: None for name, member in MEMBERS["deal"].items() if member.through is None}
    filled = {
        "id": 1,
        "name": "甲",
        "visits": 1,
        "cost": Decimal("1.00"),
        "small": Decimal("2.50"),
        "done": False,
        "start": date(2024, 1, 31),
        "created_at": datetime(2024, 2, 29, 16, 30, tzinfo=UTC),
        "region": "华东",
        "owner": 2,
    }
    return {**row, **filled, **values}


def context(tables: Mapping[str, list[dict[str, Any]]], old: Mapping[str, Any] | None = None) -> MemoryContext:
    """The facts of a run over some rows."""
    return MemoryContext(NOW, ZoneInfo("Asia/Shanghai"), ME, old, tables)


def checked(text: str, scope: Scope = SCOPE, expected: Type | None = None) -> Expression:
    """An expression that must be right."""
    expression, diagnostics = check(Source.inline(text), scope, expected)
    assert expression is not None, f"{text}: {[d.message('en') for d in diagnostics]}"
    return expression


def problems(text: str, scope: Scope = SCOPE, expected: Type | None = None) -> list[Diagnostic]:
    """What is wrong with a text."""
    return check(Source.inline(text), scope, expected)[1]
