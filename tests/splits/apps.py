"""Contracts in parts, for the tests of splits."""

from dougong.refusals import Refused

CONTRACTS = """
app: contracts
title: {zh: 合同, en: Contracts}
objects:
  contract:
    title: {zh: 合同, en: Contract}
    fields:
      name: text required "名称" "Name"
      amount: money "金额" "Amount"
      boost: boolean "加一" "Boost"
      owner: user default me
  part:
    title: {zh: 部分, en: Part}
    record_title: party
    fields:
      contract: link contract required as parts "合同" "Contract"
      party: text required "主体" "Party"
      amount: money "金额" "Amount"
      owner: user default me
pipelines:
  contract_flow:
    of: contract
    stages:
      draft: {title: {zh: 起草, en: Draft}, start: true}
      signed: {title: {zh: 已签, en: Signed}, kind: won}
    moves: [draft -> signed, signed -> draft "重签"]
    splits: {into: part, sums: [amount], close_when: CLOSING}
  part_flow:
    of: part
    stages:
      draft: {title: {zh: 起草, en: Draft}, start: true}
      signed: {title: {zh: 已签, en: Signed}, kind: done}
      lost: {title: {zh: 不签了, en: Lost}, kind: lost}
    moves: [draft -> signed, draft -> lost, signed -> draft "重签", lost -> draft "再谈"]
triggers:
  boosted:
    on: contract.boost changed to true
    do: [{update: {of: parts, set: {amount: amount + 1}}}]
roles:
  sales:
    may:
      - read, create, update, delete, import contract
      - read, create, update, delete, import part
      - move contract along contract_flow
      - move part along part_flow
  clerk:
    may:
      - read contract
      - read, create, update, delete, import part
      - move part along part_flow
  stranger: {may: ["read contract, hide amount", "read, create, update part where owner = me"]}
"""


def contracts(closing: str = "all") -> str:
    """The app, whose contracts close when `all` or `any` of their parts have."""
    return CONTRACTS.replace("CLOSING", closing)


def told(refused: Refused, language: str = "zh") -> list[tuple[str, str | None, str]]:
    """Code, field and sentence of each refusal."""
    return [(r.code.code, r.field, r.message(language)) for r in refused.refusals]
