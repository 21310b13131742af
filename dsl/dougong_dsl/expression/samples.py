"""A small world for examples: the functions' examples in the docs and tests run against this record."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from dougong_dsl.expression.history import Moved, Stay, stays_of
from dougong_dsl.expression.scope import Member, Scope
from dougong_dsl.expression.types import Choice, Date, DateTime, ListOf, Money, Number, Record, Text
from dougong_dsl.working_calendar import Calendar

_STAGE = Choice(("draft", "done"))
_MEMBERS: dict[str, dict[str, Member]] = {
    "customer": {
        member.name: member
        for member in (
            Member("id", Number(18, 0), required=True, approvals=(("discount", ("折扣",)), ("refund", ("退款",)))),
            Member("name", Text(), ("客户名称",), required=True),
            Member("amount", Money("CNY"), ("金额",)),
            Member("tags", ListOf(Choice(("vip", "new", "asleep"))), ("标签",)),
            Member("due", Date(), ("到期日",)),
            Member("created_at", DateTime(), required=True),
            Member("owner", Record("user"), ("负责人",)),
            Member("orders", ListOf(Record("order")), ("订单",), through="customer"),
            Member("stage", Choice(("lead", "trial", "signed")), ("阶段",), required=True),
            Member("stage_since", DateTime(), required=True),
        )
    },
    "order": {
        member.name: member
        for member in (
            Member("id", Number(18, 0), required=True),
            Member("customer", Record("customer"), ("客户",)),
            Member("amount", Money("CNY"), ("金额",)),
            Member("stage", _STAGE, ("阶段",)),
        )
    },
    "user": {
        member.name: member
        for member in (
            Member("id", Number(18, 0), required=True),
            Member("name", Text(), ("姓名",), required=True),
            Member("roles", ListOf(Text()), ("角色",)),
            Member("manager", Record("user"), ("上级",)),
            Member("team", Record("team"), ("团队",)),
        )
    },
    "team": {
        member.name: member
        for member in (
            Member("id", Number(18, 0), required=True),
            Member("name", Text(), ("名称",), required=True),
            Member("parent", Record("team"), ("上级团队",)),
        )
    },
}


# what the engine's logs hold of them, for the functions that ask about the past
_MEMBERS["dg_stage_log"] = {
    member.name: member
    for member in (
        Member("id", Number(18, 0), required=True),
        Member("object", Text()),
        Member("record_id", Number(18, 0)),
        Member("from_stage", Text()),
        Member("pipeline", Text()),
        Member("at", DateTime()),
    )
}
_MEMBERS["dg_change"] = {
    member.name: member
    for member in (
        Member("id", Number(18, 0), required=True),
        Member("object", Text()),
        Member("record_id", Number(18, 0)),
        Member("kind", Text()),
        Member("fields", Text()),
    )
}
_MEMBERS["dg_approval"] = {
    member.name: member
    for member in (
        Member("id", Number(18, 0), required=True),
        Member("object", Text()),
        Member("record_id", Number(18, 0)),
        Member("name", Text()),
        Member("state", Text()),
    )
}


class SampleSchema:
    """Customers with orders and owners."""

    def members(self, object_name: str) -> Mapping[str, Member]:
        return _MEMBERS.get(object_name, {})

    def objects(self) -> Iterable[str]:
        return list(_MEMBERS)


_SHOP = Calendar(ZoneInfo("Asia/Shanghai"), (((time(10), time(20)),),) * 6 + ((),))
SCOPE = Scope(SampleSchema(), "customer", has_old=True, is_default=True, calendars={"shop": _SHOP})
RECORD: dict[str, Any] = {
    "id": 1,
    "name": "宁波某厂",
    "amount": Decimal("1000.00"),
    "tags": ("vip", "new"),
    "due": date(2026, 3, 31),
    "created_at": datetime(2026, 3, 1, 1, 30, tzinfo=UTC),
    "owner": 7,
    "stage": "trial",
    "stage_since": datetime(2026, 3, 10, 2, 0, tzinfo=UTC),
}
OLD: dict[str, Any] = {**RECORD, "name": "旧名"}
ME: dict[str, Any] = {"id": 7, "name": "李伟", "roles": ("sales",), "manager": 8, "team": 22}
ROWS: dict[str, list[dict[str, Any]]] = {
    "customer": [RECORD],
    "order": [
        {"id": 11, "customer": 1, "amount": Decimal("100.00"), "stage": "done"},
        {"id": 12, "customer": 1, "amount": Decimal("200.50"), "stage": "done"},
        {"id": 13, "customer": 1, "amount": Decimal("10.00"), "stage": "draft"},
    ],
    "user": [ME, {"id": 8, "name": "王总", "roles": (), "manager": None, "team": 21}],
    "team": [{"id": 21, "name": "销售部", "parent": None}, {"id": 22, "name": "华东区", "parent": 21}],
    "dg_stage_log": [
        {"id": 1, "object": "customer", "record_id": 1, "from_stage": None, "at": datetime(2026, 3, 1, 1, 30, tzinfo=UTC)},
        {"id": 2, "object": "customer", "record_id": 1, "from_stage": "lead", "at": datetime(2026, 3, 3, 1, 30, tzinfo=UTC)},
        {"id": 3, "object": "customer", "record_id": 1, "from_stage": "trial", "at": datetime(2026, 3, 4, 1, 30, tzinfo=UTC)},
        {"id": 4, "object": "customer", "record_id": 1, "from_stage": "lead", "at": datetime(2026, 3, 10, 2, 0, tzinfo=UTC)},
    ],
    "dg_approval": [
        {"id": 1, "object": "customer", "record_id": 1, "name": "discount", "state": "rejected"},
        {"id": 2, "object": "customer", "record_id": 1, "name": "discount", "state": "approved"},
        {"id": 3, "object": "customer", "record_id": 1, "name": "refund", "state": "approved"},
        {"id": 4, "object": "customer", "record_id": 1, "name": "refund", "state": "running"},
    ],
    "dg_change": [
        {"id": 1, "object": "customer", "record_id": 1, "kind": "created", "fields": '{"name": [null, "旧名"], "amount": [null, "1.00"]}'},
        {"id": 2, "object": "customer", "record_id": 1, "kind": "updated", "fields": '{"amount": ["1.00", "5.00"]}'},
        {
            "id": 3,
            "object": "customer",
            "record_id": 1,
            "kind": "moved",
            "fields": '{"amount": ["5.00", "1000.00"], "stage": ["lead", "trial"]}',
        },
    ],
}


@dataclass(frozen=True)
class MemoryContext:
    """A context over rows in memory: for examples, tests and the command line."""

    now: datetime
    zone: ZoneInfo
    me: Mapping[str, Any]
    old: Mapping[str, Any] | None = None
    tables: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def follow(self, object: str, id: int) -> Mapping[str, Any] | None:
        return next((row for row in self.tables.get(object, ()) if row["id"] == id), None)

    def children(self, object: str, through: str, id: int) -> Sequence[Mapping[str, Any]]:
        return [row for row in self.tables.get(object, ()) if row[through] == id]

    def records(self, object: str, equal: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
        return [row for row in self.tables.get(object, ()) if all(row[name] == value for name, value in equal.items())]

    def stays(self, object: str, row: Mapping[str, Any], column: str = "stage", log: str | None = None) -> Sequence[Stay]:
        lines = [line for line in self.records("dg_stage_log", {"object": object, "record_id": row["id"]}) if line.get("pipeline") == log]
        return stays_of([Moved(line["from_stage"], line["at"]) for line in lines], row["created_at"])

    def changes(self, object: str, row: Mapping[str, Any], names: tuple[str, ...]) -> int:
        lines = self.records("dg_change", {"object": object, "record_id": row["id"]})
        return sum(line["kind"] != "created" and not json.loads(line["fields"]).keys().isdisjoint(names) for line in lines)

    def approved(self, object: str, row: Mapping[str, Any], names: tuple[str, ...]) -> bool:
        found = [line for line in self.records("dg_approval", {"object": object, "record_id": row["id"]}) if line["name"] in names]
        return bool(found) and max(found, key=lambda line: int(line["id"]))["state"] == "approved"

    def next_number(self, rule: str) -> str:
        """The first number of a rule: nothing is kept here."""
        dated = rule.replace("{yyyy}", f"{self.today:%Y}")
        return re.sub(r"\{(0+)\}", lambda gap: "1".zfill(len(gap[1])), dated)


CONTEXT = MemoryContext(datetime(2026, 3, 15, 2, 0, tzinfo=UTC), ZoneInfo("Asia/Shanghai"), ME, OLD, ROWS)
