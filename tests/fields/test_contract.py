"""What every field type promises, asked of every one in the registry: a new type is born tested."""

import ast
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import dougong
import jsonschema
import pytest
import sqlalchemy as sa
from dougong.database import Database, compile_text
from dougong.database.text import DIALECTS
from dougong.derive.columns import Kinds, column, id_column, table
from dougong.fields.base import Dialect, FieldType
from dougong.fields.registry import FIELD_TYPES
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.schema import CreateTable

from tests.fields.variants import BERLIN, EN, VARIANTS, ZH, build

SOURCE = Path(dougong.__file__).parent
ANYTHING = st.one_of(
    st.text(max_size=30),
    st.text(alphabet="0123456789.,-+=%*/()万亿¥eE年月日:是否", max_size=15),
    st.integers(),
    st.floats(),
    st.decimals(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.none(),
    st.binary(max_size=4),
    st.lists(st.one_of(st.text(max_size=5), st.integers()), max_size=3),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)


def name(variant: tuple[str, Mapping[str, Any]]) -> str:
    return f"{variant[0]}{dict(variant[1]) or ''}"


@pytest.fixture(params=VARIANTS, ids=name)
def made(request: pytest.FixtureRequest) -> FieldType:
    key, options = request.param
    return build(key, **options)


def test_every_type_has_a_variant() -> None:
    assert {key for key, _ in VARIANTS} == set(FIELD_TYPES)


def test_what_stands_in_an_input_means_the_value(made: FieldType) -> None:
    for value in made.samples():
        for reading in (ZH, EN, BERLIN):
            assert made.parse(made.form_text(value, reading), reading) == (value, None)


def test_a_canonical_value_means_itself(made: FieldType) -> None:
    for value in made.samples():
        assert made.parse(value, ZH) == (value, None)
        assert made.parse_options(value, ZH) == (value, None)


def test_json_keeps_the_value(made: FieldType) -> None:
    for value in made.samples():
        sent = json.loads(json.dumps(made.to_json(value)))
        assert made.from_json(sent) == value
        assert made.parse(sent, ZH) == (value, None)


def test_samples_fit_the_json_schema(made: FieldType) -> None:
    validator = jsonschema.Draft202012Validator(made.json_schema())
    validator.check_schema(made.json_schema())
    assert made.samples()
    for value in made.samples():
        validator.validate(made.to_json(value))


def test_nothing_is_null(made: FieldType) -> None:
    for nothing in (None, "", "  ", "\u3000\n"):
        assert made.parse(nothing, ZH) == (None, None)
    for language in (ZH, EN):
        assert made.format(None, language) == ""
        assert made.form_text(None, language) == ""


def test_wrong_input_is_refused_in_both_languages(made: FieldType) -> None:
    assert made.wrong_samples()
    for raw in made.wrong_samples():
        value, refusal = made.parse(raw, ZH)
        assert value is None and refusal is not None, raw
        assert refusal.code.code.startswith("R1")
        for language in ("zh", "en"):
            assert refusal.message(language)


def test_a_null_character_and_half_a_pair_are_refused(made: FieldType) -> None:
    for raw in ("\x00", "1\x00", "\ud800", "a\udfffb"):
        assert made.parse(raw, ZH)[1] is not None, raw


@given(raw=ANYTHING)
@settings(max_examples=40, deadline=None)
def test_any_input_is_a_value_or_a_refusal(raw: Any) -> None:
    for key, options in VARIANTS:
        made = build(key, **options)
        value, refusal = made.parse(raw, ZH)
        assert value is None or refusal is None
        if value is not None:
            assert made.parse(value, ZH) == (value, None)
            assert made.parse(made.form_text(value, ZH), ZH) == (value, None)
            jsonschema.validate(made.to_json(value), made.json_schema())


def test_a_column_keeps_the_value(database_url: str) -> None:
    database = Database.open(database_url)
    dialect: Dialect = database.dialect
    types = [build(key, **options) for key, options in VARIANTS]
    columns = [column(f"字段{i}", made.column(dialect)) for i, made in enumerate(types)]
    kept = table(sa.MetaData(), "样本", id_column(Kinds(dialect)), *columns)
    parameters: dict[str, Any] = {c.name: sa.bindparam(c.name) for c in columns}
    insert = compile_text(sa.insert(kept).values(parameters), dialect)
    select = compile_text(sa.select(*columns).order_by(kept.c.id), dialect)
    depth = max(len(t.samples()) for t in types) + 1
    rows = [[t.samples()[n] if n < len(t.samples()) else None for t in types] for n in range(depth)]
    with database.write() as connection:
        connection.run(str(CreateTable(kept).compile(dialect=DIALECTS[dialect])))
        for row in rows:
            values = {f"字段{i}": t.to_db(v, dialect) for i, (t, v) in enumerate(zip(types, row, strict=True))}
            connection.run(insert, values)
    with database.read() as connection:
        found = connection.all(select)
    assert [[t.from_db(v, dialect) for t, v in zip(types, row, strict=True)] for row in found] == rows
    plain = [(t, [r[i] for r in found], [r[i] for r in rows]) for i, t in enumerate(types) if t.is_plain(dialect)]
    assert plain and all(raw == canonical for _, raw, canonical in plain)
    database.close()


def test_no_type_is_asked_for_by_its_key() -> None:
    """`field.type.key == "money"` anywhere would mean that adding a type touches more than one file."""
    offenders = []
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Compare):
                sides = [node.left, *node.comparators]
                is_key = any(isinstance(s, ast.Attribute) and s.attr == "key" for s in sides)
                words = [c.value for s in sides for c in ast.walk(s) if isinstance(c, ast.Constant)]
                if is_key and any(w in FIELD_TYPES for w in words if isinstance(w, str)):
                    offenders.append(f"{path.relative_to(SOURCE)}:{node.lineno}")
    assert offenders == []
