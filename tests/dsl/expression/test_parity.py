"""Python, SQLite, PostgreSQL and JavaScript give the same answers to generated expressions over generated rows."""

from typing import Any

from dougong_dsl.expression import Expression, check, to_python
from dougong_dsl.expression.types import Boolean
from dougong_dsl.places import Source
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.dsl.expression import generated
from tests.dsl.expression.backends import Everywhere
from tests.dsl.expression.world import SCOPE, context

Rows = dict[str, list[dict[str, Any]]]
NO_SHRINK = [Phase.explicit, Phase.reuse, Phase.generate]  # a difference already names one expression and one row
SLOW = settings(deadline=None, max_examples=25, phases=NO_SHRINK, suppress_health_check=list(HealthCheck))


def typed(texts: list[str]) -> list[Expression]:
    """What of the generated texts the checker lets pass (some have too many digits, or types that do not meet)."""
    found = [check(Source.inline(text), SCOPE)[0] for text in texts]
    return [expression for expression in found if expression is not None]


@SLOW
@given(rows=generated.worlds(), texts=st.lists(generated.texts_of_expressions(), min_size=24, max_size=24))
def test_every_backend_gives_the_answer_of_python(everywhere: Everywhere, rows: Rows, texts: list[str]) -> None:
    everywhere.fill(rows)
    assert not everywhere.differences(typed(texts), rows)


@settings(SLOW, max_examples=15)
@given(rows=generated.worlds(), texts=st.lists(generated.conditions(2), min_size=8, max_size=8))
def test_a_condition_selects_the_rows_for_which_it_is_true(everywhere: Everywhere, rows: Rows, texts: list[str]) -> None:
    everywhere.fill(rows)
    for text in texts:
        condition, _ = check(Source.inline(text), SCOPE, Boolean())
        if condition is not None:
            run = to_python(condition)
            expected = [row["id"] for row in rows["deal"] if run(row, context(rows)) is True]
            assert [database.where(condition) for database in everywhere.databases] == [expected, expected], text


@settings(SLOW, max_examples=40)
@given(texts=st.lists(generated.texts_of_expressions(), min_size=10, max_size=10))
def test_most_generated_texts_are_typed(texts: list[str]) -> None:
    assert len(typed(texts)) >= 2
