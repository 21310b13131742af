"""The tables behind the reference are whole in both directions: nothing without a sentence, no sentence for nothing."""

from collections.abc import Iterator

import pytest
from dougong.definition.app import AppDefinition
from dougong.definition.key_help import KEY_HELP, key_help
from dougong.definition.part import Part
from dougong.definition.schema import json_schema
from dougong.definition.shape import shape_of
from dougong.lsp.functions import CHINESE, called, functions
from dougong_dsl.expression import check
from dougong_dsl.expression.functions import ALIASES
from dougong_dsl.expression.operator_help import OPERATORS, OperatorHelp, read_by_the_lexer
from dougong_dsl.expression.python import to_python
from dougong_dsl.expression.samples import CONTEXT, RECORD, SCOPE
from dougong_dsl.places import Source

from scripts.reference_language import keys_of, parts

PARTS = list(parts(shape_of(AppDefinition), "").values())


def all_parts(cls: type[Part] = Part) -> Iterator[type[Part]]:
    for below in cls.__subclasses__():
        yield below
        yield from all_parts(below)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_every_key_has_a_sentence_in_both_languages(part: type[Part]) -> None:
    assert [key for key in keys_of(part) if not all(key_help(part.__name__, key) or ("",))] == []


def test_no_sentence_is_about_a_key_that_there_is_not() -> None:
    plain = {key for part in all_parts() for key in keys_of(part)}
    exact = {f"{part.__name__}.{key}" for part in all_parts() for key in keys_of(part)}
    assert [key for key in KEY_HELP if key not in (exact if "." in key else plain)] == []


def test_the_schema_explains_every_key() -> None:
    schema = json_schema()
    silent = [key for key, each in schema["properties"].items() if "description" not in each]
    silent += [
        f"{name}.{k}" for name, part in schema["$defs"].items() for k, v in part.get("properties", {}).items() if "description" not in v
    ]
    assert silent == []


def test_every_operator_of_the_lexer_is_explained_once() -> None:
    assert sorted(o.word for o in OPERATORS) == sorted(read_by_the_lexer())


@pytest.mark.parametrize("operator", OPERATORS, ids=lambda operator: operator.word)
def test_the_examples_of_operators_run(operator: OperatorHelp) -> None:
    expression, found = check(Source.inline(operator.example.text), SCOPE)
    assert expression is not None, [d.message("en") for d in found]
    assert to_python(expression)(RECORD, CONTEXT) == operator.example.value


def test_chinese_words_lead_to_functions() -> None:
    assert [name for names in CHINESE.values() for name in names if name not in ALIASES] == []
    assert next(iter(called("求和"))).name == "SUM"
    assert [f.name for f in functions() if f not in set(called(f.zh[:6]))] == []
