"""What a plan says about two definitions, without any database."""

from dataclasses import replace

from tests.plan.worlds import Definition, app, planned

LEAD: Definition = {"lead": {"name": "text", "phone": "phone"}}


def lines(before: Definition | None, after: Definition) -> list[str]:
    plan = planned(None if before is None else app(before), app(after))
    return [line for line in plan.describe("en") if "definition files" not in line]


def test_from_nothing() -> None:
    assert lines(None, LEAD) == ["+ new object lead (table lead)"]


def test_a_line_names_the_object_and_the_field_as_it_is_written_and_as_it_is_shown() -> None:
    plan = planned(
        app({"user": {"region": "text"}, "lead": {"n": "text"}}),
        app({"user": {"city": 'text "城市"'}, "lead": {"n": "text", "fax": 'text "传真" "Fax"'}}),
    )
    assert [o.describe("zh") for o in plan.operations[:-1]] == [
        "user：新增字段 city (城市)，已有 0 条记录",
        "user：停用字段 region，保留 0 个值",
        "lead：新增字段 fax (传真)，已有 0 条记录",
    ]
    assert plan.describe("en")[2] == "+ lead: new field fax (Fax), 0 records so far"


def test_an_app_of_another_name_asks_first() -> None:
    other = replace(app(LEAD), name="other")
    plan = planned(app(LEAD), other)
    (operation,) = [o for o in plan.operations if o.kind == "asks"]
    assert operation.describe("en") == (
        f"this database belongs to the app {app(LEAD).name} and would become other; make sure that it is not the wrong database"
    )
    assert operation.describe("zh").startswith(f"这个数据库现在是应用 {app(LEAD).name} 的")
    assert not plan.is_blocked and plan.operations[0] == operation


def test_the_same_again_is_nothing() -> None:
    assert planned(app(LEAD), app(LEAD)).is_empty


def test_only_words_changed() -> None:
    plan = planned(app(LEAD), app({"lead": {"name": 'text "姓名"', "phone": "phone"}}))
    assert plan.describe("zh") == ["~ 更新定义文件：app.yaml"]


def test_a_new_field() -> None:
    assert lines(LEAD, {"lead": {**LEAD["lead"], "city": "text indexed"}}) == [
        "+ lead: new field city, 0 records so far",
        "+ new index lead.city.index",
    ]


def test_a_field_that_left() -> None:
    assert lines(LEAD, {"lead": {"name": "text"}}) == ["- lead: field phone retired, 0 values kept"]


def test_a_renamed_field() -> None:
    after: Definition = {"lead": {"name": "text", "mobile": "{type: phone, was: phone}"}}
    assert lines(LEAD, after) == ["~ lead: field renamed phone → mobile"]
    assert planned(app(after), app(after)).is_empty


def test_a_renamed_object_keeps_its_fields() -> None:
    after: Definition = {"prospect": {"+": "was: lead", "name": "text", "mobile": "{type: phone, was: phone}"}}
    assert lines(LEAD, after) == [
        "+ new index prospect.created_at.index",
        "~ lead: field renamed phone → mobile",
        "- index lead.created_at.index removed",
        "~ object renamed: table lead → prospect",
    ]


def test_an_object_that_left() -> None:
    assert lines({**LEAD, "visit": {"no": "text"}}, LEAD) == [
        "- object visit retired, 0 records kept",
        "- index visit.created_at.index removed",
    ]


def test_widening_and_what_cannot_be() -> None:
    before: Definition = {"x": {"n": "integer", "a": "text", "d": "date", "e": "email", "c": "choice(u, v)"}}
    wide: Definition = {"x": {"n": "number(3)", "a": "long_text", "d": "date", "e": "text", "c": "choice(u, v, w)"}}
    assert lines(before, wide) == ["! x: field n gets more decimal places, no value changes in 0 records"]
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
