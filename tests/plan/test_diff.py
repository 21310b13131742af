"""What a plan says about two definitions, without any database."""

from tests.plan.worlds import Definition, app, planned

LEAD: Definition = {"lead": {"name": "text", "phone": "phone"}}


def lines(before: Definition | None, after: Definition) -> list[str]:
    plan = planned(None if before is None else app(before), app(after))
    return [line for line in plan.describe("en") if "definition files" not in line]


def test_from_nothing() -> None:
    assert lines(None, LEAD) == ["+ new object lead (table lead)"]


def test_the_same_again_is_nothing() -> None:
    assert planned(app(LEAD), app(LEAD)).is_empty


def test_only_words_changed() -> None:
    plan = planned(app(LEAD), app({"lead": {"name": 'text "姓名"', "phone": "phone"}}))
    assert plan.describe("zh") == ["~ 更新定义文件：app.yaml"]


def test_a_new_field() -> None:
    assert lines(LEAD, {"lead": {**LEAD["lead"], "city": "text indexed"}}) == [
        "+ new field city (0 records are there)",
        "+ new index lead.city.index",
    ]


def test_a_field_that_left() -> None:
    assert lines(LEAD, {"lead": {"name": "text"}}) == ["- field phone retired; its 0 values are kept"]


def test_a_renamed_field() -> None:
    after: Definition = {"lead": {"name": "text", "mobile": "{type: phone, was: phone}"}}
    assert lines(LEAD, after) == ["~ field renamed: mobile (phone → mobile)"]
    assert planned(app(after), app(after)).is_empty


def test_a_renamed_object_keeps_its_fields() -> None:
    after: Definition = {"prospect": {"+": "was: lead", "name": "text", "mobile": "{type: phone, was: phone}"}}
    assert lines(LEAD, after) == [
        "+ new index prospect.created_at.index",
        "~ field renamed: mobile (phone → mobile)",
        "- index lead.created_at.index removed",
        "~ object renamed: table lead → prospect",
    ]


def test_an_object_that_left() -> None:
    assert lines({**LEAD, "visit": {"no": "text"}}, LEAD) == [
        "- object visit retired; its 0 records are kept",
        "- index visit.created_at.index removed",
    ]


def test_widening_and_what_cannot_be() -> None:
    before: Definition = {"x": {"n": "integer", "a": "text", "d": "date", "e": "email", "c": "choice(u, v)"}}
    wide: Definition = {"x": {"n": "number(3)", "a": "long_text", "d": "date", "e": "text", "c": "choice(u, v, w)"}}
    assert lines(before, wide) == ["! field n gets more decimal places; the values of 0 records stay"]
    narrow = planned(app(wide), app({"x": {"n": "integer", "a": "phone", "d": "datetime", "e": "text", "c": "choice(u, v, w) many"}}))
    assert [d.message("en") for d in narrow.diagnostics] == [
        "`n` cannot change from number to whole number: this conversion is not available yet.",
        "`a` cannot change from long text to phone: this conversion is not available yet.",
        "`d` cannot change from date to date and time: this conversion is not available yet.",
        "`c` cannot change from choice to choice: this conversion is not available yet.",
    ]
    assert narrow.is_blocked and [o.kind for o in narrow.operations if o.kind == "asks"] == ["asks"] * 4


def test_every_sentence_is_there_in_both_languages() -> None:
    before = app({"a": {"x": "text", "y": "integer", "z": "text"}, "b": {"x": "text"}})
    after = app(
        {"c": {"+": "was: a", "x": "text unique", "y": "number", "zz": "{type: text, was: z}", "f": "number = y * 2"}, "d": {"x": "text"}}
    )
    plan = planned(before, after)
    for language in ("zh", "en"):
        for line in plan.describe(language):
            assert "{" not in line and line[0] in "+-~!"
