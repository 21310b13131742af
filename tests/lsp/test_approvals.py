"""Editors know approvals: where one is declared and used, renaming, completion; the formatter keeps them."""

import pytest
from dougong.lsp.offers import Offers
from dougong.lsp.rename import rename
from dougong.names.expressions import Around
from dougong.names.index import declared, index
from dougong.names.symbols import Symbol
from dougong.pipeline import read_app
from dougong.rewrite.rewrite import Form

from tests.rewrite.test_fmt import check_form

APP = """app: t
title: {zh: 店, en: Shop}
objects:
  deal:
    title: {zh: 商机, en: Deal}
    fields:
      name: text "名称" "Name"
      amount: money "金额" "Amount"
      pay: boolean "付款" "Pay"
      owner: user "负责人" "Owner"
      paid: boolean "已付" "Paid" = approved(pay) or approved("pay")
approvals:
  pay:
    title: {zh: 付款, en: Payment}
    of: deal
    start: deal.amount changed
    when: amount > 5  # ours
    lock: [amount, name]
    steps:
      - 上级: by owner.manager within 8 working hours else escalate
      - 财务: by 2 of role fin when amount > 100
    on_approved:
      - set: {name: '"x"'}
triggers:
  again:
    title: {zh: 再来, en: Again}
    on: [approval pay rejected]
    do:
      - start: pay
roles:
  fin: {title: {zh: 财务, en: Finance}, may: ["read, create, update deal"]}
"""
PAY = Symbol("approval", "pay")


def places(symbol: Symbol) -> list[int]:
    files = {"a.yaml": APP}
    return [o.place.line for o in index(files, declared(files)).of(symbol)]


def test_every_place_of_an_approval_is_renamed_and_nothing_else() -> None:
    files = {"a.yaml": APP}
    assert places(PAY) == [11, 11, 13, 27, 29]
    edits = rename(index(files, declared(files)), files, PAY, "payment")
    changed = APP.split("\n")
    for edit in sorted(edits, key=lambda e: e.start, reverse=True):
        line, column = edit.start
        text = changed[line - 1]
        changed[line - 1] = text[: column - 1] + edit.text + text[column - 1 + len("pay") :]
    after = read_app({"a.yaml": "\n".join(changed)})
    assert after.app is not None and list(after.app.approvals) == ["payment"] and "pay" in after.app.objects["deal"].fields


def test_what_an_approval_names_is_found() -> None:
    assert places(Symbol("role", "fin")) == [21, 31]
    assert places(Symbol("field", "amount", "deal")) == [8, 16, 17, 18, 21]
    assert places(Symbol("field", "owner", "deal")) == [10, 20]
    assert places(Symbol("field", "name", "deal")) == [7, 18, 23]


def test_approvals_are_offered_where_one_may_stand() -> None:
    offers = Offers(declared({"a.yaml": APP}), "en")
    assert [o.label for o in offers.expression("approved(", Around("deal"))] == ["pay"]


@pytest.mark.parametrize("form", list(Form))
def test_formatting_keeps_approvals(form: Form) -> None:
    before = read_app({"app.yaml": APP})
    assert before.app is not None, before.diagnostics
    after = check_form(before, form).app
    assert after is not None
    steps = [(s.title.zh, s.needed, s.within, s.otherwise) for s in after.approvals["pay"].steps]
    assert steps == [(s.title.zh, s.needed, s.within, s.otherwise) for s in before.app.approvals["pay"].steps]
