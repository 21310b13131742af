"""A field line gives exactly the mapping of its long form."""

import pytest
from dougong.definition.fields import plain, words_of
from dougong.read.yaml import read_yaml
from dougong_dsl.places import Place, Source
from dougong_dsl.sentences.field_line import field_line
from dougong_dsl.sentences.written import Entries
from hypothesis import given, settings
from hypothesis import strategies as st


def long_of(line: str) -> object:
    long, diagnostics = field_line(Source.inline(line), words_of, lambda: ["text"])
    assert long is not None, [d.message("en") for d in diagnostics]
    return plain(long)


def told(line: str) -> list[str]:
    long, diagnostics = field_line(Source.inline(line), words_of, lambda: ["text", "money"])
    assert long is None
    return [f"{d.place.column}-{d.place.length} {d.message('en')}" for d in diagnostics]


@pytest.mark.parametrize(
    ("line", "yaml"),
    [
        ('text required "名称"', "{type: text, required: true, title: 名称}"),
        ('text "名称" "Name"', "{type: text, title: {zh: 名称, en: Name}}"),
        ("text 必填 唯一 可搜索", "{type: text, required: true, unique: true, searchable: true}"),
        ("autonumber(C{yyyy}-{00000}) “编号”", "{type: autonumber, pattern: 'C{yyyy}-{00000}', title: 编号}"),
        ('choice(oem "终端车企" "OEM", tier1)', "{type: choice, options: {oem: {zh: 终端车企, en: OEM}, tier1: tier1}}"),
        ("choice(价格, 交期,)", "{type: choice, options: [价格, 交期]}"),
        ('choice("50人以下", "A/B" "甲乙")', "{type: choice, options: {50人以下: 50人以下, A/B: 甲乙}}"),
        ("choice many (a, b)", "{type: choice, many: true, options: [a, b]}"),
        ("choice(a,b) many", "{type: choice, options: [a, b], many: true}"),
        ("choice\uff08a\uff0cb\u3001c\uff09", "{type: choice, options: [a, b, c]}"),
        ("link byway as insides indexed", "{type: link, target: byway, as: insides, indexed: true}"),
        ("choice from sources required", "{type: choice, from: sources, required: true}"),
        ("number(3) min 0 max 10", "{type: number, scale: '3', min: '0', max: '10'}"),
        ("link customer as orders", "{type: link, target: customer, as: orders}"),
        ("file many accept(pdf, dwg) max 50MB", "{type: file, many: true, accept: [pdf, dwg], max: 50MB}"),
        ('user default me "负责人"', "{type: user, default: me, title: 负责人}"),
        ('text default "新" "状态"', "{type: text, default: '\"新\"', title: 状态}"),
        ("date default today + 3 days required", "{type: date, default: today + 3 days, required: true}"),
        ("boolean default (a and b) indexed", "{type: boolean, default: (a and b), indexed: true}"),
        ("money default if(a > 1, 2, 3)", "{type: money, default: 'if(a > 1, 2, 3)'}"),
        ("integer default -1 unique", "{type: integer, default: '-1', unique: true}"),
        ('integer "倒计时" = due - today', "{type: integer, title: 倒计时, formula: due - today}"),
        ("= sum(orders.amount where stage = done)", "{formula: sum(orders.amount where stage = done)}"),
        ("boolean = a == b", "{type: boolean, formula: a == b}"),
    ],
)
def test_a_line_and_its_long_form(line: str, yaml: str) -> None:
    value, _ = read_yaml("x", yaml)
    assert value is not None
    assert long_of(line) == plain(value)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("txt", "1-3 There is no field type `txt`"),
        ("required", "1-8 The field has no type"),
        ('"名称"', '1-4 In this field line, `"名称"` cannot stand here; expected a name or = formula or the end'),
        ("text requird", "6-7 A field of type text does not know the word `requird`"),
        ("text required required", "15-8 `required` is written twice"),
        ("file max", "6-3 A value must follow `max`"),
        ("file accept pdf", "6-6 A value must follow `accept`"),
        ("text =", "6-1 A value must follow `=`"),
        ("boolean(3)", "1-7 `boolean` takes no bracket"),
        ("text required(3)", "6-8 `required` takes no bracket"),
        ('text "a" "b" "c"', "15-1 At most two titles: Chinese first, then English"),
        ("text default", "13-1 This field line is not complete; expected a name or quoted text or a number or an opening bracket"),
    ],
)
def test_what_is_wrong_with_a_line(line: str, message: str) -> None:
    assert told(line) == [message]


def test_places_inside_a_line() -> None:
    source = Source("money = amout", Place("f.yaml", 7, 20))
    long, _ = field_line(source, words_of, list)
    assert isinstance(long, Entries)
    assert {str(key): str(value.place) for key, value in long.items()} == {"type": "f.yaml:7:20", "formula": "f.yaml:7:28"}


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from('text choice(a,b) "标题" default = + \'max 5 many“”#`.,-\\'), max_size=50))
def test_no_text_breaks_the_line_reader(text: str) -> None:
    long, diagnostics = field_line(Source.inline(text), words_of, lambda: ["text"])
    assert (long is None) == bool(diagnostics)
    for diagnostic in diagnostics:
        assert diagnostic.message("zh")
        assert 1 <= diagnostic.place.column <= len(text) + 1
