"""What an author is told: code, place and the whole sentence, for every code that expressions have."""

from collections.abc import Mapping

import pytest
from dougong_dsl.codes import expressions as codes
from dougong_dsl.diagnostics import Code
from dougong_dsl.expression import Member, Scope, check, parse
from dougong_dsl.expression.samples import SCOPE as SAMPLES
from dougong_dsl.expression.typed import Past
from dougong_dsl.expression.types import Boolean, Choice, DateTime, Money, Number
from dougong_dsl.places import Place, Source

from tests.dsl.expression.world import CHANGE, SCOPE, Schema, problems

CASES = [
    ("", "T300", 1, "An expression is expected here, but there is nothing"),
    ("amount amount", "T301", 8, "Cannot read on at `amount`; expected an operator or the end"),
    ("amount % 3", "T301", 10, "Cannot read on at `3`; expected an operator or the end"),
    ("1 < visits < 3", "T301", 12, "Cannot read on at `<`; expected an operator or the end"),
    ("amount +", "T302", 9, "The expression is not finished; expected a value"),
    ("(amount", "T303", 1, "This bracket is never closed"),
    ("amount)", "T304", 7, "This closing bracket has no opening one"),
    ('name = "abc', "T305", 8, 'The text that starts here has no closing "'),
    ("amount ; 3", "T306", 8, "The character ; means nothing in an expression"),
    ("due > #2026-02-30#", "T307", 7, "#2026-02-30# is not a date"),
    ("done && flag", "T308", 6, "&& was read as and"),
    ("1" * 4001, "T310", 1, "The expression has 4001 characters; at most 4000 are allowed"),
    ("(" * 61 + "1" + ")" * 61, "T311", 1, "The expression is nested 61 levels deep; at most 60 are allowed"),
    ("-" * 100 + "1", "T311", 1, "The expression is nested 101 levels deep; at most 60 are allowed"),
    ("&".join(["1"] * 2000), "T312", 1, "The expression has 2001 parts; at most 2000 are allowed"),
    ("cost ^ 20 * cost ^ 20", "T313", 1, "This result may have 720 digits; at most 400 are allowed"),
    ("owner." + "manager." * 12 + "name", "T314", 1, "Functions and links are nested deeper than a database can take"),
    ("amont > 1", "T320", 1, "`deal` has no field `amont`"),
    ("owner.nam", "T320", 7, "`user` has no field `nam`"),
    ('名称包含 = "x"', "T321", 1, "There is no field `名称包含`"),
    ("tier = oen", "T323", 8, "There is no option `oen`; the options are: oem, tier1, tier2"),
    ('tier = "none"', "T323", 8, "There is no option `none`; the options are: oem, tier1, tier2"),
    ("RUND(1)", "T325", 1, "There is no function RUND"),
    ("amount.x", "T326", 1, "`amount` is money (CNY); there is no field to take from it with a dot"),
    ("OLD(name)", "T327", 1, "`OLD` is not available here"),
    ("not amount", "T330", 5, "A condition must be yes/no, but this is money (CNY)"),
    ("LEFT(name, 1.5)", "T330", 12, "Argument n of LEFT must be a whole number, but this is number"),
    ('amount > "5"', "T331", 1, "money (CNY) cannot be compared with text"),
    ("tier < oem", "T331", 1, "choice cannot be compared with choice"),
    ("amount + name", "T332", 1, "money (CNY) + text has no meaning"),
    ("amount + dollars", "T333", 1, "Two currencies cannot be mixed: CNY and USD"),
    ("amount > dollars", "T333", 1, "Two currencies cannot be mixed: CNY and USD"),
    ("lines.price > 3", "T334", 1, "`lines.price` holds many values and needs a list function"),
    ("SUM(amount)", "T335", 5, "The first argument of SUM must be a list (such as child records), but this is money (CNY)"),
    ("LEFT(name)", "T336", 1, "LEFT takes 2 arguments, but 1 were given"),
    ("LEN(name where done)", "T337", 16, "LEN is no list function and takes no `where`"),
    ("ROUND(amount, visits)", "T338", 15, "Argument places of ROUND must be written as a whole number from -15 to 10"),
    (
        'DATEDIF(due, start, "x")',
        "T339",
        21,
        'The unit must be one of: "d", "day", "days", "天", "日", "m", "month", "months", "月", "个月", "y", "year", "years", "年"',
    ),
    ('IF(done, "a", 2)', "T340", 15, "The results have different types: text and number"),
    ("due + 5 hours", "T341", 1, "A date has no time of day; only whole days, weeks, months or years can be added"),
    ("created_at - due > 1 month", "T342", 20, "Months and years differ in length; they can only be added to a date"),
    ("amount > null", "T343", 1, "Null cannot be compared with >"),
    ("amount / 0", "T344", 10, "The divisor is 0; the result is always null"),
    ("AVERAGE(company.deals.lines.price)", "T345", 1, "AVERAGE cannot go through two lists"),
    (
        "MATCHES(name, '(a+)+')",
        "T346",
        15,
        "The pattern is wrong: it repeats too much and would be slow; use fewer * and +, and not inside of each other",
    ),
    ("MATCHES(name, '(?=a)')", "T346", 15, "The pattern is wrong: (?…) is not supported"),
    ("TEXT(amount, 'yyyy')", "T346", 14, 'The pattern is wrong: a layout for numbers needs 0 or #, such as "#,##0.00"'),
    ("TEXT(due, 'hh:mm')", "T346", 11, "The pattern is wrong: a date has no time of day; its layout has no h and s"),
    ("MATCHES(name, note)", "T347", 15, "The pattern of MATCHES must be written as a text in quotes"),
    ('NEXTNO("D{0000}")', "T350", 1, "NEXTNO stands in the `default` of a field only"),
    ("COUNTREC(deals, amount > 1)", "T348", 10, "The first argument of COUNTREC must name an object; there is no object `deals`"),
    ("passed(won)", "T360", 1, "passed needs an object with a pipeline; `deal` has none"),
    ("changes(company.name)", "T362", 9, "The history keeps no changes of `company.name`"),
    ("due + 3 working weeks", "T399", 7, "Working time other than in whole days, hours and minutes is not available yet"),
    ("due - today > 3 working days", "T364", 15, "Working days and hours can only be added to a date"),
    ("workday(due, 1, plant)", "T363", 17, "There is no working calendar `plant`"),
]


@pytest.mark.parametrize(("text", "code", "column", "message"), CASES, ids=[f"{code} {text[:30]}" for text, code, _, _ in CASES])
def test_what_is_wrong_and_where(text: str, code: str, column: int, message: str) -> None:
    first = problems(text)[0]
    assert (first.code.code, first.place.column, first.message("en")) == (code, column, message)
    assert first.message("zh") and "{" not in first.message("zh") + first.hint("zh") + first.hint("en")


def test_every_code_is_shown_above() -> None:
    known = {code.code for code in vars(codes).values() if isinstance(code, Code)}
    assert known - {code for _, code, _, _ in CASES} == {"T322", "T324", "T349", "T361", "T365"}  # below; T349 is of whole apps


class Clash(Schema):
    """Two fields with one title, and a field that is called as an option is."""

    def members(self, object_name: str) -> Mapping[str, Member]:
        found = (Member("a", Number(), ("金额",)), Member("b", Number(), ("金额",)), Member("won", Choice(("won", "lost"))))
        return {member.name: member for member in (*found, Member("stage", Choice(("won", "lost"))))}


def test_names_that_mean_two_things() -> None:
    scope = Scope(Clash(), "deal")
    assert [(p.code.code, p.message("en")) for p in problems("金额 > 1", scope)] == [("T322", "Several fields are called “金额”: a, b")]
    assert [(p.code.code, p.message("en")) for p in problems("stage = won", scope)] == [
        ("T324", "`won` is a field and an option; it is read as the field")
    ]


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("amont > 1", "amount"),
        ("tier = oen", "oem"),
        ("owner.nam", "name"),
        ("RUND(1)", "ROUND"),
        ("到期 > today", "到期日"),
        ("Amount > 1", "amount"),
        ("if(amount > 1, name, blank)", "null"),
        ("if(amount > 1, name, 清空)", "空"),
        ("tier = empty", "null"),
    ],
)
def test_the_nearest_right_thing(text: str, nearest: str) -> None:
    assert problems(text)[0].hint("en").startswith(f"Did you mean `{nearest}`?")


def test_all_mistakes_of_one_expression_are_found() -> None:
    found = problems("amont > 1 and tier = oen and LEFT(name) = 3")
    assert [each.code.code for each in found] == ["T320", "T323", "T336"]


def test_a_place_points_into_the_file_it_came_from() -> None:
    source = Source("tier = oen", Place("app.yaml", 7, 12, 10), [(7, 12 + i) if i < 7 else (8, 3 + i - 7) for i in range(10)])
    place = check(source, SCOPE)[1][0].place
    assert (str(place), place.length) == ("app.yaml:8:3", 3)


def test_what_a_place_expects_is_checked() -> None:
    assert [p.message("en") for p in problems("name", SCOPE, Number(18, 2))] == ["The result must be number, but this is text"]
    assert [p.message("en") for p in problems("dollars", SCOPE, Money("CNY"))] == [
        "The result must be money (CNY), but this is money (USD)"
    ]
    assert [p.message("zh") for p in problems("amount", SCOPE, Boolean())] == ["条件应该是是/否，这里却是金额(CNY)"]
    assert not problems("CHANGED(amount) and not ISNEW()", CHANGE, Boolean())


def test_borrowed_operators_are_understood() -> None:
    same = [parse(Source.inline(text))[0] for text in ("done and flag", "done && flag", "done 且 flag", "done AND flag")]
    assert same[0] is not None and all(tree == same[0] for tree in same)


def test_stages_are_checked_against_the_pipeline() -> None:
    for text, column in (("passed(tril)", 8), ("entered_at('tril')", 12), ("instate(lead, tril)", 15), ("statesince(tril)", 12)):
        (first,) = problems(text, SAMPLES)
        assert (first.code.code, first.place.column, first.params["nearest"]) == ("T361", column, "trial")
    assert problems("time_in(tril)", SAMPLES)[0].message("en") == (
        "`tril` in time_in is no stage of the pipeline; there are: lead, trial, signed"
    )
    (inside,) = problems("count(orders where passed(lead))", SAMPLES)  # there the stages are the order's
    assert inside.message("en") == "`lead` in passed is no stage of the pipeline; there are: draft, done"


class Cards(Schema):
    """A record with two pipelines that share a stage."""

    def members(self, object_name: str) -> Mapping[str, Member]:
        both = (
            Member("stage", Choice(("todo", "won"), (("成交", "won"),)), ("阶段",), required=True),
            Member("stage_since", DateTime(), required=True),
            Member("check_stage", Choice(("todo", "good"), (("合格", "good"),)), ("质检",), stage_log="check"),
            Member("check_stage_since", DateTime()),
        )
        return {member.name: member for member in both}


def test_a_stage_of_one_of_several_pipelines() -> None:
    scope = Scope(Cards(), "card")
    for text in ("passed(todo)", "instate(won, todo)", "entered_at(todo)"):
        (found,) = problems(text, scope)
        assert found.code.code == "T365"
        assert found.hint("en") == "Say which one: stage.todo, check_stage.todo."
    for text, column, log in (("passed(won)", "stage", None), ("passed(good)", "check_stage", "check"), ("passed(check_stage.todo)", "check_stage", "check"), ("passed(质检.合格)", "check_stage", "check"), ("passed(stage.todo)", "stage", None)):  # fmt: skip
        expression, wrong = check(Source.inline(text), scope, Boolean())
        assert expression is not None and not wrong
        assert isinstance(expression.root, Past)
        assert (expression.root.column, expression.root.log) == (column, log)
        assert expression.uses == {(column,)}
    for text in ("passed(check_stage.won)", "hoursinstate(checks, shop)"):
        assert [d.code.code for d in problems(text, scope)] == ["T361"]
