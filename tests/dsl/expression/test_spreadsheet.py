"""What a spreadsheet answers to the same formulas: its answers are a table that `python -m scripts.spreadsheet_oracle` writes."""

import csv
from decimal import Decimal
from pathlib import Path

from dougong_dsl.expression import to_python
from dougong_dsl.expression.types import is_number

from tests.dsl.expression.world import checked, context, deal

TABLE = Path(__file__).parent / "spreadsheet.csv"


def test_functions_answer_as_a_spreadsheet_does() -> None:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    wrong: list[tuple[str, object, object]] = []
    for row in rows:
        expression = checked(row["expression"])
        found = to_python(expression)(deal(), context({}))
        expected: object = row["answer"] or None
        if is_number(expression.type):
            expected, found = Decimal(str(expected)), Decimal(found)
        if found != expected:
            wrong.append((row["expression"], found, expected))
    assert not wrong and len(rows) > 300
