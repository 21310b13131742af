"""What the address of a list says survives the way into links and back, and filters become expressions that mean the same."""

from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo

from dougong.fields.base import BuildContext, Reading
from dougong.fields.registry import FIELD_TYPES
from dougong.web.pages.facets import Facet
from dougong.web.pages.list_query import Filter, ListQuery, expression, quoted, read
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.datastructures import QueryParams

ZONE = ZoneInfo("Asia/Shanghai")
READING = Reading("zh", ZONE)
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=8)
NAMES = st.from_regex(r"[a-z_]{1,8}", fullmatch=True)
FILTERS = st.lists(
    st.builds(Filter, NAMES, NAMES, st.lists(WORDS, min_size=1, max_size=3).map(tuple)),
    max_size=3,
    unique_by=lambda f: (f.field, f.operator),
)


def facet(key: str, **options: object) -> Facet:
    """A field of a type, as a list sees it."""
    kind = FIELD_TYPES[key]
    built = kind(kind.Options.model_validate(options), BuildContext("CNY", {}, ZONE))
    return Facet("f", "F", kind.widget, built, target=built.target)


def filtered(shown: Facet, operator: str, *values: str) -> str | None:
    """The expression of one filter, or None when it says nothing usable."""
    texts, _ = expression([Filter("f", operator, values)], {"f": shown}, READING)
    return texts[0] if texts else None


@settings(deadline=None, max_examples=50)
@given(
    st.builds(
        ListQuery,
        view=NAMES,
        search=WORDS,
        where=WORDS,
        order=NAMES,
        filters=FILTERS.map(tuple),
        columns=st.lists(NAMES, unique=True).map(tuple),
    )
)
def test_an_address_says_the_same_after_a_round_trip(query: ListQuery) -> None:
    assert read(QueryParams(parse_qsl(urlencode(query.pairs()), keep_blank_values=True))) == query


def test_filters_are_expressions() -> None:
    assert filtered(facet("money"), "ge", "1,000") == "(f >= 1000)"
    assert filtered(facet("money"), "between", "1", "2") == "(f between 1 and 2)"
    assert filtered(facet("choice", options=["a", "b"]), "in", "a", "b") == '(f in ("a", "b"))'
    assert filtered(facet("date"), "before", "2026-03-01") == "(f < #2026-03-01#)"
    assert filtered(facet("link", target="customer"), "eq", "7") == "(f.id = 7)"
    assert filtered(facet("link", target="customer"), "blank") == "(f is blank)"


def test_a_filter_that_says_nothing_is_left_out() -> None:
    assert filtered(facet("money"), "ge", "much") is None
    assert filtered(facet("money"), "between", "1") is None
    assert filtered(facet("money"), "contains", "1") is None


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=20))
def test_text_stays_inside_its_quotes(text: str) -> None:
    inner = quoted(text)[1:-1]
    assert '"' not in inner.replace("\\\\", "").replace('\\"', "")


def test_a_value_cannot_smuggle_a_gap() -> None:
    text = filtered(facet("text"), "contains", "{value}")
    assert text is not None
    assert text.count("{value}") == 1
