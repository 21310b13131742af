"""Expressions: one small language wherever a value or a condition is expected.

`parse` and `check` turn text into a typed `Expression`; `to_python`, `to_sql` and `to_js` compile it, with one answer.
"""

from dougong_dsl.expression.checker import check
from dougong_dsl.expression.functions import FUNCTIONS
from dougong_dsl.expression.parser import parse
from dougong_dsl.expression.scope import Member, Schema, Scope
from dougong_dsl.expression.typed import Expression

__all__ = ["FUNCTIONS", "Expression", "Member", "Schema", "Scope", "check", "parse"]
