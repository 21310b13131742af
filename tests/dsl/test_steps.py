"""Whatever is typed is answered, and the work grows with its length: steps of Python are counted, never time."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from dougong.pipeline import read_app
from dougong_dsl.expression import check
from dougong_dsl.places import Source
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.dsl.expression.world import SCOPE

FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
PIECES = ("(", ")", "1", "a", "amount", " ", "-", "not ", "+", "*", "^", "%", "=", "<", " in ", ",", ".", "`", '"', "'", "#", "\\", "deals.", "if(", "sum(lines.price", " where ", " and ", "或", "且", "“", "”", "（", "，", "。", "介于", "之间", " between ", " and 1 and ", " is blank", "3 days", " 个月", "工作日", "😀", "\u0301", "\u202e", "\x00", "\n", "\t", "1e9", "9" * 30, "REPEAT(", "SUBSTITUTE(name, name, ", "switch(", "lines", "THIS.", "PARENT.", "null", "is", "入", "->", "{{", "}}", "|", "[", "{")  # fmt: skip
TEXTS = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
DEAL = "objects: {deal: {fields: {a: text, n: integer, d: date, who: user}}}\n"
SENTENCES = (
    "objects: {deal: {fields: {a: {%} }}}",
    "objects: {deal: {fields: {a: text, b: '{%}'}}}",
    "objects: {deal: {fields: {a: integer, b: 'integer = {%}'}, checks: [{rule: '{%}', message: '{%}'}]}}",
    "objects: {deal: {fields: {a: text}}}\nroles: {r: {may: ['{%}', 'read deal where {%}']}}",
    "objects: {deal: {fields: {a: text}}}\npipelines: {p: {of: deal, stages: {x: {start: true, overdue: '{%}'}, y: }, moves: ['{%}', 'x -> y {%}']}}",
    "objects: {deal: {fields: {a: text}}}\ntriggers: {t: {on: '{%}', when: '{%}', do: [{set: {a: '{%}'}}]}}",
    "objects: {deal: {fields: {a: text}}}\nviews: {v: {of: deal, kind: table, where: '{%}', columns: [a, '{%}'], order: '{%}'}}",
    "objects: {deal: {fields: {a: text}}}\nforms: {f: {of: deal, fields: ['{%}'], budget: '{%}'}}",
    "uses: ['{%}']\nchange: {'{%}': '{%}'}\nlists: {l: ['{%}']}\ncalendar: '{%}'",
    "calendar: {hours: '{%}', days: '{%}', country: '{%}', timezone: '{%}', exceptions: {'{%}': '{%}'}}\nobjects: {deal: {fields: {a: text}}}",
    "calendars: {'{%}': {hours: {'{%}': '{%}'}}, k: '{%}'}\nobjects: {deal: {fields: {a: date, b: 'date = workday(a, 1, {%})'}}}",
    DEAL
    + "pipelines: {p: {of: deal, stages: {x: {start: true, overdue: {after: '{%}', calendar: '{%}', do: ['{%}'], then: [{after: '{%}', do: []}]}, review: '{%}'}, y: }, moves: [x -> y]}}",
    DEAL
    + "pipelines: {p: {of: deal, stages: {x: {start: true, on_enter: [{'{%}': '{%}'}, {todo: {for: '{%}', text: '{%}', due: '{%}', done_by: '{%}', claim: '{%}'}}], on_overdue: '{%}'}}}}",
    DEAL
    + "pipelines: {p: {of: deal, stages: {x: {start: true, to_enter: {fields: ['{%}'], actions: ['{%}'], evidence: ['{%}'], exceptions: '{%}'}, to_leave: '{%}'}, y: {kind: '{%}'}}}}",
    DEAL
    + "triggers: {t: {on: ['{%}', 'deal in {%} for {%}', '{%} before deal.d at {%}', 'deal without {%} for 1 day'], each: '{%}', do: [{notify: {to: '{%}', text: '{%}', via: ['{%}']}}]}}",
    DEAL
    + "triggers: {t: {on: deal created, as: '{%}', do: [{assign: {field: who, from: '{%}', by: '{%}'}}, {tag: {field: '{%}', add: '{%}'}}, {create: {of: '{%}', set: {a: '{%}'}}, must: '{%}', then: ['{%}']}]}}",
    DEAL
    + "triggers: {t: {on: 'every {%}', each: 'deal where {%}', do: [{move: '{%}'}, {propose_move: {to: '{%}', for: '{%}', text: '{%}', automatic: '{%}'}}, {start: '{%}'}]}}",
    DEAL
    + "approvals: {ok: {of: deal, start: '{%}', when: '{%}', lock: ['{%}'], reads: '{%}', same_person: '{%}', own: '{%}', steps: [s: '{%}', t: 'by {%} within {%} else {%} when {%}'], on_approved: ['{%}']}}",
    DEAL + "approvals: {ok: {of: '{%}', text: '{%}', steps: [{'{%}': {by: '{%}', within: '{%}', else: '{%}', when: '{%}'}}]}}",
    DEAL
    + "roles: {r: {may: [read deal]}}\ncast: ['{%}', 'user wang role {%}', 'deal one: {%}']\nscenarios: {s: {as: '{%}', at: '{%}', given: ['{%}'], steps: ['{%}', 'after {%}', 'expect {%}', {'{%}': '{%}'}]}}",
    DEAL
    + "scores: {'{%}': {of: deal, rules: ['{%}'], bands: '{%}'}}\npools: {'{%}': {of: deal, by: '{%}'}}\ntables: {t: {'{%}': ['{%}']}}\nteams: '{%}'",
)


def steps(work: Callable[[], Any]) -> int:
    """Calls of Python and of C that some work makes."""
    count = 0

    def counted(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal count
        count += 1

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def reading(text: str) -> Callable[[], Any]:
    """An expression as far as it goes."""
    return lambda: check(Source.inline(text), SCOPE)


@FUZZ
@given(TEXTS)
def test_an_expression_is_answered_in_steps_of_its_length(text: str) -> None:
    expression, problems = check(Source.inline(text), SCOPE)
    assert expression is not None or problems
    assert steps(reading(text)) <= 2_000 + 600 * len(text), text


@pytest.mark.parametrize(
    "piece", [*PIECES, "a + ", "(a + ", "not not ", "a and ", "if(done, ", "1, ", "a.b.", '"x" & ', "- ", "a between 1 and "]
)
def test_twice_the_text_is_twice_the_work(piece: str) -> None:
    for opening, closing in (("", ""), ("amount + ", " 1"), ("(", ")")):
        once = steps(reading(opening + piece * 100 + closing))
        assert steps(reading(opening + piece * 200 + closing)) <= 2.2 * once + 4_000, piece


@settings(FUZZ, max_examples=120)
@given(st.sampled_from(SENTENCES), TEXTS, st.booleans())
def test_a_definition_is_answered_in_steps_of_its_length(sentence: str, typed: str, quoted: bool) -> None:
    read_app({"app.yaml": "app: one\nobjects: {a: {fields: {b: text}}}\n"})  # the holidays of a country are read once in a process
    text = "app: one\n" + sentence.replace("{%}", typed.replace("'", "''") if quoted else typed) + "\n"
    answers = []
    count = steps(lambda: answers.append(read_app({"app.yaml": text})))
    built = answers[0]
    assert (built.app is None) == any(d.is_error for d in built.diagnostics)
    for found in built.diagnostics:
        assert all(found.message(language) for language in ("zh", "en"))
    assert count <= 150_000 + 3_000 * len(text), text


@settings(FUZZ, max_examples=120)
@given(st.one_of(st.text(max_size=200), st.binary(max_size=200).map(lambda b: b.decode("latin-1"))))
def test_any_text_at_all_is_answered(text: str) -> None:
    built = read_app({"app.yaml": text})
    assert built.app is not None or built.diagnostics
