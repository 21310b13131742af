"""Lines of scenarios about people in approvals, and the warnings of checks: what they do, in both languages, and what they say when it is not so."""

from collections.abc import Iterator

import pytest
from dougong.flow.scenarios.play import Outcome, play
from dougong.flow.scenarios.world import World

APP = """
app: shop
objects:
  deal:
    fields: {name: text required, amount: money, owner: user}
    checks:
      - {rule: amount <= 1000, message: {zh: 金额偏高, en: That is much}, severity: warning}
pipelines:
  flow: {of: deal, stages: {new: {start: true}, won: {kind: won}}, moves: [new -> won]}
approvals:
  contract:
    of: deal
    steps:
      - 上 级: by owner.manager
      - 法务: by role legal
roles:
  sales: {may: ["read, create, update, move deal"]}
  legal: {may: [read deal]}
cast:
  - user wang: {name: 王, roles: [sales]}
  - user chen: {name: 陈, roles: [sales]}
  - user fa: {name: 法, roles: [legal]}
  - user li: {name: 李, roles: [sales], manager: wang}
scenarios:
"""
STORY = """
  story:
    as: li
    given:
      - deal d1: {name: 泵, owner: li}
    steps:
      - submit d1: contract
"""
GOOD = """
      - as: wang
      - ask chen first about d1: 看看
      - expect: wang is not asked about d1
      - as: chen
      - approve d1
      - as: wang
      - 加签 chen 后 关于 d1: refused because "已经在这一步里了"
      - approve d1
      - as: fa
      - return d1 to "上 级": 少附件
      - expect: wang is asked about d1
      - as: wang
      - 转交 d1 到 chen: 您来
      - expect: chen is asked about d1
      - as: chen
      - approve d1
      - fa 代理 给 chen: 3 working days
      - wang stands in for fa: until 2026-03-05 18:00
      - as: fa
      - transfer d1 to chen: refused because "前面的步骤"
      - 退回 d1 到 上级: refused
      - approve d1
      - expect d1: approved(contract)
      - as: li
      - update d1: {amount: 1001}
      - expect: warning "偏高"
      - 期望: 提醒 "much"
      - update d1: {amount: 1}
      - expect: no warning
      - create deal d2: {name: 阀, amount: 2000}
      - expect: warning
      - as: wang
      - expect: warning saying "偏高"
      - import deal: [{name: a, amount: 5000}]
      - expect: warning
"""
BAD = [
    ("- expect: wang is asked about d1\n      - transfer d1 to chen", "li 没有被要求审批 d1"),
    ("- ask chen afterwards about d1", "li 没有被要求审批 d1"),
    ("- expect: warning", "应该有这样的提醒。提醒：没有"),
    ("- update d1: {amount: 1001}\n      - expect: no warning", "不应该有这样的提醒。提醒：金额偏高"),
    ('- update d1: {amount: 1001}\n      - expect: warning "低"', "应该有这样的提醒。提醒：金额偏高"),
    ("- chen stands in for wang: until 2026-01-01 09:00", "这时已经是 2026-03-02 09:00，不能等到更早的时刻"),
    ("- chen stands in for wang: 1 hours\n      - wait: 1 hours\n      - as: chen\n      - reject d1: 不", "chen 没有被要求审批 d1"),
]


@pytest.fixture(scope="module")
def shop() -> Iterator[World]:
    """One world for all stories."""
    good = GOOD.replace("退回 d1 到 上级", '退回 d1 到 "上 级"')
    stories = "".join(f"{STORY.replace('story', f'bad{number}')}      {lines}\n" for number, (lines, _) in enumerate(BAD))
    with World({"shop.yaml": APP + STORY.rstrip("\n") + good + stories}) as world:
        yield world


def _told(outcome: Outcome) -> str | None:
    return None if outcome.failure is None else f"{outcome.failure.step.text}: {outcome.failure.zh}"


def test_every_line_comes_true(shop: World) -> None:
    assert _told(play(shop, shop.app.scenarios["story"])) is None


@pytest.mark.parametrize(("number", "said"), [(i, said) for i, (_, said) in enumerate(BAD)])
def test_a_line_that_does_not_come_true_says_why(shop: World, number: int, said: str) -> None:
    outcome = play(shop, shop.app.scenarios[f"bad{number}"])
    assert outcome.failure is not None
    assert outcome.failure.zh == said
