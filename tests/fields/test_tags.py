"""Tags: written in any way people write them, kept once each, filtered, grouped and changed by rules."""

from pathlib import Path

import pytest
from dougong.engine import Engine
from dougong.fields.tags import TagsField, TagsOptions
from dougong.refusals import Refused
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fields.variants import CONTEXT, EN, ZH, build
from tests.runtime.apps import codes, hire, opened

APP = """
app: tagged
lists: {kinds: {vip: 重点, cold: {zh: 沉默, en: Cold}}}
objects:
  customer:
    fields:
      name: text required
      spent: money
      words: tags "标签"
      kinds: tags from kinds "类别"
      spoken: text = join(words, " / ")
      owner: user default me
triggers:
  silent:
    on: customer.spent changed
    do:
      - tag: {field: words, add: [沉默预警, vip], remove: new}
      - {tag: {field: kinds, add: cold}, when: 'words contains "沉默预警"'}
roles:
  sales: {may: ["read, create, update customer where owner = me"]}
  boss: {admin: true, may: ["read, create, update customer"]}
"""
MARKS = ",\uff0c;\uff1b\u3001\n"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("aB \u5ba2\U0001f600" + MARKS, max_size=8), max_size=5))
def test_tags_are_the_words_between_the_marks(lines: list[str]) -> None:
    words = set()
    for line in lines:
        word = ""
        for character in line + ",":
            if character in MARKS:
                words.add(word.strip())
                word = ""
            else:
                word += character
    assert build("tags").parse(lines, ZH) == (tuple(sorted(words - {""})) or None, None)


def test_a_list_allows_its_own_words_by_name_and_in_an_import_by_title() -> None:
    made = TagsField(TagsOptions.model_validate({"from": "cities"}), CONTEXT)
    assert made.parse("sz、nb", ZH) == (("nb", "sz"), None)
    assert made.parse_options("Ningbo, 苏州", EN) == (("nb", "sz"), None)
    assert made.format(("nb", "sz"), ZH) == "宁波、苏州"
    refusal = made.parse("nb, hz", ZH)[1]
    assert refusal is not None and refusal.message("en") == "There is no option “hz”."


def test_tags_are_filtered_grouped_and_changed_by_rules(database_url: str, tmp_path: Path) -> None:
    with opened(APP, database_url, tmp_path) as engine:
        hire(engine, "boss", "boss")
        hire(engine, "li", "sales")
        with engine.session("boss") as session:
            a = session.create("customer", name="a", words="new, vip;甲", kinds=["cold", "vip"])
            session.create("customer", name="b", words=["vip", "vip "], spent=2)
            session.create("customer", name="c", owner=2)
            assert (a.words, a.kinds, a.spoken) == (("new", "vip", "甲"), ("vip", "cold"), "new / vip / 甲")
            assert session.update("customer", a.id, {"spent": 1}).words == ("vip", "沉默预警", "甲")
            assert session.get("customer", a.id).kinds == ("vip", "cold")
        assert groups(engine, "boss") == [("vip", 2), ("沉默预警", 1), ("甲", 1), (None, 1)]
        assert groups(engine, "li") == [(None, 1)]
        assert names(engine, 'words contains "甲"') == ["a"]
        assert names(engine, 'HASANY(words, "甲", "vip")') == ["a", "b"]
        assert names(engine, 'HASALL(words, "甲", "vip")') == ["a"]
        assert names(engine, "words is blank") == ["c"]
        assert names(engine, "kinds contains cold and count(words) = 3") == ["a"]


def groups(engine: Engine, login: str) -> list[tuple[object, int]]:
    with engine.reader(login) as session:
        return [(value, count) for value, count, _ in session.group("customer", "words", sum="spent")]


def names(engine: Engine, where: str) -> list[str]:
    with engine.reader("boss") as session:
        return [r.name for r in session.find("customer", where=where, order="name").records]


def test_too_long_a_tag_is_refused(database_url: str, tmp_path: Path) -> None:
    with opened(APP, database_url, tmp_path) as engine:
        hire(engine, "boss", "boss")
        with engine.session("boss") as session:
            with pytest.raises(Refused) as refused:
                session.create("customer", name="a", words="x" * 51)
            assert codes(refused.value) == {("R103", "words")}
