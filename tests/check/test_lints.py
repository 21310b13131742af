"""What a form costs, which fields are used, and silences."""

import pytest
from dougong.check.cost import form_seconds
from dougong.pipeline import read_app

HEAD = """app: x
objects:
  o:
    record_title: name
    fields:
      name: text
      kind: choice(a, b, c)
      ready: boolean default true
      note: long_text
      boss: user
roles: {r: {may: read o}}
"""


def seconds(fields: str) -> float:
    app = read_app({"a.yaml": HEAD + f"forms: {{f: {{of: o, fields: [{fields}]}}}}\n"}).app
    assert app is not None
    return form_seconds(app, app.forms["f"])


def told(text: str) -> list[str]:
    return [f"{d.place.line} {d.code.code}" for d in read_app({"a.yaml": text}).diagnostics]


def test_typing_costs_most_and_what_is_there_already_costs_least() -> None:
    costs = [seconds(field) for field in ("ready", "kind(as buttons)", "kind", "name", "note")]
    assert costs == sorted(costs)
    assert seconds("name, note") == pytest.approx(seconds("name") + seconds("note"))


@pytest.mark.parametrize(
    ("addition", "unused"),
    [
        ("", ["7 T701", "8 T701", "9 T701", "10 T701"]),
        ("views: {v: {of: o, columns: [kind], where: ready}}\n", ["9 T701", "10 T701"]),
        ("triggers: {t: {on: o created, do: [{todo: {for: boss, text: '{{ note }}'}}]}}\n", ["7 T701", "8 T701"]),
    ],
)
def test_a_field_is_used_by_a_view_a_condition_or_a_text(addition: str, unused: list[str]) -> None:
    assert told(HEAD + "forms: {f: {of: o, fields: [name]}}\n" + addition) == unused


def test_without_a_form_of_its_own_every_field_is_on_the_one_it_gets() -> None:
    assert told(HEAD) == []


@pytest.mark.parametrize(
    ("comment", "left"),
    [
        ("# dougong: ignore T701 because of the import", []),
        ("# dougong: ignore T701 因为导入程序要用", []),
        ("# dougong: ignore T701, T703 because of the import", ["7 T706"]),
        ("# dougong: ignore T701", ["7 T701", "7 T705"]),
    ],
)
def test_a_silence_needs_a_reason_and_something_to_silence(comment: str, left: list[str]) -> None:
    text = HEAD.replace("choice(a, b, c)", f"choice(a, b, c)  {comment}")
    assert told(text + "forms: {f: {of: o, fields: [name, ready, note, boss]}}\n") == left
