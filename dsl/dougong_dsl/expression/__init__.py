"""Expressions: one small language wherever a value or a condition is expected.

`parse` and `check` turn text into a typed `Expression`; `to_python`, `to_sql` and `to_js` compile it, with one answer.
"""

from dougong_dsl.expression.checker import check
from dougong_dsl.expression.context import Context
from dougong_dsl.expression.evaluate import evaluate, from_json, to_json
from dougong_dsl.expression.functions import FUNCTIONS
from dougong_dsl.expression.javascript import can_run_in_browser, to_js
from dougong_dsl.expression.parser import parse
from dougong_dsl.expression.printer import to_text
from dougong_dsl.expression.python import python_source, to_python
from dougong_dsl.expression.scope import Member, Schema, Scope
from dougong_dsl.expression.sql import can_run_in_sql, sql_decoder, sql_facts, sql_parameters, to_sql
from dougong_dsl.expression.sqlite import sqlite_functions
from dougong_dsl.expression.typed import Expression

__all__ = [
    "FUNCTIONS",
    "Context",
    "Expression",
    "Member",
    "Schema",
    "Scope",
    "can_run_in_browser",
    "can_run_in_sql",
    "check",
    "evaluate",
    "from_json",
    "parse",
    "python_source",
    "sql_decoder",
    "sql_facts",
    "sql_parameters",
    "sqlite_functions",
    "to_js",
    "to_json",
    "to_python",
    "to_sql",
    "to_text",
]
