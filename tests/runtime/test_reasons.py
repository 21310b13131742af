"""Whoever is refused reads why in the words of the screen, as far as they may see what the rule looked at."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from dougong.fields.base import Reading
from dougong.refusals import Refused

from tests.runtime.apps import hire, opened

DEALS = """
app: deals
version: 1.0.0
title: {zh: 商机, en: Deals}
objects:
  user:
    fields:
      region: choice(east "华东" "East", south "华南" "South") "大区" "Region"
  customer:
    title: {zh: 客户, en: Customer}
    record_title: name
    fields:
      name: text "名称" "Name"
      region: choice(east "华东" "East", south "华南" "South") "大区" "Region"
      grade: choice(a "甲" "A", b "乙" "B") "等级" "Grade"
  deal:
    title: {zh: 商机, en: Deal}
    record_title: name
    fields:
      name: text "名称" "Name"
      confirmed: boolean "技术确认" "Technical confirmation"
      amount: money "金额" "Amount"
      due: date "交期" "Due date"
      customer: link customer as deals "客户" "Customer"
      owner: user default me "负责人" "Owner"
      margin: percent "毛利率" "Margin"
pipelines:
  flow:
    of: deal
    stages:
      open: {title: {zh: 洽谈, en: Talks}, start: true}
      won: {title: {zh: 赢单, en: Won}, kind: won}
      lost: {title: {zh: 输单, en: Lost}, kind: lost}
    moves:
      - open -> won when confirmed and amount >= 1000 and customer.grade in (a, b) and margin > 0.1
      - {from: open, to: lost, title: 放弃, when: due < today or not confirmed}
roles:
  seller:
    title: 销售
    may:
      - read, create, update, move deal where owner = me, hide margin
      - read customer where region = me.region, hide grade
      - read user(name)
  lead:
    title: 主管
    may:
      - read, create, update, move deal
      - read customer
  regional:
    title: 大区
    may:
      - read, create, update customer where region = me.region
"""


def said(work: Callable[[], object]) -> list[tuple[str, str | None, str, str]]:
    """(code, field, Chinese, English) of what is refused."""
    with pytest.raises(Refused) as caught:
        work()
    return [(r.code.code, r.field, r.message("zh"), r.message("en")) for r in caught.value.refusals]


def test_a_guard_says_what_must_be_true_and_what_it_saw(database_url: str, tmp_path: Path) -> None:
    with opened(DEALS, database_url, tmp_path) as engine:
        lead, seller = hire(engine, "李主管", "lead"), hire(engine, "王销售", "seller", region="east")
        with engine.system_session("test") as session:
            customer = session.create("customer", name="c", region="south").id
        with engine.session(lead) as session:
            amount = session.app.objects["deal"].fields["amount"].type
            shown = amount.format(Decimal("20.50"), Reading("zh", session.app.zone))
            deal = session.create("deal", name="x", amount="20.50", customer=customer, margin="0.2", owner=seller).id
        with engine.session(lead) as session:
            ((code, field, zh, en),) = said(lambda: session.move("deal", deal, "won"))
            assert (code, field) == ("R304", "stage")
            assert zh == (
                "还不满足从“洽谈”移到“赢单”的条件：技术确认为“是”（现在为空）；"
                f"金额不少于1000（现在为“{shown}”）；客户的等级为“甲”或“乙”（现在为空）"
            )
            assert "Technical confirmation is “yes” (now blank); Amount is at least 1000" in en
            assert "Grade of Customer is “A” or “B” (now blank)" in en
            ((_, _, zh, en),) = said(lambda: session.move(session.update("deal", deal, {"confirmed": True}), "lost"))
            assert zh.endswith("交期早于今天 或者 技术确认为“否”（现在交期为空，技术确认为“是”）")
            assert en.endswith(
                "Due date is before today or Technical confirmation is “no” (now Due date: blank, Technical confirmation: “Yes”)"
            )
        with engine.session(seller) as session:
            ((_, _, zh, en),) = said(lambda: session.move("deal", deal, "won"))
            assert "等级" not in zh
            assert zh.endswith("；一个您无权查看的条件")
            assert en.endswith("; a condition on something you may not see")


def test_beyond_the_rows_names_the_condition_the_field_and_the_clause(database_url: str, tmp_path: Path) -> None:
    with opened(DEALS, database_url, tmp_path) as engine:
        boss, seller = hire(engine, "李主管"), hire(engine, "王销售", "seller", region="east")
        regional = hire(engine, "赵大区", "regional", region="south")
        with engine.session(seller) as session:
            with pytest.raises(Refused) as caught:
                session.create("deal", name="x", owner=boss)
            (refusal,) = caught.value.refusals
            assert (refusal.code.code, refusal.field) == ("R406", "owner")
            assert refusal.message("zh") == "保存后这条商机会超出您可以新建的范围：需要负责人为您本人（现在为“李主管”）"
            assert refusal.message("en") == (
                "Saved like this, the Deal would be outside of what you may create: it needs Owner is you (now “李主管”)"
            )
            line = next(i for i, text in enumerate(DEALS.splitlines(), 1) if "deal where owner = me" in text)
            assert refusal.clause is not None and refusal.clause.endswith(f"app.yaml:{line}")
        with engine.session(regional) as session:
            ((_, field, zh, en),) = said(lambda: session.create("customer", name="x", region="east"))
            assert field == "region"
            assert zh == "保存后这条客户会超出您可以新建的范围：需要大区为您的大区（现在大区为“华东”，您的大区为“华南”）"
            assert en.endswith("it needs Region is your Region (now Region: “East”, your Region: “South”)")
            mine = session.create("customer", name="y", region="south")
            ((code, field, zh, _),) = said(lambda: session.update(mine, region="east"))
            assert (code, field) == ("R406", "region")
