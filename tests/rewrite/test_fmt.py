"""`dougong fmt` changes how a definition is written and nothing of what it says."""

import re
from collections import Counter

import pytest
from dougong.compose.composed import own_files
from dougong.pipeline import Built, read_app
from dougong.rewrite.expressions import summary
from dougong.rewrite.formatted import format_app
from dougong.rewrite.rewrite import Form
from hypothesis import assume, given, settings

from tests.model.big_app import big_app
from tests.packs.packs import PACKS, Pack
from tests.rewrite.generated import apps

FORMS = tuple(Form)


def formatted(built: Built, form: Form) -> Built:
    """The app after formatting, which must leave no file out."""
    done = format_app(built, form)
    assert done.kept == ()
    return read_app({**built.files, **done.files})


def fmt(text: str, form: Form = Form.KEEP) -> str:
    return formatted(read_app({"app.yaml": text}), form).files["app.yaml"]


def comments(built: Built) -> Counter[str]:
    lines = [line for text in own_files(built.files).values() for line in text.splitlines()]
    return Counter(found[1].strip() for line in lines if (found := re.search(r"(?:^|\s)(#\s.*)$", line)) and line.count("'") != 1)


def blank_lines(built: Built) -> int:
    return sum(not line.strip() for text in own_files(built.files).values() for line in text.splitlines())


def check_form(built: Built, form: Form) -> Built:
    """Same model, same comments and blank lines, and once more changes nothing."""
    assert built.app is not None
    after = formatted(built, form)
    assert after.app is not None
    assert summary(after.app) == summary(built.app)
    assert (comments(after), blank_lines(after)) == (comments(built), blank_lines(built))
    assert formatted(after, form).files == after.files
    return after


@given(apps())
@settings(deadline=None, max_examples=12)
def test_generated_apps_keep_their_meaning(text: str) -> None:
    built = read_app({"app.yaml": text})
    assume(built.app is not None)
    for form in FORMS:
        after = check_form(built, form)
        for other in (Form.LONG, Form.SHORT):
            check_form(after, other)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.name)
def test_templates_keep_their_meaning(pack: Pack, form: Form) -> None:
    check_form(read_app(pack.folder), form)


@pytest.mark.parametrize("form", FORMS)
def test_a_large_app_keeps_its_meaning(form: Form) -> None:
    check_form(read_app(big_app(6, 20)), form)


APP = """\
app: a
objects:
  thing:
    fields:
      name:   text   required '名称'  # the name
      size: integer "数量"

      twice: integer = 数量*2
roles:
  r: {may: ['读取， 修改 thing where 数量 >3', read user]}
"""


def test_sentences_are_tidied_in_place() -> None:
    assert fmt(APP) == APP.replace("name:   text   required '名称'", 'name:   text required "名称"').replace(
        "= 数量*2", "= size * 2"
    ).replace("读取， 修改 thing where 数量 >3", "read, update thing where size > 3")


def test_sentences_become_long_forms() -> None:
    assert (
        fmt(APP, Form.LONG)
        == """\
app: a
objects:
  thing:
    fields:
      name:  # the name
        type: text
        required: true
        title: 名称
      size:
        type: integer
        title: 数量

      twice:
        type: integer
        formula: size * 2
roles:
  r: {may: [{may: [read, update], of: thing, where: size > 3}, {may: [read], of: user}]}
"""
    )


def test_long_forms_become_sentences_again() -> None:
    assert fmt(fmt(APP, Form.LONG), Form.SHORT) == fmt(APP).replace("name:   text", "name: text").replace(
        "['read, update thing where size > 3', read user]", "['read, update thing where size > 3', read user]"
    )


def test_a_comment_inside_a_mapping_keeps_it_long() -> None:
    text = "app: a\nobjects:\n  thing:\n    fields:\n      name:\n        type: text\n        # why\n        title: 名称\nroles: {r: {may: [read thing]}}\n"
    assert fmt(text, Form.SHORT) == text


def test_what_a_sentence_cannot_say_stays_long() -> None:
    text = "app: a\nobjects:\n  thing:\n    fields:\n      name: {type: text, help: 帮助}\nroles: {r: {may: [read thing]}}\n"
    assert fmt(text, Form.SHORT) == text
