"""Patterns of MATCHES: whatever an author types is read or refused, and what is read cannot take long."""

import re

from dougong_dsl.expression.patterns import MOST_WAYS, BadPattern, regular
from hypothesis import given, settings
from hypothesis import strategies as st


@settings(deadline=None, max_examples=300)
@given(st.text("ab1宁[](){}|*+?.^$\\\\dws-,/", max_size=30))
def test_any_text_is_a_pattern_or_a_reason(text: str) -> None:
    try:
        found = regular(text)
    except BadPattern as problem:
        assert all(problem.words)
    else:
        re.compile(found).fullmatch("ab1宁" * 10)


def test_what_could_be_slow_is_refused() -> None:
    assert MOST_WAYS <= 10_000_000
    for text in ("(a+)+", "(a*)*b", "(a|a)*", "a*a*a*a*b", "(.*,){5}x", "((a?){100}){100}"):
        try:
            regular(text)
        except BadPattern as problem:
            assert "slow" in str(problem) or "count" in str(problem)
        else:
            raise AssertionError(text)
