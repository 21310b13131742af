"""No expression makes a text grow without bound, however it is nested, and every backend stops at the same length."""

from dougong_dsl.expression import check, to_python
from dougong_dsl.expression.texts import LONGEST_REPLACED
from dougong_dsl.places import Source

from tests.dsl.expression.backends import Everywhere, Rows
from tests.dsl.expression.world import SCOPE, context


def nested(inside: str, function: str, times: int) -> str:
    """A function of a function of a function."""
    for _ in range(times):
        inside = function.replace("{}", inside)
    return inside


GROWING = [
    *(nested("name", 'SUBSTITUTE({}, "a", "aaaaaaaaaa")', times) for times in range(1, 8)),
    *(nested("name", 'SUBSTITUTE({}, "a", "\U0001f600a")', times) for times in range(1, 8)),
    *(nested("name", "REPEAT({}, 9)", times) for times in range(1, 8)),
    nested("name", 'REPEAT(SUBSTITUTE({}, "a", "aa"), 50)', 3),
    'SUBSTITUTE(REPEAT("aaaaaaaaaa", 1000), "a", REPEAT("b", 100))',
    'SUBSTITUTE(REPEAT("aaaaaaaaaa", 1000), "a", REPEAT("b", 101))',
]


def test_a_text_stops_growing_at_one_length_everywhere(everywhere: Everywhere) -> None:
    checked = [check(Source.inline(f"LEN({text})"), SCOPE)[0] for text in GROWING]
    expressions = [each for each in checked if each is not None]
    assert len(expressions) == len(GROWING)
    rows: Rows = {"deal": [{"id": 1, "name": "a" * 10}, {"id": 2, "name": "ba" * 300}]}
    everywhere.fill(rows)
    assert everywhere.differences(expressions, rows) == []
    found = [to_python(each)(row, context(rows)) for each in expressions for row in rows["deal"]]
    assert max(length or 0 for length in found) == LONGEST_REPLACED and None in found
