"""What may be written: lines and mappings mean the same, mistakes leave the rest standing, editors get a schema."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from dougong.definition.app import define
from dougong.definition.schema import json_schema
from dougong.read.files import load_files, merge_files
from dougong.read.yaml import read_yaml
from dougong_dsl.sentences.written import Entries, Items, Written

from scripts.wrong_and_right import Example, examples
from tests.model.big_app import big_app
from tests.packs.packs import PACKS

ROOT = Path(__file__).parent.parent.parent
APPS = [pack.folder for pack in PACKS]
STRUCTURE = {"T201", "T202", "T203", "T204", "T225", "T226", "T227"}  # what a schema can know

LINES = """
app: a
objects:
  deal:
    fields:
      name: text required "名称" "Name"
      tier: choice many (a "甲", b)
      total: money = amount * 2
pipelines:
  flow: {of: deal, stages: {x: {start: true}, y: {kind: done}}, moves: ['x -> y "完成" by sales when total > 1 asks(name)']}
roles:
  sales: {may: ["read, update deal(name) where total > 1, mask tier, hide total"]}
triggers:
  t: {on: [deal created, deal.name changed to "x", deal entered y], do: [{set: {name: null}}]}
"""
MAPPINGS = """
app: a
objects:
  deal:
    fields:
      name: {type: text, required: true, title: {zh: 名称, en: Name}}
      tier: {type: choice, many: true, options: {a: 甲, b: b}}
      total: {type: money, formula: amount * 2}
pipelines:
  flow:
    of: deal
    stages: {x: {start: true}, y: {kind: done}}
    moves: [{from: [x], to: y, title: 完成, by: [sales], when: total > 1, asks: [name]}]
roles:
  sales: {may: [{may: [read, update], of: deal, fields: [name], where: total > 1, mask: [tier], hide: [total]}]}
triggers:
  t:
    on: [{of: deal, event: created}, {of: deal, event: changed, field: name, to: '"x"'}, {of: deal, event: entered, stage: y}]
    do: [{set: {name: null}}]
"""


def defined(text: str) -> Any:
    merged, found, _ = merge_files({"app.yaml": text})
    app, problems, _ = define(merged)
    assert app is not None
    assert [d.message("en") for d in (*found, *problems)] == []
    return app


def told(text: str) -> tuple[list[str], frozenset[str]]:
    merged, _, _ = merge_files({"app.yaml": text})
    _, problems, broken = define(merged)
    return sorted(f"{d.place.line}:{d.place.column} {d.message('en')}" for d in problems), broken


def test_lines_and_mappings_define_the_same() -> None:
    lines, mappings = defined(LINES), defined(MAPPINGS)
    assert lines.model_dump() == mappings.model_dump()
    options = [{name: field.own for name, field in app.objects["deal"].fields.items()} for app in (lines, mappings)]
    assert options[0] == options[1]


def test_a_wrong_part_is_left_out_and_the_rest_goes_on() -> None:
    problems, broken = told("app: a\nicons: 3\nobjects:\n  x: {fields: {a: txt, b: text, c: {type: text, max: no}}}\n  y: 3\n")
    assert problems == [
        "2:1 `icons` is not a key of an app",
        "4:19 There is no field type `txt`",
        "4:54 `max` cannot be `no`; expected a whole number",
        "5:6 `y` must be a mapping with fields, found a value",
    ]
    assert broken == {"a", "c", "y"}


def test_numbers_stand_where_text_is_wanted() -> None:
    app = defined("app: a\nversion: 1.0\ntitle: 2024\nobjects: {x: {fields: {a: {type: choice, options: [1, 2]}, b: text}}}\n")
    assert (app.version, app.title.zh) == ("1.0", "2024")


@pytest.mark.parametrize("path", APPS, ids=lambda path: path.name)
def test_the_schema_accepts_what_is_delivered(path: Path) -> None:
    files, _ = load_files(path)
    validator = jsonschema.Draft202012Validator(json_schema())
    for name, text in files.items():
        problems = [f"{name} {e.json_path}: {e.message}" for e in validator.iter_errors(plain_yaml(text))]
        assert problems == []


def test_the_schema_accepts_lines_and_mappings() -> None:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    for text in (LINES, MAPPINGS, *big_app(2).values()):
        jsonschema.validate(plain_yaml(text), schema)


@pytest.mark.parametrize(
    "text",
    [
        "colour: red",
        "objects: {x: {field: {}}}",
        "objects: {x: {fields: {a: {type: txt}}}}",
        "objects: {x: {fields: {a: {type: text, scale: 3}}}}",
        "objects: {x: {fields: {a: {type: link}}}}",
        "objects: {x: {fields: {a: {title: no type}}}}",
        "pipelines: {p: {of: x, stages: {a: {kind: wonn}}}}",
        "title: {fr: titre}",
    ],
)
def test_the_schema_refuses_what_the_engine_refuses(text: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(plain_yaml(text), json_schema())


@pytest.mark.parametrize("example", [e for e in examples() if e.code in STRUCTURE], ids=str)
def test_the_schema_knows_wrong_from_right(example: Example) -> None:
    """The examples of the codes about structure: refused when the mistake is one of keys and kinds, accepted when they are right."""
    problems = list(jsonschema.Draft202012Validator(json_schema()).iter_errors(plain_yaml(example.text)))
    assert bool(problems) != example.is_right, [p.message for p in problems]


def plain_yaml(text: str) -> Any:
    value, _ = read_yaml("a.yaml", text)
    assert value is not None
    return values_of(value)


def values_of(written: Written) -> Any:
    """What an editor sees: YAML's own values."""
    if isinstance(written, Entries):
        return {str(key): values_of(value) for key, value in written.items()}
    if isinstance(written, Items):
        return [values_of(value) for value in written]
    return float(written.value) if isinstance(written.value, Decimal) else written.value
