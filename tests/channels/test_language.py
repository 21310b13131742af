"""The sentences of doors and back, names in them, and what scenarios say of them."""

from typing import Any

import pytest
from dougong.definition.fields import plain
from dougong.flow.scenarios.coverage import Coverage, Watch
from dougong.flow.scenarios.play import play_all
from dougong.flow.scenarios.world import World
from dougong.names.index import declared, index
from dougong.names.symbols import Symbol
from dougong.pipeline import read_app
from dougong_dsl.places import Source
from dougong_dsl.sentences.clauses import event
from dougong_dsl.sentences.printing import event_text
from hypothesis import given
from hypothesis import strategies as st

from tests.channels.apps import APP

WORDS = st.from_regex(r"[a-z报价][a-z0-9报价_]{0,6}", fullmatch=True).filter(lambda w: w not in ("from", "contains", "on", "form"))
CAST = """
cast:
  - user li: {roles: [sales], phone: 13811111111}
  - lead c1: {name: 甲, phone: 13800000000, wecom_id: jia}
  - deal d1: {no: A1}
scenarios:
  all:
    as: li
    steps:
"""


@given(
    WORDS, st.none() | WORDS, st.lists(WORDS | st.text(alphabet="a报 ,，(", min_size=1, max_size=5).map(str.strip).filter(bool), max_size=3)
)
def test_a_printed_event_is_the_event_that_was_read(channel: str, of: str | None, contains: list[str]) -> None:
    long: dict[str, Any] = (
        {"event": "message", "channel": channel} | ({"of": of} if of else {}) | ({"contains": contains} if contains else {})
    )
    text = event_text(long)
    assert text is not None
    found, problems = event(Source.inline(text))
    assert (problems, None if found is None else plain(found)) == ([], long)


def played(*steps: str) -> list[str]:
    text = APP + CAST + "".join(f"      - {step}\n" for step in steps)
    with World({"app.yaml": text}) as world:
        outcomes = play_all(world, world.app.scenarios.values())
    return [o.failure.zh for o in outcomes if o.failure is not None]


def test_a_story_with_every_line_comes_true() -> None:
    assert (
        played(
            "create lead c2 with quick: {name: 乙, phone: 13900000000}",
            'expect c2: nickname = "quick"',
            "expect: 1 sms for c2 saying “您好”",
            "expect: no wecom for c2",
            "expect: nothing else",
            "update c1 with quick: {name: 丙}",
            "message on wecom from c1: 请报价",
            "expect c1: hot",
            "expect: nothing else",
            '消息 于 wecom 来自 "stranger": 你好',
            'expect: 1 lead where wecom_id = "stranger"',
            "message on sms from c1: 退订",
            "expect c1: quiet",
            "webhook paid: {no: A1, amount: 12.5}",
            'expect: 1 request to erp saying "12.5"',
            "expect d1: not open",
            "webhook paid: {amount: 1}\n        refused: 缺少",
            "create lead: {name: 丁, owner: li}",
            "expect: 1 sms for li",
        )
        == []
    )


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        (["create lead: {name: 乙, owner: li}", "expect: message for li", "expect: nothing else"], "还收到了 sms"),
        (["webhook paid: {no: A1, amount: 1}", "expect d1: not open", "expect: nothing else"], "还调用了 erp"),
        (["expect: sms for c1"], "没有"),
        (["expect: 2 requests to erp"], "实际 0 条"),
        (["message on wecom from li: x"], ""),
    ],
)
def test_what_did_not_go_out_is_told(steps: list[str], said: str) -> None:
    if said:
        (told,) = played(*steps)
        assert said in told
    else:
        text = APP + CAST + "".join(f"      - {step}\n" for step in steps)
        assert [d.code.code for d in read_app({"a.yaml": text}).diagnostics if d.is_error] == ["T243"]


@pytest.mark.parametrize(
    ("step", "code"),
    [
        ("message on fax from c1: x", "T240"),
        ("message on sms from c9: x", "T550"),
        ("message on sms from c1: {a: 1}", "T555"),
        ("webhook payed: {no: x}", "T245"),
        ("webhook paid: {number: x}", "T206"),
        ("create lead with whole2: {name: x}", "T246"),
        ("expect: no sms for d1", "T243"),
        ("expect: 1 request to sap", "T250"),
    ],
)
def test_wrong_lines_are_told(step: str, code: str) -> None:
    found = read_app({"a.yaml": f"{APP}{CAST}      - {step}\n"}).diagnostics
    assert [d.code.code for d in found if d.is_error] == [code]


HEARD = """
app: heard
objects: {customer: {fields: {name: text required}}, note: {fields: {text: text}}}
webhooks: {inquiry: {payload: {who: text, size: integer}}}
triggers:
  told:
    on: webhook inquiry received
    when: payload.size > 3
    do: [{create: {of: note, set: {text: "'large ' & payload.who"}}}]
  known:
    on: webhook inquiry received
    when: exists(customer, name = payload.who)
    do: [{create: {of: note, set: {text: "'known ' & payload.who"}}}]
  new:
    on: webhook inquiry received
    when: not exists(customer, name = payload.who)
    do: [{when: payload.size > 3, create: {of: note, set: {text: "'new and large ' & payload.who"}}}]
roles: {sales: {may: ["read, create customer", read note]}}
cast: [user li: {roles: [sales]}]
scenarios:
  conditions see what came in:
    as: li
    steps:
      - create customer c: {name: A}
      - webhook inquiry: {who: A, size: 3}
      - expect: 1 note
      - expect: 1 note where text = "known A"
      - webhook inquiry: {who: B, size: 4}
      - expect: 1 note where text = "large B"
      - expect: 1 note where text = "new and large B"
      - expect: 3 note
"""


def test_conditions_see_what_came_in_without_a_record() -> None:
    with World({"app.yaml": HEARD}) as world:
        (outcome,) = play_all(world, world.app.scenarios.values())
    assert outcome.failure is None, outcome.failure.zh


def test_coverage_knows_what_never_came_in() -> None:
    text = APP + CAST + "      - message on wecom from c1: 在吗\n"
    watch = Watch()
    with World({"app.yaml": text}, watch.compile) as world:
        coverage = Coverage(world, watch)
        play_all(world, world.app.scenarios.values())
        coverage.note()
        told = {gap.en for gap in coverage.gaps()}
    assert {"trigger `asked` never fired", "trigger `paid` never fired", "trigger `quick` never fired"} <= told


def test_names_at_doors_are_found() -> None:
    files = {"app.yaml": APP}
    by_symbol = index(files, declared(files)).by_symbol
    lines = APP.split("\n")

    def at(symbol: Symbol) -> list[str]:
        return [lines[o.place.line - 1].strip()[:24] for o in by_symbol[symbol]]

    assert any(line.startswith("find: deal where") for line in at(Symbol("object", "deal")))
    assert any(line.startswith("find: deal where") for line in at(Symbol("field", "no", "deal")))
    assert any(line.startswith("wecom: {kind: http") for line in at(Symbol("field", "wecom_id", "lead")))
    assert any(line.startswith("do: [{set: {said: messag") for line in at(Symbol("field", "said", "lead")))
    assert any(line.startswith("- call: {connector: erp") for line in at(Symbol("connector", "erp")))
    assert any(line.startswith("on: form quick") for line in at(Symbol("form", "quick")))
