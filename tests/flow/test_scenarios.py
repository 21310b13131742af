"""Scenarios: every line does what it says and says what is wrong; the clock runs what is due on the way; reports."""

import json
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from dougong.cli.command import run
from dougong.flow.scenarios.coverage import Coverage, Watch
from dougong.flow.scenarios.mutate import mutants, try_mutant
from dougong.flow.scenarios.play import Outcome, play
from dougong.flow.scenarios.world import Unmet, World
from dougong.pipeline import read_app

APP = """
app: shop
objects:
  customer:
    fields: {name: text required, city: "choice(suzhou, ningbo)"}
  deal:
    fields:
      name: text required
      amount: money
      size: text = if(amount >= 1000, "big", "small")
      due: date
      size2: integer
      owner: user default me
      customer: link customer as deals
      offer: file accept(pdf)
    checks:
      - {rule: amount < 1000000, message: 金额太大}
pipelines:
  flow:
    of: deal
    stages:
      new: {start: true}
      quote: {overdue: after 72 hours, on_overdue: [{todo: {for: owner.manager, text: "{{ name }} 超时"}}]}
      won: {kind: won, to_enter: {fields: [amount]}}
    moves:
      - new -> quote
      - quote -> won
      - quote -> new
triggers:
  told:
    on: deal.due changed
    do: [{notify: {to: owner, via: [inbox, mail], text: "{{ name }} 定在 {{ due }}"}}]
  quoted:
    on: deal entered quote
    do:
      - todo: {for: owner, text: "给 {{ name }} 报价"}
      - notify: {to: owner.manager, text: "{{ name }} 进入报价"}
      - {set: {size2: "1"}, when: amount > 3}
  won:
    on: deal entered won
    when: amount > 500
    do: [{create: {of: customer, set: {name: '"奖励 " & name'}}}]
views:
  big: {of: deal, where: amount >= 900, columns: [name], highlight: {red: amount >= 5000, yellow: amount >= 900}}
approvals:
  discount:
    of: deal
    steps:
      - 主管: by owner.manager
roles:
  sales:
    may:
      - read, create, update deal where owner = me
      - move deal along flow
      - read, create customer
  boss:
    extends: sales
    may: [delete deal]
cast:
  - user wang: {roles: [boss], name: 王总}
  - user li: {name: 李, roles: [sales], manager: wang, email: li@example.com}
  - user zhao: {roles: [sales]}
  - customer c1: {name: 甲, city: suzhou}
scenarios:
"""
STORY = """
  story:
    as: li
    given:
      - deal d1: {name: 泵, customer: c1, owner: li}
      - deal d2: {name: 阀, stage: quote, owner: zhao, due: today+3}
    steps:
"""
GOOD = """
      - move d1 to quote
      - expect: todo for li about d1 saying "报价"
      - expect: message for wang about d1
      - expect: nothing else
      - move d1 to won: refused because "amount"
      - wait: 71 hours
      - expect: no todo for wang
      - wait: 1 hours
      - expect: 1 todo for wang about d1 saying "超时"
      - update d1: {amount: 1000000}
        refused: 金额太大
      - expect: big lists nothing
      - update d1: {amount: 900, due: today + 1, offer: offer.pdf, customer: c1}
      - expect: 1 mail for li saying "泵 定在"
      - expect: 1 message for li about d1
      - expect: nothing else
      - expect: no mail for zhao
      - expect: big lists d1
      - expect: d1 is yellow in big
      - expect: d1 is not red in big
      - expect d1: amount = 900 and size = "small" and customer = c1 and due = today + 1 and owner.login = "li"
      - move d1 to won
      - expect: d1 in won
      - expect: 2 customer where name starts with "奖励" or city = suzhou
      - expect: no customer where city = ningbo
      - create deal d3: {name: 管}
      - import deal: [{name: 甲}, {name: 乙, stage: new}]
      - expect: 5 deal
      - expect: li may update d3
      - expect: li may not delete d3
      - expect: li may not read d2
      - expect: li may move d3 to quote
      - submit d3: discount
      - expect: wang is asked about d3
      - expect: zhao is not asked about d3
      - comment d3: 请看
      - as: wang
      - approve d3: 同意
      - as: zhao
      - delete d2: refused
      - wait: until 2026-04-01 09:00
      - expect d2: "stage = quote and today = #2026-04-01#"
"""
# a line, and what is said when it does not come true; `§` stands for the lines before it
BAD = [
    ("- expect: todo for li", "li 应该有这样的待办，实际有 0 条。li 现在的待办：没有"),
    ("- move d1 to quote\n      - expect: 2 todos for li", "li 应该有2 这样的待办，实际有 1 条。li 现在的待办：给 泵 报价"),
    ("- move d1 to quote\n      - expect: no message for wang", "wang 应该有0 这样的消息，实际有 1 条。wang 现在的消息：泵 进入报价"),
    ("- move d1 to quote\n      - expect: nothing else", "li 还得到了待办：给 泵 报价"),
    ("- expect: d1 in won", "d1 应该在 won，实际在 new"),
    ("- expect: d1 is gone", "d1 还在"),
    ("- expect d1: amount > 3", "条件不成立：amount = None"),
    ("- expect: 3 deal", "这样的 deal 应该有 3 条，实际有 2 条（一共 2 条）"),
    ("- expect: li may read d2", "li 实际上不可以这样做"),
    ("- expect: li may not update d1", "li 实际上可以这样做"),
    ("- expect: wang is asked about d1", "d1 没有在等他审批（wang）"),
    ("- update d1: {amount: 1000000}", "被拒绝：R202 金额太大"),
    ("- update d1: {amount: 7}\n        refused: 金额", "这一步应该被拒绝，却成功了"),
    ("- update d1: {amount: 1000000}\n        refused: 名称", "拒绝的原因不是“名称”，而是：R202 金额太大"),
    ("- expect: big lists d2", "big 列出的是：没有"),
    ("- update d1: {amount: 900}\n      - expect: big lists nothing", "big 列出的是：d1"),
    ("- expect: d1 is red in big", "d1 的颜色是：没有"),
    ("- update d1: {amount: 900}\n      - expect: d1 is not yellow in big", "d1 的颜色是：yellow"),
    ("- expect: mail for li", "li（li@example.com）应该收到这样的邮件，实际收到 0 封。收到的：没有"),
    ("- expect: 2 mails for zhao", "zhao（没有邮箱）应该收到 2 封这样的邮件，实际收到 0 封。收到的：没有"),
    ("- update d1: {due: 2026-04-01}\n      - expect: message for li\n      - expect: nothing else", "李 还收到了邮件：泵 定在 2026-04-01"),
    ("- approve d1", "li 没有被要求审批 d1"),
    ("- finish todo about d1", "li 没有这样的待办"),
    ("- wait: until 2026-01-01 09:00", "这时已经是 2026-03-02 09:00，不能等到更早的时刻"),
    ("- withdraw d1", "d1 没有正在进行的审批"),
]


@pytest.fixture(scope="module")
def shop() -> Iterator[World]:
    """One world for all stories."""
    stories = "".join(f"{STORY.replace('story', f'bad{number}')}      {lines}\n" for number, (lines, _) in enumerate(BAD))
    with World({"shop.yaml": APP + STORY + GOOD.lstrip("\n") + stories}) as world:
        yield world


def _told(outcome: Outcome) -> str | None:
    return None if outcome.failure is None else f"{outcome.failure.step.text}: {outcome.failure.zh}"


def test_every_line_comes_true(shop: World) -> None:
    outcome = play(shop, shop.app.scenarios["story"])
    assert _told(outcome) is None
    assert outcome.played == GOOD.count("\n      - ") + 1  # `as: li` is a step, too


@pytest.mark.parametrize(("number", "lines", "said"), [(i, *each) for i, each in enumerate(BAD)])
def test_a_line_that_does_not_come_true_says_why(shop: World, number: int, lines: str, said: str) -> None:
    outcome = play(shop, shop.app.scenarios[f"bad{number}"])
    assert outcome.failure is not None
    assert outcome.failure.zh == said
    assert outcome.failure.step.place.file == "shop.yaml"


def test_scenarios_are_played_in_empty_databases_alone(empty_database_url: str) -> None:
    text = APP + STORY + GOOD.lstrip("\n")
    with World({"shop.yaml": text}, database=empty_database_url) as world:
        assert _told(play(world, world.app.scenarios["story"])) is None
        assert _told(play(world, world.app.scenarios["story"])) is None
        with pytest.raises(Unmet, match="in an empty database"):
            World({"shop.yaml": text}, database=empty_database_url)
    with World({"shop.yaml": text}, database=empty_database_url):
        pass  # it was left empty


def test_a_story_leaves_nothing_to_the_next(shop: World) -> None:
    story = shop.app.scenarios["story"]
    assert [play(shop, story).passed for _ in range(2)] == [True, True]


def test_what_is_given_sets_nothing_off(shop: World) -> None:
    play(shop, shop.app.scenarios["bad4"])
    with shop.look() as session:
        assert session.connection.all("SELECT COUNT(*) FROM dg_todo") == [(0,)]
        assert session.connection.all("SELECT COUNT(*) FROM dg_trigger_log") == [(0,)]


def test_coverage_names_what_no_scenario_exercised() -> None:
    text = APP + STORY + "      - move d1 to quote\n      - update d1: {amount: 5}\n"
    watch = Watch()
    with World({"shop.yaml": text}, watch.compile) as world:
        coverage = Coverage(world, watch)
        assert play(world, world.app.scenarios["story"]).passed
        coverage.note()
        found = {gap.en for gap in coverage.gaps()}
    assert "check `amount < 1000000` was true every time" not in found  # blank amounts: it was not true once
    assert "branch `amount >= 1000` of `deal.size` was never taken" in found
    assert "move `new -> quote` was never made" not in found
    assert "move `quote -> won` was never made" in found
    assert "trigger `won` never fired" in found
    assert "stage `deal.quote` was never overdue" in found
    assert "approval `discount` never came to the step “主管”" in found
    assert "condition of an action `amount > 3` was not true every time" in found
    assert "trigger `quoted` never fired" not in found
    assert "role `sales` never used its grant to update deal" not in found
    assert "role `sales` never used its grant to create deal" in found


def test_a_whole_story_leaves_no_stage_and_no_step_out() -> None:
    watch = Watch()
    with World({"shop.yaml": APP + STORY + GOOD.lstrip("\n")}, watch.compile) as world:
        coverage = Coverage(world, watch)
        assert play(world, world.app.scenarios["story"]).passed
        coverage.note()
        assert [gap.en for gap in coverage.gaps() if "overdue" in gap.en or "step" in gap.en] == []


def test_mutation_finds_the_rule_that_nothing_proves() -> None:
    built = read_app({"shop.yaml": APP + STORY + GOOD.lstrip("\n")})
    changes = {(m.place.line, m.found.strip(), m.to.strip()): m for m in mutants(built)}
    line = next(i for i, text in enumerate(APP.split("\n"), 1) if "72 hours" in text)
    noticed = try_mutant(built, changes[(line, "72", "73")], ["story"])
    assert (noticed.survived, noticed.noticed_by) == (False, "story")
    line = next(i for i, text in enumerate(APP.split("\n"), 1) if "when: amount > 500" in text)
    assert try_mutant(built, changes[(line, "500", "501")], ["story"]).survived
    gone = next(m for (_, found, _), m in changes.items() if found == "- quote -> won")
    assert try_mutant(built, gone, ["story"]).noticed_by in ("check", "story")


def test_items_of_lists_in_brackets_are_left_out_and_long_deadlines_changed() -> None:
    text = (APP + STORY + "      - move d1 to quote\n").replace(
        "    moves:\n      - new -> quote\n      - quote -> won\n", "    moves: [new -> quote, quote -> won, "
    )
    text = text.replace("quote -> won,       - quote -> new\n", "quote -> won, quote -> new]\n")
    text = text.replace("quote: {overdue: after 72 hours, ", "quote:\n        overdue:\n          after: 72 hours\n        ").replace(
        '超时"}}]}\n', '超时"}}]\n'
    )
    built = read_app({"shop.yaml": text})
    assert built.app is not None, [d.message("en") for d in built.diagnostics]
    found = {(m.found.strip(), m.to) for m in mutants(built)}
    assert {("new -> quote,", ""), ("quote -> won,", ""), (", quote -> new", ""), ("72", "73")} <= found
    (gone,) = (m for m in mutants(built) if m.found == "quote -> won, ")
    assert not try_mutant(built, next(m for m in mutants(built) if m.found == "new -> quote, "), ["story"]).survived
    assert try_mutant(built, gone, ["story"]).noticed_by in (None, "check")


def test_the_command_reports_in_text_json_and_junit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    app = tmp_path / "shop.yaml"
    app.write_text(APP + STORY + "      - expect: d1 in won\n" + STORY.replace("story", "other") + "      - expect: d1 in new\n", "utf-8")
    junit = tmp_path / "report.xml"
    assert run(["test", str(app), "--lang", "en", "--junit", str(junit)]) == 1
    said = capsys.readouterr().out
    assert "✗ story" in said and "d1 should be in won, but is in new (at 2026-03-02 09:00 in the scenario)" in said
    assert "✓ other" in said and "2 scenarios, 1 failed" in said
    suite = ElementTree.parse(junit).getroot()
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    assert run(["test", str(app), "--only", "other", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(s["name"], s["passed"]) for s in told["scenarios"]] == [("other", True)]
    assert run(["test", str(app), "--only", "nothing like it"]) == 1
