"""Moves, grants and events give the mappings of their long forms."""

from collections.abc import Callable

import pytest
from dougong.definition.fields import plain
from dougong.read.yaml import read_yaml
from dougong_dsl.diagnostics import Diagnostic
from dougong_dsl.places import Source
from dougong_dsl.sentences.clauses import event, grant, move
from dougong_dsl.sentences.written import Entries
from hypothesis import given, settings
from hypothesis import strategies as st

Reader = Callable[[Source], tuple[Entries | None, list[Diagnostic]]]

SAME = [
    (move, "a -> b", "{from: [a], to: b}"),
    (move, "solution, sample -> wait", "{from: [solution, sample], to: wait}"),
    (move, "any open → lost asks(reason)", "{from: [any open], to: lost, asks: [reason]}"),
    (move, 'a -> b "退回" "Back" by x, y', "{from: [a], to: b, title: {zh: 退回, en: Back}, by: [x, y]}"),
    (move, "a -> b when x in (1, 2) or f(y) by z", "{from: [a], to: b, when: 'x in (1, 2) or f(y)', by: [z]}"),
    (move, 'a -> b when name = "by" asks(c, d)', "{from: [a], to: b, when: 'name = \"by\"', asks: [c, d]}"),
    (grant, "read lead", "{may: [read], of: lead}"),
    (grant, "查看, 修改 线索", "{may: [read, update], of: 线索}"),
    (grant, "update customer(note, tags) where owner = me", "{may: [update], of: customer, fields: [note, tags], where: owner = me}"),
    (
        grant,
        "read customer where region within me.region, mask phone, email, hide cost",
        "{may: [read], of: customer, where: region within me.region, mask: [phone, email], hide: [cost]}",
    ),
    (grant, "move deal along deal_flow", "{may: [move], of: deal, along: deal_flow}"),
    (grant, "read a, b where c = 1, hide d", "{may: [read], of: [a, b], where: c = 1, hide: [d]}"),
    (grant, "read a where b in (x, y)", "{may: [read], of: a, where: 'b in (x, y)'}"),
    (event, "lead created", "{of: lead, event: created}"),
    (event, "线索 新建", "{of: 线索, event: created}"),
    (event, "lead.score changed", "{of: lead, event: changed, field: score}"),
    (event, 'lead.kind changed from a to "b"', "{of: lead, event: changed, field: kind, from: a, to: '\"b\"'}"),
    (event, "deal entered won", "{of: deal, event: entered, stage: won}"),
    (event, "customer had ppap.late twice in a row", "{of: customer, event: had, what: ppap, field: late, times: 2}"),
    (event, "客户 连续 3 次 提交.逾期", "{of: 客户, event: had, what: 提交, field: 逾期, times: 3}"),
    (event, 'every "0 9 * * 1-5"', "{event: every, cron: '0 9 * * 1-5'}"),
    (event, "1 day before lead.due at 09:00", "{span: {amount: 1, unit: days}, event: before, of: lead, field: due, at: '09:00'}"),
]
WRONG = [
    (move, "a -> ", "5 This move is not complete; expected a name"),
    (move, "a b", "4 This move is not complete; expected a name or a comma or an arrow ->"),
    (move, "a -> b by x by y", "13 `by` is written twice"),
    (grant, "read a(x), b", "12 In this grant, `b` cannot stand here; expected where, mask or hide"),
    (move, "a -> b -> c", "8 A move is one step; here is a second `->`"),
    (grant, "update", "1 The grant `update` does not say on which object"),
    (grant, "read summary of a", "1 Not available yet: grants of summaries"),
    (event, "lead exploded", "6 This is not an event: `lead exploded`"),
    (event, "customer had ppap.late twice", "29 This event is not complete; expected in a row"),
]


@pytest.mark.parametrize(("read", "line", "yaml"), SAME)
def test_a_line_and_its_long_form(read: Reader, line: str, yaml: str) -> None:
    long, diagnostics = read(Source.inline(line))
    value, _ = read_yaml("x", yaml)
    assert long is not None, diagnostics
    assert value is not None
    assert plain(long) == plain(value)


@pytest.mark.parametrize(("read", "line", "message"), WRONG)
def test_what_is_wrong_with_a_line(read: Reader, line: str, message: str) -> None:
    long, diagnostics = read(Source.inline(line))
    assert long is None
    assert [f"{d.place.column} {d.message('en')}" for d in diagnostics] == [message]


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([move, grant, event]), st.text(st.sampled_from("ab, ->()\"by when where mask read changed from to .=\\'“"), max_size=40)
)
def test_no_text_breaks_a_reader(read: Reader, text: str) -> None:
    long, diagnostics = read(Source.inline(text))
    assert (long is None) == bool(diagnostics)
    assert all(d.message("zh") for d in diagnostics)
