"""The function table: no cell is missing, and every example runs on every backend its row names."""

import json
import subprocess

import pytest
import sqlalchemy as sa
from dougong_dsl.expression import (
    FUNCTIONS,
    can_run_in_browser,
    check,
    from_json,
    sql_decoder,
    sql_facts,
    sql_parameters,
    to_js,
    to_json,
    to_python,
    to_sql,
    to_text,
)
from dougong_dsl.expression.functions import NOT_THERE, WRITTEN, Example, Function
from dougong_dsl.expression.samples import CONTEXT, ME, OLD, RECORD, ROWS, SCOPE, SampleSchema
from dougong_dsl.expression.sql_values import Dialect
from dougong_dsl.expression.typed import Expression
from dougong_dsl.places import Source

from tests.dsl.expression.backends import RUNTIME, Everywhere, column, stored_value

EXAMPLES = [pytest.param(function, example, id=example.text) for function in FUNCTIONS.values() for example in function.examples]


def checked(example: Example) -> Expression:
    expression, problems = check(Source.inline(example.text), SCOPE)
    assert expression is not None and not problems, [problem.message() for problem in problems]
    return expression


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_no_cell_is_missing(function: Function) -> None:
    assert function.zh and function.en and function.examples
    assert function.python and function.sql and function.javascript
    assert (function.write is not None) or function.result is not None
    assert function.python != NOT_THERE
    assert (function.python is WRITTEN) <= (function.write is not None)


@pytest.mark.parametrize(("function", "example"), EXAMPLES)
def test_examples_run_in_python_and_print_back(function: Function, example: Example) -> None:
    expression = checked(example)
    assert to_python(expression)(RECORD, CONTEXT) == example.value
    again, _ = check(Source.inline(to_text(expression)), SCOPE)
    assert again is not None and again.root == expression.root


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_examples_run_in_sql(everywhere: Everywhere, dialect: Dialect) -> None:
    database = next(each for each in everywhere.databases if each.dialect == dialect)
    schema, metadata = SampleSchema(), sa.MetaData()
    tables = {
        name: sa.Table(
            f"sample_{name}", metadata, *(column(m.name, m.type, dialect) for m in schema.members(name).values() if m.through is None)
        )
        for name in schema.objects()
    }
    metadata.create_all(database.connection)
    for name, rows in ROWS.items():
        members = schema.members(name)
        stored = [{k: stored_value(v, members[k].type, dialect) for k, v in row.items()} for row in rows]
        database.connection.execute(tables[name].insert(), stored)
    found = []
    expected = []
    for function in FUNCTIONS.values():
        for example in function.examples:
            if function.sql != NOT_THERE:
                expression = checked(example)
                element = to_sql(expression, tables["customer"], tables, dialect)
                query = sa.select(element.label("value")).select_from(tables["customer"])
                value = database.connection.execute(query, sql_parameters(sql_facts(element), CONTEXT, dialect)).scalar()
                found.append((example.text, sql_decoder(expression, dialect)(value)))
                expected.append((example.text, example.value))
    metadata.drop_all(database.connection)
    assert found == expected


def test_examples_run_in_javascript() -> None:
    schema = SampleSchema()
    record, old, me = (
        {k: to_json(v, schema.members(name)[k].type) for k, v in row.items()}
        for name, row in (("customer", RECORD), ("customer", OLD), ("user", ME))
    )
    facts = {"today": CONTEXT.today.isoformat(), "now": "2026-03-15T02:00:00.000Z", "zone": CONTEXT.zone.key, "me": me, "old": old}
    expressions = [(example, checked(example)) for function in FUNCTIONS.values() for example in function.examples]
    there = [(example, expression) for example, expression in expressions if can_run_in_browser(expression)]
    lines = [f"import * as R from {json.dumps(str(RUNTIME))};", f"const r = {json.dumps(record)}, c = {json.dumps(facts)};"]
    lines += [f"console.log(JSON.stringify(({to_js(expression)})(r, c)));" for _, expression in there]
    out = subprocess.run(["node", "--input-type=module", "-"], input="\n".join(lines), capture_output=True, text=True, check=True).stdout
    found = [
        (example.text, from_json(json.loads(line), expression.type))
        for (example, expression), line in zip(there, out.splitlines(), strict=True)
    ]
    assert found == [(example.text, example.value) for example, _ in there]
    assert len(there) > 50
